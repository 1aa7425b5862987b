// The real client against a server that loses requests and answers, repeats them, forgets, forks
// and refuses: nothing may be lost, nothing may count twice, and the screen always shows the truth.
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ask, transact } from "../../static/js/lib/db.js";
import { Model } from "../../static/js/tablet/model.js";
import { keepEnrolment, keepWork, readAll } from "../../static/js/tablet/store.js";
import { roundTrip } from "../../static/js/tablet/sync.js";
import { FakeServer } from "./fake-server.js";

/** @typedef {import("../../static/js/tablet/sync.js").Send} Send */

const USER = { id: "u", name: "Freja" };
let now = Date.UTC(2026, 10, 24, 8);

/** @param {number} seed */
function randomFrom(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param {FakeServer} server @param {{id: string, name: string}} [user] */
async function enrol(server, user = USER) {
  await keepEnrolment({ device: "d", token: server.token, epoch: server.epoch, user });
}

/** @param {"note.add" | "count.add"} t @param {string} visit @param {Record<string, unknown>} args */
function act(t, visit, args) {
  now += 1000;
  return keepWork({ t, visit, args, was: { status: "planned", reason: "" }, now });
}

/** @param {Send} send @param {number} [size] */
const sync = (send, size = 200) => roundTrip(send, { size, app: "test", now: () => now });

/** Sync until nothing waits. @param {FakeServer} server */
async function settle(server) {
  let size = 200;
  for (let turn = 0; turn < 60; turn += 1) {
    const { end } = await sync(
      (asked, token) => Promise.resolve(server.answer(asked, token)),
      size,
    );
    if (end === "halve") size = Math.max(1, Math.floor(size / 2));
    if (end === "sent" || end === "wiped" || end === "refused") return end;
  }
  return assert.fail("work still waits");
}

/** What the screens show. */
const shown = async () => new Model(await readAll(), now);

/** Empty every store. */
function erase() {
  /** @type {import("../../static/js/lib/db.js").StoreName[]} */
  const all = ["meta", "row", "outbox", "acked", "draft", "log"];
  return transact(all, "readwrite", async (store) => {
    for (const name of all) await ask(store(name).clear());
  });
}

beforeEach(async () => {
  await erase();
});

test("a round is fetched, work is sent, and the clock follows the server's", async () => {
  const server = new FakeServer();
  await enrol(server);
  assert.equal(await settle(server), "sent");
  await act("count.add", "v0", { measure: "contacts", n: 1 });
  assert.equal((await shown()).visits.get("v0")?.counts["contacts"], 1);
  assert.equal(await settle(server), "sent");
  const { held, visits } = await shown();
  assert.equal(visits.get("v0")?.counts["contacts"], 1);
  assert.equal(held.outbox.length, 0);
  assert.equal(held.acked[0]?.result?.status, "applied");
  assert.equal(held.self?.offset, 5000);
});

test("an answer to another request, or with another base, is not taken in", async () => {
  const server = new FakeServer();
  await enrol(server);
  await settle(server);
  const { end } = await sync((asked, token) => {
    const reply = server.answer(asked, token);
    return Promise.resolve({ ...reply, body: { ...reply.body, rid: "other" } });
  });
  assert.equal(end, "trouble");
  const other = await sync((asked, token) => {
    const reply = server.answer(asked, token);
    return Promise.resolve({ ...reply, body: { ...reply.body, base: "strange" } });
  });
  assert.equal(other.end, "trouble");
});

test("a batch that is too large is halved until it fits", async () => {
  const server = new FakeServer();
  server.most = 7;
  await enrol(server);
  for (let n = 0; n < 40; n += 1) await act("count.add", "v0", { measure: "contacts", n: 1 });
  assert.equal(await settle(server), "sent");
  assert.equal(server.visits.get("v0")?.body.counts["contacts"], 40);
});

test("a tablet that is not known keeps its work, and sends it after enrolling again", async () => {
  const server = new FakeServer();
  await enrol(server);
  await act("note.add", "v0", { text: "Vigtigt" });
  server.token = "second";
  assert.equal(await settle(server), "refused");
  const held = await readAll();
  assert.equal(held.outbox.length, 1);
  assert.equal(held.self?.refused, true);
  await enrol(server);
  assert.equal(await settle(server), "sent");
  assert.equal(server.visits.get("v0")?.body.notes.length, 1);
});

test("a withdrawn tablet hands everything in before it is emptied", async () => {
  const server = new FakeServer();
  await enrol(server);
  await settle(server);
  for (let n = 0; n < 5; n += 1) await act("count.add", "v1", { measure: "contacts", n: 1 });
  server.isWithdrawn = true;
  const first = await sync((asked, token) => Promise.resolve(server.answer(asked, token)), 2);
  assert.equal(first.end, "more");
  assert.equal(await settle(server), "wiped");
  assert.equal(server.visits.get("v1")?.body.counts["contacts"], 5);
  assert.equal((await readAll()).self, null);
});

/** @param {FakeServer} server @returns {Send} */
const wire = (server) => (asked, token) => Promise.resolve(server.answer(asked, token));

test("what is tapped while a withdrawn tablet's last answer travels is handed in too", async () => {
  const server = new FakeServer();
  await enrol(server);
  await settle(server);
  server.isWithdrawn = true;
  const asked = /** @type {import("../../static/js/tablet/wire.js").SyncRequest[]} */ ([]);
  /** @type {Send} */
  const slowly = async (request, token) => {
    asked.push(request);
    const reply = server.answer(request, token);
    if (asked.length === 1) await act("count.add", "v1", { measure: "contacts", n: 1 });
    return reply;
  };
  assert.equal((await sync(slowly)).end, "more");
  assert.equal((await sync(slowly)).end, "wiped");
  assert.equal(server.visits.get("v1")?.body.counts["contacts"], 1);
  // Only now that nothing is left may the server let the browser drop everything.
  const bare = asked.map(({ view, pending, ops }) => !view && pending + ops.length === 0);
  assert.deepEqual(bare, [false, false, true]);
});

test("a network that is too slow is told from one that is not there", async () => {
  const server = new FakeServer();
  await enrol(server);
  const late = await sync(() => Promise.reject(new DOMException("too late", "TimeoutError")));
  assert.deepEqual(late, { end: "offline", isSlow: true });
  const gone = await sync(() => Promise.reject(new TypeError("Failed to fetch")));
  assert.deepEqual(gone, { end: "offline", isSlow: false });
});

test("one user's work waits while the tablet is another's, and is sent for the first alone", async () => {
  const server = new FakeServer();
  await enrol(server);
  await settle(server);
  await act("note.add", "v0", { text: "Freja" });
  await enrol(server, { id: "w", name: "Asger" });
  await act("note.add", "v1", { text: "Asger" });
  assert.equal(await settle(server), "sent");
  assert.equal(server.visits.get("v0")?.body.notes.length, 0);
  const aside = (await readAll()).aside.map(({ user, works }) => [user.name, works.length]);
  assert.deepEqual(aside, [["Freja", 1]]);
  assert.equal(server.pending, 1);
  await enrol(server);
  assert.equal(await settle(server), "sent");
  assert.equal(server.visits.get("v0")?.body.notes.length, 1);
  assert.equal(server.visits.get("v1")?.body.notes.length, 1);
  assert.deepEqual((await readAll()).aside, []);
});

test("a withdrawn tablet is not emptied while somebody's work waits on it", async () => {
  const server = new FakeServer();
  await enrol(server);
  await act("note.add", "v0", { text: "Freja" });
  await enrol(server, { id: "w", name: "Asger" });
  await act("note.add", "v1", { text: "Asger" });
  server.isWithdrawn = true;
  assert.equal((await sync(wire(server))).end, "more");
  assert.equal((await sync(wire(server))).end, "trouble");
  await enrol(server);
  assert.equal(await settle(server), "wiped");
  assert.equal(server.visits.get("v0")?.body.notes.length, 1);
});

test("a clock that ran ahead hides no round", async () => {
  const server = new FakeServer();
  await enrol(server);
  await settle(server);
  const held = await readAll();
  const same = {
    team: "A",
    members: [],
    vehicle: "",
    start: 480,
    end: 900,
    visits: [],
    version: 1,
  };
  held.rows = ["2026-11-25", "2026-11-24"].map((day) => ({ k: "round", id: day, ver: 1, body: { ...same, day } })); // prettier-ignore
  const ahead = new Model(held, now + 3 * 24 * 3600 * 1000);
  const round = ahead.round();
  assert.equal(round?.day, "2026-11-25");
  assert.deepEqual(ahead.otherDays(round).map(({ day }) => day), ["2026-11-24"]); // prettier-ignore
});

test("a new token is used from the next request on", async () => {
  const server = new FakeServer();
  await enrol(server);
  await sync((asked, token) => {
    const reply = server.answer(asked, token);
    server.token = "next";
    return Promise.resolve({ ...reply, body: { ...reply.body, token: "next" } });
  });
  assert.equal(await settle(server), "sent");
});

/** A way of sending on which everything may happen. @param {FakeServer} server
 * @param {() => number} random @returns {Send} */
function badNetwork(server, random) {
  return (asked, token) => {
    const chance = random();
    if (chance < 0.2) return Promise.reject(new TypeError("request lost"));
    if (chance < 0.25) return Promise.resolve({ status: 503, retryAfter: 1, body: null });
    const reply = server.answer(structuredClone(asked), token);
    if (chance < 0.45) return Promise.reject(new TypeError("answer lost"));
    if (chance < 0.6) return Promise.resolve(server.answer(structuredClone(asked), token));
    return Promise.resolve(reply);
  };
}

/** @param {() => number} random @param {string[]} notes */
async function someActs(random, notes) {
  for (let left = Math.floor(random() * 6); left > 0; left -= 1) {
    const visit = random() < 0.5 ? "v0" : "v1";
    if (random() < 0.5) await act("count.add", visit, { measure: "contacts", n: 1 });
    else notes.push((await act("note.add", visit, { text: `note ${notes.length}` })).op.op);
  }
}

/** Another client has used this tablet's line, as after a restored disk image.
 * @param {FakeServer} server */
async function fork(server) {
  const line = (await readAll()).self?.line ?? "";
  server.lines.set(line, (server.lines.get(line) ?? 0) + 2);
}

/** @param {number} seed */
async function live(seed) {
  await erase();
  const random = randomFrom(seed);
  const server = new FakeServer();
  const notes = /** @type {string[]} */ ([]);
  const network = badNetwork(server, random);
  let kept = server.backup();
  await enrol(server);
  await settle(server);
  for (let turn = 0; turn < 25; turn += 1) {
    await someActs(random, notes);
    server.most = random() < 0.2 ? 2 : 200;
    await sync(network, 1 + Math.floor(random() * 8));
    const event = random();
    if (event < 0.05) await fork(server);
    else if (event < 0.1) kept = server.backup();
    else if (event < 0.16) server.restore(kept, random() < 0.5);
  }
  server.most = 200;
  // The last word is the tablet's: one act more, so that it notices what the server lacks.
  await act("count.add", "v0", { measure: "contacts", n: 1 });
  await settle(server);
  return { server, notes };
}

test("through losses, repeats, gaps, forks, resets and refusals all arrives exactly once", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const { server, notes } = await live(seed);
    const bodies = [...server.visits.values()].map(({ body }) => body);
    const arrived = bodies.flatMap((body) => body.notes.map(({ id }) => id)).sort();
    assert.deepEqual(arrived, [...notes].sort(), `notes of seed ${seed}`);
    const { held, visits } = await shown();
    assert.equal(held.outbox.length, 0);
    const counts = held.acked.filter(({ op }) => op.t === "count.add").length;
    const total = bodies.reduce((sum, body) => sum + (body.counts["contacts"] ?? 0), 0);
    assert.equal(total, counts, `counts of seed ${seed}`);
    for (const [id, { body }] of server.visits) {
      assert.deepEqual(visits.get(id), body, `visit ${id} of seed ${seed}`);
    }
  }
});
