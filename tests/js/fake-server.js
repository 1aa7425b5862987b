// The server's side of the protocol, in memory: lines, known operations, views and rows.

/** @typedef {import("../../static/js/tablet/wire.js").SyncRequest} SyncRequest */
/** @typedef {import("../../static/js/tablet/wire.js").SyncAnswer} SyncAnswer */
/** @typedef {import("../../static/js/tablet/wire.js").Operation} Operation */
/** @typedef {import("../../static/js/tablet/wire.js").Put} Put */
/** @typedef {import("../../static/js/tablet/wire.js").VisitBody} VisitBody */

/** @param {VisitBody} visit @param {Operation} op */
function apply(visit, { t, args, op }) {
  if (t === "note.add") visit.notes.push({ id: op, text: String(args["text"]), by: "", at: 0 });
  if (t === "count.add") {
    const measure = String(args["measure"]);
    visit.counts[measure] = (visit.counts[measure] ?? 0) + Number(args["n"]);
  }
}

/** @returns {VisitBody} */
const emptyVisit = () => ({
  round: "r", site: "s", day: "2026-11-24", start: 540, end: 600, status: "planned", reason: "",
  services: [], tasks: [], counts: {}, notes: [], seq: 0, moved_to: null,
}); // prettier-ignore

export class FakeServer {
  epoch = 1;
  most = 200;
  token = "first";
  isWithdrawn = false;
  /** What the tablet said still waits on it. */
  pending = 0;
  /** @type {Map<string, Operation>} */
  known = new Map();
  /** @type {Map<string, number>} */
  lines = new Map();
  /** @type {Map<string, Map<string, number>>} */
  views = new Map();
  /** @type {Map<string, {ver: number, body: VisitBody}>} */
  visits = new Map(["v0", "v1"].map((id) => [id, { ver: 1, body: emptyVisit() }]));

  /** A copy to go back to, as from a backup. */
  backup() {
    return structuredClone({ known: this.known, lines: this.lines, visits: this.visits });
  }

  /** @param {ReturnType<FakeServer["backup"]>} kept @param {boolean} isSaid */
  restore(kept, isSaid) {
    Object.assign(this, structuredClone(kept));
    this.views.clear();
    if (isSaid) this.epoch += 1;
  }

  /** @param {SyncRequest} asked @param {string} token */
  answer(asked, token) {
    if (token !== this.token) return { status: 401, retryAfter: null, body: null };
    if (asked.ops.length > this.most) return { status: 413, retryAfter: null, body: null };
    const body = this.#body(asked);
    return { status: body.wipe === undefined ? 200 : 410, retryAfter: null, body };
  }

  /** @param {SyncRequest} asked @returns {SyncAnswer} */
  #body(asked) {
    this.pending = asked.pending - asked.ops.length;
    /** @type {SyncAnswer} */
    const body = { rid: asked.rid, epoch: this.epoch, now: asked.now + 5000, results: [], base: null, view: null, head: 0, safe: null }; // prettier-ignore
    if (asked.epoch !== this.epoch) return { ...body, reset: true };
    const isFork = this.#push(asked, body);
    if (isFork) return { ...body, fork: true };
    if (this.isWithdrawn) return { ...body, wipe: body.results.length >= asked.pending };
    return { ...body, ...this.#pull(asked.view) };
  }

  /** @param {SyncRequest} asked @param {SyncAnswer} body */
  #push({ line, ops }, body) {
    for (const op of ops) {
      const hwm = this.lines.get(line) ?? 0;
      if (!this.known.has(op.op)) {
        if (op.dseq <= hwm) return true;
        if (op.dseq > hwm + 1) return false;
        this.#take(op);
      }
      if (op.dseq === hwm + 1) this.lines.set(line, op.dseq);
      body.results.push({ op: op.op, status: "applied" });
    }
    return false;
  }

  /** @param {Operation} op */
  #take(op) {
    this.known.set(op.op, op);
    const row = this.visits.get(op.target[1]);
    if (!row) return;
    apply(row.body, op);
    row.ver += 1;
  }

  /** @param {string | null} view */
  #pull(view) {
    const held = view === null ? undefined : this.views.get(view);
    const rows = [...this.visits];
    const news = rows.filter(([id, { ver }]) => held?.get(id) !== ver);
    const name = crypto.randomUUID();
    this.views.set(name, new Map(rows.map(([id, { ver }]) => [id, ver])));
    /** @type {Put[]} */
    const put = news.map(([id, { ver, body }]) => ({ k: "visit", id, ver, body: structuredClone(body) })); // prettier-ignore
    /** @type {[string, string][]} */
    const del = [];
    return { base: held ? view : null, view: name, put, del };
  }
}
