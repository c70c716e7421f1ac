import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { channelOf, intersects, sameChannel } from "@opensync-ts/target/channels";
import type { ConfigRequest, VifRequest } from "@opensync-ts/target/driver";
import type { Band, Channel } from "@opensync-ts/target/radio";
import fc from "fast-check";
import { deviceModels, vifNames } from "./models.ts";
import { bench, wpa2 } from "./testing/observer.ts";

/** What was asked for so far, attribute by attribute. */
interface Asked {
  readonly phys: Map<string, { enabled: boolean; channel?: Channel; txChainmask?: number }>;
  readonly vifs: Map<string, { enabled: boolean; txPower?: number; ap: Record<string, unknown> }>;
}

const radios = deviceModels.gateway.radios;

const macs = fc
  .uniqueArray(fc.nat(255), { maxLength: 12 })
  .map((bytes) =>
    bytes.sort((a, b) => a - b).map((byte) => mac(`02:00:00:00:aa:${byte.toString(16).padStart(2, "0")}`)),
  );

const passphrase = fc.string({ minLength: 8, maxLength: 63, unit: "grapheme-ascii" });

const psks = fc
  .uniqueArray(fc.nat(20), { minLength: 1, maxLength: 6 })
  .chain((ids) => fc.tuple(...ids.sort((a, b) => a - b).map((keyId) => passphrase.map((psk) => ({ keyId, psk })))));

const security = fc.constantFrom(
  wpa2,
  { ...wpa2, akm: ["psk", "sae"] as const, pmf: "optional" as const },
  { ...wpa2, akm: ["sae"] as const, pmf: "required" as const, groupRekey: 3600 },
);

const channels: Readonly<Record<Band, readonly Channel[]>> = {
  "2.4G": [known("2.4G", 1, 20), known("2.4G", 6, 40), known("2.4G", 11, 20)],
  "5G": [known("5G", 36, 80), known("5G", 44, 20), known("5G", 149, 80), known("5G", 52, 40), known("5G", 100, 160)],
  "6G": [known("6G", 37, 160), known("6G", 5, 80), known("6G", 1, 20)],
};

function known(band: Band, number: number, width: 20 | 40 | 80 | 160): Channel {
  const channel = channelOf({ band, number, width });
  assert.ok(channel);
  return channel;
}

const apRequest = (band: Band) =>
  fc.record(
    {
      ssid: fc.string({ minLength: 1, maxLength: 32, unit: "grapheme-ascii" }),
      ssidHidden: fc.boolean(),
      isolated: fc.boolean(),
      mcast2ucast: fc.boolean(),
      bridge: fc.constantFrom("", "br-home", "br-guest"),
      beaconInterval: fc.integer({ min: 50, max: 400 }),
      aclPolicy: fc.constantFrom("none" as const, "allow" as const, "deny" as const),
      acl: macs,
      wpa: security,
      psks,
      mode: fc.record(
        {
          wnmBssTransition: fc.boolean(),
          rrmNeighborReport: fc.boolean(),
          wmm: fc.boolean(),
          wmmUapsd: fc.boolean(),
          ht: fc.constant(band !== "6G"),
          vht: fc.constant(band !== "6G"),
          he: fc.boolean(),
          eht: fc.constant(false),
          htRequired: fc.boolean(),
          vhtRequired: fc.boolean(),
          heRequired: fc.constant(false),
          ehtRequired: fc.constant(false),
          wps: fc.boolean(),
        },
        { noNullPrototype: true },
      ),
    },
    { requiredKeys: [] },
  );

/** One radio is changed; all its access points that are mentioned are asked for the same channel. */
const request: fc.Arbitrary<ConfigRequest> = fc.constantFrom(...radios).chain((radio) =>
  fc
    .record(
      {
        enabled: fc.boolean(),
        txChainmask: fc.integer({ min: 1, max: 2 ** radio.chains - 1 }),
        channel: fc.constantFrom(...channels[radio.band]),
        vifs: fc
          .subarray(
            vifNames(radio).filter(({ type }) => type === "ap"),
            { minLength: 1 },
          )
          .chain((vifs) =>
            fc.tuple(
              ...vifs.map(({ name }) =>
                fc.record(
                  {
                    name: fc.constant(name),
                    enabled: fc.boolean(),
                    txPower: fc.integer({ min: 1, max: radio.maxTxPower }),
                    ap: apRequest(radio.band),
                  },
                  { requiredKeys: ["name"] },
                ),
              ),
            ),
          ),
      },
      { requiredKeys: ["vifs"] },
    )
    .map(({ channel, vifs, ...phy }) => ({
      phys: [
        {
          ...phy,
          name: radio.phy,
          vifs: vifs.map((vif): VifRequest => (channel ? { ...vif, ap: { ...vif.ap, channel } } : vif)),
        },
      ],
    })),
);

function note(asked: Asked, { phys }: ConfigRequest): void {
  for (const { name, vifs, enabled, txChainmask } of phys) {
    const phy = asked.phys.get(name) ?? { enabled: true };
    if (enabled !== undefined) phy.enabled = enabled;
    if (txChainmask !== undefined) phy.txChainmask = txChainmask;
    for (const vif of vifs) {
      const known = asked.vifs.get(vif.name) ?? { enabled: false, ap: {} };
      if (vif.enabled !== undefined) known.enabled = vif.enabled;
      if (vif.txPower !== undefined) known.txPower = vif.txPower;
      const { channel, csaRequired: _, ...ap } = vif.ap ?? {};
      Object.assign(known.ap, ap);
      if (channel) phy.channel = channel;
      asked.vifs.set(vif.name, known);
    }
    asked.phys.set(name, phy);
  }
}

describe("a driver without faults", () => {
  it("reports, after any sequence of valid requests, exactly what was asked", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 8 }), async (requests) => {
        const { clock, driver, observer } = bench({ model: "gateway" });
        const asked: Asked = { phys: new Map(), vifs: new Map() };
        for (const each of requests) {
          driver.requestConfig(each);
          note(asked, each);
          await clock.advance(1);
        }
        // Long enough for a channel availability check.
        await clock.advance(61_000);
        for (const [name, phy] of asked.phys) {
          const state = observer.phys.get(name);
          assert.ok(state);
          assert.equal(state.enabled, phy.enabled);
          if (phy.txChainmask !== undefined) assert.equal(state.txChainmask, phy.txChainmask);
        }
        for (const [name, vif] of asked.vifs) {
          const state = observer.vifs.get(name);
          assert.ok(state?.type === "ap");
          const phy = asked.phys.get(state.phy);
          for (const [attribute, value] of Object.entries(vif.ap)) {
            assert.deepEqual(state.ap[attribute as keyof typeof state.ap], value, `${name}: ${attribute}`);
          }
          if (phy?.channel) assert.ok(sameChannel(state.ap.channel, phy.channel), `${name}: channel`);
          if (vif.txPower !== undefined) assert.equal(state.txPower, vif.txPower);
          const active = vif.enabled && phy?.enabled === true && vif.ap.ssid !== undefined;
          assert.equal(state.status, active ? "enabled" : "disabled", name);
        }
        // What is reported is what a new listener would be told.
        for (const [name, state] of observer.vifs) assert.deepEqual(driver.vifState(state?.phy ?? "", name), state);
        driver.close();
      }),
      { numRuns: 60 },
    );
  });

  it("never transmits on a channel whose availability has not been checked", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(request, fc.nat(90_000)), { minLength: 1, maxLength: 8 }), async (steps) => {
        const { clock, driver, observer } = bench({ model: "gateway" });
        for (const [each, pause] of steps) {
          driver.requestConfig(each);
          await clock.advance(pause + 1);
          const states = observer.phys.get("wifi1")?.channelStates ?? [];
          for (const vif of observer.vifs.values()) {
            if (vif?.type !== "ap" || vif.phy !== "wifi1" || vif.status !== "enabled" || !vif.ap.channel) continue;
            assert.equal(intersects(vif.ap.channel, states, "cac_possible", "cac_in_progress", "nol"), false);
          }
        }
        driver.close();
      }),
      { numRuns: 40 },
    );
  });
});
