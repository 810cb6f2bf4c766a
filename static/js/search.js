// Suggestions while one types, as a combobox: arrow keys choose, Enter opens, Escape closes.
// Without this module the field is a plain search field.

const WAIT = 120;
let counted = 0;

function combobox(input) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  const name = `suggestions-${++counted}`;
  let waiting;
  let request;
  let options = [];
  let chosen = -1;
  const known = new Map();

  Object.assign(list, { id: name, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel ?? "");
  Object.assign(status, { className: "visually-hidden" });
  status.setAttribute("role", "status");
  for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": name })) input.setAttribute(key, value);
  (input.closest(".search-box") ?? input.parentElement).append(list, status);

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    chosen = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  function follow(suggestion) {
    close();
    if (suggestion.url) return location.assign(suggestion.url);
    input.value = suggestion.title;
    input.form?.requestSubmit();
  }

  function row(suggestion, at) {
    const option = document.createElement("li");
    option.id = `${name}-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    for (const part of suggestion.parts?.length ? suggestion.parts : [{ text: suggestion.title }]) {
      const piece = document.createElement(part.marked ? "mark" : "span");
      piece.textContent = part.text;
      option.append(piece);
    }
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => follow(suggestion));
    option.suggestion = suggestion;
    return option;
  }

  function show(suggestions) {
    options = suggestions.map(row);
    list.replaceChildren(...options);
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = options.length ? `${options.length} ${input.dataset.suggestCount ?? ""}` : "";
  }

  async function look() {
    request?.abort();
    const text = input.value.trim();
    if (text.length < 1 || document.activeElement !== input) return close();
    if (known.has(text)) return show(known.get(text));
    request = new AbortController();
    const url = new URL(input.dataset.suggestUrl, location.href);
    url.searchParams.set("q", text);
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      known.set(text, suggestions);
      if (input.value.trim() === text) show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(look, WAIT);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) return event.preventDefault(), close();
    if (list.hidden) {
      if (event.key === "ArrowDown" && input.value.trim()) look();
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      follow(options[chosen].suggestion);
    }
  });
  input.addEventListener("blur", close);
}

for (const input of document.querySelectorAll("input[data-suggest-url]")) combobox(input);
