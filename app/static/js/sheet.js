// Sheets: <a href="/a/page" data-opens="top-up"> opens <dialog class="sheet" id="top-up" data-sheet>; without JS the link leads to the page.
// data-closes closes; data-sheet="open" opens by itself when it arrives; a press beside the sheet closes it.
function open(sheet) {
  if (sheet.open) return;
  if (sheet.showModal) sheet.showModal();
  else sheet.setAttribute("open", "");
}

function close(sheet) {
  if (sheet.close) sheet.close();
  else sheet.removeAttribute("open");
}

document.addEventListener("click", (press) => {
  const opener = press.target.closest("[data-opens]");
  const sheet = opener && document.getElementById(opener.dataset.opens);
  if (sheet) {
    press.preventDefault();
    open(sheet);
    return;
  }
  const beside = press.target.matches("dialog[data-sheet]");
  if (beside || press.target.closest("[data-closes]")) {
    const closing = press.target.closest("dialog");
    if (closing) {
      press.preventDefault();
      close(closing);
    }
  }
});

function openArrived(place) {
  const sheets = [...place.querySelectorAll('dialog[data-sheet="open"]')];
  if (place.matches?.('dialog[data-sheet="open"]')) sheets.push(place);
  sheets.forEach(open);
}

openArrived(document.body);
document.addEventListener("htmx:load", (arrival) => openArrived(arrival.detail.elt));
