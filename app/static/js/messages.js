// Messages: phrases that a tap puts into the field, new words said aloud, and nothing marked as read while nobody looks.
const READING = "message-reading";

const bubbles = () => document.getElementById("message-bubbles");
let last = bubbles()?.dataset.last;

function insert(phrase) {
  const words = document.getElementById("message-words");
  words.value = words.value.trim() ? `${words.value.trimEnd()}\n${phrase}` : phrase;
  words.focus();
}

function showPhrases() {
  for (const phrases of document.querySelectorAll("[data-phrases]")) phrases.hidden = false;
}

// A list that is drawn anew would be read out as a whole, so only its newest words are.
function sayNewest() {
  const shown = bubbles();
  const newest = shown && [...shown.querySelectorAll(".bubble")].pop();
  const place = document.querySelector("[data-message-said]");
  if (shown?.dataset.last !== last && newest && place && !newest.classList.contains("mine")) {
    place.textContent = newest.querySelector("p").textContent;
  }
  last = shown?.dataset.last;
}

document.addEventListener("click", (press) => {
  const chip = press.target.closest("[data-phrase]");
  if (chip) insert(chip.dataset.phrase);
  const back = press.target.closest('a[href="#message-words"]');
  if (back) {
    press.preventDefault();
    document.getElementById("message-words").focus();
  }
});
document.addEventListener("htmx:beforeRequest", (asking) => {
  if (asking.target.id === READING && document.hidden) asking.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && document.getElementById(READING)) window.htmx.trigger(`#${READING}`, "look");
});
document.addEventListener("htmx:load", () => {
  showPhrases();
  sayNewest();
});
showPhrases();
