// The arrow keys go to the application before and after; a large picture is moved by dragging it.
const TAKES_ARROWS = "input, textarea, select, [tabindex]:not(main)";

document.addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest(TAKES_ARROWS)) return;
  document.querySelector(`main a[rel="${rel}"]`)?.click();
});

document.addEventListener("pointerdown", (event) => {
  const ground = event.target.closest("[data-pans]");
  if (!ground || event.pointerType !== "mouse") return;
  event.preventDefault();
  ground.focus({ preventScroll: true });
  const start = { x: event.clientX + ground.scrollLeft, y: event.clientY + ground.scrollTop };
  const move = (now) => ground.scrollTo(start.x - now.clientX, start.y - now.clientY);
  const end = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
});
