/** For tests: our server and Open vSwitch's, each with a new database of the same schema, asked the same. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealClock } from "@opensync-ts/base/clock";
import { Log } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { isArray, isObject, type JsonObject, type JsonValue, stringifySorted } from "./json.ts";
import { OvsdbServer } from "./server.ts";
import { DatabaseFile } from "./storage.ts";
import { ovsdbToolCreate, type PeerServer, startOvsdbServer, WireClient } from "./test-wire.ts";

export interface BothServers {
  readonly directory: string;
  readonly schema: { readonly name: string };
  readonly ours: WireClient;
  readonly theirs: WireClient;
  /** Another client of each. */
  connect(): Promise<{ readonly ours: WireClient; readonly theirs: WireClient }>;
  stop(): Promise<void>;
}

export async function serveBoth(schema: { readonly name: string }): Promise<BothServers> {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-both-"));
  const at = (name: string) => join(directory, name);
  writeFileSync(at("schema"), JSON.stringify(schema));
  ovsdbToolCreate(at("theirs.db"), at("schema"));
  DatabaseFile.create(at("ours.db"), schema as unknown as JsonValue);
  const peer: PeerServer = await startOvsdbServer(at("theirs.sock"), [at("theirs.db")]);
  const services = { clock: new RealClock(), random: new SeededRandom(1) };
  const file = await DatabaseFile.open(at("ours.db"), services);
  const log = Log.create({ name: "OURS", sink: () => {}, wallTime: () => 0 });
  const server = new OvsdbServer({ databases: [file.served], log, ...services });
  await server.listen(`punix:${at("ours.sock")}`);
  const clients: WireClient[] = [];
  const connect = async () => {
    const ours = await WireClient.connect(at("ours.sock"));
    const theirs = await WireClient.connect(at("theirs.sock"));
    clients.push(ours, theirs);
    return { ours, theirs };
  };
  return {
    directory,
    schema,
    ...(await connect()),
    connect,
    async stop() {
      for (const client of clients) client.close();
      await peer.stop();
      await server.close();
      await file.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Does `work` with both at a time; fails where the results differ, as `comparable` sees them. */
export async function sameOnBoth(
  { ours, theirs }: { readonly ours: WireClient; readonly theirs: WireClient },
  name: string,
  work: (client: WireClient) => Promise<JsonValue>,
): Promise<void> {
  const [actual, expected] = await Promise.all([ours, theirs].map(async (client) => anonymous(await work(client))));
  assert.equal(actual, expected, `${name} (actual: ours, expected: theirs)`);
}

/** How many requests are on their way at a time. */
const batch = 200;

/**
 * Executes each transaction (its operations as JSON text) on both servers. Fails with every one that they answer
 * differently, as `comparable` sees it; resolves with how many there were.
 */
export async function sameAnswers(
  { ours, theirs, schema }: BothServers,
  cases: readonly (readonly [name: string, operations: string])[],
): Promise<number> {
  const differences: string[] = [];
  for (let start = 0; start < cases.length; start += batch) {
    const some = cases.slice(start, start + batch);
    for (const client of [ours, theirs]) {
      const requests = some.map(([, operations], index) => {
        return `{"id":"${index}","method":"transact","params":["${schema.name}",${operations}]}`;
      });
      client.send(requests.join(""));
    }
    for (const [index, [name]] of some.entries()) {
      const mine = await ours.reply(String(index));
      const other = await theirs.reply(String(index)).catch((error: Error) => {
        throw new Error(`${name}: theirs: ${error.message}`);
      });
      const [actual, expected] = [comparable(mine), comparable(other)];
      if (actual !== expected) differences.push(`${name}\n  ours   ${actual}\n  theirs ${expected}`);
    }
  }
  assert.ok(
    differences.length === 0,
    `${differences.length} of ${cases.length} differ:\n${differences.slice(0, 40).join("\n")}`,
  );
  return cases.length;
}

/**
 * A reply as text that is the same where the meaning is: UUIDs that servers make up are numbered in order of appearance, rows are
 * in order, a reply without result is one with null.
 */
export function comparable(message: JsonObject): string {
  return anonymous({ result: null, error: null, ...message });
}

/** JSON text with UUIDs, other than those that tests choose, numbered in order of appearance. */
export function anonymous(json: JsonValue): string {
  const numbers = new Map<string, number>();
  const text = stringifySorted(inOrder(json))
    .replaceAll(placeOfValue, "")
    .replaceAll(longReal, (real) => String(Number(Number(real).toPrecision(15))))
    .replaceAll(collision, (_, first, second) => `Rows ${[first, second].sort().join("; ")}`)
    .replaceAll(/timed out after \d+ ms/g, "timed out after so many ms");
  return text.replaceAll(uuidPattern, (uuid) => {
    if (chosenUuid.test(uuid)) return uuid;
    const number = numbers.get(uuid) ?? numbers.size;
    numbers.set(uuid, number);
    return `<${number}>`;
  });
}

/** Ours adds to "expected integer" and its like where. */
const placeOfValue = / \(table \w+, column \w+\)/g;
/** In the details of an error; the peer writes 15 digits. */
const longReal = /\d\.\d{13,}(e[+-]?\d+)?/g;
/** Of rows alike in an index; the peer tells first which has the greater version, by chance. */
const collision = /First row, with UUID (.*?)\. {2}Second row, with UUID (.*?)\./g;
const uuidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Tests write UUIDs that begin with one digit eight times. */
const chosenUuid = /^(.)\1{7}-/;

/** Sets of rows and of references sorted by what they look like without UUIDs, since their order is by chance. */
function inOrder(json: JsonValue): JsonValue {
  if (isArray(json)) {
    if (json[0] === "set" && isArray(json[1])) return ["set", sortedBy(json[1].map(inOrder))];
    return json.map(inOrder);
  }
  // The peer writes 15 digits of a real.
  if (typeof json === "number" && !Number.isInteger(json)) return Number(json.toPrecision(15));
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      return [name, name === "rows" && isArray(value) ? sortedBy(value.map(inOrder)) : inOrder(value)];
    }),
  );
}

function sortedBy(list: readonly JsonValue[]): JsonValue[] {
  const key = (json: JsonValue) =>
    stringifySorted(json).replaceAll(uuidPattern, (uuid) => (chosenUuid.test(uuid) ? uuid : "?"));
  return list
    .map((json) => [key(json), json] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, json]) => json);
}
