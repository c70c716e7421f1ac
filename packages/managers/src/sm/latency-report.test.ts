import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { decodeLatency } from "@opensync-ts/telemetry/latency";
import fc from "fast-check";
import { accept, latencyPayloads } from "./latency-report.ts";
import { latencyKinds } from "./row-config.ts";
import { reading } from "./testing/rig.ts";

describe("a latency report", () => {
  it("that is too large for one message goes in several, with every host once", () => {
    const flows = Array.from({ length: 400 }, (_, host) => ({
      flow: {
        ifName: "home-ap-24",
        mac: mac(`02:00:00:00:0${host >> 8}:${(host & 255).toString(16).padStart(2, "0")}`),
      },
      samples: Array.from({ length: 10 }, (_, poll) => ({
        timestamp: 1_800_000_000_000 + poll,
        delays: { least: 2 ** 31, most: 2 ** 31, sum: 2 ** 31, last: 2 ** 31, packets: 1 },
      })),
    }));
    const payloads = latencyPayloads({
      nodeId: "N",
      timestamp: 1_800_000_000_000,
      flows,
      kinds: latencyKinds,
      interfaces: { roleOf: () => "r".repeat(100) },
    });
    assert.ok(payloads.length > 1 && payloads.every(({ length }) => length <= 128 * 1024));
    const hosts = payloads.flatMap((each) => decodeLatency(each).hosts);
    assert.deepEqual([hosts.length, new Set(hosts.map((host) => host.mac.join(":"))).size], [400, 400]);
    assert.ok(hosts.every(({ samples }) => samples.length === 10));
  });

  it("is none without hosts", () => {
    const nothing = {
      nodeId: "N",
      timestamp: 0,
      flows: [],
      kinds: latencyKinds,
      interfaces: { roleOf: () => undefined },
    };
    assert.deepEqual(latencyPayloads(nothing), []);
  });

  it("is built of any readings, of which every number makes sense", () => {
    const number = fc.oneof(fc.double(), fc.nat());
    const readings = fc.array(
      fc
        .record({
          least: number,
          most: number,
          average: number,
          last: number,
          packets: number,
          dscp: fc.oneof(number, fc.nat(63)),
        })
        .map((values) => reading(values)),
    );
    fc.assert(
      fc.property(readings, fc.boolean(), (all, perDscp) => {
        const { measured, bad, surplus } = accept(all, { interfaces: [], perDscp }, { mldOf: () => undefined });
        const silent = all.filter(({ packets }) => packets === 0).length;
        assert.equal(measured.length + bad + surplus + silent, all.length);
        for (const { delays } of measured) {
          for (const each of Object.values(delays)) assert.ok(Number.isFinite(each) && each >= 0);
          assert.ok(delays.packets > 0);
        }
      }),
    );
  });
});
