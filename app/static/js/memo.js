// The memo saves itself while one types (htmx); here only what is left when the page goes away.
const saved = new WeakMap(); // form: its text as the server has it
const field = (form) => form.querySelector("textarea[name=words]");
const forms = () => document.querySelectorAll("form[data-memo]:not([data-held])");
const text = (form) => field(form).value.trim();

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.matches?.("form[data-memo]")) target.dataset.sent = text(target);
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (target.matches?.("form[data-memo]") && detail.successful) saved.set(target, target.dataset.sent);
});
addEventListener("pagehide", () => {
  for (const form of forms()) {
    const last = saved.get(form) ?? field(form).defaultValue.trim();
    if (text(form) !== last) navigator.sendBeacon(form.action, new FormData(form));
  }
});
// Kept by the browser and shown again, the page would not know what was saved when it went.
addEventListener("pageshow", (arrival) => {
  if (arrival.persisted && forms().length) location.reload();
});
