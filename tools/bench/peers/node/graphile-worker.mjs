// graphile-worker in the setting of its own performance page: a local queue of 500, completions in
// batches, 24 jobs at a time, prepared statements.

import { makeWorkerUtils, run, Logger } from "graphile-worker";
import pg from "pg";
import { play } from "./peer.mjs";

const silent = new Logger(() => () => {});
const ADD = "select graphile_worker.add_job('nothing', payload := $1)";

await play(async ({ url }) => {
  const pool = new pg.Pool({ connectionString: url, max: 26 });
  for (const event of ["error", "connect"]) pool.on(event, () => {});
  const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
  await utils.migrate();
  let runner;
  const add = (client, payload) =>
    client.query({ name: "add", text: ADD, values: [JSON.stringify(payload)] });
  return {
    enqueueAll: (payloads) =>
      utils.addJobs(payloads.map((payload) => ({ identifier: "nothing", payload }))),
    enqueue: (payload) => add(pool, payload),
    enqueueIn: add,
    async work(handle, { workers = 24 }) {
      runner = await run({
        pgPool: pool,
        logger: silent,
        taskList: { nothing: handle },
        noHandleSignals: true,
        preset: {
          worker: {
            concurrentJobs: workers,
            // With few workers that take their time, what lies in the local queue only waits there.
            localQueue: { size: workers < 24 ? workers + 1 : 500 },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
          },
        },
      });
    },
    async close() {
      await runner?.stop();
      await utils.release();
      await pool.end();
    },
  };
});
