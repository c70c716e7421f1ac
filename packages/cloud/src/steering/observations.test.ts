import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { ClientRecord, ClientsReport } from "@opensync-ts/telemetry/clients";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import * as limits from "./limits.ts";
import { Observations } from "./observations.ts";
import { bssid, type Place, tv } from "./testing/snapshots.ts";

const minute = 60_000;
const start = 1_800_000_000_000;
const accessPoints = {
  bySsid: (node: string, band: string, ssid: string) =>
    ssid === "home" ? bssid(`${node} ${band}` as Place) : undefined,
  byInterface: (node: string, name: string) => bssid(`${node} ${name === "home-ap-50" ? "5G" : "2.4G"}` as Place),
};

interface Said {
  readonly connected?: boolean;
  readonly snrDb?: number;
  readonly bytes?: number;
  readonly frames?: number;
  readonly connectOffsetMs?: number;
  readonly disconnectOffsetMs?: number;
  readonly mac?: string;
  readonly ssid?: string;
}

function report(
  place: Place,
  at: number,
  { snrDb = 30, bytes = 0, frames = 0, connected = true, ...said }: Said = {},
): [string, ClientsReport] {
  const [node = "", band = ""] = place.split(" ");
  const record = {
    ...{ mac: tv, ssid: "home", connected, connectCount: 0, disconnectCount: 0, durationMs: connected ? minute : 0 },
    stats: { snrDb, rxBytes: 0, txBytes: bytes, rxFrames: 0, txFrames: frames, txRateMbps: 144, rxRateMbps: 0 },
    ...{ rx: [], tx: [], tids: [], uapsd: 0 },
    ...said,
  } as unknown as ClientRecord;
  const all = { band, timestampMs: at, channel: 1, uplinkType: "", uplinkChanged: false, clients: [record] };
  return [node, all as ClientsReport];
}

function observe(...reports: readonly [string, ClientsReport][]): Observations {
  const observations = new Observations(accessPoints);
  for (const [node, each] of reports) observations.takeClients(node, each, minute);
  return observations;
}

const snrAt = (observations: Observations, place: Place) =>
  observations.client(tv)?.heard.find((each) => each.bssid === bssid(place));

describe("observations", () => {
  it("know where a client is, since when, how well it is heard, and what it moves", () => {
    const client = observe(report("gw 5G", start, { snrDb: 35, bytes: 7_500_000, connectOffsetMs: 10_000 })).client(tv);
    assert.deepEqual(
      [client?.bssid, client?.since, client?.snrDb, client?.linkMbps, client?.mbps],
      [bssid("gw 5G"), start - 10_000, 35, 144, 1],
    );
  });

  it("follow it from node to node, whichever reports first", () => {
    const left = report("gw 5G", start + minute, { connected: false, disconnectOffsetMs: 20_000 });
    const came = report("ext 5G", start + minute, { connectOffsetMs: 19_000 });
    for (const order of [
      [left, came],
      [came, left],
    ]) {
      const observations = observe(report("gw 5G", start, { connectOffsetMs: 5000 }), ...order);
      assert.equal(observations.client(tv)?.bssid, bssid("ext 5G"));
    }
  });

  it("do not take a late report of the node that it has left for a return", () => {
    const observations = observe(
      report("gw 5G", start, { connectOffsetMs: 5000 }),
      report("ext 5G", start + minute, { connectOffsetMs: 10_000 }),
      report("gw 5G", start + 40_000),
    );
    assert.equal(observations.client(tv)?.bssid, bssid("ext 5G"));
  });

  it("know that it is nowhere", () => {
    const client = observe(
      report("gw 5G", start, { connectOffsetMs: 1 }),
      report("gw 5G", start + minute, { connected: false, disconnectOffsetMs: 100 }),
    ).client(tv);
    assert.deepEqual([client?.bssid, client?.snrDb], [null, null]);
  });

  it("take it for idle after three quiet minutes, not before, and for in use at once", () => {
    const idle = (...frames: number[]) =>
      observe(...frames.map((each, index) => report("gw 5G", start + index * minute, { frames: each }))).client(tv)
        ?.idle;
    assert.deepEqual(
      [idle(10), idle(10, 10), idle(10, 10, 10), idle(10, 10, 10, 500), idle(500, 10, 10, 10)],
      [null, null, true, false, true],
    );
  });

  it("remember what it moves when it is used, and how well it was heard on a link", () => {
    const reports = [8, 8, 0, 0].map((mbps, index) =>
      report("gw 5G", start + index * minute, { bytes: mbps * 7_500_000, snrDb: 30 }),
    );
    const observations = observe(
      ...reports,
      report("ext 5G", start + 5 * minute, { connectOffsetMs: 1000, snrDb: 20 }),
    );
    assert.equal(observations.client(tv)?.typicalMbps, 8);
    assert.deepEqual(snrAt(observations, "gw 5G"), {
      bssid: bssid("gw 5G"),
      snrDb: 30,
      at: start + 3 * minute,
      by: "link",
    });
  });

  it("hear probe requests at other access points, which do not outdo a link", () => {
    const observations = observe(report("gw 5G", start, { snrDb: 30 }));
    const probes = (ifName: string, snrDb: number) =>
      ({
        timestampMs: start + minute,
        clients: [{ mac: tv, bands: [{ ifName, events: [{ type: "PROBE", offsetMs: 1000, snrDb }] }] }],
      }) as unknown as SteeringReport;
    observations.takeSteering("ext", probes("home-ap-50", 22));
    observations.takeSteering("gw", probes("home-ap-50", 50));
    assert.deepEqual(snrAt(observations, "ext 5G")?.by, "probe");
    assert.deepEqual([snrAt(observations, "gw 5G")?.by, snrAt(observations, "gw 5G")?.snrDb], ["link", 30]);
  });

  it("leave out other networks and what has no address, and stay within their bounds", () => {
    const observations = observe(
      report("gw 5G", start, { ssid: "guests" }),
      report("gw 5G", start, { mac: "nonsense" }),
    );
    assert.equal(observations.size, 0);
    for (let index = 0; index < limits.clients + 50; index++) {
      const each = `02:00:00:00:${(index >> 8).toString(16).padStart(2, "0")}:${(index & 255).toString(16).padStart(2, "0")}`;
      observations.takeClients(...report("gw 5G", start, { mac: each }), minute);
      for (let ap = 0; ap < 40 && index === 0; ap++)
        observations.takeBeacon(each as Mac, mac(`0b:00:00:00:00:${ap.toString(16).padStart(2, "0")}`), 20, start);
      if (index === 0) assert.equal(observations.client(mac(each))?.heard.length, limits.heardPerClient);
    }
    assert.equal(observations.size, limits.clients);
  });
});
