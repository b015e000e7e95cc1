// On a phone the places of a desk are a row that scrolls: the one that is lit shall be seen.
const lit = document.querySelector(".side [aria-current]");
lit?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
