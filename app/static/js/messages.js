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

// A page of messages opens at its end, as everywhere; within another page nothing moves.
function showNewest() {
  const newest = [...document.querySelectorAll(".thread-page .bubble")].pop();
  if (newest && newest.getBoundingClientRect().bottom > innerHeight) newest.scrollIntoView({ block: "center" });
}

// The button that was pressed is gone with its form; whoever uses a keyboard goes on writing.
function goOn(thread) {
  if (document.activeElement === document.body) {
    document.getElementById("message-words")?.focus({ preventScroll: true });
  }
  thread.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
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
document.addEventListener("htmx:load", (arrival) => {
  showPhrases();
  sayNewest();
  if (arrival.detail.elt.id === "message-thread") goOn(arrival.detail.elt);
});
showPhrases();
showNewest();
