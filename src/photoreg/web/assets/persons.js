// While a name is typed, the people of that name are offered; without this, the form asks.
"use strict";
for (const input of document.querySelectorAll("input[data-search]")) {
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    if (input.value.trim().length > 1) waiting = setTimeout(offer, 200, input);
  });
}

async function offer(input) {
  const typed = input.value;
  const answered = await fetch(`${input.dataset.search}?q=${encodeURIComponent(typed)}`, { redirect: "error" });
  if (!answered.ok || input.value !== typed) return;
  const found = await answered.json();
  input.list.replaceChildren(...found.map((each) => {
    const option = document.createElement("option");
    option.value = `${each.person} ${each.name}`;
    option.label = each.born ? `${each.name} (${each.born})` : each.name;
    return option;
  }));
}
