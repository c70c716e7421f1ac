import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { compress } from "@opensync-ts/telemetry/payload";
import { latencyVector, timeEventsVector } from "@opensync-ts/telemetry/testing/payload-vectors";
import { bytesOf } from "@opensync-ts/telemetry/testing/vector";
import { reportVectors } from "@opensync-ts/telemetry/testing/vectors";
import { root, run, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const command = join(root, "packages/opensync/bin/opensync.mjs");
const decode = (...args: string[]) => run(command, ["stats", "decode", ...args]);

describe("opensync stats decode", () => {
  let directory: TemporaryDirectory;
  const file = (name: string, bytes: Uint8Array) => {
    const path = join(directory.path, name);
    writeFileSync(path, bytes);
    return path;
  };
  // Reports one after the other are one report with all that is in them: lists grow, and the last node ID holds.
  const everything = Buffer.concat(reportVectors.map(bytesOf));

  before(() => {
    directory = temporaryDirectory("stats");
  });
  after(() => directory[Symbol.dispose]());

  it("prints a captured payload as tables, compressed or not, from a file or stdin", async () => {
    const plain = await decode(file("plain", everything));
    assert.deepEqual([plain.code, plain.stderr], [0, ""]);
    assert.match(
      plain.stdout,
      /^node gw, power mode eco\n\nsurvey 5G on-chan, raw, 2023-11-14T22:13:20\.000Z\nCHANNEL/,
    );
    for (const word of ["neighbors", "clients", "capacity", "device", "steering", "rssi", "authentication", "radius"]) {
      assert.match(plain.stdout, new RegExp(`^${word}[ ,]`, "m"));
    }
    const compressed = file("zlib", compress(everything));
    assert.equal((await decode(compressed)).stdout, plain.stdout);
    const piped = await run("sh", ["-c", '"$0" stats decode - < "$1"', command, compressed]);
    assert.equal(piped.stdout, plain.stdout);
  });

  it("prints JSON with --json, bytes in hexadecimal", async () => {
    const { code, stdout } = await decode(file("json", everything), "--json");
    assert.equal(code, 0);
    const report = JSON.parse(stdout);
    assert.equal(report.neighbors[0].bsses[0].beaconIes, "000141");
    assert.equal(report.clients[0].clients[0].stats.rxBytes, 2 ** 32);
  });

  it("reads the other payloads when told what they are", async () => {
    const latency = await decode(file("latency", bytesOf(latencyVector)), "--payload", "latency");
    assert.match(latency.stdout, /^node gw, latency\nHOST /);
    const events = await decode(file("events", bytesOf(timeEventsVector)), "--payload", "time-events");
    assert.match(events.stdout, /^node gw, firmware 7\.0, location home, time events 0\nTIME /);
  });

  it("takes a payload with the line feed that mosquitto_sub ends its output with", async () => {
    assert.equal((await decode(file("line", Buffer.concat([everything, Buffer.from("\n")])))).code, 0);
  });

  it("says what it cannot read in one line: exit code 1; what it does not understand: exit code 2", async () => {
    const damaged = Buffer.from(compress(everything)).subarray(0, 50);
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [[join(directory.path, "none")], 1, /none: cannot be read \(ENOENT.*name a file, or - for stdin\n$/],
      [[directory.path], 1, /cannot be read \(EISDIR/],
      [
        [file("empty", Buffer.alloc(0))],
        1,
        /empty: no sts\.Report: required field nodeID is missing; a whole payload of kind stats/,
      ],
      [[file("text", Buffer.from("hello"))], 1, /text: no sts\.Report: .*--payload: latency, time-events\)\n$/],
      [[file("damaged", damaged)], 1, /damaged: zlib: unexpected end of file; /],
      [[file("large", Buffer.alloc(2 * 1024 * 1024 + 1))], 1, /large: more than the 2097152 bytes/],
      [[file("kind", everything), "--payload", "x"], 2, /'x' is invalid/],
      [[], 2, /missing required argument 'file'/],
    ];
    for (const [args, expected, message] of cases) {
      const { code, stdout, stderr } = await decode(...args);
      assert.deepEqual([code, stdout], [expected, ""], args.join(" "));
      assert.match(stderr, message);
      assert.match(stderr, /^[^\n]+\n$/);
    }
  });
});
