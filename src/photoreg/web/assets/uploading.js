// Sending photos: a few files per request, so that whatever arrived is kept when the rest fails.
// Progress counts what the desk has acknowledged. Without this script the form sends all at once.
"use strict";

const MOST_FILES = 4;
const MOST_BYTES = 32 * 1024 * 1024;

function* parts(files) {
  let part = [];
  let bytes = 0;
  for (const file of files) {
    if (part.length && (part.length === MOST_FILES || bytes + file.size > MOST_BYTES)) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(file);
    bytes += file.size;
  }
  if (part.length) yield part;
}

function element(name, text = "", properties = {}) {
  return Object.assign(document.createElement(name), { textContent: text }, properties);
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const shown = form.querySelector(".sent");
  const bar = shown.querySelector("progress");
  const status = shown.querySelector("[role=status]");
  const rest = shown.lastElementChild;
  const buttons = [...form.querySelectorAll("button")];
  const matching = form.querySelector("[data-match]");
  const text = form.dataset;
  const warn = (event) => event.preventDefault();
  const photos = new Set();
  const refused = [];

  async function sendPart(part) {
    const body = new FormData(form);
    body.delete("file");
    for (const file of part) body.append("file", file, file.name);
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (answer.status === 401 || (answer.status === 403 && !isJson)) return { lost: text.ended };
      const told = await answer.json();
      return told.files || answer.status < 500 ? told : { lost: told.error };
    } catch {
      return { lost: text.lost };
    }
  }

  async function send(files) {
    const all = files.reduce((sum, file) => sum + file.size, 0);
    const lost = [];
    let done = 0;
    let bytes = 0;
    let why = "";
    function tell() {
      const part = all ? Math.floor((100 * bytes) / all) : 100;
      bar.value = all ? bytes / all : 1;
      status.textContent = text.received
        .replace("{done}", done).replace("{count}", files.length).replace("{part}", part);
    }
    shown.hidden = false;
    rest.replaceChildren();
    for (const each of buttons) each.disabled = true;
    window.addEventListener("beforeunload", warn);
    tell();
    for (const part of parts(files)) {
      const told = why ? { lost: why } : await sendPart(part);
      if (told.lost) {
        why = told.lost;
        lost.push(...part);
        continue;
      }
      part.forEach((file, place) => {
        const one = told.files ? told.files[place] : { is_refused: true, text: `${file.name}: ${told.error}`, notes: [] };
        if (one.is_refused) refused.push(`${one.text}. ${one.notes.join(" ")}`);
        else photos.add(one.photo);
        bytes += file.size;
      });
      done += part.length;
      tell();
    }
    window.removeEventListener("beforeunload", warn);
    for (const each of buttons) each.disabled = false;
    finish(lost, why);
  }

  // The form belongs to a session that may have ended; the next one has another token.
  async function renewToken() {
    try {
      const page = await (await fetch(form.action)).text();
      const parsed = new DOMParser().parseFromString(page, "text/html");
      const token = parsed.querySelector("form[data-upload] [name=token]");
      if (token) form.elements.token.value = token.value;
    } catch {
      // sending tells that the desk does not answer
    }
  }

  function finish(lost, why) {
    const event = new FormData(form).get("event") || "";
    const named = [...photos].slice(0, 200).join(" ");
    const address = `${text.upload}?${new URLSearchParams({ photo: named, event })}`;
    if (!lost.length && !refused.length) {
      window.location.assign(address);
      return;
    }
    rest.replaceChildren(element("p", text.failed));
    const list = element("ul", "", { className: "lines" });
    for (const each of refused) list.append(element("li", each));
    for (const file of lost) list.append(element("li", `${file.name}: ${why}`));
    rest.append(list);
    if (lost.length) {
      const again = element("button", text.again, { type: "button" });
      again.addEventListener("click", async () => {
        await renewToken();
        send(lost);
      });
      rest.append(again);
      again.focus();
    }
    if (photos.size) rest.append(element("a", text.see, { className: "button", href: address }));
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter === matching) return;
    event.preventDefault();
    photos.clear();
    refused.length = 0;
    send([...input.files]);
  });

  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("dropping");
  });
  form.addEventListener("dragleave", () => form.classList.remove("dropping"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    if (matching && input.files.length === 1) form.requestSubmit(matching); // it records nothing
  });
}
