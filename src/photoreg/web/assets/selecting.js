// Selecting photos: all of the page, or with Shift all between two. Without this script one ticks each.
"use strict";

const selecting = document.getElementById("selecting");
const boxes = [...selecting.querySelectorAll("input[name=photo]")];
const all = document.getElementById("all");
const selected = document.getElementById("selected");
let last = null;

function tell() {
  const count = boxes.filter((each) => each.checked).length;
  selected.textContent = selecting.dataset.selected.replace("{count}", count);
  for (const each of selecting.querySelectorAll("button[formaction]")) each.disabled = !count;
}

if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const isOn = boxes.every((each) => each.checked);
    for (const each of boxes) each.checked = !isOn;
    tell();
  });
  selecting.addEventListener("click", (event) => {
    const label = event.target.closest("label.select");
    if (event.target.name !== "photo" && !label) return;
    const box = label.querySelector("input");
    if (event.target !== box) {
      if (event.shiftKey) event.preventDefault(); // Shift and click on a text would mark it
      else return;
      box.checked = !box.checked;
    }
    if (event.shiftKey && last) {
      const [first, end] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, two) => one - two);
      for (const each of boxes.slice(first, end + 1)) each.checked = box.checked;
    }
    last = box;
    tell();
  });
  tell();
}
