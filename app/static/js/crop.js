// The square part of a photograph, chosen by dragging and zooming, or by keys. What is chosen goes along in thousandths
// of the shorter side; without JS, or where the browser cannot show the file, the server takes the middle.
import { complain, complaintOf } from "./uploads.js";

const KEY_STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function crop(form) {
  const input = form.querySelector("[type=file]");
  const stage = form.querySelector("[data-stage]");
  const canvas = stage.querySelector("canvas");
  const zoom = stage.querySelector("[type=range]");
  const fields = ["left", "top", "side"].map((name) => form.elements[name]);
  let picture; // as it is shown, or nothing
  let middle; // of the chosen part, in pixels of the picture

  const shorter = () => Math.min(picture.width, picture.height);
  const side = () => (shorter() * 100) / zoom.value;
  const within = (number, most) => Math.max(0, Math.min(number, most));

  function draw() {
    const length = side();
    const left = within(middle.x - length / 2, picture.width - length);
    const top = within(middle.y - length / 2, picture.height - length);
    middle = { x: left + length / 2, y: top + length / 2 };
    canvas.getContext("2d").drawImage(picture, left, top, length, length, 0, 0, canvas.width, canvas.height);
    [left, top, length].forEach((number, at) => {
      fields[at].value = Math.floor((number * 1000) / shorter());
    });
  }

  function move(right, down) {
    middle = { x: middle.x + right, y: middle.y + down };
    draw();
  }

  function forget() {
    picture = undefined;
    stage.hidden = true;
    for (const field of fields) field.value = "";
  }

  async function show(file) {
    try {
      picture = await createImageBitmap(file);
    } catch {
      const place = form.querySelector("[data-complaint]"); // it may be sent, so it is no complaint
      place.textContent = form.dataset.broken;
      place.hidden = false;
      return;
    }
    zoom.value = 100;
    const spare = picture.height - shorter();
    middle = { x: picture.width / 2, y: shorter() / 2 + spare / 4 }; // faces are in the upper part
    stage.hidden = false;
    draw();
  }

  input.addEventListener("change", () => {
    forget();
    const words = complaintOf(input, form.dataset);
    complain(form, words);
    if (input.files.length && !words) show(input.files[0]);
  });

  zoom.addEventListener("input", draw);

  canvas.addEventListener("pointerdown", (press) => {
    canvas.setPointerCapture(press.pointerId);
    press.preventDefault();
    canvas.focus();
  });
  canvas.addEventListener("pointermove", (way) => {
    if (!canvas.hasPointerCapture(way.pointerId)) return;
    const scale = side() / canvas.clientWidth;
    move(-way.movementX * scale, -way.movementY * scale);
  });

  canvas.addEventListener("keydown", (key) => {
    const step = KEY_STEPS[key.key];
    if (step) move((step[0] * side()) / 20, (step[1] * side()) / 20);
    else if (key.key === "+" || key.key === "-") {
      zoom.value = Number(zoom.value) + (key.key === "+" ? 10 : -10);
      draw();
    } else return;
    key.preventDefault();
  });
}

for (const form of document.querySelectorAll("[data-crop]")) crop(form);
