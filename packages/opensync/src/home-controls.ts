/** What somebody can do to a simulated home while it runs: send clients around, break and mend things. */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { parseMac } from "@opensync-ts/base/units";
import type { FaultScenarioView, SimulatedHome, SimulationView } from "@opensync-ts/cloud/api/host";
import { SimulationRefusal } from "@opensync-ts/cloud/api/simulation-refusal";
import type { Device } from "@opensync-ts/node/device";
import { channelFrequency } from "@opensync-ts/target/channels";
import { faultScenarios, startScenario } from "@opensync-ts/target-sim/fault-scenarios";
import type { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { hostnameOf } from "@opensync-ts/target-sim/network/host-identity";
import type { SimTarget } from "@opensync-ts/target-sim/sim-target";
import { setUplink } from "@opensync-ts/target-sim/simulated-uplink";
import type { Place } from "@opensync-ts/world/geometry";
import type { World } from "@opensync-ts/world/world";
import { homeView, type Jam } from "./home-controls-view.ts";
import { type Bounds, boundsOf, outside, placeBeside } from "./home-plan.ts";
import { JoinedClients } from "./joined-clients.ts";

/** Metres per second. */
const walkingSpeed = 1.4;
/** Of what jams a channel. */
const jamDbm = 20;

export interface ControlledNode {
  readonly id: string;
  readonly role: string;
  readonly place: Place;
  /** Undefined: it has not been up yet. */
  readonly device: () => Pick<Device, "state" | "control"> | undefined;
  /** Of its last boot. */
  readonly target: () => SimTarget | undefined;
}

export interface HomeControlsOptions {
  readonly world: World;
  readonly fabric: Fabric;
  readonly nodes: readonly ControlledNode[];
  readonly clock: Clock;
}

type Goal = Parameters<SimulatedHome["walk"]>[1];
type Order = Parameters<SimulatedHome["startFault"]>[1];

export class HomeControls implements SimulatedHome {
  readonly #options: HomeControlsOptions;
  /** By node, then by radio. One of each radio is the bound. */
  readonly #jams = new Map<string, Map<string, Jam>>();
  readonly #joined: JoinedClients;

  constructor(options: HomeControlsOptions) {
    this.#options = options;
    this.#joined = new JoinedClients(options.world, options.fabric);
  }

  view(): SimulationView {
    const { world, fabric, nodes, clock } = this.#options;
    const shown = nodes.map((node) => {
      const state = node.device()?.state ?? "BOOTING";
      return { ...node, state, target: targetOf(node), jams: this.#jams.get(node.id) ?? new Map<string, Jam>() };
    });
    return homeView({ world, fabric, clock, walkingSpeed, bounds: this.#bounds(), nodes: shown, joined: this.#joined });
  }

  scenarios(): readonly FaultScenarioView[] {
    // Radar has a way of its own.
    const others = faultScenarios.filter(({ name }) => name !== "radar");
    return others.map(({ name, description, parameters, concerns, faults }) => ({
      scenario: name,
      description,
      isOnce: faults === undefined,
      concerns: concerns === "device" ? "node" : (concerns ?? (faults === undefined ? "radio" : "interface")),
      parameters: parameters.map((parameter) => ({ ...parameter })),
    }));
  }

  walk(mac: string, to: Goal): void {
    const { world } = this.#options;
    const address = parseMac(mac);
    const client = address && world.client(address);
    if (!client || client.device.site !== null) throw new SimulationRefusal("path.mac", "is no client of this home");
    world.walkClient(client.device.mac, this.#goal(to, client.place), walkingSpeed);
  }

  join({ to, ...order }: Parameters<SimulatedHome["join"]>[0]) {
    const { left, bottom } = this.#bounds();
    const name = order.name.trim();
    const mac = this.#joined.join({ ...order, name }, this.#goal(to, { x: left, y: bottom }));
    return { mac, hostname: hostnameOf(name) };
  }

  leave(mac: string): void {
    const address = parseMac(mac);
    if (!address || !this.#joined.leave(address))
      throw new SimulationRefusal("path.mac", "is no client that came while the home ran");
  }

  setUplink(node: string, state: Parameters<SimulatedHome["setUplink"]>[1]): void {
    const { uplink } = this.#up(node);
    refusing("body.state", () => setUplink(uplink, state));
  }

  setCloud(state: Parameters<SimulatedHome["setCloud"]>[0]): void {
    this.#options.fabric.cloud = state;
  }

  power(node: string, event: Parameters<SimulatedHome["power"]>[1]): void {
    const device = this.#node(node).device();
    const isUp = device?.state === "UP";
    if (!device || !(isUp || (event === "power-cut" && device.state === "BOOTING"))) throw notUp();
    if (event === "power-cut") device.control.powerCut();
    else device.control.reboot("asked for in the simulation");
  }

  radar(node: string, radio: string, channel: number): void {
    const target = this.#up(node);
    const { frequency, state } = channelAt(target, radio, channel);
    const guarded = state?.channelStates.find(({ control }) => control === frequency)?.dfs ?? "non_dfs";
    if (state?.radar !== "enabled" || guarded === "non_dfs") {
      throw new SimulationRefusal("body.channel", "is a channel on which this radio listens for no radar");
    }
    if (guarded === "nol") throw new SimulationRefusal("body.channel", "is closed already; wait half an hour");
    target.radio.radar(radio, frequency);
  }

  jam(node: string, radio: string, jam: Jam | null): void {
    const { world } = this.#options;
    const { place } = this.#node(node);
    const jams = this.#jams.get(node) ?? new Map<string, Jam>();
    // Longer than a home file's names may be.
    const name = `on purpose, beside a node of the home: ${node} ${radio}`;
    if (jam === null) {
      if (!jams.delete(radio)) throw new SimulationRefusal("path.radio", "is not jammed");
      world.removeInterferer(name);
      return;
    }
    const { band, frequency } = channelAt(this.#up(node), radio, jam.channel);
    const beside = { ...place, x: place.x + 1 };
    refusing("body", () =>
      world.putInterferer({
        ...{ name, place: beside, band, segments: [frequency], power: jamDbm, airtime: jam.airtimePercent / 100 },
      }),
    );
    jams.set(radio, jam);
    this.#jams.set(node, jams);
  }

  startFault(node: string, order: Order): number | null {
    const target = this.#up(node);
    const { scenario, radio, interface: vif, seconds, values } = order;
    const known = this.scenarios().find((each) => each.scenario === scenario);
    if (!known) throw new SimulationRefusal("body.scenario", "is no scenario; GET simulation/scenarios lists them");
    if (radio !== undefined && !target.radio.phyNames().includes(radio)) {
      throw new SimulationRefusal(
        "body.radio",
        `is no radio of this node; it has ${target.radio.phyNames().join(", ")}`,
      );
    }
    for (const name of Object.keys(values)) {
      if (!known.parameters.some((each) => each.name === name))
        throw new SimulationRefusal("body.values", `has a member that '${scenario}' does not know; remove it`);
    }
    return refusing(vif === undefined ? "body.values" : "body", () =>
      startScenario(target, {
        ...{ scenario, values },
        ...(radio === undefined ? {} : { phy: radio }),
        ...(vif === undefined ? {} : { vif }),
        ...(seconds === undefined ? {} : { duration: seconds * 1000 }),
      }),
    );
  }

  clearFault(node: string, fault: number): void {
    if (this.#up(node).faults.switchOff(fault)) return;
    throw new SimulationRefusal("path.fault", "is not on");
  }

  #bounds(): Bounds {
    const { world, nodes } = this.#options;
    const clients = world.clients().flatMap(({ device }) => [device.place, ...waypoints(device.walk)]);
    return boundsOf(world.walls, [...nodes.map(({ place }) => place), ...clients]);
  }

  /** Of one who comes from a place. */
  #goal(to: Goal, from: Place): Place {
    if ("node" in to) {
      const { nodes } = this.#options;
      const node = nodes.find(({ id }) => id === to.node);
      if (!node) throw new SimulationRefusal("body.to.node", `is no node of this home; there are ${named(nodes)}`);
      return placeBeside(node.place, from);
    }
    const wrong = outside(this.#bounds(), to);
    if (wrong) throw new SimulationRefusal(`body.to.${wrong.member}`, wrong.reason);
    return { x: to.x, y: to.y, z: from.z ?? 0 };
  }

  #node(id: string): ControlledNode {
    const { nodes } = this.#options;
    const node = nodes.find((each) => each.id === id);
    if (!node) throw new SimulationRefusal("path.node", `is no node of this home; there are ${named(nodes)}`);
    return node;
  }

  #up(id: string): SimTarget {
    const target = targetOf(this.#node(id));
    if (!target) throw notUp();
    return target;
  }
}

/** Undefined: it is not up. */
function targetOf({ device, target }: ControlledNode): SimTarget | undefined {
  return device()?.state === "UP" ? target() : undefined;
}

function notUp(): SimulationRefusal {
  return new SimulationRefusal("node", "is not up; wait until it has booted");
}

function channelAt({ radio: driver }: SimTarget, radio: string, channel: number) {
  const radios = driver.phyNames();
  if (!radios.includes(radio)) {
    throw new SimulationRefusal("path.radio", `is no radio of this node; it has ${radios.join(", ")}`);
  }
  const state = driver.phyState(radio);
  if (!state) throw new SimulationRefusal("radio", "is not there: its driver is down; try again in a moment");
  const { band } = state.capabilities;
  const frequency = channelFrequency(band, channel);
  const isThere = frequency !== null && state.channelStates.some(({ control }) => control === frequency);
  if (!isThere) throw new SimulationRefusal("body.channel", `is no channel that this radio (${band}) has`);
  return { band, frequency, state };
}

/** What the simulation refuses, as a refusal that names the field. */
function refusing<T>(field: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new SimulationRefusal(field, `is refused: ${messageOf(error)}`);
  }
}

function waypoints(walk: { readonly waypoints: readonly { readonly place: Place }[] } | null): readonly Place[] {
  return walk?.waypoints.map(({ place }) => place) ?? [];
}

function named(nodes: readonly { readonly id: string }[]): string {
  return nodes.map(({ id }) => id).join(", ");
}
