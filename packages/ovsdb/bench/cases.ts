/** What is measured: each case runs against one server and gives one figure. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { LoadConnection, MessageRing } from "./load.ts";
import type { ServerProcess } from "./servers.ts";

export interface BenchContext {
  readonly server: ServerProcess;
  /** About how long one figure is measured (ms). */
  readonly windowMs: number;
}

export interface Case {
  readonly name: string;
  readonly unit: "/s" | "ms" | "MB";
  /** Ours ÷ theirs for speeds, theirs ÷ ours for times: at least so much is wanted. */
  readonly goalRatio?: number;
  /** At most so much is wanted of ours, in the case's unit. */
  readonly goalAtMost?: number;
  measure(context: BenchContext): Promise<number>;
}

const database = "Open_vSwitch";
const table = "Wifi_Associated_Clients";
const rowCount = 1000;
const inFlight = 64;
/** Requests: a server's first ones are its slowest (compilers, caches), and are not counted. */
const warmUp = { unmeasured: 1000, measured: 4000 } as const;
/** Requests of one connection must not share an id while they wait; a ring is longer than what is in flight. */
const ringSize = 4 * rowCount;

export const cases: readonly Case[] = [
  pipelined("insert", 1.5, () => (i) => insert(i)),
  pipelined("insert, durable", 3, () => (i) => `${insert(i)},{"op":"commit","durable":true}`),
  pipelined("update by _uuid", 1.5, (uuids) => (i) => update(byUuid(uuids, i), i)),
  pipelined("update by mac, 1,000 rows", 2, () => (i) => update(byMac(i), i)),
  pipelined("select by mac, 1,000 rows", 2, () => (i) => `{"op":"select","table":"${table}","where":[${byMac(i)}]}`),
  pipelined(
    "mutate by _uuid",
    1.5,
    (uuids) => (i) => `{"op":"mutate","table":"${table}","where":[${byUuid(uuids, i)}],"mutations":[["uapsd","+=",1]]}`,
  ),
  { name: "update, one at a time, p50", unit: "ms", goalRatio: 1, measure: sequential },
  { name: "update beside a flood, p50", unit: "ms", goalAtMost: 5, measure: (context) => besideFlood(context, 0.5) },
  { name: "update beside a flood, p99", unit: "ms", goalAtMost: 5, measure: (context) => besideFlood(context, 0.99) },
  { name: "connect + select + close", unit: "/s", goalRatio: 1, measure: shortConnections },
  fanOut(1, 1),
  fanOut(10, 1),
  fanOut(50, 1.5),
  { name: "initial monitor of 10,000 rows", unit: "ms", goalRatio: 1, measure: initialMonitor },
  { name: "1,000 inserts in one transaction", unit: "ms", goalRatio: 1, measure: largeTransaction },
];

/** A request each, `inFlight` of them on their way at any time, on one connection. */
function pipelined(
  name: string,
  goalRatio: number,
  operations: (uuids: readonly string[]) => (index: number) => string,
): Case {
  const measure = async ({ server, windowMs }: BenchContext) => {
    using connection = await LoadConnection.open(server.socket);
    const operation = operations(await prepareRows(connection, rowCount));
    const ring = new MessageRing(Array.from({ length: ringSize }, (_, i) => transact(operation(i), i)));
    // How many fill the window is known after the warm-up.
    await connection.pipeline(ring, warmUp.unmeasured, inFlight);
    const warmMs = await connection.pipeline(ring, warmUp.measured, inFlight);
    const total = Math.ceil((warmUp.measured / warmMs) * windowMs);
    return (total / (await connection.pipeline(ring, total, inFlight))) * 1000;
  };
  return { name, unit: "/s", goalRatio, measure };
}

async function sequential({ server, windowMs }: BenchContext): Promise<number> {
  using connection = await LoadConnection.open(server.socket);
  const uuids = await prepareRows(connection, rowCount);
  const ring = new MessageRing(Array.from({ length: ringSize }, (_, i) => transact(update(byUuid(uuids, i), i), i)));
  for (let i = 0; i < warmUp.unmeasured + warmUp.measured; i++) await connection.exchange(ring.take(1).bytes);
  const times: number[] = [];
  const end = performance.now() + windowMs;
  while (performance.now() < end) {
    const begin = performance.now();
    await connection.exchange(ring.take(1).bytes);
    times.push(performance.now() - begin);
  }
  return median(times);
}

/**
 * How long an update of one client takes while another sends as fast as it is let. The other runs in a thread of its own, lest its
 * own work be measured as the server's.
 */
async function besideFlood({ server, windowMs }: BenchContext, quantile: number): Promise<number> {
  using connection = await LoadConnection.open(server.socket);
  const uuids = await prepareRows(connection, rowCount);
  const ring = new MessageRing(Array.from({ length: ringSize }, (_, i) => transact(update(byUuid(uuids, i), i), i)));
  const flood = new Worker(new URL("./flood.ts", import.meta.url), {
    workerData: { socket: server.socket, message: transact(update(byUuid(uuids, 0), 0), 1) },
  });
  try {
    await once(flood, "message");
    const times: number[] = [];
    const end = performance.now() + windowMs;
    for (let i = 0; performance.now() < end || i < 50; i++) {
      const begin = performance.now();
      await connection.exchange(ring.take(1).bytes);
      times.push(performance.now() - begin);
    }
    const sorted = times.slice(times.length >> 2).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN;
  } finally {
    await flood.terminate();
  }
}

async function shortConnections({ server, windowMs }: BenchContext): Promise<number> {
  {
    using connection = await LoadConnection.open(server.socket);
    await prepareRows(connection, rowCount);
  }
  const select = (i: number) => {
    const operation = `{"op":"select","table":"AWLAN_Node","where":[],"columns":["id"]}`;
    return Buffer.from(transact(operation, i));
  };
  const round = async (i: number) => {
    using connection = await LoadConnection.open(server.socket);
    await connection.exchange(select(i));
  };
  for (let i = 0; i < 300; i++) await round(i);
  const begin = performance.now();
  let done = 0;
  while (performance.now() - begin < windowMs) await round(done++);
  return (done / (performance.now() - begin)) * 1000;
}

/** One writer, pipelined; `monitors` connections that watch the whole table alike. Counts updates of rows delivered to all of them. */
function fanOut(monitors: number, goalRatio: number): Case {
  const measure = async ({ server, windowMs }: BenchContext) => {
    using writer = await LoadConnection.open(server.socket);
    const uuids = await prepareRows(writer, rowCount);
    const ring = new MessageRing(Array.from({ length: ringSize }, (_, i) => transact(update(byUuid(uuids, i), i), i)));
    using stack = new DisposableStack();
    const watchers: LoadConnection[] = [];
    for (let i = 0; i < monitors; i++) {
      const watcher = stack.use(await LoadConnection.open(server.socket));
      await watcher.request(monitorRequest);
      watchers.push(watcher);
    }
    const run = async (total: number) => {
      const delivered = watchers.map((watcher) => watcher.updates(total));
      const begin = performance.now();
      await writer.pipeline(ring, total, inFlight);
      await Promise.all(delivered);
      return performance.now() - begin;
    };
    const warmUp = Math.max(200, Math.floor(2000 / monitors));
    await run(warmUp);
    const warmMs = await run(warmUp);
    const total = Math.ceil((warmUp / warmMs) * windowMs);
    return ((total * monitors) / (await run(total))) * 1000;
  };
  const name = monitors === 1 ? "fan-out to 1 monitor, delivered" : `fan-out to ${monitors} monitors, delivered`;
  return { name, unit: "/s", goalRatio, measure };
}

async function initialMonitor({ server }: BenchContext): Promise<number> {
  using writer = await LoadConnection.open(server.socket);
  await prepareRows(writer, 10_000);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    using watcher = await LoadConnection.open(server.socket);
    const begin = performance.now();
    await watcher.exchange(Buffer.from(monitorRequest));
    times.push(performance.now() - begin);
  }
  return median(times);
}

async function largeTransaction({ server }: BenchContext): Promise<number> {
  using connection = await LoadConnection.open(server.socket);
  await clear(connection);
  const request = Buffer.from(transact(Array.from({ length: 1000 }, (_, i) => insert(i)).join(), 1));
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const begin = performance.now();
    await connection.exchange(request);
    times.push(performance.now() - begin);
  }
  return median(times);
}

/** Memory of a server that was just started, then with 10,000 rows inserted one by one, then after changes to them all. */
export async function memory(server: ServerProcess): Promise<{ empty: number; filled: number; busy: number }> {
  const empty = server.residentMb;
  using connection = await LoadConnection.open(server.socket);
  const ring = new MessageRing(Array.from({ length: ringSize }, (_, i) => transact(insert(i), i)));
  await connection.pipeline(ring, 10_000, inFlight);
  const filled = server.residentMb;
  const changes = new MessageRing(Array.from({ length: ringSize }, (_, i) => transact(update(byMac(i), i), i)));
  await connection.pipeline(changes, 20_000, inFlight);
  return { empty, filled, busy: server.residentMb };
}

const monitorRequest = `{"method":"monitor","params":["${database}",null,{"${table}":{}}],"id":1}`;

function transact(operations: string, id: number): string {
  return `{"method":"transact","params":["${database}",${operations}],"id":${id}}`;
}

function mac(index: number): string {
  const hex = (index % rowCount).toString(16).padStart(4, "0");
  return `02:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`;
}

function insert(index: number): string {
  const row = `{"mac":"${mac(index)}","state":"active","key_id":"key-1","oftag":"home--1","uapsd":0,"capabilities":["set",["11ac","11n"]]}`;
  return `{"op":"insert","table":"${table}","row":${row}}`;
}

/** Every time round the rows another value: an update to the same value would be none. */
function update(where: string, index: number): string {
  const round = Math.floor(index / rowCount);
  return `{"op":"update","table":"${table}","where":[${where}],"row":{"key_id":"key-${round}-${index}"}}`;
}

function byUuid(uuids: readonly string[], index: number): string {
  return `["_uuid","==",["uuid","${uuids[index % rowCount]}"]]`;
}

function byMac(index: number): string {
  return `["mac","==","${mac(index)}"]`;
}

async function clear(connection: LoadConnection): Promise<void> {
  await connection.request(transact(`{"op":"delete","table":"${table}","where":[]}`, 0));
}

/** Exactly `count` rows in the table. Returns their identities. */
async function prepareRows(connection: LoadConnection, count: number): Promise<readonly string[]> {
  await clear(connection);
  const uuids: string[] = [];
  for (let done = 0; done < count; done += 1000) {
    const inserts = Array.from({ length: Math.min(1000, count - done) }, (_, i) => insert(done + i));
    const reply = JSON.parse(await connection.request(transact(inserts.join(), 0)));
    for (const { uuid } of reply.result) uuids.push(uuid[1]);
  }
  return uuids;
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
