import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  pageSizeOf,
  parseCpu,
  parseFileHandles,
  parseLoad,
  parseMemory,
  parseProcess,
  parseUptime,
} from "./proc-text.ts";

/** A line of `/proc/PID/stat` of a process called `name`. */
function statLine(name: string): string {
  return `42 (${name}) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 1 0 777 9000000 256 18446744073709551615 1 1 0 0\n`;
}

describe("/proc", () => {
  it("tells the load and the uptime", () => {
    assert.deepEqual(parseLoad("0.25 1.50 12.00 2/345 6789\n"), { one: 0.25, five: 1.5, fifteen: 12 });
    assert.equal(parseUptime("350735.47 234388.90\n"), 350_735.47);
    assert.equal(parseLoad("0.25 1.50"), undefined);
    assert.equal(parseLoad("a b c"), undefined);
    assert.equal(parseUptime(""), undefined);
    assert.equal(parseUptime("-3"), undefined);
  });

  it("tells memory as what is not available, swap as what is not free", () => {
    const text = "MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  400 kB\nSwapTotal:  50 kB\nSwapFree:  20 kB\n";
    assert.deepEqual(parseMemory(text), { total: 1000, used: 600, swapTotal: 50, swapUsed: 30 });
  });

  it("tells memory of kernels that do not say what is available, and of machines without swap", () => {
    const text = "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 150 kB\n";
    assert.deepEqual(parseMemory(text), { total: 1000, used: 700, swapTotal: 0, swapUsed: 0 });
    assert.equal(parseMemory("MemFree: 100 kB\nMemAvailable: 1 kB\n"), undefined);
    assert.equal(parseMemory("MemTotal: 100 kB\n"), undefined);
    assert.equal(parseMemory("MemTotal: 1 kB\nMemAvailable: 5 kB\n")?.used, 0);
  });

  it("tells the time of processors; waiting for disks is idle, guests count once", () => {
    const text = "cpu  100 10 50 800 40 5 5 10 90 9\ncpu0 1 2 3 4\nintr 99999\n";
    assert.deepEqual(parseCpu(text), { busy: 180, total: 1020 });
    assert.deepEqual(parseCpu("cpu 1 2 3 4\n"), { busy: 6, total: 10 });
    assert.equal(parseCpu("cpu 1 2\n"), undefined);
    assert.equal(parseCpu("cpu0 1 2 3 4\n"), undefined);
  });

  it("tells file handles", () => {
    assert.deepEqual(parseFileHandles("1200\t200\t9223372036854775807\n"), { used: 1000, total: 2 ** 63 });
    assert.equal(parseFileHandles("1200\n"), undefined);
  });

  it("tells processes, whatever they call themselves", () => {
    const process = { pid: 42, command: "sh", started: 777, cpuTime: 200, memory: 1024 };
    assert.deepEqual(parseProcess(statLine("sh"), 4096), process);
    for (const [name, command] of [
      ["a b", "a b"],
      [") R 1 1", ") R 1 1"],
      ["((x)", "((x)"],
      ["two\nlines\t", "two?lines?"],
      ["", ""],
      ["x".repeat(100), "x".repeat(63)],
    ] as const) {
      assert.deepEqual(parseProcess(statLine(name), 4096), { ...process, command });
    }
    assert.equal(parseProcess(statLine("sh"), 16_384)?.memory, 4096);
  });

  it("tells nothing of a process whose line is cut off or is something else", () => {
    for (const text of ["", "42", "42 (sh", ") (", "x (sh) S 1", statLine("sh").slice(0, 40), "42 (sh) S 1 2 3"]) {
      assert.equal(parseProcess(text, 4096), undefined, text);
    }
  });

  it("tells the size of a page", () => {
    const auxv = new BigUint64Array([33n, 1n, 6n, 16_384n, 0n, 0n]);
    assert.equal(pageSizeOf(new Uint8Array(auxv.buffer), 8), 16_384);
    assert.equal(pageSizeOf(new Uint8Array(new Uint32Array([6, 4096, 0, 0]).buffer), 4), 4096);
    assert.equal(pageSizeOf(new Uint8Array(new BigUint64Array([6n, 3n]).buffer), 8), 4096);
  });

  it("never throws, and never gives a number that is none", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            "cpu",
            "MemTotal:",
            "MemFree:",
            "kB",
            "(",
            ")",
            " ",
            "\n",
            "-",
            ".",
            "9".repeat(30),
            "0",
            "1e9",
          ),
        )
        .map((pieces) => pieces.join(" ")),
      fc.string({ unit: "binary", maxLength: 30 }).map(statLine),
    );
    const numbers = (value: unknown): number[] =>
      typeof value === "number"
        ? [value]
        : typeof value === "object" && value
          ? Object.values(value).flatMap(numbers)
          : [];
    fc.assert(
      fc.property(hostile, (text) => {
        const all = [parseLoad, parseUptime, parseMemory, parseCpu, parseFileHandles].map((parse) => parse(text));
        for (const each of numbers([...all, parseProcess(text, 4096)])) {
          assert.ok(Number.isFinite(each) && each >= 0, `${each} of ${JSON.stringify(text)}`);
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom<4 | 8>(4, 8), (bytes, word) => {
        assert.ok(pageSizeOf(bytes, word) >= 1024);
      }),
    );
  });
});
