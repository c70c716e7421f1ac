import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import { deviceModel, type RadioModel } from "@opensync-ts/target-sim/models";
import type { SteeringAction } from "@opensync-ts/wireless/steering/decide";
import { type ClientSettings, defaultSettings } from "@opensync-ts/wireless/steering/settings";
import { Steering } from "@opensync-ts/wireless/steering/steering";
import type { ClientSpec } from "@opensync-ts/world/spec";
import { type HomePlan, network } from "../bench/steering/home-plan.ts";
import { startHome } from "../bench/steering/live-home.ts";
import { neighborsOf } from "../bench/steering/ours.ts";

const multi = mac("0a:00:00:00:00:01");
const single = mac("0a:00:00:00:00:02");
const second = 1_000;

/** The access points of the gateway on these bands are links of one device. */
function linked(...suffixes: readonly string[]) {
  return (radios: readonly RadioModel[]): readonly RadioModel[] =>
    radios.map((radio) => {
      if (radios.length < deviceModel("gateway").radios.length || !suffixes.includes(radio.suffix)) return radio;
      return { ...radio, generation: "be", mlds: { [`home-ap-${radio.suffix}`]: { ifName: "home-mld" } } };
    });
}

const here = { x: 3, y: 2 };

function plan(role: Partial<ClientSpec>): HomePlan {
  const common = { place: here, networks: [network], traffic: "none" } as const;
  return {
    seed: 1,
    walkers: 0,
    nodes: [
      { id: "gw", model: "gateway", place: { x: 1, y: 2 }, channel24: 1, channel50: 36 },
      { id: "ext1", model: "extender", place: { x: 12, y: 2 }, channel24: 6, channel50: 149 },
    ],
    spec: {
      walls: [],
      clients: [
        { name: "multi", mac: multi, device: "laptop-wifi7", ...common, ...role },
        { name: "single", mac: single, device: "laptop", habits: { bandPreference: { "2.4G": 60 } }, ...common },
      ],
    },
  };
}

interface Options {
  readonly links?: readonly string[];
  readonly role?: Partial<ClientSpec>;
}

async function steered(settings: Partial<ClientSettings>, { links = ["50", "60"], role = {} }: Options = {}) {
  const home = await startHome(plan(role), { equipped: linked(...links) });
  const { clock, world, nodes, log } = home;
  await clock.advance(20 * second);
  const actions: { readonly station: Mac; readonly action: SteeringAction }[] = [];
  const refused = new Set<Mac>();
  const steerings = nodes.map((node) => {
    const steering = new Steering({ clock, log, wireless: node.wireless });
    // What the node does that has them, and no other could do anything to.
    if (node.id === "gw") steering.events.on("action", ({ station, action }) => actions.push({ station, action }));
    return steering;
  });
  const apply = (
    row: Partial<ClientSettings>,
    clients: readonly Mac[] = [multi, single],
    more: readonly string[] = [],
  ) =>
    nodes.forEach((node, index) => {
      steerings[index]?.apply({
        groups: [{ id: node.id, vifs: [...node.radios.map(({ suffix }) => `home-ap-${suffix}`), ...more] }],
        clients: clients.map((one) => ({ ...defaultSettings(one), ...row, ended: false })),
        neighbors: neighborsOf(home, node.id),
      });
    });
  apply(settings);
  return {
    ...{ home, world, clock, apply, refused },
    /** `gw/home-ap-50`, sorted. */
    links: (station = multi) =>
      (world.client(station)?.association?.links ?? [])
        .map((bssid) => `${world.bss(bssid)?.site}/${world.bss(bssid)?.name}`)
        .sort(),
    of: (station: Mac) => actions.filter((one) => one.station === station).map(({ action }) => action),
    /** How often the client was without service. */
    outages: () => world.client(multi)?.service.outages ?? 0,
    async pass(seconds: number) {
      for (let passed = 0; passed < seconds; passed++) {
        await clock.advance(second);
        for (const { bss, node } of home.bsses)
          if (node === "gw") for (const one of world.bss(bss.bssid)?.acl.macs ?? []) refused.add(one);
      }
    },
    [Symbol.dispose]() {
      for (const steering of steerings) steering.stop();
      home.stop();
    },
  };
}

const kicks = (actions: readonly SteeringAction[]) => actions.filter(({ type }) => type === "btm" || type === "deauth");
const lowBands = { habits: { bandPreference: { "2.4G": 30, "5G": 20, "6G": -60 } } };
const both = ["gw/home-ap-50", "gw/home-ap-60"];
const always = { accept: 1, ignore: 0, stays: 0, elsewhere: 0 };
const never = { accept: 0, ignore: 1, honoursImminent: false };

describe("a client with links on several radios", () => {
  for (const [title, settings, options] of [
    // It could go to 6 GHz.
    ["to 5 GHz and above", { hwm: 100 }, { links: ["24", "50"], role: lowBands }],
    ["to 2.4 GHz", { lwm: 1 }, {}],
    ["before association", { pref5g: "always", pref6g: "always" }, { links: ["24", "50", "60"] }],
  ] as const) {
    it(`is not steered ${title}, nor refused on any of them`, async () => {
      using home = await steered({}, options);
      const before = home.links();
      assert.equal(before.length, 2);
      const outages = home.outages();
      home.apply(settings);
      await home.pass(300);
      assert.deepEqual(kicks(home.of(multi)), []);
      assert.deepEqual(home.links(), before);
      assert.equal(home.outages(), outages);
      // Drivers match addresses of links: where access points are links of a device, nobody is refused.
      assert.deepEqual([...home.refused], []);
    });
  }

  it("does not keep a client with one link beside it from being steered", async () => {
    using home = await steered({}, { links: ["24", "50"], role: { bands: ["2.4G", "5G"] } });
    assert.deepEqual(home.links(single), ["gw/home-ap-24"]);
    home.apply({ hwm: 100 });
    await home.pass(60);
    assert.deepEqual(home.links(single), ["gw/home-ap-50"]);
    assert.deepEqual(home.links(), ["gw/home-ap-24", "gw/home-ap-50"]);
  });

  it("is not steered for a signal that has become weak", async () => {
    using home = await steered({ lwm: 40 }, { role: { habits: { roamBelow: -90 } } });
    await home.pass(20);
    home.world.moveClient(multi, { x: 1, y: 30 });
    home.world.moveClient(single, { x: 1, y: 30 });
    await home.pass(120);
    assert.deepEqual(kicks(home.of(multi)), []);
    assert.deepEqual(home.links(), both);
    assert.notDeepEqual(kicks(home.of(single)), []);
  });

  it("is asked over all of them at once by force_kick, and not sent from one to another", async () => {
    using home = await steered({}, { links: ["24", "50", "60"], role: { transition: always } });
    assert.deepEqual(home.links(), both);
    home.apply({ forceKick: "speculative" });
    await home.pass(60);
    const [asked, ...more] = kicks(home.of(multi));
    assert.ok(asked?.type === "btm");
    assert.deepEqual(more, []);
    assert.deepEqual(asked.links.map(({ vif }) => vif).sort(), ["home-ap-50", "home-ap-60"]);
    const sites = asked.candidates.map(({ bssid }) => home.world.bss(bssid)?.site);
    assert.deepEqual([...new Set(sites)], ["ext1"]);
    assert.equal(home.links().length, 1);
    assert.match(home.links()[0] ?? "", /^ext1/);
    assert.equal(home.refused.has(multi), false);
  });

  it("loses all of them together when it is deauthenticated after requests in vain, and is served again soon", async () => {
    using home = await steered({}, { role: { transition: never } });
    const seen = new Set<number>();
    const outages = home.outages();
    home.world.events.on("disassociated", ({ mac: station }) => {
      if (station === multi) seen.add(home.links().length);
    });
    home.apply({ forceKick: "speculative" });
    await home.pass(60);
    const deauths = home.of(multi).filter(({ type }) => type === "deauth");
    assert.ok(deauths.length >= 1 && deauths.length <= 2, `${deauths.length}`);
    assert.deepEqual([...seen], [0]);
    assert.equal(home.outages(), outages + deauths.length);
    assert.equal(home.links().length, 2);
    assert.equal(home.refused.has(multi), false);
  });

  it("keeps its other link when the access point of one goes down, and is not sent away", async () => {
    using home = await steered({});
    assert.deepEqual(home.links(), both);
    const main = home.world.client(multi)?.association?.bssid;
    const [gateway] = home.home.nodes;
    const other = gateway?.radios.find(({ suffix }) =>
      home.home.bsses.some(
        ({ bss, node }) => node === "gw" && bss.vif === `home-ap-${suffix}` && bss.bssid !== main && suffix !== "24",
      ),
    );
    assert.ok(gateway && other);
    const state = gateway.wireless.state.vifs.get(`home-ap-${other.suffix}`);
    assert.ok(state?.type === "ap");
    const { ssid, psks, channel, wpa, mode } = state.ap;
    gateway.wireless.overrides.setVif(other.phy, state.name, {
      enabled: false,
      ap: { ssid, psks, channel, wpa, mode },
    });
    await home.pass(60);
    assert.equal(home.links().length, 1);
    assert.deepEqual(kicks(home.of(multi)), []);
  });
});

describe("the backhaul station of another node", () => {
  it("is not steered, whatever its row says", async () => {
    using home = await steered({}, { links: [] });
    const [gateway, extender] = home.home.nodes;
    assert.ok(gateway && extender);
    const own = gateway.wireless.state.vifs.get("home-ap-24");
    assert.ok(own?.type === "ap");
    const { wpa, mode, channel } = own.ap;
    const psk = "backhaul key";
    const parent = {
      ssid: "backhaul",
      psks: [{ keyId: 1, psk }],
      wpa,
      mode,
      channel,
      multiAp: "backhaul_bss",
    } as const;
    gateway.wireless.overrides.setVif("wifi0", "bhaul-ap-24", { enabled: true, ap: parent });
    const uplink = { ssid: "backhaul", bssid: null, psk, wpa, bridge: "br-home", multiAp: true, priority: 0 };
    extender.wireless.overrides.setVif("wifi0", "bhaul-sta-24", { enabled: true, sta: { networks: [uplink] } });
    await home.pass(20);
    const station = extender.wireless.state.vifs.get("bhaul-sta-24")?.mac;
    assert.ok(station);
    assert.deepEqual(home.links(station), ["gw/bhaul-ap-24"]);
    const since = home.world.client(station)?.association?.since;
    const kick = { ...defaultSettings(station).sticky, debounce: 0, guard: 0 };
    const row = {
      hwm: 1,
      lwm: 1,
      bottomLwm: 100,
      pref5g: "always",
      pref6g: "always",
      steering: kick,
      sticky: kick,
    } as const;
    for (const more of [
      {},
      { forceKick: "speculative" },
      { clientSteering: { mode: "away", band: null, period: 600_000, round: 1 } },
    ] as const) {
      home.apply({ ...row, ...more }, [station], ["bhaul-ap-24"]);
      await home.pass(60);
      assert.deepEqual(home.of(station), []);
      assert.equal(home.world.client(station)?.association?.since, since);
    }
    // Nor is it kept from coming back by a row that finds it gone.
    const uplinked = async (enabled: boolean) => {
      extender.wireless.overrides.setVif("wifi0", "bhaul-sta-24", { enabled, sta: { networks: [uplink] } });
      await home.pass(10);
    };
    await uplinked(false);
    assert.deepEqual(home.links(station), []);
    const clientSteering = { mode: "away", band: null, period: 600_000, round: 2 } as const;
    home.apply({ ...row, clientSteering }, [station], ["bhaul-ap-24"]);
    await home.pass(5);
    await uplinked(true);
    assert.deepEqual(home.links(station), ["gw/bhaul-ap-24"]);
  });
});
