import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { defaultProfiles } from "../profiles.ts";
import { isMore, lastNameOf, newClient, withEvidence } from "./known-client.ts";

describe("the last name of a client", () => {
  const client = newClient(mac("02:00:00:00:01:03"), 0, defaultProfiles);
  const named = (hostname: string | undefined, kind = "unknown") =>
    lastNameOf({
      ...client,
      evidence: { ...client.evidence, ...(hostname !== undefined && { hostname }) },
      classification: { ...client.classification, class: kind },
    });
  const cases: readonly [string, string | undefined, string | undefined, string?][] = [
    ["is the host name", "television", "television", "tv"],
    ["is what kind of device it is, where it has not said its name", undefined, "smart speaker 01:03", "smart-speaker"],
    ["is not its address again", "02:00:00:00:01:03", "television 01:03", "tv"],
    ["is not blank", "  ", undefined],
    ["is not known of who has said nothing", undefined, undefined],
  ];
  for (const [title, hostname, name, kind] of cases) it(title, () => assert.equal(named(hostname, kind), name));
});

describe("what a client can", () => {
  const address = mac("02:00:00:00:01:04");
  const caps = (maxWidth: number, maxStreams: number) => ({
    ...{ btm: true, rrm: true, maxWidth, maxStreams, phyMode: 0, maxMcs: 9, maxTxPowerDbm: 20 },
    ...{ staticSmps: false, muMimo: false, band2G: true, band5G: true, band6G: false },
    ...{ rrmLinkMeasurement: false, rrmNeighborReport: false, rrmBeaconPassive: false, rrmBeaconActive: true },
    ...{ rrmBeaconTable: false, rrmLciMeasurement: false, rrmFtmRange: false },
  });
  const told = (...all: ReturnType<typeof caps>[]) =>
    all.reduce(
      (client, capabilities) => withEvidence(client, { mac: address, capabilities: { capabilities } }, defaultProfiles),
      newClient(address, 0, defaultProfiles),
    ).evidence.radio;

  it("it still can where it has joined an access point that can less: on 2.4 GHz channels are narrow", () => {
    const { maxWidth, streams } = told(caps(2, 2), caps(0, 1));
    assert.deepEqual([maxWidth, streams], [80, 2]);
  });

  it("is also what its fastest link has shown, and that is no sign of what kind of device it is", () => {
    const fast = { generation: "ax", streams: 2, width: 80 } as const;
    const slow = { generation: "n", streams: 1, width: 20 } as const;
    const shown = (...all: (typeof fast | typeof slow)[]) =>
      all.reduce(
        (client, each) => withEvidence(client, { mac: address, shown: each }, defaultProfiles),
        newClient(address, 0, defaultProfiles),
      );
    const { evidence, classification } = shown(slow, fast, slow);
    assert.deepEqual(evidence.radio.shown, fast);
    assert.deepEqual(classification, shown().classification);
    assert.deepEqual([isMore(slow, fast), isMore(fast, slow), isMore(undefined, slow)], [false, true, false]);
  });
});
