// The editor: the page beside the text while one writes, a mark for what is not saved, a count, and two shortcuts.

const form = document.querySelector("#editor");
const pane = form.querySelector("[data-preview]");
const state = form.querySelector("[data-preview-state]");
const unsaved = form.querySelector("[data-unsaved-state]");
const count = form.querySelector("[data-count]");
const body = form.querySelector("[name=body]");
let waiting;
let request;
let isDirty = false;

async function preview() {
  request?.abort();
  request = new AbortController();
  try {
    const answer = await fetch(form.dataset.previewUrl, {
      method: "POST",
      body: new FormData(form),
      signal: request.signal,
      headers: { "X-CSRFToken": form.querySelector("[name=csrf_token]").value },
    });
    if (!answer.ok) throw new Error(answer.status);
    pane.innerHTML = await answer.text();
    state.textContent = "";
    scroll();
  } catch (error) {
    if (error.name !== "AbortError") state.textContent = form.dataset.failed;
  }
}

// Latin words, and each Chinese or Japanese character, count as one.
function words(text) {
  return (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu) ?? []).length;
}

function scroll() {
  const share = body.scrollTop / Math.max(1, body.scrollHeight - body.clientHeight);
  const page = pane.parentElement;
  page.scrollTop = share * (page.scrollHeight - page.clientHeight);
}

form.addEventListener("input", () => {
  isDirty = true;
  unsaved.textContent = form.dataset.unsaved;
  count.textContent = words(body.value);
  clearTimeout(waiting);
  waiting = setTimeout(preview, 350);
});
body.addEventListener("scroll", scroll, { passive: true });
form.addEventListener("submit", () => (isDirty = false));
addEventListener("beforeunload", (event) => isDirty && event.preventDefault());
count.textContent = words(body.value);

// Ctrl+S keeps the draft; Ctrl+B and Ctrl+I mark what is selected.
form.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-save]"));
  }
  const sign = { b: "**", i: "*" }[key];
  if (!sign || event.target !== body) return;
  event.preventDefault();
  const { selectionStart: from, selectionEnd: to } = body;
  body.setRangeText(sign + body.value.slice(from, to) + sign, from, to, "end");
  body.setSelectionRange(from + sign.length, to + sign.length);
  body.dispatchEvent(new Event("input", { bubbles: true }));
});
