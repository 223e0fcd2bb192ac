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
  const group = ({ tenant }) => (tenant === undefined ? {} : { group: { id: `${tenant}` } });
  return {
    enqueueAll: (payloads) =>
      boss.insert(QUEUE, payloads.map((data) => ({ data, ...group(data) }))),
    enqueue: (data) => boss.send(QUEUE, data, group(data)),
    enqueueIn(client, data) {
      const db = { executeSql: (text, values) => client.query(text, values) };
      return boss.send(QUEUE, data, { db });
    },
    // So many workers one job at a time and a quarter of them for a tenant, or few with full batches.
    work: (handle, { workers }) =>
      workers
        ? boss.work(
            QUEUE,
            { localConcurrency: workers, localGroupConcurrency: workers / 4, ...POLL },
            ([job]) => handle(job.data),
          )
        : boss.work(
            QUEUE,
            { batchSize: 1_000, burstWhenBatchFull: true, localConcurrency: 2, ...POLL },
            (jobs) => Promise.all(jobs.map((it) => handle(it.data))),
          ),
    close: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
});
