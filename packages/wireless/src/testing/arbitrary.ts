/** Random radios, vifs and opinions for property tests. All on one 2.4 GHz phy, `wifi0`. */

import type { ApAttributes, PhyState, VifState } from "@opensync-ts/target/radio";
import fc from "fast-check";
import type { ApOverrides, PhyOverrides, VifOverrides } from "../contract.ts";
import { ap, apVif, channel, macNumber, phyState, wpa2, wpa3 } from "./fixtures.ts";

const acl = fc.array(
  fc.integer({ min: 0, max: 20 }).map((n) => macNumber(n)),
  { maxLength: 12 },
);
const psks = fc.array(
  fc.record({ keyId: fc.integer({ min: 0, max: 5 }), psk: fc.constantFrom("12345678", "abcdefgh", "correct horse") }),
  { maxLength: 4 },
);
const channels = fc.constantFrom(channel("2.4G", 1), channel("2.4G", 6), channel("2.4G", 11), channel("2.4G", 6, 40));
const mode = fc.record({ he: fc.boolean(), ht: fc.boolean(), rrmNeighborReport: fc.boolean() }, { requiredKeys: [] });

const attributes = {
  bridge: fc.constantFrom("br-home", "br-guest", ""),
  beaconInterval: fc.constantFrom(100, 200),
  channel: channels,
  isolated: fc.boolean(),
  ssidHidden: fc.boolean(),
  mcast2ucast: fc.boolean(),
  aclPolicy: fc.constantFrom("none", "allow", "deny"),
  acl,
  ssid: fc.constantFrom("home", "guest", "Ünïcode ☃", ""),
  wpa: fc.constantFrom(wpa2, wpa3, { ...wpa2, groupRekey: 600 }),
  psks,
} as const;

const apState: fc.Arbitrary<Partial<ApAttributes>> = fc.record(attributes, { requiredKeys: [] });

const apOpinion: fc.Arbitrary<ApOverrides> = fc.record({ ...attributes, mode }, { requiredKeys: [] });

const txPower = fc.integer({ min: 1, max: 30 });

export const vifName = fc.constantFrom("a", "b", "c", "d");

export const vif: fc.Arbitrary<VifState> = fc
  .record({
    name: vifName,
    ap: apState,
    status: fc.constantFrom("enabled", "disabled", "broken"),
    txPower,
  } as const)
  .map(({ name, ap: over, status, txPower: power }) =>
    apVif("wifi0", name, { ...ap, ...over }, { status, txPower: power }),
  );

export const phy: fc.Arbitrary<PhyState> = fc
  .record({
    enabled: fc.boolean(),
    txChainmask: fc.constantFrom(1, 3),
    aclLimit: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
    pskLimit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  })
  .map(({ enabled, txChainmask, aclLimit, pskLimit }) =>
    phyState("wifi0", {
      enabled,
      txChainmask,
      capabilities: {
        band: "2.4G",
        ...(aclLimit !== undefined && { aclLimit }),
        ...(pskLimit !== undefined && { pskLimit }),
      },
    }),
  );

export const phyOpinion: fc.Arbitrary<PhyOverrides> = fc.record(
  { enabled: fc.boolean(), txChainmask: fc.constantFrom(1, 2, 3), txPower, ap: apOpinion },
  { requiredKeys: [] },
);

export const vifOpinion: fc.Arbitrary<VifOverrides> = fc.record(
  { enabled: fc.boolean(), ap: apOpinion },
  { requiredKeys: [] },
);
