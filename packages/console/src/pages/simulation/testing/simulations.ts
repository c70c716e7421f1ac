/** For tests: simulated homes. */

import type { SimulatedClient, SimulatedNode, Simulation } from "../plan.ts";

export function aClient(parts: Partial<SimulatedClient> = {}): SimulatedClient {
  return {
    mac: "02:00:00:00:01:02",
    name: "phone",
    place: { x: 5, y: 5, z: 0 },
    walkingTo: null,
    state: "searching",
    link: null,
    joined: null,
    ...parts,
  };
}

export function aRadio(parts: Partial<SimulatedNode["radios"][number]> = {}): SimulatedNode["radios"][number] {
  return {
    radio: "wifi1",
    band: "5G",
    channel: 36,
    widthMhz: 80,
    channels: [36, 40, 52, 56],
    radarChannels: [52, 56],
    closedChannels: [],
    interfaces: ["home-ap-50"],
    jam: null,
    ...parts,
  };
}

export function aNode(parts: Partial<SimulatedNode> = {}): SimulatedNode {
  return {
    node: "gateway",
    role: "gateway",
    place: { x: 2, y: 3, z: 0 },
    power: "up",
    uplink: { kind: "cable", state: "ok", can: ["ok", "cable", "line", "internet"] },
    radios: [aRadio()],
    faults: [],
    ...parts,
  };
}

export function aSimulation(parts: Partial<Simulation> = {}): Simulation {
  return {
    walls: [],
    bounds: { left: -2, top: -2, right: 18, bottom: 12 },
    walkingSpeed: 1.4,
    cloud: "ok",
    nodes: [aNode()],
    clients: [aClient()],
    ...parts,
  };
}
