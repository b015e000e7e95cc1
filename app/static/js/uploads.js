// Files that are too large or too many are told of before they are sent; the server decides all the same.
export function complaintOf(input, { most, many = 1, tooLarge, tooMany = "" }) {
  const files = [...input.files];
  if (files.length > Number(many)) return tooMany;
  return files.some((file) => file.size > Number(most)) ? tooLarge : "";
}

export function complain(form, words) {
  const place = form.querySelector("[data-complaint]");
  place.textContent = words;
  place.hidden = !words;
  form.querySelector("[type=file]").setCustomValidity(words);
}

for (const form of document.querySelectorAll("[data-uploads]")) {
  const input = form.querySelector("[type=file]");
  input.addEventListener("change", () => complain(form, complaintOf(input, form.dataset)));
}
