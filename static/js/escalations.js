// The board by keyboard: j and k move through the cards, o opens. Links and Tab do the same without this.

const cards = [...document.querySelectorAll(".board-card")];
const hint = document.querySelector("[data-keys]");
if (hint && cards.length) hint.hidden = false;

function move(step) {
  const here = cards.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.min(Math.max(here + step, 0), cards.length - 1);
  cards[next]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "o" && cards.includes(document.activeElement)) document.activeElement.click();
  else return;
  event.preventDefault();
});
