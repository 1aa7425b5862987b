// Sets a site's position: by a click on the sketch map, or by looking the address up.

/** @param {string} name @returns {HTMLInputElement | null} */
function input(name) {
  const found = document.querySelector(`#site-form [name="${name}"]`);
  return found instanceof HTMLInputElement ? found : null;
}

/** @param {number} latitude @param {number} longitude @param {string} precision @returns {void} */
function fill(latitude, longitude, precision) {
  const values = { latitude: latitude.toFixed(5), longitude: longitude.toFixed(5), precision };
  for (const [name, value] of Object.entries(values)) {
    const field = input(name);
    if (field) field.value = value;
  }
  draw();
}

/** Show the pin where the fields say. @returns {void} */
function draw() {
  const map = document.querySelector("svg[data-pick]");
  const pin = map?.querySelector("[data-pin]");
  if (!(map instanceof SVGSVGElement) || !pin) return;
  const at = ["latitude", "longitude"].map((name) => Number.parseFloat(input(name)?.value ?? ""));
  const [latitude, longitude] = at;
  const known = latitude !== undefined && longitude !== undefined && !at.some(Number.isNaN);
  pin.toggleAttribute("hidden", !known);
  if (!known) return;
  const { north, west, x, y } = map.dataset;
  const left = (longitude - Number(west)) * Number(x);
  const top = (Number(north) - latitude) * Number(y);
  pin.setAttribute("transform", `translate(${left.toFixed(1)} ${top.toFixed(1)})`);
}

/** @param {SVGSVGElement} map @param {MouseEvent} event @returns {void} */
function pick(map, event) {
  const matrix = map.getScreenCTM();
  if (!matrix) return;
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  const { north, west, x, y } = map.dataset;
  fill(Number(north) - point.y / Number(y), Number(west) + point.x / Number(x), "manual");
}

/** @param {HTMLButtonElement} button @returns {Promise<void>} */
async function lookUp(button) {
  const parts = ["address", "postcode", "area"].map((name) => input(name)?.value ?? "");
  const answer = await fetch(button.dataset["lookUp"] ?? "", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": button.dataset["token"] ?? "" },
    body: JSON.stringify({
      address: parts.filter(Boolean).join(", "),
      secret: input("is_secret")?.checked ?? true,
    }),
  });
  /** @type {{found?: boolean, latitude?: number, longitude?: number, precision?: string, text?: string, detail?: string}} */
  const place = await answer.json();
  const words = document.querySelector("[data-look-up-answer]");
  if (words) words.textContent = place.text ?? place.detail ?? "";
  if (place.found) fill(place.latitude ?? 0, place.longitude ?? 0, place.precision ?? "place");
}

const map = document.querySelector("svg[data-pick]");
if (map instanceof SVGSVGElement) {
  map.addEventListener("click", (event) => {
    pick(map, event);
  });
}
const button = document.querySelector("[data-look-up]");
if (button instanceof HTMLButtonElement) {
  button.hidden = false;
  button.addEventListener("click", () => {
    void lookUp(button);
  });
}
for (const name of ["latitude", "longitude"]) input(name)?.addEventListener("input", draw);
draw();
