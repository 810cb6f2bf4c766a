// Keys for who works in the queue all day. Everything they do can be done with the mouse too.

const table = document.querySelector("[data-rows]");
const rows = table ? [...table.tBodies[0].rows] : [];
const help = document.querySelector("#keys");
const composer = document.querySelector("[data-composer]");
const owner = document.querySelector(".triage #owner");
let at = -1;

function go(step) {
  if (!rows.length) return;
  rows[at]?.removeAttribute("aria-selected");
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[at].setAttribute("aria-selected", "true");
  rows[at].querySelector("a").focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
}

function visit(suffix = "") {
  if (at >= 0) location.href = rows[at].dataset.url + suffix;
}

function take() {
  if (composer) return document.querySelector("[data-take] form")?.requestSubmit();
  if (at < 0) return;
  const form = document.querySelector("#take");
  form.action = `${rows[at].dataset.url}/take`;
  form.requestSubmit();
}

// Tabs of the composer: switch in place, and remember what was typed in both.
function compose(name) {
  for (const tab of composer.querySelectorAll("[data-tab]")) tab.toggleAttribute("aria-current", tab.dataset.tab === name);
  for (const tab of composer.querySelectorAll("[aria-current]")) tab.setAttribute("aria-current", "true");
  for (const panel of composer.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
  composer.scrollIntoView({ block: "nearest" });
  composer.querySelector(`[data-panel="${name}"] textarea`)?.focus();
}

composer?.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  compose(tab.dataset.tab);
});

// The tickets of the view that one came from: the next one without going back to the list.
const walk = document.querySelector("[data-walk]");
if (rows.length) sessionStorage.setItem("queue", JSON.stringify({ from: location.href, urls: rows.map((row) => row.dataset.url) }));
if (walk) {
  const { from, urls } = JSON.parse(sessionStorage.getItem("queue") ?? '{"urls":[]}');
  const here = urls.indexOf(walk.dataset.walk);
  if (from) document.querySelector(".crumbs a").href = from;
  for (const link of here < 0 ? [] : walk.querySelectorAll("a")) {
    const url = urls[here + Number(link.dataset.step)];
    link.toggleAttribute("href", Boolean(url));
    if (url) link.href = url;
  }
  walk.hidden = here < 0;
  walk.querySelector("[data-place]").textContent = `${here + 1} / ${urls.length}`;
}

const step = (count) => (composer ? walk?.querySelector(`[data-step="${count}"][href]`)?.click() : go(count));

const keys = {
  "/": () => document.querySelector("#q")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  m: () => composer && (compose("reply"), document.querySelector("#macro")?.focus()),
  t: () => owner?.focus(),
  s: () => document.querySelector("[data-resolve]")?.click(),
  x: () => rows[at]?.querySelector("input[name=t]")?.click(),
  o: () => visit(),
  a: take,
  r: () => (composer ? compose("reply") : visit("?compose=reply#composer")),
  n: () => (composer ? compose("note") : visit("?compose=note#composer")),
  e: () => (composer ? document.querySelector("[data-escalate]")?.click() : visit("/escalate")),
  u: () => composer && document.querySelector(".crumbs a")?.click(),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-composer] textarea, .triage select")) {
    event.preventDefault();
    return event.target.form.requestSubmit(event.target.form.querySelector("button[type=submit]:not([name])"));
  }
  if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    // In a field that goes on to something else, Enter does it.
    if (event.key === "Enter" && event.target.id === "macro" && event.target.value) {
      event.preventDefault();
      event.target.form.querySelector("button[value=macro]").click();
    }
    return;
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// Clicking a row marks it, so that the keys go on from there.
table?.addEventListener("click", (event) => {
  const row = event.target.closest("tbody tr");
  if (!row) return;
  rows[at]?.removeAttribute("aria-selected");
  at = rows.indexOf(row);
  row.setAttribute("aria-selected", "true");
});

for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}

// An inserted answer is written on at its end.
const inserted = composer?.querySelector("textarea[autofocus]");
if (inserted) {
  inserted.focus();
  inserted.setSelectionRange(inserted.value.length, inserted.value.length);
  inserted.scrollIntoView({ block: "center" });
}

// After the browser has gone to the composer by itself, or it would take the focus away again.
if (composer && location.hash === "#composer") addEventListener("load", () => compose(new URLSearchParams(location.search).get("compose") ?? "reply"));

// Similar tickets and articles come after the page.
const similar = document.querySelector("#similar[data-piece]");
if (similar) {
  fetch(similar.dataset.piece)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
    .then((html) => (similar.innerHTML = html))
    .catch(() => {});
}

// Who else is here: asked every 15 seconds while the page is looked at.
const presence = document.querySelector("[data-presence]");
if (presence) {
  const isWriting = () => [...(composer?.querySelectorAll("textarea") ?? [])].some((field) => field.value !== field.defaultValue);
  async function ask() {
    if (document.hidden) return;
    const body = new URLSearchParams({ csrf_token: presence.dataset.csrf, writing: isWriting() ? "1" : "0" });
    const answer = await fetch(presence.dataset.presence, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok) presence.textContent = (await answer.json()).here.join(" ");
  }
  const asked = () => ask().catch(() => {});
  setInterval(asked, 15000);
  asked();
}
