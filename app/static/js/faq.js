// Leaves the questions that have all the words, as one types; the server does the same with ?q= where no script runs.
const form = document.querySelector("[data-asking]");
const questions = [...document.querySelectorAll("[data-question]")];
const groups = [...document.querySelectorAll("[data-group]")];
const nothing = document.querySelector("[data-nothing]");
const said = document.querySelector("[data-found]");

const toHiragana = (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60);
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, toHiragana);
const wordsOf = (text) => fold(text).split(/[\s、。?!「」・]+/).filter(Boolean);
const texts = new Map(questions.map((question) => [question, fold(question.textContent)]));

function show() {
  const words = wordsOf(form.elements.q.value);
  let found = 0;
  for (const question of questions) {
    question.hidden = !words.every((word) => texts.get(question).includes(word));
    found += question.hidden ? 0 : 1;
  }
  for (const group of groups) group.hidden = !group.querySelector("[data-question]:not([hidden])");
  nothing.hidden = found > 0;
  said.textContent = words.length ? said.dataset.found.replace("{n}", found) : "";
}

// An address that points to an answer opens it also in a browser that does not do so itself.
function open() {
  const question = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details");
  if (!question) return;
  question.open = true;
  question.scrollIntoView();
}

form.elements.q.addEventListener("input", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
addEventListener("hashchange", open);
open();
