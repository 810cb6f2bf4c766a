// Files by dragging, with a list to take some out again; and articles that may answer while a subject is typed.
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
  });
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
