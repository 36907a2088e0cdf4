// Naming by keys. Without this script the same form works by ticking and sending.
"use strict";

const form = document.getElementById("naming");
const named = document.getElementById("named");
const others = document.getElementById("others");
const found = document.getElementById("found");
const leaving = document.getElementById("leaving");
const frame = document.getElementById("frame");
const use = document.querySelector("form.use");
const keys = document.getElementById("keys");
const people = form.querySelector("fieldset.people");
let asking = null;
let waiting = 0;
let isChanged = false;
let mayLeave = false;

for (const hidden of form.querySelectorAll("[hidden]:not(input)")) hidden.hidden = false;

const persons = () => [...form.querySelectorAll("input[name=person]")];
const answer = (value) => form.querySelector(`input[name=people][value=${value}]`);

// People who are chosen can be recognised; "nobody" takes them all back.
function settle(changed) {
  if (changed === answer("none") && changed.checked) {
    for (const each of persons()) each.checked = false;
    others.value = "0";
  } else if (persons().some((each) => each.checked) || Number(others.value) > 0) {
    if (!answer("unrecognisable").checked) answer("recognisable").checked = true;
  }
  isChanged = true;
  mayLeave = false;
  leaving.textContent = "";
  clearTimeout(waiting);
  waiting = setTimeout(preview, 120);
}

async function preview() {
  if (!form.dataset.preview) return;
  if (asking) asking.abort();
  asking = new AbortController();
  const chosen = new FormData(form);
  chosen.delete("named");
  const asked = new URLSearchParams(new FormData(use));
  try {
    const answered = await fetch(`${form.dataset.preview}?${asked}`, {
      method: "POST", body: chosen, signal: asking.signal, redirect: "error",
      headers: { "X-Form-Token": chosen.get("token") },
    });
    if (![200, 422].includes(answered.status)) return;
    const piece = document.createElement("template");
    piece.innerHTML = await answered.text();
    const [outcome, reasons] = piece.content.children;
    document.getElementById("outcome").replaceChildren(outcome);
    document.getElementById("preview").replaceChildren(reasons);
    frame.className = outcome.querySelector("[data-outcome]")?.dataset.outcome ?? "";
  } catch (error) {
    if (error.name !== "AbortError") frame.className = "";
  }
}

const actions = {
  all() {
    const all = persons().filter((each) => !each.dataset.found);
    const isOn = all.every((each) => each.checked);
    for (const each of all) each.checked = !isOn;
  },
  same() {
    const same = form.dataset.same.split(" ");
    for (const each of persons()) each.checked = same.includes(each.value);
  },
  more() { others.value = String(Number(others.value || 0) + 1); },
  fewer() { others.value = String(Math.max(0, Number(others.value || 0) - 1)); },
};

form.addEventListener("change", (event) => {
  if (event.target === keys) {
    localStorage.setItem("photoreg-keys", keys.checked ? "on" : "off");
  } else if (event.target !== named) {
    settle(event.target);
  }
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) { actions[button.dataset.do](); settle(button); }
});
use.addEventListener("submit", (event) => { event.preventDefault(); preview(); });
form.addEventListener("submit", () => {
  isChanged = false;
  clearTimeout(waiting);
  if (asking) asking.abort();
});

if (form.dataset.after) new Image().src = form.dataset.after; // the next picture is there at once

keys.checked = localStorage.getItem("photoreg-keys") !== "off";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, textarea")) return;
  const isTyping = event.target.matches("input:not([type=checkbox]):not([type=radio])");
  if (event.key === "Enter") {
    if (event.target === named) { event.preventDefault(); chooseFound(); return; }
    if (event.target.closest("button, a, summary")) return;
    if (form.contains(event.target) || event.target === document.body || event.target.id === "main") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button.main"));
    }
    return;
  }
  if (event.key === "Escape" && event.target === named) { clearNamed(); form.querySelector("button.main").focus(); return; }
  if (isTyping || !keys.checked) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (event.target.type === "radio") return;
    const link = document.querySelector(event.key === "ArrowLeft" ? "a[rel=prev]" : "a[rel=next]");
    if (link && (!isChanged || mayLeave)) link.click();
    else if (link) { mayLeave = true; leaving.textContent = form.dataset.leave; }
    return;
  }
  if (event.key === "/") { event.preventDefault(); named.focus(); return; }
  const control = form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (control) { event.preventDefault(); control.click(); }
});

// Typing looks on the list first, then in the registry.
let searching = 0;
let hits = [];

named.addEventListener("input", () => {
  const words = plain(named.value).split(" ").filter(Boolean);
  const fits = (text) => words.every((word) => plain(text).split(/[ -]/).some((each) => each.startsWith(word)));
  hits = [];
  for (const each of persons()) {
    const label = each.closest("label");
    const isHit = fits(label.querySelector("span").textContent);
    label.hidden = words.length > 0 && !isHit;
    if (words.length && isHit) hits.push(each);
  }
  found.textContent = hits.length ? names(hits) : "";
  clearTimeout(searching);
  if (words.length && !hits.length && named.value.trim().length > 2) searching = setTimeout(search, 250, named.value);
});

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
const names = (some) => some.map((each) => each.closest("label").querySelector("span").textContent).join(", ");

async function search(text) {
  const answered = await fetch(`${form.dataset.search}?q=${encodeURIComponent(text)}`, { redirect: "error" });
  if (!answered.ok || named.value !== text) return;
  for (const each of await answered.json()) hits.push(button(each));
  found.textContent = names(hits);
}

// Everybody who was found gets a button of their own.
function button(person) {
  const known = persons().find((each) => each.value === person.person);
  if (known) { known.closest("label").hidden = false; return known; }
  const label = document.createElement("label");
  label.className = "chip";
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: "person", value: person.person });
  box.dataset.found = "yes";
  const text = document.createElement("span");
  text.textContent = [person.name, person.born, person.person].filter(Boolean).join(", ");
  label.append(box, " ", text);
  people.append(label);
  return box;
}

function chooseFound() {
  if (!named.value.trim()) { form.requestSubmit(form.querySelector("button.main")); return; }
  if (!hits.length) return;
  hits[0].checked = true;
  const chosen = names([hits[0]]);
  clearNamed();
  found.textContent = chosen;
  settle(hits[0]);
}

function clearNamed() {
  named.value = "";
  found.textContent = "";
  for (const each of persons()) {
    const label = each.closest("label");
    label.hidden = false;
    if (each.dataset.found && !each.checked) label.remove();
  }
  hits = [];
}
