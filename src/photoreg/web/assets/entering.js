// Keys for the ticks of a form, and Enter to save it. Without this script one clicks and presses the button.
"use strict";

const entering = document.getElementById("entering");

if (entering) {
  const everything = document.getElementById("everything");
  everything.hidden = false;
  everything.addEventListener("click", () => {
    entering.querySelector("input[name=answer][value=yes]").checked = true;
    for (const each of entering.querySelectorAll("input[type=checkbox]")) {
      each.checked = each.name === "channel" || each.name === "purpose";
    }
    entering.querySelector("button.main").focus();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && !event.target.matches("a, button")) {
      event.preventDefault();
      entering.requestSubmit();
      return;
    }
    const key = event.key.toUpperCase();
    const found = [...entering.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
    if (!found) return;
    event.preventDefault();
    found.click();
  });
}
