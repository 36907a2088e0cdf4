// A button beside each text that is only read: it copies the text.
"use strict";
for (const field of document.querySelectorAll(".text input[readonly]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = field.dataset.copy;
  button.setAttribute("aria-describedby", field.id);
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "✓";
    } catch {
      document.execCommand("copy");
    }
  });
  field.after(button);
}
