// The last resort where sending does not work: unsent work as a file.

/** @param {import("./model.js").Model} model @returns {void} */
export function exportUnsent({ held, today }) {
  const { self, outbox, aside } = held;
  const kept = {
    device: self?.device,
    line: self?.line,
    user: self?.user,
    ops: outbox.map(({ op }) => op),
    aside: aside.map(({ user, works }) => ({ user, ops: works.map(({ op }) => op) })),
  };
  const file = new Blob([JSON.stringify(kept, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `outreach-${today}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
