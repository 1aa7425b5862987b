// Sets a site's position: by a click on the sketch map, or by looking the address up.

/** @param {string} name @returns {HTMLInputElement | null} */
function input(name) {
  const found = document.querySelector(`#site-form [name="${name}"]`);
  return found instanceof HTMLInputElement ? found : null;
}

/** @param {string} name @returns {number} */
function degrees(name) {
  return Number.parseFloat(input(name)?.value ?? "");
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
  const latitude = degrees("latitude");
  const longitude = degrees("longitude");
  const known = !Number.isNaN(latitude) && !Number.isNaN(longitude);
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

/**
 * @typedef {object} Place what the server knows of an address
 * @property {boolean} [found]
 * @property {number} [latitude]
 * @property {number} [longitude]
 * @property {string} [precision]
 * @property {string} [text]
 * @property {string} [detail]
 */

/** Ask the server, in the body of the request so that no log keeps the address.
 * @param {DOMStringMap} data address to ask, token and site @returns {Promise<Place>} */
async function ask({ lookUp: url = "", token = "", site }) {
  const parts = ["address", "postcode", "area"].map((name) => input(name)?.value);
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({
      address: parts.filter(Boolean).join(", "),
      secret: input("is_secret")?.checked,
      site,
    }),
  });
  /** @type {unknown} */
  const place = await answer.json();
  return /** @type {Place} */ (place);
}

/** @param {HTMLButtonElement} button @returns {Promise<void>} */
async function lookUp(button) {
  const failed = { text: button.dataset["failed"] ?? "" };
  const place = await ask(button.dataset).catch(() => /** @type {Place} */ (failed));
  const words = document.querySelector("[data-look-up-answer]");
  if (words) words.textContent = place.text ?? place.detail ?? "";
  const { latitude, longitude, precision } = place;
  if (latitude !== undefined && longitude !== undefined) {
    fill(latitude, longitude, precision ?? "place");
  }
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
for (const name of ["latitude", "longitude"]) {
  input(name)?.addEventListener("input", () => {
    const precision = input("precision");
    if (precision) precision.value = "manual";
    draw();
  });
}
draw();
