// The bar for many tickets is there only while some are chosen; without scripts it is always there.

const form = document.querySelector("#bulk");
const bar = form?.querySelector("[data-bulk]");

function show() {
  const count = form.querySelectorAll("input[name=t]:checked").length;
  bar.querySelector("[data-chosen]").textContent = count ? `(${count})` : "";
  bar.hidden = count === 0;
}

if (bar) {
  bar.classList.add("bulk-floating");
  form.addEventListener("change", show);
  // Going back, the browser ticks again what was ticked.
  addEventListener("pageshow", show);
  show();
}
