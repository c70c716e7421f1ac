import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type BandPlan,
  bandPlans,
  isDense,
  legendOf,
  type NodeRadios,
  type Radio,
  shownNumbers,
} from "./channel-plan.ts";

type Channel = Radio["channels"][number];
const heardAt = "2026-08-01T18:00:00Z";
const channel = (number: number, more: Partial<Channel> = {}): Channel => ({
  ...{ channel: number, allowed: true, needsRadarCheck: false, state: "allowed", heard: null },
  ...more,
});
const busy = (number: number, busyPercent: number): Channel["heard"] => ({
  ...{ channel: number, busyPercent, txPercent: 0, rxPercent: 0, selfPercent: 0, noiseDbm: null, heardAt },
});
const neighbor = (bssid: string, on: number, snrDb: number | null, own: string | null = null) => ({
  ...{ bssid, ssid: "x", channel: on, snrDb, heardAt, own },
});
const radio = (more: Partial<Radio>): Radio => ({
  ...{ ifName: "wifi0", band: "5G", enabled: true, channel: 36, width: 80, covers: [36, 40, 44, 48], hwMode: null },
  ...{
    txPowerDbm: null,
    celsius: null,
    radar: {},
    air: null,
    fault: null,
    columns: [],
    rows: [],
    interfaces: [],
    neighbors: [],
  },
  limits: { width: null, chains: null, acl: null, keys: null, accessPoints: null },
  channels: [],
  ...more,
});
const node = (id: string, ...radios: Radio[]): NodeRadios => ({ node: id, asOf: heardAt, radios });

describe("the channel plan", () => {
  it("has the radios of all nodes by band, split boards on 5 GHz, and no band without a radio", () => {
    const plans = bandPlans([
      node("gateway", radio({ ifName: "wifi1", band: "5GL" }), radio({ ifName: "wifi0", band: "2.4G", covers: [6] })),
      node("attic", radio({ ifName: "wifi2", band: "5GU" })),
    ]);
    assert.deepEqual(
      plans.map(({ band, radios }) => [band, radios.map((each) => `${each.node} ${each.ifName}`)]),
      [
        ["2.4G", ["gateway wifi0"]],
        ["5G", ["gateway wifi1", "attic wifi2"]],
      ],
    );
    assert.deepEqual(bandPlans([node("gateway")]), []);
  });

  it("says of each channel the worst that a radio says, and how busy the busiest hears it", () => {
    const channels = (state: string, percent: number) => [
      channel(100, { needsRadarCheck: true, state, heard: busy(100, percent) }),
    ];
    const [plan] = bandPlans([
      node("gateway", radio({ channels: channels("cac_completed", 10) })),
      node("attic", radio({ channels: channels("nop_started", 40) })),
    ]);
    assert.deepEqual(plan?.channels, [
      { channel: 100, state: "radar", busyPercent: 40, neighbors: 0, strongestDb: null },
    ]);
  });

  it("tells free, unchecked, being checked and closed channels apart", () => {
    const channels = [
      channel(36),
      channel(52, { needsRadarCheck: true, state: "nop_finished" }),
      channel(56, { needsRadarCheck: true, state: "cac_started" }),
      channel(60, { needsRadarCheck: true, state: null }),
      channel(165, { allowed: false, state: null }),
    ];
    const [plan] = bandPlans([node("gateway", radio({ channels }))]);
    assert.deepEqual(
      plan?.channels.map(({ state }) => state),
      ["free", "unchecked", "checking", "unknown", "closed"],
    );
  });

  it("counts a network that several radios hear once, and none of the home's own", () => {
    const channels = [channel(36)];
    const [plan] = bandPlans([
      node("gateway", radio({ channels, neighbors: [neighbor("a", 36, 10), neighbor("b", 36, null, "attic")] })),
      node("attic", radio({ channels, neighbors: [neighbor("a", 36, 25), neighbor("c", 36, null)] })),
    ]);
    assert.deepEqual([plan?.channels[0]?.neighbors, plan?.channels[0]?.strongestDb], [2, 25]);
  });

  it("shows on 2.4 GHz what a network disturbs beside its channel", () => {
    const channels = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((each) => channel(each));
    const [plan] = bandPlans([node("gateway", radio({ band: "2.4G", channel: 6, width: 20, covers: [6], channels }))]);
    assert.deepEqual([...(plan?.radios[0]?.disturbs ?? [])], [4, 5, 7, 8]);
  });

  it("explains each look that its cells have, and no other", () => {
    const legend = (more: Partial<Radio>) => {
      const [plan] = bandPlans([node("gateway", radio(more))]);
      assert.ok(plan);
      return legendOf(plan).map(({ look, sign }) => `${look} ${sign}`.trim());
    };
    const channels = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((each) => channel(each));
    assert.deepEqual(legend({ band: "2.4G", channel: 6, width: 20, covers: [6], channels }), [
      "covered ●",
      "disturbed",
      "unheard",
      "state-free",
    ]);
    const checked = channel(52, { needsRadarCheck: true, state: "cac_completed" });
    assert.deepEqual(legend({ channels: [channel(36), checked] }), [
      "covered ●",
      "covered",
      "unheard",
      "state-free",
      "state-checked ✓",
    ]);
    assert.deepEqual(legend({ enabled: false, channels: [channel(36)] }), ["unheard", "state-free"]);
    const heard = channel(36, { heard: busy(36, 20) });
    assert.deepEqual(legend({ enabled: false, channels: [heard] }), ["state-free"]);
  });

  it("numbers upright what fits where channels are close together, the home's own first, none over another", () => {
    const numbers = Array.from({ length: 59 }, (_, index) => 1 + index * 4);
    const channels = numbers.map((each) => channel(each));
    const [plan] = bandPlans([node("gateway", radio({ band: "6G", channel: 37, covers: [37], channels }))]);
    assert.ok(plan);
    const shown = [...shownNumbers(plan)].sort((a, b) => a - b);
    assert.ok(shown.includes(37) && shown.includes(1) && shown.includes(209), String(shown));
    for (const [index, each] of shown.entries()) assert.ok(index === 0 || each - (shown[index - 1] ?? 0) >= 12);
    const few = { ...plan, channels: plan.channels.slice(0, 13) };
    assert.equal(shownNumbers(few).size, 13);
  });

  it("has its channels close together where they are many, as on 6 GHz", () => {
    const many = (count: number) => ({ channels: Array.from({ length: count }, () => ({})) }) as unknown as BandPlan;
    assert.deepEqual(
      [14, 25, 59].map((count) => isDense(many(count))),
      [false, false, true],
    );
  });
});
