// Elements without markup in text: a view builds its nodes anew, `morph` carries the difference
// over to the page, so that focus, caret and scroll stay where they are.

/** @typedef {Node | string | null | undefined | false} Leaf */
/** @typedef {Leaf | readonly Leaf[] | readonly (Leaf | readonly Leaf[])[]} Child */
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
    if (child instanceof Node || typeof child === "string") element.append(child);
    else if (child) fill(element, child);
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

/** Carry what differs between two alike nodes over. @param {Node} old @param {Node} fresh */
function carry(old, fresh) {
  if (!(old instanceof Element) || !(fresh instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  morphAttributes(old, fresh);
  if (old instanceof HTMLInputElement && fresh instanceof HTMLInputElement) {
    if (old.type === "checkbox") old.checked = fresh.checked;
  }
  // What somebody types is theirs.
  if (!old.matches("textarea, select, input")) morph(old, fresh);
}

/** Remove siblings from `from` up to `until`. @param {ChildNode | null} from
 * @param {ChildNode | null} until */
function drop(from, until) {
  let gone = from;
  while (gone && gone !== until) {
    const next = gone.nextSibling;
    gone.remove();
    gone = next;
  }
}

/** Make the children of `old` like those of `fresh`, which is used up.
 * @param {Element} old @param {Element} fresh @returns {void} */
export function morph(old, fresh) {
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let same = at;
    while (same && !alike(same, wanted)) same = same.nextSibling;
    if (same) {
      drop(at, same);
      carry(same, wanted);
      at = same.nextSibling;
    } else old.insertBefore(wanted, at);
  }
  drop(at, null);
}
