// The article page: the table of contents knows where one is.

const contents = document.querySelector("[data-toc]");
if (contents) {
  const links = new Map([...contents.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...document.querySelectorAll(".prose :is(h2, h3)[id]")];
  const mark = () => {
    const line = innerHeight * 0.3;
    const current = headings.findLast((heading) => heading.getBoundingClientRect().top < line);
    for (const [id, link] of links) {
      if (id === current?.id) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
}
