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

  // Ticks that were saved before in this tab become buttons, each with a key: it ticks the same and saves.
  const BEFORE = "photoreg-ticks";
  const KEYS = ["B", "C", "D"];
  const before = document.getElementById("before");
  const chips = [...entering.querySelectorAll(".chip input")];
  const told = (each) => each.closest("label").querySelector("span").textContent;
  const kept = () => JSON.parse(sessionStorage.getItem(BEFORE) || "[]");
  const isHere = (ticks) => ticks.every((tick) => chips.some((each) => tick === `${each.name} ${each.value}`));
  kept().filter(isHere).slice(0, KEYS.length).forEach((ticks, place) => {
    const chosen = chips.filter((each) => ticks.includes(`${each.name} ${each.value}`));
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.dataset.key = KEYS[place];
    button.append(
      Object.assign(document.createElement("kbd"), { textContent: KEYS[place] }),
      ` ${before.dataset.text.replace("{ticks}", chosen.map(told).join(", "))}`,
    );
    button.addEventListener("click", () => {
      for (const each of chips) each.checked = chosen.includes(each);
      entering.requestSubmit();
    });
    before.append(button);
  });
  entering.addEventListener("submit", () => {
    const ticks = chips.filter((each) => each.checked).map((each) => `${each.name} ${each.value}`);
    const others = kept().filter((each) => String(each) !== String(ticks));
    if (others.length === kept().length) sessionStorage.setItem(BEFORE, JSON.stringify([...others.slice(-2), ticks]));
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
