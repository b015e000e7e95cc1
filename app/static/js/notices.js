// Says in #notices that an HTMX request failed on its way; what was typed stays where it is.
const place = document.getElementById("notices");

function say(name) {
  const words = document.getElementById(name);
  if (place && words) place.replaceChildren(words.content.cloneNode(true));
}

document.addEventListener("htmx:sendError", () => say("notice-unreachable"));
document.addEventListener("htmx:timeout", () => say("notice-unreachable"));
document.addEventListener("htmx:responseError", (failure) => {
  if (failure.detail.xhr.status >= 500) say("notice-failed");
});
document.addEventListener("htmx:afterSwap", (swap) => {
  if (swap.detail.target === place) place.scrollIntoView({ block: "nearest" });
});
