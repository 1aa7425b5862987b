// What is done at a stop: check list, counters, notes.
import { h, icon } from "../lib/dom.js";
import { section } from "./parts.js";
import { clockAt } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./model.js").Stop} Stop */

export const NOTE_LENGTH = 280;

/** @param {App} app @param {Stop} stop */
export function tasks(app, { visit }) {
  if (visit.tasks.length === 0) return null;
  const lines = visit.tasks.map(({ id, text, mandatory, done, by }) =>
    h(
      "li",
      { "data-key": id },
      h(
        "label",
        { class: "check", for: id },
        h("input", {
          type: "checkbox", id, "data-act": "check", "data-task": id, checked: done,
          "aria-label": text[app.lang],
          "aria-describedby": mandatory || (done && by) ? `${id}-more` : null,
        }), // prettier-ignore
        h(
          "span",
          {},
          text[app.lang],
          (mandatory || (done && by)) &&
            h(
              "span",
              { class: "soft", id: `${id}-more` },
              done && by ? app.say("done_by", { name: by }) : app.say("mandatory"),
            ),
        ),
      ),
    ),
  );
  return section(app, "tasks", h("ul", { class: "checks" }, ...lines));
}

/** @param {App} app @param {import("./model.js").Counter} counter */
function counterLine(app, counter) {
  const name = counter[app.lang];
  /** @param {"plus" | "minus"} word @param {number} n */
  const button = (word, n) =>
    h(
      "button",
      {
        type: "button", class: "round", "data-act": "count", "data-measure": counter.id, "data-n": n,
        "aria-label": app.say(word, { name }), "data-key": word,
        disabled: n < 0 && counter.total <= 0,
      }, // prettier-ignore
      icon(word),
    );
  return h(
    "li",
    { "data-key": counter.id },
    h("span", { class: "counter-name" }, name),
    button("minus", -1),
    h("output", { "aria-label": name }, String(counter.total)),
    button("plus", 1),
  );
}

/** @param {App} app @param {Stop} stop */
export function counters(app, { visit }) {
  const all = app.model.counters(visit);
  if (all.length === 0) return null;
  return section(
    app,
    "counters",
    h("ul", { class: "counters" }, ...all.map((counter) => counterLine(app, counter))),
  );
}

/** @param {App} app @param {Stop} stop */
export function notes(app, { id, visit }) {
  const draft = app.model.held.drafts.get(id) ?? "";
  const kept = visit.notes.map((note) =>
    h(
      "li",
      { "data-key": note.id },
      h("p", { class: "pre" }, note.text),
      h(
        "p",
        { class: "soft" },
        `${note.by} · ${app.say("at", { time: clockAt(app.lang, note.at) })}`,
      ),
    ),
  );
  const form = h(
    "form",
    { class: "note", "data-act": "note", novalidate: true },
    h("label", { for: "note" }, app.say("note")),
    h(
      "textarea",
      {
        id: "note", name: "text", rows: 3, maxlength: NOTE_LENGTH, "data-key": `note-${id}`,
        "aria-describedby": "note-hint note-left",
      }, // prettier-ignore
      draft,
    ),
    h(
      "p",
      { class: "hint" },
      h("span", { id: "note-hint" }, app.say("note_hint")),
      " ",
      h("span", { id: "note-left" }, app.say("note_left", { n: NOTE_LENGTH - draft.length })),
    ),
    h("p", { class: "error", role: "alert" }, app.problem && app.say(app.problem)),
    h("button", { type: "submit", class: "button" }, app.say("save_note")),
  );
  return section(app, "notes", kept.length > 0 && h("ul", { class: "notes" }, ...kept), form);
}
