import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApAttributes, DfsState, PhyState, VifState } from "@opensync-ts/target/radio";
import type { PhyOverrides, VifOverrides } from "./contract.ts";
import {
  type DiffContext,
  type Differing,
  type DiffResult,
  diff,
  nothingFound,
  nothingUnderWay,
  requestOf,
} from "./diff.ts";
import { buildConfig } from "./mutators.ts";
import { OverrideStore } from "./overrides.ts";
import { normalizeVifState } from "./state-compare.ts";
import { apVif, channel, linkDown, macNumber, phyState, staVif, wpa2 } from "./testing/fixtures.ts";

interface Observed {
  readonly phys: ReadonlyMap<string, PhyState>;
  readonly vifs: ReadonlyMap<string, VifState>;
}

function observed(phys: readonly PhyState[], vifs: readonly VifState[]): Observed {
  return {
    phys: new Map(phys.map((phy) => [phy.name, phy])),
    vifs: new Map(vifs.map((vif) => [vif.name, normalizeVifState(vif)])),
  };
}

type Opinions = { phys?: Record<string, PhyOverrides>; vifs?: Record<string, VifOverrides> };

function compare(state: Observed, { phys = {}, vifs = {} }: Opinions, context: DiffContext = nothingUnderWay) {
  const overrides = new OverrideStore(() => {});
  for (const [phy, opinion] of Object.entries(phys)) overrides.setPhy(phy, opinion);
  for (const [vif, opinion] of Object.entries(vifs)) {
    overrides.setVif(state.vifs.get(vif)?.phy ?? "", vif, opinion);
  }
  return diff(buildConfig(state, [overrides]).tree, state, context);
}

/** The differences in words, as confsync logs them. */
function words(result: DiffResult): string[] {
  return result.changes.flatMap(({ object, differences }) =>
    differences.map(({ attribute, from, to }) => `${object}: ${attribute}: ${from} -> ${to}`),
  );
}

const objects = (list: readonly Differing[]) => list.map(({ object }) => object);

const attributesOf = (list: readonly Differing[]) =>
  list.flatMap(({ object, differences }) => differences.map(({ attribute }) => `${object}: ${attribute}`));

const reasons = (result: DiffResult) => result.postponed.map(({ object, reason }) => `${object}: ${reason}`);

const home = observed([phyState("wifi0")], [apVif("wifi0", "home-ap-24"), apVif("wifi0", "guest-ap-24")]);
const down = (name: string) => apVif("wifi0", name, {}, { status: "disabled" });

describe("diff", () => {
  it("finds nothing where nobody has an opinion", () => {
    assert.deepEqual(compare(home, {}), nothingFound);
  });

  it("asks for what differs, and for nothing else", () => {
    const result = compare(home, { vifs: { "home-ap-24": { ap: { ssid: "new", bridge: "br-home" } } } });
    assert.deepEqual(words(result), ['wifi0/home-ap-24: ssid: "home" -> "new"']);
    assert.deepEqual(requestOf(result.changes), {
      phys: [{ name: "wifi0", vifs: [{ name: "home-ap-24", ap: { ssid: "new" } }] }],
    });
  });

  it("puts phy and vif changes of one phy into one part", () => {
    const result = compare(home, {
      phys: { wifi0: { txChainmask: 1, txPower: 10 } },
      vifs: { "guest-ap-24": { enabled: false } },
    });
    assert.deepEqual(requestOf(result.changes), {
      phys: [
        {
          name: "wifi0",
          txChainmask: 1,
          vifs: [
            { name: "guest-ap-24", enabled: false },
            { name: "home-ap-24", txPower: 10 },
          ],
        },
      ],
    });
  });

  it("a phy that goes down takes its vifs along, and its other attributes wait", () => {
    const result = compare(home, { phys: { wifi0: { enabled: false, txChainmask: 1, txPower: 10 } } });
    assert.deepEqual(words(result), [
      "wifi0: enabled: true -> false",
      "wifi0/guest-ap-24: enabled: true -> false",
      "wifi0/home-ap-24: enabled: true -> false",
    ]);
  });

  it("a vif that is down and should be is left alone, whatever else differs", () => {
    const state = observed([phyState("wifi0")], [down("home-ap-24")]);
    assert.deepEqual(words(compare(state, { vifs: { "home-ap-24": { ap: { ssid: "new" } } } })), []);
    const off = observed([phyState("wifi0", { enabled: false })], [down("home-ap-24")]);
    const opinions = { phys: { wifi0: { txChainmask: 1 } }, vifs: { "home-ap-24": { enabled: true } } };
    assert.deepEqual(words(compare(off, opinions)), []);
  });

  it("a vif is brought up with all it needs", () => {
    const state = observed([phyState("wifi0")], [down("home-ap-24")]);
    const result = compare(state, { vifs: { "home-ap-24": { enabled: true, ap: { ssid: "new" } } } });
    assert.deepEqual(words(result), [
      "wifi0/home-ap-24: enabled: false -> true",
      'wifi0/home-ap-24: ssid: "home" -> "new"',
    ]);
  });

  it("an unknown status is not argued with, but not taken for up either", () => {
    const state = observed([phyState("wifi0")], [apVif("wifi0", "home-ap-24", {}, { status: "unknown" })]);
    const up = compare(state, { vifs: { "home-ap-24": { enabled: true, ap: { ssid: "new" } } } });
    assert.deepEqual(words(up), ['wifi0/home-ap-24: ssid: "home" -> "new"']);
    assert.deepEqual(attributesOf(up.unverified), ["wifi0/home-ap-24: status"]);
    assert.deepEqual(compare(state, { vifs: { "home-ap-24": { enabled: false } } }).unverified, []);
  });

  it("a broken vif is set right, up or down", () => {
    const state = observed([phyState("wifi0")], [apVif("wifi0", "home-ap-24", {}, { status: "broken" })]);
    for (const enabled of [true, false]) {
      const result = compare(state, { vifs: { "home-ap-24": { enabled } } });
      assert.deepEqual(words(result), [`wifi0/home-ap-24: enabled: broken -> ${enabled}`]);
    }
  });

  it("a vif that is coming up is left alone, and listed", () => {
    const state = observed([phyState("wifi0")], [down("home-ap-24"), apVif("wifi0", "guest-ap-24")]);
    const context = {
      ...nothingUnderWay,
      cac: new Set<string>(),
      comingUp: new Set(["wifi0/home-ap-24", "wifi0/guest-ap-24"]),
    };
    const ap = { ssid: "new" };
    const opinions = { vifs: { "home-ap-24": { enabled: true, ap }, "guest-ap-24": { ap } } };
    const result = compare(state, opinions, context);
    assert.deepEqual(words(result), ['wifi0/guest-ap-24: ssid: "home" -> "new"']);
    assert.deepEqual(objects(result.comingUp), ["wifi0/home-ap-24"]);
  });

  it("knows phys and vifs by what is reported: opinions on others do nothing", () => {
    assert.deepEqual(words(compare(home, { phys: { wifi7: { enabled: false } } })), []);
  });
});

describe("a channel change", () => {
  const to = { phys: { wifi1: { ap: { channel: channel("5G", 44, 80) } } } };
  const at = (number: number, states: Record<number, DfsState> = {}, over: Partial<ApAttributes> = {}) => {
    const base = phyState("wifi1", { band: "5G" });
    const channelStates = base.channelStates.map((state) => ({
      ...state,
      dfs: states[state.control] ?? state.dfs,
    }));
    return observed(
      [{ ...base, channelStates }],
      [apVif("wifi1", "home-ap-50", { channel: channel("5G", number, 80), ...over })],
    );
  };
  const csa = (state: Observed, opinions: Opinions = to) => {
    const [change] = compare(state, opinions).changes;
    assert.ok(change?.vif);
    return change.request.ap?.csaRequired;
  };

  it("of a running AP is announced", () => assert.equal(csa(at(36)), true));

  it("is not announced where the mode changes with it", () => {
    const mode = { he: false };
    assert.equal(csa(at(36), { phys: { wifi1: { ap: { ...to.phys.wifi1.ap, mode } } } }), false);
  });

  it("is not announced by an AP that is down", () => {
    const state = observed(
      [phyState("wifi1", { band: "5G" })],
      [apVif("wifi1", "home-ap-50", { channel: channel("5G", 36, 80) }, { status: "disabled" })],
    );
    assert.equal(csa(state, { ...to, vifs: { "home-ap-50": { enabled: true } } }), false);
  });

  it("is not announced from a channel that must be silent", () => {
    assert.equal(csa(at(52)), false);
    const done = Object.fromEntries([5260, 5280, 5300, 5320].map((control) => [control, "cac_completed" as const]));
    assert.equal(csa(at(52, done)), true);
  });

  it("is named in MHz", () => {
    assert.deepEqual(words(compare(at(36), { phys: { wifi1: { ap: { channel: channel("5G", 40, 40) } } } })), [
      "wifi1/home-ap-50: channel: 5180 (80/5210 0) 0x0 -> 5200 (40/5190 0) 0x0",
    ]);
  });
});

describe("channel availability checks", () => {
  const phy = (dfs: DfsState) =>
    phyState("wifi1", {
      band: "5G",
      channelStates: [
        { control: 5180, dfs: "non_dfs", nolRemaining: 0 },
        { control: 5500, dfs, nolRemaining: 0 },
      ],
    });
  const ch = channel("5G", 100);
  const vifs = ["a", "b"].map((name) => apVif("wifi1", name, { channel: channel("5G", 36) }));
  const moved = { phys: { wifi1: { ap: { channel: ch } } } };

  it("while one runs, no vif of the phy is touched", () => {
    const context = { ...nothingUnderWay, cac: new Set(["wifi1"]), comingUp: new Set<string>() };
    const result = compare(observed([phy("cac_in_progress")], vifs), moved, context);
    assert.deepEqual(words(result), []);
    assert.deepEqual(reasons(result), ["wifi1/a: waits for the CAC of wifi1", "wifi1/b: waits for the CAC of wifi1"]);
  });

  it("the first vif that has one to do goes first, the others wait for it", () => {
    const result = compare(observed([phy("cac_possible")], vifs), moved);
    assert.deepEqual(
      result.changes.map(({ object }) => object),
      ["wifi1/a"],
    );
    assert.deepEqual(reasons(result), ["wifi1/b: waits for a, which has a CAC to do first"]);
  });

  it("a vif that is not there yet, though nothing else differs, holds the others back too", () => {
    const waiting = apVif("wifi1", "a", { channel: ch }, { status: "disabled" });
    const context = { ...nothingUnderWay, cac: new Set<string>(), comingUp: new Set(["wifi1/a"]) };
    const opinions = { ...moved, vifs: { a: { enabled: true } } };
    const result = compare(observed([phy("cac_possible")], [waiting, ...vifs.slice(1)]), opinions, context);
    assert.deepEqual(result.changes, []);
    assert.deepEqual(objects(result.comingUp), ["wifi1/a"]);
    assert.equal(result.postponed.length, 1);
  });

  it("one that is done is not put at risk by two at a time", () => {
    const there = ["a", "b"].map((name) => apVif("wifi1", name, { channel: ch }));
    const result = compare(observed([phy("cac_completed")], there), { phys: { wifi1: { ap: { ssid: "new" } } } });
    assert.deepEqual(
      result.changes.map(({ object }) => object),
      ["wifi1/a"],
    );
    assert.deepEqual(compare(observed([phy("cac_completed")], there), {}).postponed, []);
  });
});

describe("a STA vif", () => {
  const network = {
    ssid: "backhaul",
    bssid: null,
    psk: "a secret of backhaul",
    wpa: wpa2,
    bridge: "",
    multiAp: false,
    priority: 0,
  };
  const phy = phyState("wifi0");

  it("is told its networks and to connect", () => {
    const result = compare(observed([phy], [staVif("wifi0", "bhaul-sta-24")]), {
      vifs: { "bhaul-sta-24": { sta: { networks: [network] } } },
    });
    assert.deepEqual(requestOf(result.changes).phys[0]?.vifs, [
      { name: "bhaul-sta-24", sta: { operation: "connect", networks: [network] } },
    ]);
    assert.doesNotMatch(words(result).join(), /secret/);
  });

  it("comes after the APs of its phy and gives way to their channel change", () => {
    const vifs = [staVif("wifi0", "a-sta", { networks: [network] }), apVif("wifi0", "z-ap")];
    const result = compare(observed([phy], vifs), { vifs: { "z-ap": { ap: { channel: channel("2.4G", 6) } } } });
    assert.deepEqual(
      result.changes.map(({ object }) => object),
      ["wifi0/z-ap", "wifi0/a-sta"],
    );
    assert.equal(words(result)[1], "wifi0/a-sta: operation: disconnected -> disconnect");
  });
});

describe("an ACL", () => {
  it("is asked for whole, with its policy", () => {
    const acl = [macNumber(1), macNumber(2)];
    const result = compare(home, { vifs: { "home-ap-24": { ap: { aclPolicy: "deny", acl } } } });
    assert.deepEqual(requestOf(result.changes).phys[0]?.vifs, [{ name: "home-ap-24", ap: { aclPolicy: "deny", acl } }]);
  });

  it("an empty deny list and none are the same", () => {
    assert.deepEqual(words(compare(home, { vifs: { "home-ap-24": { ap: { aclPolicy: "deny", acl: [] } } } })), []);
  });
});

describe("several BSSIDs that share a beacon", () => {
  it("move together: all of the phy are asked in one pass, and then left alone", () => {
    const opinions = {
      vifs: {
        "guest-ap-24": { ap: { mbssMode: "non_tx_vap" as const } },
        "home-ap-24": { ap: { mbssMode: "tx_vap" as const, ssid: "new" } },
      },
    };
    assert.deepEqual(words(compare(home, opinions)), [
      "wifi0/guest-ap-24: mbss_mode: none -> non_tx_vap",
      'wifi0/home-ap-24: ssid: "home" -> "new"',
      "wifi0/home-ap-24: mbss_mode: none -> tx_vap",
    ]);
    const result = compare(home, opinions, { ...nothingUnderWay, mbss: new Set(["wifi0"]) });
    assert.deepEqual(words(result), []);
    assert.deepEqual(reasons(result), [
      "wifi0/guest-ap-24: waits for the MBSS roles of wifi0",
      "wifi0/home-ap-24: waits for the MBSS roles of wifi0",
    ]);
  });
});

describe("neighbours", () => {
  const neighbors = [{ bssid: macNumber(1), bssidInfo: 0, opClass: 81, channel: 1, phyType: 7 }];
  const opinions = { vifs: { "home-ap-24": { ap: { neighbors, ssid: "new" } } } };

  it("are told to stations, but not while a CAC runs on any phy", () => {
    assert.equal(compare(home, opinions).changes[0]?.differences.length, 2);
    const result = compare(home, opinions, { ...nothingUnderWay, cac: new Set(["wifi1"]) });
    assert.deepEqual(words(result), ['wifi0/home-ap-24: ssid: "home" -> "new"']);
    assert.deepEqual(reasons(result), ["wifi0/home-ap-24: waits for the CAC of wifi1"]);
  });
});

describe("what a driver does not do", () => {
  const opinions = { vifs: { "home-ap-24": { ap: { ssid: "new", isolated: true } } } };

  it("is withheld, and nothing else", () => {
    const withholds: DiffContext["withholds"] = (object, { attribute }) =>
      object === "wifi0/home-ap-24" && attribute === "ssid";
    const result = compare(home, opinions, { ...nothingUnderWay, withholds });
    assert.deepEqual(words(result), ["wifi0/home-ap-24: isolated: false -> true"]);
    assert.deepEqual(requestOf(result.changes).phys[0]?.vifs, [{ name: "home-ap-24", ap: { isolated: true } }]);
    assert.deepEqual(attributesOf(result.withheld), ["wifi0/home-ap-24: ssid"]);
  });

  it("does not hold others back: a vif that never comes up has no CAC to do", () => {
    const phy = phyState("wifi1", {
      band: "5G",
      channelStates: [{ control: 5500, dfs: "cac_possible", nolRemaining: 0 }],
    });
    const waiting = ["a", "b"].map((name) =>
      apVif("wifi1", name, { channel: channel("5G", 100) }, { status: "disabled" }),
    );
    const state = observed([phy], waiting);
    const up = { vifs: { a: { enabled: true }, b: { enabled: true } } };
    const one = compare(state, up);
    assert.deepEqual(objects(one.changes), ["wifi1/a"]);
    const withheld = compare(state, up, { ...nothingUnderWay, withholds: (object) => object === "wifi1/a" });
    assert.deepEqual(objects(withheld.changes), ["wifi1/b"]);
    const refusing = compare(state, up, { ...nothingUnderWay, refusing: new Set(["wifi1"]) });
    assert.deepEqual(objects(refusing.changes), ["wifi1/a", "wifi1/b"]);
  });
});

describe("the links of a multi-link device", () => {
  const mld = { addr: macNumber(50), ifName: "bhaul-mld" };
  const network = { ssid: "up", bssid: null, psk: "12345678", wpa: wpa2, bridge: "", multiAp: false, priority: 0 };
  const link = (phy: string, connected: boolean, networks = [network]) =>
    staVif(phy, `${phy}-sta`, {
      networks,
      mld,
      link: connected ? { ...linkDown, status: "connected", ssid: "up" } : linkDown,
    });
  const phys = [phyState("wifi0"), phyState("wifi1", { band: "5G" })];
  const operations = (...vifs: readonly VifState[]) =>
    compare(observed(phys, vifs), {}).changes.map(({ object, request }) => [object, "sta" in request && request.sta]);

  it("connect together, also one that is connected", () => {
    assert.deepEqual(operations(link("wifi0", true), link("wifi1", false)), [
      ["wifi1/wifi1-sta", { operation: "connect" }],
      ["wifi0/wifi0-sta", { operation: "connect" }],
    ]);
  });

  it("disconnect together, whatever they would do by themselves", () => {
    const other = { ...network, ssid: "other" };
    assert.deepEqual(operations(link("wifi0", true, [other]), link("wifi1", false)), [
      ["wifi0/wifi0-sta", { operation: "disconnect" }],
      ["wifi1/wifi1-sta", { operation: "disconnect" }],
    ]);
  });

  it("are left alone when all are as they should be, and when they are of different devices", () => {
    assert.deepEqual(operations(link("wifi0", true), link("wifi1", true)), []);
    const stranger = link("wifi1", false);
    assert.ok(stranger.type === "sta");
    const elsewhere: VifState = { ...stranger, sta: { ...stranger.sta, mld: { ...mld, addr: macNumber(51) } } };
    assert.equal(operations(link("wifi0", true), elsewhere).length, 1);
  });
});
