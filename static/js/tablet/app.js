// The tablet's state and the one way in which the page follows it.
import { h, morph } from "../lib/dom.js";
import { Model } from "./model.js";
import { screen, screenKey } from "./screens.js";
import { keepWork, readAll } from "./store.js";
import { clockAt } from "./time.js";
import { langOf, say, wordOr } from "./words.js";

/** @typedef {import("./words.js").Word} Word */
/** @typedef {import("./wire.js").OpKind} OpKind */
/** @typedef {{word: Word, isProblem: boolean, op?: string}} Toast */
/** @typedef {{pick: string, confirmed: string[], showsOthers: boolean, isEarly: boolean}} Naming
 *   who receives votes: the one who is asked to confirm, and those who did; and whether they said
 *   that everybody has voted before the time */

const UNDO_MS = 10_000;
const TOAST_MS = 4000;

/** @returns {Naming} */
const nobody = () => ({ pick: "", confirmed: [], showsOthers: false, isEarly: false });

export class App {
  /** @type {Model} */
  model = new Model(
    { self: null, lang: "da", rows: [], outbox: [], acked: [], drafts: new Map(), aside: [] },
    Date.now(),
  );
  /** @type {import("./words.js").Lang} */
  lang = "da";
  /** What became of the last sync. @type {import("./sync.js").End | "sending" | null} */
  end = null;
  /** @type {Toast | null} */
  toast = null;
  /** A visit for which a reason is being chosen. */
  choosing = "";
  /** @type {Naming} */
  naming = nobody();
  /** What is wrong with the form on the screen. @type {Word | null} */
  problem = null;
  isBusy = false;
  isUpdateReady = false;
  /** Whether the worker has kept page and files, so that they open without a network. */
  isPageKept = false;
  /** Whether the tablet's store could be read the last time. */
  hasStore = true;
  #key = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement} root @param {HTMLElement} live @param {() => void} changed */
  constructor(root, live, changed) {
    this.root = root;
    this.live = live;
    this.changed = changed;
  }

  /** @param {Word} word @param {Record<string, string | number>} [fill] */
  say(word, fill) {
    return say(this.lang, word, fill);
  }

  /** This moment by the server's clock, as far as it is known. */
  now() {
    return Date.now() + (this.model.held.self?.offset ?? 0);
  }

  /** @param {number} ms */
  clockAt(ms) {
    return clockAt(this.lang, ms);
  }

  /** A word that may not exist, or another. @param {string} word @param {Word} other */
  wordOf(word, other) {
    return wordOr(word, other);
  }

  /** Nobody is named for a session any more. */
  forgetNames() {
    this.naming = nobody();
  }

  /** Read what is held and show it. @returns {Promise<void>} */
  async load() {
    /** @type {import("./store.js").Held} */
    let held;
    try {
      held = await readAll();
    } catch (error) {
      this.hasStore = false;
      this.draw();
      throw error;
    }
    this.hasStore = true;
    this.model = new Model(held, Date.now());
    this.lang = langOf(held.lang);
    this.draw();
  }

  /** Show the state; a new screen starts at its top with its heading. */
  draw() {
    document.documentElement.lang = this.lang;
    const key = screenKey(this);
    const isNew = key !== this.#key;
    if (isNew) {
      this.problem = null;
      this.choosing = "";
      this.forgetNames();
    }
    morph(this.root, screen(this));
    if (isNew && this.#key) {
      scrollTo(0, 0);
      this.root.querySelector("h1")?.focus({ preventScroll: true });
    }
    this.#key = key;
  }

  /** Read something out; the same words twice are two messages. @param {Word} word */
  announce(word) {
    this.live.replaceChildren(h("span", {}, this.say(word)));
  }

  /** Show a short message, and read it out. @param {Toast} toast */
  tell(toast) {
    this.toast = toast;
    this.announce(toast.word);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.toast = null;
        this.live.replaceChildren();
        this.draw();
      },
      toast.op || toast.isProblem ? UNDO_MS : TOAST_MS,
    );
    this.draw();
  }

  /** Keep what somebody did, and show it; say so aloud where it could not be kept.
   * @param {OpKind} t @param {string} visit @param {Record<string, unknown>} args
   * @returns {Promise<boolean>} */
  async work(t, visit, args) {
    const now = this.model.visits.get(visit);
    const was = { status: now?.status ?? "planned", reason: now?.reason ?? "" };
    try {
      const { op } = await keepWork({ t, visit, args, was, now: Date.now() });
      await this.load();
      const isUndo = t === "op.void";
      this.tell({
        word: isUndo ? "undone" : "saved",
        isProblem: false,
        ...(isUndo ? {} : { op: op.op }),
      });
      this.changed();
      return true;
    } catch (error) {
      console.error(error);
      this.tell({ word: "not_saved", isProblem: true });
      return false;
    }
  }
}
