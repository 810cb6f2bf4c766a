// The editor: the page beside the text, checks with jumps, the text kept on the server, who else is here.

const form = document.querySelector("#editor");
const body = form.querySelector("[name=body]");
const pane = form.querySelector("[data-preview]");
const state = form.querySelector("[data-preview-state]");
const unsaved = form.querySelector("[data-unsaved-state]");
const here = form.querySelector("[data-here]");
const count = form.querySelector("[data-count]");
const findings = form.querySelector("[data-findings]");
const outline = form.querySelector("[data-outline]");
const texts = form.dataset;
const KEEP_AFTER = 2000;
const PRESENT_EVERY = 15000;
let isDirty = texts.dirty === "yes";
let edits = 0;
let keptEdits = 0;

function send(url, signal) {
  return fetch(url, {
    method: "POST",
    body: new FormData(form),
    signal,
    headers: { "X-CSRFToken": form.querySelector("[name=csrf_token]").value },
  });
}

// One running request each; a newer text replaces the older one's.
function asker(url, show, failed) {
  let running;
  return async () => {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await send(url, running.signal);
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") failed?.();
    }
  };
}

const preview = asker(
  texts.previewUrl,
  (html) => {
    pane.innerHTML = html;
    state.textContent = "";
    inStep();
  },
  () => (state.textContent = texts.failed),
);
const check = asker(texts.checkUrl, (html) => (findings.innerHTML = html));

// Latin words, and each Chinese or Japanese character, count as one.
function words(text) {
  return (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu) ?? []).length;
}

function inStep() {
  const share = body.scrollTop / Math.max(1, body.scrollHeight - body.clientHeight);
  const page = pane.parentElement;
  page.scrollTop = share * (page.scrollHeight - page.clientHeight);
}

function goToLine(line) {
  const start = body.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = body.value.indexOf("\n", start);
  body.focus();
  body.setSelectionRange(start, end < 0 ? body.value.length : end);
  body.scrollTop = ((line - 3) / body.value.split("\n").length) * body.scrollHeight;
}

function drawOutline() {
  let inCode = false;
  const list = outline.querySelector("ol");
  const entries = body.value.split("\n").flatMap((text, index) => {
    if (/^(```|~~~)/.test(text)) inCode = !inCode;
    const heading = inCode ? null : /^(#{1,6})\s+(.+)$/.exec(text);
    return heading ? [{ depth: heading[1].length, text: heading[2], line: index + 1 }] : [];
  });
  list.replaceChildren(
    ...entries.map(({ depth, text, line }) => {
      const entry = document.createElement("li");
      const jump = document.createElement("button");
      Object.assign(jump, { type: "button", className: `btn-link line-jump depth-${depth}`, textContent: text });
      jump.dataset.line = line;
      entry.append(jump);
      return entry;
    }),
  );
  outline.hidden = entries.length === 0;
}

function settle() {
  count.textContent = `${words(body.value)} ${texts.words}`;
  drawOutline();
}

async function keep({ dirty }) {
  const now = edits;
  const data = new FormData(form);
  if (dirty) data.set("dirty", "yes");
  try {
    const answer = await fetch(texts.deskUrl, {
      method: "POST",
      body: data,
      headers: { "X-CSRFToken": form.querySelector("[name=csrf_token]").value },
    });
    if (!answer.ok) throw new Error(answer.status);
    const said = await answer.json();
    if (said.kept) keptEdits = Math.max(keptEdits, now);
    if (said.kept && keptEdits === edits) unsaved.textContent = texts.kept;
    here.textContent = [said.here, said.outdated ? texts.outdated : ""].filter(Boolean).join(" ");
  } catch {
    if (dirty) unsaved.textContent = texts.offline;
  }
}

const timers = {};
function later(name, work, wait) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(work, wait);
}

form.addEventListener("input", () => {
  isDirty = true;
  edits += 1;
  unsaved.textContent = texts.unsaved;
  settle();
  later("preview", preview, 350);
  later("check", check, 900);
  // At the latest every few seconds, however long somebody types without a pause.
  timers.keep ??= setTimeout(() => {
    timers.keep = undefined;
    keep({ dirty: true });
  }, KEEP_AFTER);
});
document.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-line]");
  if (jump) goToLine(Number(jump.dataset.line));
});
body.addEventListener("scroll", inStep, { passive: true });
form.addEventListener("submit", () => {
  isDirty = false;
  clearTimeout(timers.keep);
});
addEventListener("beforeunload", (event) => isDirty && keptEdits < edits && event.preventDefault());
addEventListener("online", () => keep({ dirty: keptEdits < edits }));
setInterval(() => document.visibilityState === "visible" && keep({ dirty: keptEdits < edits }), PRESENT_EVERY);

keep({ dirty: false });
settle();
if (isDirty) unsaved.textContent = texts.unsaved;
