import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApAttributes, PhyState } from "@opensync-ts/target/radio";
import { capabilityClamp, describeLimitation } from "./capability-clamp.ts";
import type { PhyOverrides } from "./contract.ts";
import { buildConfig } from "./mutators.ts";
import { OverrideStore } from "./overrides.ts";
import { ap, apVif, channel, macNumber, phyState } from "./testing/fixtures.ts";

function clamp(phy: PhyState, over: Partial<ApAttributes>, phyOver: PhyOverrides = {}) {
  const overrides = new OverrideStore(() => {});
  overrides.setPhy(phy.name, phyOver);
  overrides.setVif(phy.name, "home-ap", { ap: over });
  const state = {
    phys: new Map([[phy.name, phy]]),
    vifs: new Map([["home-ap", apVif(phy.name, "home-ap", { channel: channel("5G", 36, 80) })]]),
  };
  const { tree, limitations } = buildConfig(state, [overrides, capabilityClamp]);
  const vif = tree.get(phy.name)?.vifs.get("home-ap");
  assert.ok(vif?.type === "ap");
  return { phy: tree.get(phy.name), vif, said: limitations.map(describeLimitation) };
}

const limited = (capabilities: Partial<PhyState["capabilities"]>, over: Partial<PhyState> = {}) =>
  phyState("wifi1", { band: "5G", ...over, capabilities: { band: "5G", ...capabilities } });
const macs = (count: number) => Array.from({ length: count }, (_, n) => macNumber(count - n));

describe("intent beyond what a driver states it can do", () => {
  it("an ACL is cut to the limit, always to the same entries, and says which are missing", () => {
    const { vif, said } = clamp(limited({ aclLimit: 64 }), { aclPolicy: "deny", acl: macs(85) });
    assert.deepEqual(vif.ap.acl, macs(85).sort().slice(0, 64));
    const missing = macs(85).sort().slice(64).join(" ");
    assert.deepEqual(said, [`wifi1/home-ap: acl: asked 85, holds 64, these 21 are not enforced: ${missing}`]);
  });

  it("PSKs are cut by key id and never shown", () => {
    const psks = [4, 3, 2, 1].map((keyId) => ({ keyId, psk: `secret of ${keyId}` }));
    const { vif, said } = clamp(limited({ pskLimit: 2 }), { psks });
    assert.deepEqual(
      vif.ap.psks.map(({ keyId }) => keyId),
      [1, 2],
    );
    assert.deepEqual(said, ["wifi1/home-ap: psk_list: asked 4, holds 2, these 2 are not enforced: key-3 key-4"]);
  });

  it("a channel is narrowed around its primary", () => {
    const { vif, said } = clamp(limited({ widths: [20, 40] }), { channel: channel("5G", 44, 160) });
    assert.deepEqual(vif.ap.channel, channel("5G", 44, 40));
    assert.deepEqual(said, ["wifi1/home-ap: channel: asked 44/HT160, holds 44/HT40"]);
  });

  it("power and chains stop at what there is", () => {
    const { phy, vif, said } = clamp(limited({ maxTxPower: 23, chains: 2 }), {}, { txPower: 30, txChainmask: 0xf });
    assert.equal(vif.txPower, 23);
    assert.equal(phy?.txChainmask, 3);
    assert.deepEqual(said, [
      "wifi1: tx_chainmask: asked 0xf, holds 0x3",
      "wifi1/home-ap: tx_power_dbm: asked 30, holds 23",
    ]);
  });

  it("a radio that reports no chainmask is not asked for one", () => {
    const { phy, said } = clamp(limited({}, { txChainmask: 0 }), {}, { txChainmask: 3 });
    assert.equal(phy?.txChainmask, 0);
    assert.deepEqual(said, ["wifi1: tx_chainmask: asked 0x3, holds 0x0"]);
  });

  describe("modes", () => {
    const all = { ht: true, vht: true, he: true, eht: true };
    const asked = { mode: { ...ap.mode, ...all } };
    const modeOf = ({ ht, vht, he, eht }: typeof ap.mode) => ({ ht, vht, he, eht });

    it("the radio lacks stay off", () => {
      const { vif, said } = clamp(limited({ modes: ["ht", "vht", "he"] }), asked);
      assert.deepEqual(modeOf(vif.ap.mode), { ...all, eht: false });
      assert.deepEqual(said, [
        "wifi1/home-ap: mode: asked ht+vht+he+eht, holds ht+vht+he, this one is not enforced: eht",
      ]);
    });

    it("of 802.11n and ac are none on 6 GHz", () => {
      const { vif, said } = clamp(limited({ modes: ["he", "eht"] }), { mode: { ...asked.mode, ht: false } });
      assert.deepEqual(modeOf(vif.ap.mode), { ht: false, vht: false, he: true, eht: true });
      assert.match(said.join(), /asked vht\+he\+eht, holds he\+eht, this one is not enforced: vht/);
    });

    it("it is in already stay, whatever the driver states", () => {
      const { vif, said } = clamp(limited({ modes: ["he"] }), { isolated: true });
      assert.equal(vif.ap.mode.ht, true);
      assert.deepEqual(said, []);
    });

    it("that the driver does not state are asked for", () => {
      assert.deepEqual(clamp(limited({}), asked).said, []);
    });

    it("bound how wide a channel can be", () => {
      const radio = limited({ modes: ["ht", "vht", "he"], widths: [20, 40, 80, 160] });
      const as = (mode: Partial<typeof ap.mode>) =>
        clamp(radio, { channel: channel("5G", 36, 160), mode: { ...ap.mode, he: false, ht: false, ...mode } }).said;
      assert.deepEqual(as({ he: true }), []);
      assert.deepEqual(as({ vht: true }), []);
      assert.deepEqual(as({ ht: true }), ["wifi1/home-ap: channel: asked 36/HT160, holds 36/HT40"]);
      assert.deepEqual(as({}), ["wifi1/home-ap: channel: asked 36/HT160, holds 36/HT20"]);
    });
  });

  it("a radio that cannot go where it is asked to is not left wider than its mode either", () => {
    const { vif, said } = clamp(limited({ modes: ["ht", "he"], widths: [20, 40, 80] }), {
      channel: { control: 5180, width: "80p80", center0: 5210, center1: 5530, puncture: 0 },
      mode: { ...ap.mode, he: false },
    });
    assert.deepEqual(vif.ap.channel, channel("5G", 36, 40));
    assert.deepEqual(said, ["wifi1/home-ap: channel: asked 36/HT80+80, holds 36/HT40"]);
  });

  it("a channel is not punctured by a radio that cannot", () => {
    const asked = { channel: { ...channel("5G", 36, 80), puncture: 4 } };
    assert.deepEqual(clamp(limited({}, { punctureSupported: true }), asked).said, []);
    assert.deepEqual(clamp(limited({}), asked).said, [
      "wifi1/home-ap: channel: asked 36/HT80/puncture 0x4, holds 36/HT80",
    ]);
  });

  it("within the limits, or without stated ones, nothing is touched", () => {
    const exact = clamp(limited({ aclLimit: 64, pskLimit: 1, widths: [20, 40, 80], chains: 4, maxTxPower: 30 }), {
      acl: macs(64),
    });
    assert.deepEqual(exact.said, []);
    const free = clamp(limited({}), { acl: macs(300), channel: channel("5G", 36, 160) }, { txPower: 99 });
    assert.deepEqual(free.said, []);
    assert.equal(free.vif.ap.acl.length, 300);
  });

  it("what is down is not complained about", () => {
    const { said } = clamp(limited({ aclLimit: 1 }), { acl: macs(2) }, { enabled: false });
    assert.deepEqual(said, []);
  });

  it("an attribute that the driver does not know stays as it reports it", () => {
    const phy = limited({ unsupported: ["mbo", "maxSta", "neighbors", "isolated"] });
    const bssid = macNumber(1);
    const neighbors = [{ bssid, bssidInfo: 0, opClass: 115, channel: 36, phyType: 9 }];
    const { vif, said } = clamp(phy, { mbo: true, neighbors, isolated: false, ssid: "new" });
    assert.deepEqual([vif.ap.mbo, vif.ap.neighbors, vif.ap.ssid], [false, [], "new"]);
    assert.deepEqual(said, [
      "wifi1/home-ap: mbo: asked true, holds false; the driver does not support it",
      `wifi1/home-ap: neigh_list: asked 1, holds 0, this one is not enforced: ${bssid}; the driver does not support it`,
    ]);
  });

  it("neighbours and RADIUS servers are cut, servers from the least preferred on; no secret is shown", () => {
    const server = (n: number) => ({ server: `10.0.0.${n}`, port: 1812, secret: "very secret" });
    const neighbors = [3, 1, 2].map((n) => ({
      bssid: macNumber(n),
      bssidInfo: 0,
      opClass: 81,
      channel: 1,
      phyType: 7,
    }));
    const over = { radius: [server(3), server(1)], accounting: [server(2)], neighbors };
    const { vif, said } = clamp(limited({ radiusLimit: 1, neighborLimit: 2 }), over);
    assert.deepEqual(vif.ap.radius, [server(3)]);
    assert.deepEqual(vif.ap.accounting, [server(2)]);
    assert.deepEqual(
      vif.ap.neighbors.map(({ bssid }) => bssid),
      [macNumber(1), macNumber(2)],
    );
    assert.deepEqual(said, [
      "wifi1/home-ap: radius_list: asked 2, holds 1, this one is not enforced: 10.0.0.1:1812",
      `wifi1/home-ap: neigh_list: asked 3, holds 2, this one is not enforced: ${macNumber(3)}`,
    ]);
  });

  it("rates that the radio lacks are left out", () => {
    const rates = {
      supported: [1, 6, 54],
      basic: [1],
      beacon: { kind: "abg", rate: 1 },
      mcast: 6,
      mgmt: 1,
    } as const;
    const { vif, said } = clamp(limited({ rates: [6, 12, 54] }), { rates });
    assert.deepEqual(vif.ap.rates, { supported: [6, 54], basic: [], beacon: null, mcast: 6, mgmt: null });
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /rates: asked supported=\[1 6 54\].*, holds supported=\[6 54\] basic=\[any\]/);
    const known = { ...rates, supported: [6], basic: [], beacon: { kind: "he", mcs: 3 }, mgmt: null } as const;
    assert.deepEqual(clamp(limited({ rates: [6] }), { rates: known }).said, []);
  });

  it("a generation that the radio lacks is not required of stations", () => {
    const mode = { he: true, eht: true, ehtRequired: true };
    const { vif } = clamp(limited({ modes: ["ht", "vht", "he"] }), { mode: { ...ap.mode, ...mode } });
    assert.deepEqual([vif.ap.mode.he, vif.ap.mode.eht, vif.ap.mode.ehtRequired], [true, false, false]);
  });

  it("radar detection and zero-wait DFS are not asked of radios that know neither", () => {
    const phy = limited({}, { radar: "unsupported" });
    const { phy: wanted, said } = clamp(phy, {}, { radar: "enabled", zeroWaitDfs: "precac" });
    assert.deepEqual([wanted?.radar, wanted?.zeroWaitDfs], ["unsupported", "unsupported"]);
    assert.deepEqual(said, [
      "wifi1: zero_wait_dfs: asked precac, holds unsupported; the driver does not support it",
      "wifi1: radar: asked enabled, holds unsupported; the driver does not support it",
    ]);
  });
});
