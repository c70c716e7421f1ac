/** A simulated home as the cloud's API tells it, at this moment. */

import type { Clock } from "@opensync-ts/base/clock";
import type { SimulationView } from "@opensync-ts/cloud/api/host";
import type { DeviceState } from "@opensync-ts/node/device";
import { channelNumber } from "@opensync-ts/target/channels";
import type { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { wanStates } from "@opensync-ts/target-sim/network/wan";
import type { SimTarget } from "@opensync-ts/target-sim/sim-target";
import { uplinkState } from "@opensync-ts/target-sim/simulated-uplink";
import type { Place } from "@opensync-ts/world/geometry";
import type { WorldSnapshot } from "@opensync-ts/world/snapshot";
import type { World } from "@opensync-ts/world/world";
import type { Bounds } from "./home-plan.ts";
import type { JoinedClients } from "./joined-clients.ts";

export interface Jam {
  readonly channel: number;
  readonly airtimePercent: number;
}

/** A node, with what it is made of while it is up. */
export interface ShownNode {
  readonly id: string;
  readonly role: string;
  readonly place: Place;
  readonly state: DeviceState;
  readonly target: SimTarget | undefined;
  /** By radio. */
  readonly jams: ReadonlyMap<string, Jam>;
}

export interface ShownHome {
  readonly world: World;
  readonly fabric: Fabric;
  readonly nodes: readonly ShownNode[];
  readonly bounds: Bounds;
  readonly walkingSpeed: number;
  readonly clock: Clock;
  readonly joined: Pick<JoinedClients, "view">;
}

type NodeView = SimulationView["nodes"][number];

const powers = { UP: "up", BOOTING: "booting", GOING_DOWN: "going-down", OFF: "off" } as const;

export function homeView({ world, fabric, nodes, bounds, walkingSpeed, clock, joined }: ShownHome): SimulationView {
  const snapshot = world.snapshot();
  return {
    walls: world.walls.map(({ from, to, material }) => ({ from, to, material })),
    bounds,
    walkingSpeed,
    cloud: fabric.cloud,
    nodes: nodes.map((node) => nodeView(node, snapshot, clock)),
    clients: clientViews(world, snapshot, joined),
  };
}

function nodeView({ id, role, place, state, target, jams }: ShownNode, air: WorldSnapshot, clock: Clock): NodeView {
  const common = { node: id, role, place: flat(place), power: powers[state] };
  if (!target) return { ...common, uplink: null, radios: [], faults: [] };
  const { uplink, faults } = target;
  return {
    ...common,
    uplink: {
      kind: uplink.wireless ? "wifi" : "cable",
      state: uplinkState(uplink),
      can: uplink.wireless ? ["ok", "line"] : wanStates.filter((each) => each !== "internet" || uplink.wan.hasProvider),
    },
    radios: radioViews(id, target, air, jams),
    faults: faults.active().map((fault) => ({
      id: fault.id,
      scenario: fault.name,
      radio: fault.phy ?? null,
      interface: fault.vif ?? null,
      until: fault.until === null ? null : new Date(clock.wallTime() + fault.until - clock.now()).toISOString(),
    })),
  };
}

function radioViews(site: string, { radio }: SimTarget, { bsses }: WorldSnapshot, jams: ShownNode["jams"]) {
  return radio.phyNames().map((name) => {
    const state = radio.phyState(name);
    const interfaces = radio.vifNamesOf(name);
    const bss = bsses.find((each) => each.site === site && interfaces.includes(each.name));
    const channels = state?.channelStates ?? [];
    const numbers = (of: typeof channels) => of.map(({ control }) => channelNumber(control));
    return {
      radio: name,
      band: state?.capabilities.band ?? bss?.band ?? "",
      channel: bss ? channelNumber(bss.control) : null,
      widthMhz: bss?.width ?? null,
      channels: numbers(channels),
      radarChannels: state?.radar === "enabled" ? numbers(channels.filter(({ dfs }) => dfs !== "non_dfs")) : [],
      closedChannels: numbers(channels.filter(({ dfs }) => dfs === "nol")),
      interfaces: [...interfaces],
      jam: jams.get(name) ?? null,
    };
  });
}

function clientViews(
  world: World,
  { clients, bsses }: WorldSnapshot,
  joined: ShownHome["joined"],
): SimulationView["clients"] {
  const channels = new Map(bsses.map(({ bssid, control }) => [bssid, channelNumber(control)]));
  return clients
    .filter(({ partOf }) => partOf === null)
    .map(({ mac, name, place, state, link }) => {
      const walkingTo = world.client(mac)?.walkingTo ?? null;
      return {
        ...{ mac, name, place: flat(place), walkingTo: walkingTo && flat(walkingTo), state },
        joined: joined.view(mac),
        link: link && {
          ...{ node: link.site, ssid: link.ssid, band: link.band, channel: channels.get(link.bssid) ?? 0 },
          ...{ rssiDbm: link.rssi, snrDb: link.snr, rateMbps: link.rate },
        },
      };
    });
}

function flat({ x, y, z = 0 }: Place) {
  return { x, y, z };
}
