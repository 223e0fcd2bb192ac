// BullMQ on Redis: 100 jobs at a time, jobs removed once they are done. Its jobs lie in another store
// than the business's rows: they are added after the commit, and a crash between both loses them.

import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { play } from "./peer.mjs";

const QUEUE = "nothing";
const OPTIONS = { removeOnComplete: true };

await play(async ({ redis }) => {
  const connect = () => new Redis({ path: redis, maxRetriesPerRequest: null });
  const connections = [connect(), connect()];
  const queue = new Queue(QUEUE, { connection: connections[0], defaultJobOptions: OPTIONS });
  let worker;
  return {
    enqueueAll: (payloads) => queue.addBulk(payloads.map((data) => ({ name: QUEUE, data }))),
    enqueue: (data) => queue.add(QUEUE, data),
    enqueueAfter: (data) => queue.add(QUEUE, data),
    async work(handle, { workers = 100 }) {
      const each = (job) => Promise.resolve(handle(job.data));
      worker = new Worker(QUEUE, each, { connection: connections[1], concurrency: workers });
      worker.on("error", (error) => process.stderr.write(`${error}\n`));
      await worker.waitUntilReady();
    },
    async close() {
      await worker?.close();
      await queue.close();
      connections.forEach((it) => it.disconnect());
    },
  };
});
