/** The thread of the embedded engine: PGlite, one question after the other. `pglite-thread.ts` is its other end. */

import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import * as limits from "../limits.ts";
import { copyTemplate } from "./copy-template.ts";
import type { Answer, Question } from "./pglite-thread.ts";
import { keepPrivate, makePrivate } from "./private-files.ts";

const port = parentPort;
if (!port) throw new Error("pglite-worker.ts is for a worker thread");
const { directory, template } = workerData as { readonly directory: string; readonly template: string | undefined };
copyTemplate(template, directory);
makePrivate(directory);
const buffers = `shared_buffers=${limits.storeBufferBytes / 1024}kB`;
const engine = new PGlite(directory, { startParams: [...PGlite.defaultStartParams, "-c", buffers] });
const ready = engine.waitReady.then(() => keepPrivate(directory));
// Whoever asks hears of it.
ready.catch(() => {});

port.on("message", (question: Question) => {
  void answer(question).then((result) => port.postMessage(result));
});

async function answer(question: Question): Promise<Answer> {
  const { id } = question;
  try {
    await ready;
    if (question.kind === "close") {
      await engine.close();
      return { id, rows: [], affectedRows: undefined };
    }
    const { rows, affectedRows } = await engine.query<Record<string, unknown>>(question.sql, [...question.parameters]);
    return { id, rows, affectedRows };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return { id, error: { message: message || String(error), code } };
  }
}
