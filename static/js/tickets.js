// Files by dragging, with a list to take some out again; drafts that keep themselves; and articles that may answer
// while a subject is typed.
// Everything here works without it.

const KINDS = /\.(pdf|png|jpe?g|webp|txt|csv|xlsx|docx|eml)$/i;
const LARGEST = 10 * 1024 * 1024;

for (const drop of document.querySelectorAll("[data-drop]")) {
  const input = drop.querySelector("input[type=file]");
  const list = drop.querySelector(".drop-list");
  let kept = new DataTransfer();
  drop.querySelector(".drop-words").hidden = false;

  const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  const problem = (file) => (file.size > LARGEST ? drop.dataset.tooLarge : KINDS.test(file.name) ? "" : drop.dataset.unknown);

  function add(files) {
    const known = new Set([...kept.files].map((file) => `${file.name}/${file.size}`));
    for (const file of files) if (!known.has(`${file.name}/${file.size}`)) kept.items.add(file);
    show();
  }

  function remove(index) {
    const rest = new DataTransfer();
    [...kept.files].forEach((file, at) => at !== index && rest.items.add(file));
    kept = rest;
    show();
    input.focus();
    input.form?.dispatchEvent(new Event("files-changed"));
  }

  function show() {
    input.files = kept.files;
    list.replaceChildren(
      ...[...kept.files].map((file, index) => {
        const row = document.createElement("li");
        const name = document.createElement("span");
        name.textContent = `${file.name} · ${size(file.size)}`;
        row.append(name);
        if (problem(file)) {
          const why = document.createElement("span");
          why.className = "is-bad";
          why.textContent = problem(file);
          row.append(why);
        }
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm btn-link";
        button.textContent = drop.dataset.remove;
        button.setAttribute("aria-label", `${drop.dataset.remove}: ${file.name}`);
        button.addEventListener("click", () => remove(index));
        row.append(button);
        return row;
      }),
    );
  }

  input.addEventListener("change", () => add(input.files));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    add(event.dataTransfer.files);
    input.form?.dispatchEvent(new Event("files-changed"));
  });
}

// Drafts: what is typed is kept a moment after typing stops, files when they change.
for (const form of document.querySelectorAll("form[data-draft-url]")) {
  const status = form.querySelector("[data-draft-status]");
  let waiting;
  let filesChanged = false;
  let sent = false;

  async function keep() {
    if (sent) return;
    const data = new FormData(form);
    const files = filesChanged;
    if (files) data.set("files_sent", "1");
    for (const [name, value] of [...data]) if (value instanceof File && (!files || !value.name)) data.delete(name);
    filesChanged = false;
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { saved } = await answer.json();
        status.textContent = saved ? status.dataset.saved.replace("{time}", saved) : "";
      } else if (answer.status === 401) status.textContent = status.dataset.lost;
      else if (answer.status !== 409) throw new Error(answer.status);
    } catch {
      filesChanged ||= files;
      status.textContent = status.dataset.failed;
    }
  }

  function soon(after) {
    clearTimeout(waiting);
    waiting = setTimeout(keep, after);
  }

  form.addEventListener("input", () => soon(2500));
  form.addEventListener("change", (event) => {
    if (event.target.type === "file" || event.target.name === "kept_file") filesChanged = true;
    soon(800);
  });
  form.addEventListener("files-changed", () => {
    filesChanged = true;
    soon(800);
  });
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(waiting);
    addEventListener("pageshow", () => (sent = false), { once: true });
  });
  document.addEventListener("visibilitychange", () => document.hidden && waiting && soon(0));
}

const subject = document.querySelector("[data-answers-url]");
const answers = document.querySelector("#answers");
if (subject && answers) {
  let waiting;
  let request;

  async function look() {
    request?.abort();
    const text = subject.value.trim();
    if (text.length < 2) return void (answers.hidden = true);
    request = new AbortController();
    const url = new URL(subject.dataset.answersUrl, location.href);
    url.searchParams.set("q", text);
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") answers.hidden = true;
    }
  }

  function show(found) {
    const articles = (Array.isArray(found) ? found : (found.suggestions ?? found.results ?? [])).filter((each) => each.url).slice(0, 5);
    answers.hidden = articles.length === 0;
    answers.querySelector(".answers-list").replaceChildren(
      ...articles.map((article) => {
        const row = document.createElement("li");
        const link = document.createElement("a");
        link.href = article.url;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = article.title ?? article.text;
        link.addEventListener("click", () => {
          const opened = new FormData();
          for (const name of ["csrf_token", "key"]) opened.set(name, subject.form.elements[name].value);
          opened.set("article", new URL(article.url, location.href).pathname);
          opened.set("asked", subject.value);
          navigator.sendBeacon(answers.dataset.openedUrl, opened);
        });
        row.append(link);
        return row;
      }),
    );
  }

  subject.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 200);
  });
  if (subject.value) look();
}
