// Elements without markup in text: a view builds its nodes anew, `morph` carries the difference
// over to the page, so that focus, caret and scroll stay where they are.

/** @typedef {Node | string | null | undefined | false | readonly Child[]} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/** @param {Element} element @param {Attributes} attributes @returns {void} */
function give(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
}

/** @param {Element} element @param {readonly Child[]} children @returns {void} */
function fill(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) fill(element, child);
    else if (child instanceof Node || typeof child === "string") element.append(child);
  }
}

/** An element with attributes and children.
 * @param {string} tag @param {Attributes} [attributes] @param {...Child} children
 * @returns {HTMLElement} */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  give(element, attributes);
  fill(element, children);
  return element;
}

/** An icon of the sprite; it says nothing to a screen reader. @param {string} name */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  give(drawing, { class: "icon", "aria-hidden": "true", focusable: "false" });
  const use = document.createElementNS(SVG, "use");
  const sprite = new URL("../../icons/sprite.svg", import.meta.url).pathname;
  use.setAttribute("href", `${sprite}#${name}`);
  drawing.append(use);
  return drawing;
}

/** @param {Node} a @param {Node} b @returns {boolean} */
function alike(a, b) {
  if (!(a instanceof Element) || !(b instanceof Element)) return a.nodeType === b.nodeType;
  return a.tagName === b.tagName && a.getAttribute("data-key") === b.getAttribute("data-key");
}

/** @param {Element} old @param {Element} fresh @returns {void} */
function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/** Make the children of `old` like those of `fresh`, which is used up.
 * @param {Element} old @param {Element} fresh @returns {void} */
export function morph(old, fresh) {
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let same = at;
    while (same && !alike(same, wanted)) same = same.nextSibling;
    if (!same) {
      old.insertBefore(wanted, at);
      continue;
    }
    while (at && at !== same) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    if (same instanceof Element && wanted instanceof Element) {
      morphAttributes(same, wanted);
      if (same instanceof HTMLInputElement && wanted instanceof HTMLInputElement) {
        if (same.type === "checkbox") same.checked = wanted.checked;
      }
      // What somebody types is theirs.
      if (!same.matches("textarea, select, input")) morph(same, wanted);
    } else if (same.nodeValue !== wanted.nodeValue) same.nodeValue = wanted.nodeValue;
    at = same.nextSibling;
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}
