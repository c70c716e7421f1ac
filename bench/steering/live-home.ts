/**
 * A home at work on virtual time: each node is the wireless core (`startWireless`: confsync, statistics, the ACL of steering) on
 * the driver of a simulated device. Nodes have a wired backhaul. What is left out of a whole node is the database.
 */

import { VirtualClock } from "@opensync-ts/base/clock";
import { disabledLevels, Log } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import { channelOf } from "@opensync-ts/target/channels";
import type { Band, Neighbor } from "@opensync-ts/target/radio";
import { FaultSwitch } from "@opensync-ts/target-sim/faults";
import { interfaceMac } from "@opensync-ts/target-sim/identity";
import { deviceModel, type RadioModel } from "@opensync-ts/target-sim/models";
import { SimRadioDriver } from "@opensync-ts/target-sim/radio-driver";
import { regulationOf } from "@opensync-ts/target-sim/regulatory";
import type { ApOverrides, Wireless } from "@opensync-ts/wireless/contract";
import { ownBss } from "@opensync-ts/wireless/steering/bss-table";
import type { Bss } from "@opensync-ts/wireless/steering/model";
import { startWireless } from "@opensync-ts/wireless/wireless";
import { World } from "@opensync-ts/world/world";
import { type HomePlan, type NodePlan, network } from "./home-plan.ts";

export interface LiveNode {
  readonly id: string;
  readonly wireless: Wireless;
  readonly driver: SimRadioDriver;
  readonly faults: FaultSwitch;
  readonly radios: readonly RadioModel[];
}

export interface LiveHome {
  readonly plan: HomePlan;
  readonly clock: VirtualClock;
  readonly log: Log;
  readonly world: World;
  readonly nodes: readonly LiveNode[];
  /** The home's BSSs, each with its node; they stay as they are. */
  readonly bsses: readonly { readonly node: string; readonly bss: Bss }[];
  /** The clients of a vacant home come. */
  populate(): void;
  stop(): void;
}

/** Time for the access points to come up. */
export const startTime = 2_000;

interface HomeOptions {
  /** Without clients, until `populate`. */
  readonly vacant?: boolean;
  /** Other radios than those of its model for a node. */
  readonly equipped?: (radios: readonly RadioModel[]) => readonly RadioModel[];
}

export async function startHome(
  plan: HomePlan,
  { vacant = false, equipped = (radios) => radios }: HomeOptions = {},
): Promise<LiveHome> {
  const clock = new VirtualClock();
  const log = Log.create({ name: "bench", sink: () => {}, levels: disabledLevels, wallTime: () => clock.wallTime() });
  const { clients, ...empty } = plan.spec;
  const world = new World({ clock, seed: plan.seed, spec: vacant ? empty : plan.spec });
  const random = new SeededRandom(`drivers ${plan.seed}`);
  const nodes = plan.nodes.map((node): LiveNode => {
    world.addSite(node.id, node.place);
    const radios = equipped(deviceModel(node.model).radios);
    const faults = new FaultSwitch({ random: random.fork(node.id), clock });
    const driver = new SimRadioDriver({
      ...{ world, clock, site: node.id, radios, faults },
      macOf: (index) => interfaceMac(node.id, index),
      mldAddress: () => interfaceMac(`${node.id} mld`, 0),
      regulation: regulationOf("US"),
    });
    return { id: node.id, driver, faults, radios, wireless: startWireless({ drivers: [driver], clock, log }) };
  });
  nodes.forEach((node, index) => {
    const made = plan.nodes[index];
    if (made) configure(node, made, []);
  });
  await clock.advance(startTime / 2);
  const bsses = nodes.flatMap(({ id, wireless }) =>
    [...wireless.state.vifs.values()].flatMap((vif) => {
      const bss = vif.name.startsWith("home-ap-") ? ownBss(vif, { leaving: false, load: null }) : null;
      return bss ? [{ node: id, bss }] : [];
    }),
  );
  nodes.forEach((node, index) => {
    const made = plan.nodes[index];
    if (made)
      configure(
        node,
        made,
        bsses.map(({ bss }) => neighborOf(bss)),
      );
  });
  await clock.advance(startTime / 2);
  return {
    ...{ plan, clock, log, world, nodes, bsses },
    populate() {
      for (const client of clients) world.addClient(client);
    },
    stop() {
      for (const { wireless, driver } of nodes) {
        wireless.stop();
        driver.close();
      }
      world.close();
    },
  };
}

/** 802.11k neighbour lists name all BSSs of the home, whoever steers. */
function configure({ wireless, radios }: LiveNode, plan: NodePlan, neighbors: readonly Neighbor[]): void {
  wireless.overrides.batch(() => {
    for (const { phy, suffix, band, generation } of radios)
      wireless.overrides.setVif(phy, `home-ap-${suffix}`, {
        enabled: true,
        ap: {
          ...access(band, plan, generation),
          neighbors: neighbors.toSorted((a, b) => (a.bssid < b.bssid ? -1 : 1)),
        },
      });
  });
}

function access(band: Band, { channel24, channel50 }: NodePlan, generation: RadioModel["generation"]): ApOverrides {
  const below6 = band !== "6G";
  const wanted =
    band === "2.4G"
      ? ({ band, number: channel24, width: 20 } as const)
      : band === "5G"
        ? ({ band, number: channel50, width: 80 } as const)
        : ({ band, number: 37, width: 160 } as const);
  const channel = channelOf(wanted);
  if (!channel) throw new Error(`no channel ${band} ${wanted.number}`);
  return {
    ...{ ssid: network.ssid, psks: [{ keyId: 1, psk: network.psk }], channel },
    wpa: {
      ...{ rsn: true, pairwise: ["ccmp"], pmf: below6 ? "optional" : "required" },
      akm: below6 ? ["psk", "sae"] : ["sae"],
    },
    mode: {
      ...{ wnmBssTransition: true, rrmNeighborReport: true, wmm: true },
      ...{ ht: below6, vht: below6, he: true, eht: generation === "be" },
    },
  };
}

function neighborOf({ bssid, opClass, channel }: { bssid: Mac; opClass: number; channel: number }): Neighbor {
  return { bssid, bssidInfo: 0x8f, opClass, channel, phyType: 0 };
}
