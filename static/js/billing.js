// A printed invoice shows every explanation; afterwards each is as it was.
const explanations = [...document.querySelectorAll("details.what")];
let closed = [];

window.addEventListener("beforeprint", () => {
  closed = explanations.filter((explanation) => !explanation.open);
  for (const explanation of closed) explanation.open = true;
});
window.addEventListener("afterprint", () => {
  for (const explanation of closed) explanation.open = false;
});

// A link to one line opens its explanation.
document.querySelector(".charge:target details")?.setAttribute("open", "");
