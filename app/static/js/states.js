// Keeps the state badges of a list true: every 4 s, while the page is looked at, asks for those near the screen
// and swaps only the badges that changed; each says "state-changed", so that what stands around it may fetch itself anew. The list names the address: <ul data-states="/casts/states">.
const EVERY = 4000;
const AT_MOST = 60;
let failures = 0;
let timer;

const isNear = (badge) => {
  const { top, bottom } = badge.getBoundingClientRect();
  return bottom > -innerHeight && top < 2 * innerHeight;
};

function badgesOf(list) {
  return [...list.querySelectorAll(".state[data-cast]")].filter(isNear).slice(0, AT_MOST);
}

function swap(list, fresh) {
  for (const badge of list.querySelectorAll(".state[data-cast]")) {
    const next = fresh.get(badge.dataset.cast);
    if (!next || next.textContent.trim() === badge.textContent.trim()) continue;
    const shown = next.cloneNode(true);
    shown.classList.add("changed");
    badge.replaceWith(shown);
    shown.dispatchEvent(new CustomEvent("state-changed", { bubbles: true }));
  }
}

async function follow(list) {
  const badges = badgesOf(list);
  if (!badges.length) return;
  const asked = new URL(list.dataset.states, location.href);
  for (const id of new Set(badges.map((badge) => badge.dataset.cast))) asked.searchParams.append("cast", id);
  const answer = await fetch(asked, { headers: { "X-Requested-With": "states" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  swap(list, new Map([...page.querySelectorAll("[data-cast]")].map((badge) => [badge.dataset.cast, badge])));
}

async function round() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    await Promise.all([...document.querySelectorAll("[data-states]")].map(follow));
    failures = 0;
  } catch {
    failures = Math.min(failures + 1, 4);
  }
  clearTimeout(timer);
  timer = setTimeout(round, EVERY * 2 ** failures);
}

timer = setTimeout(round, EVERY);
document.addEventListener("visibilitychange", () => document.hidden || round());
