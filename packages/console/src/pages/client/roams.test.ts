import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Deed, type Event, roamsOf, type Series } from "./roams.ts";
import type { Explanation } from "./why-there.ts";

const start = Date.parse("2026-08-01T18:00:00Z");
const iso = (seconds: number) => new Date(start + seconds * 1000).toISOString();

const roamed = (seconds: number, details: Event["details"] = {}): Event => ({
  ...{
    id: String(seconds),
    at: iso(seconds),
    location: "l",
    node: "attic",
    client: "c",
    kind: "client-roamed",
    text: "",
  },
  details: { fromNode: "gateway", fromBand: "2.4G", band: "5G", ms: 80, ...details },
});
const point = (seconds: number, node: string, band: string, snrDb: number | null): Series["points"][number] => ({
  ...{ at: iso(seconds), node, band, channel: 1, ssid: "Home", values: { snrDb } },
});
const series = {
  step: 60,
  points: [
    point(-3600, "gateway", "2.4G", 5),
    point(0, "gateway", "2.4G", 20),
    point(60, "gateway", "2.4G", null),
    point(60, "attic", "5G", 31),
    point(120, "attic", "5G", 40),
  ],
};
const deed = (seconds: number, type: string, node = "gateway"): Deed => ({
  ...{ at: iso(seconds), node, band: "2.4G", ifName: "home-ap-24", type, details: {} },
});
const attempt = (seconds: number, result = "better"): Explanation["attempts"][number] => ({
  ...{ askedAt: iso(seconds), endedAt: null, result, before: 1, predicted: 2, after: null },
  from: { bssid: "a", node: "gateway", band: "2.4G", channel: 1 },
  to: { bssid: "b", node: "attic", band: "5G", channel: 36 },
});
const of = (more: Partial<Parameters<typeof roamsOf>[0]>) =>
  roamsOf({ events: [roamed(70)], series, deeds: [], attempts: [], now: start + 86_400_000, ...more });

describe("roams of a client", () => {
  it("tell what was gained: the SNR at the old place before, at the new one after", () => {
    const [roam] = of({});
    assert.deepEqual(roam, {
      ...{ at: start + 70_000, from: { node: "gateway", band: "2.4G" }, to: { node: "attic", band: "5G" } },
      ...{ awayMs: 80, gainDb: 11, by: "itself" },
    });
  });

  it("do not know a gain where one of the two was not measured", () => {
    assert.equal(of({ series: undefined })[0]?.gainDb, null);
    assert.equal(of({ events: [roamed(70, { fromBand: "6G" })] })[0]?.gainDb, null);
    assert.equal(of({ events: [roamed(7200)] })[0]?.gainDb, null, "too long ago");
  });

  it("are the cloud's where it asked shortly before, and not where it only recommended", () => {
    assert.equal(of({ attempts: [attempt(30)] })[0]?.by, "the cloud");
    assert.equal(of({ attempts: [attempt(30, "recommended")] })[0]?.by, "itself");
    assert.equal(of({ attempts: [attempt(-200)] })[0]?.by, "itself");
  });

  it("are its node's where that kicked or asked it just before", () => {
    assert.equal(of({ deeds: [deed(60, "CLIENT_STICKY_BTM")] })[0]?.by, "its node");
    assert.equal(of({ deeds: [deed(60, "CLIENT_BS_KICK")] })[0]?.by, "its node");
    assert.equal(of({ deeds: [deed(60, "CLIENT_BTM_STATUS")] })[0]?.by, "itself", "an answer is no request");
    assert.equal(of({ deeds: [deed(60, "CLIENT_BS_KICK", "cellar")] })[0]?.by, "itself");
  });

  it("are nobody's yet while the node may still have to tell what it did", () => {
    const soon = { now: start + 100_000 };
    assert.equal(of(soon)[0]?.by, "not known yet");
    assert.equal(of({ ...soon, deeds: [deed(70, "DISCONNECT")] })[0]?.by, "itself", "it has told");
    assert.equal(of({ ...soon, deeds: [deed(65, "CLIENT_BTM"), deed(70, "DISCONNECT")] })[0]?.by, "its node");
    assert.equal(of({ ...soon, attempts: [attempt(30)] })[0]?.by, "the cloud");
  });

  it("come newest first, and events that do not say from where are left out", () => {
    const events = [
      roamed(70),
      roamed(200),
      roamed(90, { fromNode: null }),
      { ...roamed(95), kind: "client-connected" },
    ];
    assert.deepEqual(
      of({ events }).map(({ at }) => at - start),
      [200_000, 70_000],
    );
  });
});
