// Text as somebody typed or pasted it.

/** The text without the control characters that pasting from other programs brings along, such as
 * a word processor's soft line break; the server takes line breaks and tabs alone.
 * @param {string} typed */
export const plain = (typed) =>
  typed
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, "\n")
    .replace(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, "")
    .trim();
