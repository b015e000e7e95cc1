// A text with a limit tells how much of it is used. Characters are counted as the server counts them.
for (const text of document.querySelectorAll("[data-counted]")) {
  const place = document.createElement("p");
  place.className = "hint right num";
  text.after(place);
  const count = () => {
    place.textContent = text.dataset.counted.replace("#", [...text.value].length);
  };
  text.addEventListener("input", count);
  count();
}
