// pg-boss with batches, bursts while batches are full, and LISTEN/NOTIFY instead of polling.

import { PgBoss } from "pg-boss";
import { play } from "./peer.mjs";

const QUEUE = "nothing";
const POLL = { pollingIntervalSeconds: 0.5 };

await play(async ({ url }) => {
  const boss = new PgBoss({ connectionString: url, max: 20, useListenNotify: true });
  boss.on("error", (error) => process.stderr.write(`${error}\n`));
  await boss.start();
  await boss.createQueue(QUEUE, { notify: true });
  return {
    enqueueAll: (payloads) => boss.insert(QUEUE, payloads.map((data) => ({ data }))),
    enqueue: (data) => boss.send(QUEUE, data),
    enqueueIn(client, data) {
      const db = { executeSql: (text, values) => client.query(text, values) };
      return boss.send(QUEUE, data, { db });
    },
    // Two fetchers share what may run at a time. Its limits for a group count fetchers: they would
    // make many with small batches necessary, which let jobs wait longer, also beside a flood.
    work(handle, { workers }) {
      const each = (jobs) => Promise.all(jobs.map((it) => handle(it.data)));
      const sizes = { batchSize: workers ? workers / 2 : 1_000, localConcurrency: 2 };
      return boss.work(QUEUE, { ...sizes, burstWhenBatchFull: true, ...POLL }, each);
    },
    close: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
});
