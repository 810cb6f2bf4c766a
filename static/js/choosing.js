// The bar for many rows is there only while some are chosen; without scripts it is always there.

const form = document.querySelector("#bulk");
const bar = form?.matches("[data-bulk]") ? form : form?.querySelector("[data-bulk]");

function show() {
  const count = [...form.elements].filter((box) => box.matches("[name=t]:checked, [name=slug]:checked")).length;
  bar.querySelector("[data-chosen]").textContent = count ? `(${count})` : "";
  bar.hidden = count === 0;
}

if (bar) {
  bar.classList.add("bulk-floating");
  document.addEventListener("change", show);
  // Going back, the browser ticks again what was ticked.
  addEventListener("pageshow", show);
  show();
}
