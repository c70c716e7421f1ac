/**
 * Loaded by every thread of the cloud under test: collects its garbage when one of them says so, as V8 does when memory gets scarce. An ordinary
 * collection keeps tens of MB of free pages, a different number each time.
 */

import { BroadcastChannel } from "node:worker_threads";

const channel = new BroadcastChannel("collect");
channel.onmessage = collect;
channel.unref();

/** In this thread and, a little later, in the others. */
export function collectAll(): void {
  channel.postMessage("collect");
  collect();
}

function collect(): void {
  const { gc } = globalThis as { gc?: (options: object) => void };
  if (!gc) throw new Error("the cloud of a benchmark runs with --expose-gc");
  for (let i = 0; i < 3; i++) gc({ type: "major", execution: "sync", flavor: "last-resort" });
}
