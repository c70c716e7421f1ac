/** What holds for the rules between opinions and hardware together: they come to rest when the radio does. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { channelNumbers, channelOf } from "@opensync-ts/target/channels";
import type { Channel, PhyState, VifState } from "@opensync-ts/target/radio";
import fc from "fast-check";
import { apVif, channel, linkDown, phyState, staVif, wpa2 } from "./testing/fixtures.ts";
import { startRig } from "./testing/rig.ts";

const channels: fc.Arbitrary<Channel> = fc
  .record({ number: fc.constantFrom(...channelNumbers["5G"]), width: fc.constantFrom(20, 40, 80, 160) } as const)
  .map((query) => channelOf({ band: "5G", ...query }))
  .filter((found) => found !== null);

const dfs = fc.constantFrom("cac_possible", "cac_completed", "nol");

/** A radio that lists some channels of 5 GHz, with whatever of them was checked or lost. */
const phy: fc.Arbitrary<PhyState> = fc
  .record({
    listed: fc.subarray([...channelNumbers["5G"]]),
    states: fc.array(dfs, { minLength: 30, maxLength: 30 }),
    punctureSupported: fc.boolean(),
  } as const)
  .map(({ listed, states, punctureSupported }) => {
    const plain = phyState("wifi1", { band: "5G" }).channelStates;
    const channelStates = plain
      .filter(({ control }) => listed.includes((control - 5000) / 5))
      .map((one, n) => (one.dfs === "non_dfs" ? one : { ...one, dfs: states[n] ?? "nol" }));
    return phyState("wifi1", { band: "5G", channelStates, punctureSupported });
  });

const network = { ssid: "bhaul", bssid: null, psk: "backhaul", wpa: wpa2, bridge: "", multiAp: false, priority: 0 };

const uplink = (on: Channel | null): VifState =>
  staVif("wifi1", "sta", {
    networks: [network],
    link: on ? { ...linkDown, status: "connected", ssid: "bhaul", channel: on } : linkDown,
  });

const ap = fc.record({
  channel: channels,
  hidden: fc.boolean(),
  role: fc.constantFrom("none", "tx_vap", "non_tx_vap"),
  status: fc.constantFrom("enabled", "disabled"),
} as const);

const scenario = fc.record({
  phy,
  aps: fc.array(ap, { minLength: 1, maxLength: 3 }),
  uplink: fc.option(channels),
  wanted: fc.option(channels),
  after: fc.record({ phy, uplink: fc.option(channels), heard: channels, push: fc.boolean() }),
});

const minute = 60_000;

describe("whatever a radio is at and wherever it is to go", () => {
  it("the rules let confsync settle, and stay settled", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const vifs = drawn.aps.map(({ channel, hidden, role, status }, n) =>
          apVif("wifi1", `ap-${n}`, { channel, ssidHidden: hidden, mbssMode: role }, { status }),
        );
        const elsewhere = [apVif("wifi0", "ap-24", { channel: channel("2.4G", 1) }), staVif("wifi0", "sta-24")];
        const rig = await startRig({
          phys: [drawn.phy, phyState("wifi0")],
          vifs: [...vifs, ...elsewhere, ...(drawn.uplink ? [uplink(drawn.uplink)] : [])],
        });
        const { driver, wireless, clock } = rig;
        const rests = async (when: string) => {
          await clock.advance(2 * minute);
          assert.ok(wireless.confsync.settled, `${when}: ${wireless.confsync.unsettled.join()}`);
          const { length } = driver.requests;
          await clock.advance(minute);
          assert.equal(driver.requests.length, length, when);
        };
        wireless.overrides.batch(() => {
          wireless.overrides.setPhy("wifi1", { enabled: true, ...(drawn.wanted && { ap: { channel: drawn.wanted } }) });
          for (const { name } of vifs) wireless.overrides.setVif("wifi1", name, { enabled: true });
        });
        wireless.deferVifDown.addRule("ap-0", 10_000, { started() {}, stopped() {} });
        await rests("at first");
        const { after } = drawn;
        const radio = driver.phy("wifi1");
        if (radio) driver.setPhy({ ...radio, channelStates: after.phy.channelStates });
        if (drawn.uplink) {
          driver.setVif(uplink(after.uplink));
          driver.events.channelSwitchHeard("wifi1", "sta", after.heard);
        }
        if (after.push) wireless.wps.push("ap-0", "a password", () => {});
        await clock.advance(minute);
        await rests("after radar and switches");
        wireless.stop();
      }),
      { numRuns: 100 },
    );
  });
});
