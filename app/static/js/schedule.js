// The week of a cast's schedule. With a mouse or a pen one paints over blank half hours, across days too; what the first
// one becomes, all become. By touch a tap ticks one, so that scrolling stays possible. Arrow keys go from half hour to
// half hour, and with Shift they carry the tick of the one they leave along. Without JS it is a form with checkboxes.
const form = document.querySelector("[data-schedule]");
const week = form.querySelector(".week");
const chosen = document.getElementById("chosen");
const days = [...week.querySelectorAll(".week-day")].map((day) => [...day.querySelectorAll(".half")]);
const places = new Map(days.flatMap((halves, day) => halves.map((half, at) => [half, { day, at }])));
const isWide = matchMedia("(min-width: 820px)");
const KEPT = "schedule-scroll";
const MORNING = 12; // half hours from midnight to 6:00; what is published before belongs to the night
const EVENING = 36; // to 18:00

const box = (half) => half.querySelector("input");
const ways = (half) => [...half.querySelectorAll("input, a")];
const halfAt = (place) => days[place.day]?.[place.at];

// ---- How much is chosen

function length(halves) {
  const { hour, hours, half } = chosen.dataset;
  const whole = Math.floor(halves / 2);
  const words = whole ? [whole === 1 ? hour : hours.replace("#", whole)] : [];
  if (halves % 2) words.push(half);
  return words.join(document.documentElement.lang === "ja" ? "" : " ");
}

function count() {
  const ticked = week.querySelectorAll("input:checked").length;
  chosen.textContent = ticked ? chosen.dataset.chosen.replace("#", length(ticked)) : chosen.dataset.none;
  chosen.classList.toggle("some", ticked > 0);
  form.querySelector("[data-unchoose]").hidden = !ticked;
}

form.addEventListener("change", count);
form.querySelector("[data-unchoose]").addEventListener("click", () => {
  for (const each of week.querySelectorAll("input:checked")) each.checked = false;
  count();
  current?.querySelector("input, a").focus();
});

// ---- Painting

let stroke; // from where, with what, and how everything was before
let isPainted = false; // the press that is under way has ticked already, so its click may not

function paintTo(half) {
  const [from, to] = [places.get(stroke.from), places.get(half)];
  const within = (number, one, other) => number >= Math.min(one, other) && number <= Math.max(one, other);
  for (const [each, before] of stroke.before) {
    const { day, at } = places.get(each);
    const isIn = within(day, from.day, to.day) && within(at, from.at, to.at);
    box(each).checked = isIn ? stroke.ticks : before;
  }
  count();
}

week.addEventListener("pointerdown", (press) => {
  const half = press.target.closest(".half.blank");
  isPainted = false;
  if (!half || press.button !== 0 || press.pointerType === "touch") return;
  press.preventDefault();
  isPainted = true;
  box(half).focus({ preventScroll: true });
  const blanks = [...places.keys()].filter(box);
  stroke = { from: half, ticks: !box(half).checked, before: new Map(blanks.map((each) => [each, box(each).checked])) };
  paintTo(half);
});

document.addEventListener("pointermove", (move) => {
  if (!stroke) return;
  if (!(move.buttons & 1)) {
    stroke = undefined; // let go outside of the window
    return;
  }
  const half = document.elementFromPoint(move.clientX, move.clientY)?.closest(".half");
  if (!half) return;
  paintTo(half);
  half.scrollIntoView({ block: "nearest" });
});

for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (stroke = undefined));
week.addEventListener("click", (click) => {
  if (isPainted && click.target.closest(".half.blank")) click.preventDefault();
  isPainted = false;
});

// ---- Keys: one stop for the tab key in the whole week

let current;
let brush = true;

function stopAt(half) {
  for (const each of current ? ways(current) : []) each.tabIndex = -1;
  for (const each of ways(half)) each.tabIndex = 0;
  current = half;
}

function next(half, step) {
  const place = { ...places.get(half) };
  const move = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[step];
  let found = half;
  do {
    if (isWide.matches) {
      place.day += move[0];
      place.at += move[1];
    } else {
      const number = place.day * 48 + place.at + move[0] + move[1];
      place.day = Math.floor(number / 48);
      place.at = number - place.day * 48;
    }
    found = halfAt(place);
  } while (found && !ways(found).length);
  return found;
}

week.addEventListener("focusin", (focus) => {
  const half = focus.target.closest(".half");
  if (half && half !== current) stopAt(half);
});

week.addEventListener("keydown", (key) => {
  const half = key.target.closest(".half");
  if (!half || !key.key.startsWith("Arrow") || key.altKey || key.ctrlKey || key.metaKey) return;
  key.preventDefault();
  const goal = next(half, key.key);
  if (!goal) return;
  if (box(half)) brush = box(half).checked;
  if (key.shiftKey && box(goal)) {
    box(goal).checked = brush;
    count();
  }
  ways(goal)[0].focus();
});

// ---- Where one begins: as one left it, or at the first published time, or in the evening

function first() {
  const rows = [...week.querySelectorAll(".half.free, .half.booked")].map((half) => places.get(half).at);
  const row = Math.min(EVENING, ...rows.filter((at) => at >= MORNING));
  const later = days.map((halves) => halves.slice(row).find((half) => ways(half).length));
  return later.find(Boolean) || [...places.keys()].find((half) => ways(half).length);
}

for (const half of places.keys()) for (const each of ways(half)) each.tabIndex = -1;
const start = first();
if (start) stopAt(start);
if (isWide.matches) {
  const kept = sessionStorage.getItem(KEPT);
  const row = start ? places.get(start).at : EVENING;
  const top = days[0][Math.max(row - 1, 0)].offsetTop - days[0][0].offsetTop;
  week.scrollTop = kept ?? top;
  addEventListener("pagehide", () => sessionStorage.setItem(KEPT, week.scrollTop));
}
count();
