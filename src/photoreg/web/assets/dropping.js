// Dropping files anywhere on the page fills in its field of files. Without this script one chooses them.
"use strict";

const dropped = document.querySelector("form[data-drop] input[type=file]");

if (dropped) {
  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => {
      event.preventDefault();
      dropped.form.classList.add("dropping");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) dropped.form.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    dropped.form.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    dropped.files = event.dataTransfer.files;
    dropped.form.requestSubmit();
  });
}
