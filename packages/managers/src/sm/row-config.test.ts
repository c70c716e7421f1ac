import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Write } from "@opensync-ts/schema/opensync";
import { Bench } from "../testing/bench.ts";
import { readRow } from "./row-config.ts";

type Columns = Write<"Wifi_Stats_Config">;

/** Read as the database gives it back. */
async function read(columns: Columns) {
  const bench = new Bench();
  await bench.client.transact((transaction) => transaction.insert("Wifi_Stats_Config", columns));
  return readRow(bench.row("Wifi_Stats_Config"));
}

const device: Columns = { stats_type: "device", reporting_interval: 60 };
const latency: Columns = { stats_type: "latency", reporting_interval: 60, sampling_interval: 5 };

describe("a row of Wifi_Stats_Config", () => {
  it("of another type is none of SM's business", async () => {
    for (const stats_type of ["neighbor", "survey", "client", "steering", "rssi", "quality", ""] as const) {
      assert.equal(await read({ ...device, stats_type, reporting_interval: -1 }), undefined);
    }
  });

  it("of type device", async () => {
    assert.deepEqual(await read(device), {
      config: { type: "device", reporting: 60_000, sampling: 60_000, count: 0, hold: null },
      problems: [],
    });
    const full = { ...device, sampling_interval: 7, reporting_count: 3, threshold: { util: 10, max_delay: 600 } };
    assert.deepEqual(await read({ ...full, report_type: "raw", radio_type: "5G", channel_list: [1] }), {
      config: { type: "device", reporting: 60_000, sampling: 7_000, count: 3, hold: { util: 10, maxDelay: 600_000 } },
      problems: [],
    });
  });

  it("of type latency", async () => {
    assert.deepEqual(await read(latency), {
      config: {
        type: "latency",
        reporting: 60_000,
        sampling: 5_000,
        count: 0,
        interfaces: [],
        policy: "merge",
        kinds: ["min", "max", "avg", "last", "num"],
        perDscp: false,
      },
      problems: [],
    });
  });

  it("is off with an interval of 0, without a word", async () => {
    const off = { config: null, problems: [] };
    assert.deepEqual(await read({ ...device, reporting_interval: 0 }), off);
    assert.deepEqual(await read({ ...latency, reporting_interval: 0 }), off);
    assert.deepEqual(await read({ ...latency, sampling_interval: 0 }), off);
  });

  it("that asks for what cannot be is told what is done instead", async () => {
    const cases: readonly (readonly [Columns, boolean, RegExp])[] = [
      [{ ...device, reporting_interval: -1 }, false, /reporting_interval -1 is negative; the row is off/],
      [{ ...device, sampling_interval: -5 }, true, /sampling_interval -5 is negative; thermal samples every 60 s/],
      [{ ...device, reporting_count: -1 }, true, /reporting_count -1 is negative; reports without end/],
      [{ ...device, report_type: "average" }, true, /report_type average is not offered here; raw it is/],
      [{ ...device, threshold: { util: 101, max_delay: 5 } }, true, /util 101 is no percentage/],
      [{ ...device, threshold: { util: -1, max_delay: 5 } }, true, /util -1 is no percentage/],
      [{ ...device, threshold: { util: 10 } }, true, /util without a max_delay above 0 s/],
      [{ ...device, threshold: { utility: 10 } }, true, /no such key 'utility'/],
      [{ ...latency, sampling_interval: -1 }, false, /sampling_interval -1 is negative; the row is off/],
      [{ ...latency, report_type: "diff" }, true, /report_type diff/],
      [{ ...latency, threshold: { util: 10 } }, true, /threshold does not hold latency reports back/],
      [{ ...latency, latency_kinds: ["perc"] }, false, /'perc'; left out/],
    ];
    for (const [columns, acts, problem] of cases) {
      const result = await read(columns);
      assert.match(result?.problems.join("\n") ?? "", problem);
      assert.equal(result?.config !== null, acts, String(problem));
    }
  });

  it("may have any number in any column", async () => {
    for (const number of [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 0]) {
      const numbers = { reporting_interval: number, sampling_interval: number, reporting_count: number };
      for (const base of [device, latency]) {
        const config = (await read({ ...base, ...numbers, threshold: { util: number, max_delay: number } }))?.config;
        assert.ok(config === null || (config && Number.isFinite(config.reporting) && config.reporting > 0));
      }
    }
  });
});
