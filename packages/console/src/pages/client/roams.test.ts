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
    clientName: null,
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
  roamsOf({
    events: [roamed(70)],
    series,
    deeds: [],
    attempts: [],
    holds: [],
    policies: [],
    now: start + 86_400_000,
    ...more,
  });

describe("roams of a client", () => {
  it("tell what was gained: the SNR at the old place before, at the new one after", () => {
    const [roam] = of({});
    assert.deepEqual(roam, {
      ...{ at: start + 70_000, from: { node: "gateway", band: "2.4G" }, to: { node: "attic", band: "5G" } },
      ...{ awayMs: 80, gainDb: 11, by: "itself", because: null },
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

  it("are the cloud's where the node did as the cloud wished, and say for which rule", () => {
    const action = { kind: "band", prefer: "5G", only: true } as const;
    const scope = { kind: "everybody", name: null } as const;
    const rule = { id: "fast", label: "Fast", scope, action, until: null, stated: "policies[0]" };
    const asked = { deeds: [deed(60, "CLIENT_DIRECTED_KICK")] };
    const cause = ({ by, because }: ReturnType<typeof of>[number]) => [by, because];
    assert.deepEqual(of(asked).map(cause), [["the cloud", null]]);
    assert.deepEqual(of({ ...asked, policies: [rule] }).map(cause), [["the cloud", "the rule “Fast” asks for 5 GHz"]]);
  });

  it("are the cloud's because somebody asked for the band, whatever its node did, as long as that held", () => {
    const hold = (band: string, from: number, to: number) => ({
      ...{ band, actor: "ana", at: start + from * 1000, until: start + 1e7, endedAt: start + to * 1000 },
    });
    const told = (hold_: ReturnType<typeof hold>, deeds: readonly Deed[] = []) => of({ holds: [hold_], deeds })[0];
    const held = told(hold("5G", 60, 600), [deed(65, "CLIENT_BS_KICK")]);
    assert.deepEqual([held?.by, held?.because], ["the cloud", "you asked for 5 GHz"]);
    assert.equal(told(hold("5G", 80, 600))?.by, "itself", "asked for later");
    assert.equal(told(hold("5G", 0, 60))?.by, "itself", "over by then");
    assert.equal(told(hold("2.4G", 0, 600))?.by, "itself", "another band");
  });

  it("do not know how long it was away where it was not told to have left", () => {
    assert.equal(of({ events: [roamed(70, { ms: 0 })] })[0]?.awayMs, null);
    assert.equal(of({ events: [roamed(70, { ms: null })] })[0]?.awayMs, null);
  });

  it("are nobody's yet while the node may still have to tell what it did", () => {
    const soon = { now: start + 100_000 };
    assert.equal(of(soon)[0]?.by, "not known yet");
    assert.equal(of({ ...soon, deeds: [deed(70, "DISCONNECT")] })[0]?.by, "itself", "it has told");
    assert.equal(of({ ...soon, deeds: [deed(65, "CLIENT_STICKY_BTM"), deed(70, "DISCONNECT")] })[0]?.by, "its node");
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
