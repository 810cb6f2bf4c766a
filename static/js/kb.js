// The article page: a table of contents that folds on phones and knows where one is.

const contents = document.querySelector("[data-toc]");
if (contents) {
  const narrow = matchMedia("(max-width: 60rem)");
  const fold = () => (contents.open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();

  const links = new Map([...contents.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...document.querySelectorAll(".prose :is(h2, h3)[id]")];
  const mark = () => {
    const line = innerHeight * 0.3;
    const current = headings.findLast((heading) => heading.getBoundingClientRect().top < line);
    for (const [id, link] of links) link.toggleAttribute("aria-current", id === current?.id);
  };
  addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
}
