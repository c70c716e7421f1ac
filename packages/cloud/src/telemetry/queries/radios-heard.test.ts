import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { NodeLatest } from "../../statistics/latest.ts";
import { radiosHeard } from "./radios-heard.ts";

describe("what radios have heard", () => {
  it("is the channel in operation, the others in order, and neighbours with the strongest first, each with its age", () => {
    const latest = new NodeLatest();
    const channel = { busyPercent: 10, txPercent: 1, rxPercent: 2, selfPercent: 1 };
    latest.radios.set("5G", { at: 1000, channel: 36, ...channel });
    for (const number of [149, 100]) latest.channels.get("5G")?.set(number, { at: 500, channel: number, ...channel });
    const heard = (last: number, snrDb?: number) => ({
      ...{ at: 900, bssid: mac(`02:00:00:00:00:0${last}`), band: "5G" as const, ssid: "x", channel: 36 },
      ...(snrDb !== undefined && { snrDb }),
    });
    for (const each of [heard(1), heard(2, 10), heard(3, 30)]) latest.neighbors.set(`5G ${each.bssid}`, each);
    const found = radiosHeard(latest, 2000);
    assert.deepEqual(found.radios.get("5G"), { channel: 36, ageMs: 1000, ...channel });
    assert.deepEqual(
      found.channels.get("5G")?.map((each) => [each.channel, each.ageMs]),
      [
        [100, 1500],
        [149, 1500],
      ],
    );
    assert.deepEqual(
      found.neighbors.map(({ snrDb }) => snrDb),
      [30, 10, undefined],
    );
  });
});
