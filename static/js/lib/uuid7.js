// Ids that sort by the time they were made at (RFC 9562, version 7).

/** @param {number} now milliseconds since 1970 @param {Uint8Array} [random] 10 bytes */
export function uuid7(now, random = crypto.getRandomValues(new Uint8Array(10))) {
  const time = Math.floor(now).toString(16).padStart(12, "0");
  const rest = [...random].map((byte, at) => {
    if (at === 0) return (byte & 0x0f) | 0x70;
    return at === 2 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = time + rest.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
