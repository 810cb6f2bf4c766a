// What inserts Markdown: the toolbar and its shortcuts, links, live values, tables, pictures by button, drag or paste.

const form = document.querySelector("#editor");
const body = form.querySelector("[name=body]");
const tools = form.querySelector("[data-tools]");
const sheet = (name) => document.querySelector(`#dialog-${name}`);

// Through execCommand, so that undo knows about it.
function insert(text, { select } = {}) {
  body.focus();
  const from = body.selectionStart;
  if (!document.execCommand("insertText", false, text)) body.setRangeText(text, from, body.selectionEnd, "end");
  if (select) body.setSelectionRange(from + select[0], from + select[1]);
  body.dispatchEvent(new Event("input", { bubbles: true }));
}

const chosen = () => body.value.slice(body.selectionStart, body.selectionEnd);

function around(sign) {
  const text = chosen();
  insert(sign + text + sign, { select: [sign.length, sign.length + text.length] });
}

function everyLine(mark) {
  const start = body.value.lastIndexOf("\n", body.selectionStart - 1) + 1;
  body.setSelectionRange(start, body.selectionEnd);
  const lines = chosen().split("\n");
  insert(lines.map((line, index) => mark(line, index)).join("\n"));
}

// On lines of its own, with an empty line before.
function block(text) {
  const before = body.value.slice(0, body.selectionStart);
  const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  insert(`${gap}${text}\n`);
}

const acts = {
  bold: () => around("**"),
  italic: () => around("*"),
  code: () => around("`"),
  heading: () => everyLine((line) => `## ${line.replace(/^#+\s*/, "")}`),
  list: () => everyLine((line) => `- ${line}`),
  numbers: () => everyLine((line, index) => `${index + 1}. ${line}`),
  quote: () => everyLine((line) => `> ${line}`),
  note: () => block(`!!! note\n    ${chosen() || "…"}`),
  link: () => open("link"),
  value: () => open("value"),
  table: () => open("table"),
  picture: () => open("picture"),
};

let place = [0, 0];
function open(name) {
  place = [body.selectionStart, body.selectionEnd];
  const dialog = sheet(name);
  dialog.showModal();
  dialog.querySelector("input").select?.();
  if (name === "link") findLinks();
}

function back() {
  body.focus();
  body.setSelectionRange(...place);
}

// The toolbar: one stop for Tab, arrows within.
tools.hidden = false;
const buttons = [...tools.querySelectorAll("[data-tool]")];
tools.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tool]");
  if (button) acts[button.dataset.tool]();
});
tools.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = buttons.indexOf(document.activeElement);
  const next = { Home: 0, End: buttons.length - 1 }[event.key] ?? (step ? (at + step + buttons.length) % buttons.length : at);
  if (next === at) return;
  event.preventDefault();
  buttons.forEach((button, index) => (button.tabIndex = index === next ? 0 : -1));
  buttons[next].focus();
});

const plain = { b: "bold", i: "italic", e: "code", k: "link" };
const shifted = { Digit8: "list", Digit7: "numbers", KeyV: "value" };
form.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  if (key === "s" && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    return form.requestSubmit(form.querySelector("[data-save]"));
  }
  if (event.target !== body) return;
  let act = event.shiftKey ? shifted[event.code] : plain[key];
  if (event.altKey) act = event.code === "Digit2" ? "heading" : undefined;
  if (!act) return;
  event.preventDefault();
  acts[act]();
});

// Links by search.
const linkWords = sheet("link").querySelector("input");
const linkList = sheet("link").querySelector("ul");
let asked = 0;
async function findLinks() {
  const number = ++asked;
  const answer = await fetch(`${form.dataset.linksUrl}&q=${encodeURIComponent(linkWords.value)}`);
  if (!answer.ok || number !== asked) return;
  const { links } = await answer.json();
  linkList.replaceChildren(...links.flatMap(({ slug, title, places }) => [row(title, slug), ...places.map((one) => row(`${title} › ${one.text}`, slug, one.id, one.text))]));
  if (!links.length) linkList.textContent = linkList.dataset.empty;

  function row(label, target, id = "", words = title_of(label)) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: id ? "pick-row pick-inner" : "pick-row", textContent: label });
    button.addEventListener("click", () => {
      sheet("link").close();
      back();
      insert(`[${chosen() || words}](../${target}/${id ? `#${id}` : ""})`);
    });
    item.append(button);
    return item;
  }
}
const title_of = (label) => label;
linkWords.addEventListener("input", findLinks);
linkWords.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  linkList.querySelector("button")?.click();
});

// Live values.
const valueWords = sheet("value").querySelector("input");
valueWords.addEventListener("input", () => {
  for (const item of sheet("value").querySelectorAll("li")) item.hidden = !item.textContent.toLowerCase().includes(valueWords.value.toLowerCase());
});
valueWords.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  sheet("value").querySelector("li:not([hidden]) button")?.click();
});
sheet("value").addEventListener("click", (event) => {
  const button = event.target.closest("[data-value]");
  if (!button) return;
  sheet("value").close();
  back();
  insert(`{{ ${button.dataset.value} }}`);
});

// Tables.
sheet("table").addEventListener("close", () => {
  back();
  if (sheet("table").returnValue !== "insert") return;
  const heading = sheet("table").querySelector("[data-heading]").dataset.heading;
  const columns = Math.min(8, Math.max(1, Number(document.querySelector("#dialog-columns").value)));
  const rows = Math.min(30, Math.max(1, Number(document.querySelector("#dialog-rows").value)));
  const line = (cell) => `| ${Array.from({ length: columns }, cell).join(" | ")} |`;
  block([line((_, index) => `${heading} ${index + 1}`), line(() => "---"), ...Array.from({ length: rows }, () => line(() => " "))].join("\n"));
  sheet("table").returnValue = "";
});

// Pictures: chosen, dropped or pasted; the words for those who cannot see them come first.
const file = document.querySelector("#dialog-file");
const alt = document.querySelector("#dialog-alt");
const trouble = sheet("picture").querySelector("[data-error]");
function offer(files) {
  const picture = [...files].find((one) => one.type.startsWith("image/"));
  if (!picture) return false;
  const carrier = new DataTransfer();
  carrier.items.add(picture);
  open("picture");
  file.files = carrier.files;
  alt.focus();
  return true;
}
body.addEventListener("paste", (event) => offer(event.clipboardData.files) && event.preventDefault());
body.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
body.addEventListener("drop", (event) => offer(event.dataTransfer.files) && event.preventDefault());
alt.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  sheet("picture").querySelector("[data-send]").click();
});
sheet("picture").querySelector("[data-send]").addEventListener("click", async () => {
  const data = new FormData();
  if (file.files[0]) data.set("picture", file.files[0]);
  data.set("alt", alt.value);
  const token = form.querySelector("[name=csrf_token]").value;
  const answer = await fetch(form.dataset.pictureUrl, { method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": token } }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  trouble.hidden = Boolean(said?.markdown);
  trouble.textContent = said?.error ?? (said?.markdown ? "" : form.dataset.offline);
  if (!said?.markdown) return;
  sheet("picture").close();
  [file.value, alt.value] = ["", ""];
  back();
  insert(said.markdown);
});
