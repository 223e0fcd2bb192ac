// What the peers in Node share: what is asked of them, the pace, and one line of JSON for each answer.
//
// A peer is an object with
//   enqueueAll(payloads)          as many as are given, the quickest way that it documents
//   enqueue(payload)              one, in a transaction of its own
//   enqueueIn(client, payload)    one, in the caller's transaction; or `enqueueAfter(payload)` once it is
//                                 committed, where the peer's jobs lie in another store
//   work(handle, options)         starts workers; `handle(payload)` may return a promise
//   close()

import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const BATCH = 2_000;
const now = () => performance.now();

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (what) =>
  new Promise((written) => process.stdout.write(`${JSON.stringify(what)}\n`, written));

/** Says that everything is prepared, and waits for the word. */
async function ready() {
  await say({ ready: true });
  const { done } = await lines.next();
  if (done) process.exit(1);
}

/** Does what the command line asks of the peer that `open` makes. */
export async function play(open) {
  const [verb, text] = process.argv.slice(2);
  const options = JSON.parse(text);
  const peer = await open(options);
  await say(await VERBS[verb](peer, options));
  // What a peer still waits for (timers, listeners) has no part in the answer.
  const closed = peer.close().catch((error) => process.stderr.write(`${error}\n`));
  await Promise.race([closed, sleep(10_000)]);
  process.exit(0);
}

const VERBS = { "burn-down": burnDown, steady, enqueue };

/** Jobs that do nothing, all enqueued before the workers start. */
async function burnDown(peer, { jobs, seconds_max }) {
  await enqueueMany(peer, jobs, (n) => ({ n }));
  await ready();
  let done = 0;
  const start = now();
  const all = new Promise((resolve, reject) => {
    const handle = () => {
      if (++done === jobs) resolve();
    };
    peer.work(handle, {}).catch(reject);
  });
  await Promise.race([all, sleep(seconds_max * 1_000)]);
  return { done, seconds: (now() - start) / 1_000 };
}

/** Jobs at a pace, beside as many of tenant 0 as `flood` says; each works for `work_ms`. */
async function steady(peer, { rate, seconds, callers, tenants, flood, work_ms, workers }) {
  const count = rate * seconds;
  const [committed, begun] = [new Float64Array(count), new Float64Array(count)];
  let warm = 0;
  const handle = ({ n }) => {
    if (n >= 0) begun[n] = now();
    else warm += 1;
    return work_ms > 0 ? sleep(work_ms) : undefined;
  };
  await peer.work(handle, { workers });
  for (let n = 0; n < 200; n++) await peer.enqueue({ n: -1, tenant: 0 });
  await until(() => warm === 200, 30);
  await ready();
  await enqueueMany(peer, flood, () => ({ n: -1, tenant: 0 }));
  const start = now() + 50;
  const due = (n) => start + (n * 1_000) / rate;
  const call = async (first) => {
    for (let n = first; n < count; n += callers) {
      if (now() < due(n)) await sleep(Math.ceil(due(n) - now()));
      await peer.enqueue({ n, tenant: 1 + (n % tenants) });
      committed[n] = now();
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, it) => call(it)));
  await until(() => begun.every((it) => it > 0), 60);
  const all = [...begun.keys()].filter((n) => begun[n] > 0);
  const us = (ms) => Math.max(0, Math.round(ms * 1_000));
  return {
    missing: count - all.length,
    after_commit_us: all.map((n) => us(begun[n] - committed[n])),
    after_due_us: all.map((n) => us(begun[n] - due(n))),
  };
}

/** A transaction with one insert, without a job and with one, in turns. */
async function enqueue(peer, { url, callers, seconds, rounds }) {
  const pool = new pg.Pool({ connectionString: url, max: callers });
  const clients = await Promise.all(Array.from({ length: callers }, () => pool.connect()));
  await ready();
  const told = { without: [], with: [] };
  // The first warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const kind of ["without", "with"]) {
      const tally = await transact(peer, clients, kind === "with", seconds);
      if (round > 0) told[kind].push(tally);
    }
  }
  clients.forEach((it) => it.release());
  await pool.end();
  return told;
}

async function transact(peer, clients, isEnqueuing, seconds) {
  const [start, took] = [now(), []];
  const call = async (client) => {
    for (let n = 0; now() - start < seconds * 1_000; n++) {
      const begun = now();
      await client.query("begin");
      await client.query({ name: "business", text: BUSINESS, values: [`thing ${n}`] });
      if (isEnqueuing) await peer.enqueueIn?.(client, { n });
      await client.query("commit");
      if (isEnqueuing) await peer.enqueueAfter?.({ n });
      took.push(Math.round((now() - begun) * 1_000));
    }
  };
  await Promise.all(clients.map(call));
  return { seconds: (now() - start) / 1_000, latencies_us: took };
}

const BUSINESS = "insert into business (what) values ($1)";

async function enqueueMany(peer, count, payload) {
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first);
    await peer.enqueueAll(Array.from({ length: size }, (_, it) => payload(first + it)));
  }
}

async function until(isSo, seconds) {
  for (const end = now() + seconds * 1_000; !isSo() && now() < end; ) await sleep(10);
}
