/** A whole simulated device: radios in a world, wired ports, storage in a directory, an identity that lasts. */

import { join } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import type { Random } from "@opensync-ts/base/random";
import type { FileOps } from "@opensync-ts/target/file-ops";
import { createFileStorage, type FileStorageOptions } from "@opensync-ts/target/file-storage";
import type { Target } from "@opensync-ts/target/target";
import type { PlaceRef } from "@opensync-ts/world/spec";
import type { World } from "@opensync-ts/world/world";
import type { CacDurations } from "./dfs.ts";
import { FaultSwitch, type Faults } from "./faults.ts";
import { interfaceMac, unitOf } from "./identity.ts";
import { maxInterfaces } from "./limits.ts";
import { type DeviceModel, deviceModel } from "./models.ts";
import { type EthernetSegment, Fabric } from "./network/fabric.ts";
import { factorySettings } from "./network/factory-settings.ts";
import { maxVirtualInterfaces } from "./network/limits.ts";
import { SimNetwork } from "./network/sim-network.ts";
import { portKey } from "./network/wires.ts";
import type { Onboarding } from "./onboarding.ts";
import { type LanPorts, lanBridge, prepopulationOf } from "./prepopulation.ts";
import { type Latency, SimRadioDriver } from "./radio-driver.ts";
import { regulationOf } from "./regulatory.ts";
import { SimClients } from "./sim-clients.ts";
import { simCommand } from "./sim-command.ts";
import { createSimLatency } from "./sim-latency.ts";
import { createSimPlatform, SimFan } from "./sim-platform.ts";
import { SimSystem } from "./sim-system.ts";
import type { SimulatedUplink } from "./simulated-uplink.ts";

export interface SimTargetOptions {
  readonly world: World;
  readonly clock: Clock;
  readonly random: Random;
  readonly node: SimNode;
  /** The node's directory; its persistent storage is `ps/` in there. */
  readonly directory: string;
  readonly latency?: Latency;
  readonly cac?: CacDurations;
  readonly faults?: Partial<Faults>;
  /** The network of its home, which devices share that are to reach each other; default: that of `uplink`, else one of its own. */
  readonly fabric?: Fabric;
  /** What the uplink port is plugged into; default: the Internet, `null`: nothing. */
  readonly uplink?: EthernetSegment | null;
  readonly onDamage?: FileStorageOptions["onDamage"];
  /** The file system of its persistent storage; default: the machine's. */
  readonly flash?: FileOps;
  /** The network that its stations join from the start: how an extender finds a home that it is not wired to. */
  readonly onboarding?: Onboarding;
}

export interface SimNode {
  /** `AWLAN_Node.id`, also its name in the world; addresses and serial number follow from it. */
  readonly id: string;
  /** `gateway` (default), `gateway-5gl-5gu` or `extender`. */
  readonly model?: string;
  readonly place: PlaceRef;
  /** `US` (default) or `DE`. */
  readonly country?: string;
  readonly firmwareVersion?: string;
  /** Default `bridged`. */
  readonly lanPorts?: LanPorts;
  /** What the firmware of each radio holds per vif, and says so in its capabilities; default: no limit of its own. */
  readonly limits?: { readonly acl?: number; readonly psks?: number };
}

export interface SimTarget extends Target {
  readonly clients: SimClients;
  readonly radio: SimRadioDriver;
  readonly network: SimNetwork;
  readonly faults: FaultSwitch;
  readonly uplink: SimulatedUplink;
  /** What its first LAN port is plugged into: plug an extender's uplink in here for a wired backhaul. */
  readonly lan: EthernetSegment;
}

/** Ports and bridges come before. */
const mldInterface = 7;
const firstRadioInterface = 8;

/** Throws a `UserError` for a model, country or place that there is none of, or a world that is full. */
export function createSimTarget(options: SimTargetOptions): SimTarget {
  const { world, clock, random, node, directory } = options;
  const { id } = node;
  const model = deviceModel(node.model ?? "gateway");
  const regulation = regulationOf(node.country ?? "US");
  world.addSite(id, node.place);
  const faults = new FaultSwitch({
    random,
    clock,
    ...(options.faults ? { faults: options.faults } : {}),
  });
  const fan = model.machine.fan ? new SimFan(clock, faults) : undefined;
  const radio = new SimRadioDriver({
    world,
    clock,
    site: id,
    radios: model.radios.map((each) => ({
      ...each,
      ...(node.limits?.acl === undefined ? {} : { aclLimit: node.limits.acl }),
      ...(node.limits?.psks === undefined ? {} : { pskLimit: node.limits.psks }),
    })),
    macOf: (index) => interfaceMac(id, firstRadioInterface + index),
    mldAddress: () => interfaceMac(id, mldInterface),
    regulation,
    faults,
    ...(fan && { fanRpm: () => fan.rpm() }),
    ...(options.latency ? { latency: options.latency } : {}),
    ...(options.cac ? { cac: options.cac } : {}),
    onWires: () => network.vifsChanged(),
  });
  const ownFabric = !options.fabric && !options.uplink;
  const fabric = options.fabric ?? options.uplink?.fabric ?? new Fabric({ clock, world, seed: id });
  const ports = [model.uplinkPort, ...model.lanPorts];
  const bridgePorts = node.lanPorts === "free" ? [] : model.lanPorts;
  const network: SimNetwork = new SimNetwork({
    fabric,
    clock,
    name: id,
    vendorClass: model.name,
    ethernet: ports.map((name, index) => ({ name, mac: interfaceMac(id, 1 + index) })),
    uplinkPort: model.uplinkPort,
    bridge: { name: lanBridge, mac: interfaceMac(id, 0) },
    virtualMac: (index) => interfaceMac(id, maxInterfaces - maxVirtualInterfaces + index),
    vifs: () => radio.wires(),
    ...(model.servesLan ? { initial: { ...factorySettings(model, lanBridge), bridgePorts } } : {}),
  });
  const lan = fabric.segment(`${id}/lan`);
  plugIn(network, model, options.uplink, lan);
  radio.setStationsOnAir(!fabric.offAir.has(id));
  const ownUplink = uplinkOf(network, fabric, radio);
  let closed = false;
  const storage = createFileStorage({
    directory: join(directory, "ps"),
    ...(options.flash ? { ops: options.flash } : {}),
    ...(options.onDamage ? { onDamage: options.onDamage } : {}),
  });
  const clients = new SimClients(storage, (frozen) => network.setFrozen(frozen));
  const platform = createSimPlatform({
    radios: model.radios,
    temperature: (phy) => radio.temperature(phy),
    ...(fan && { fan }),
  });
  return {
    name: "sim",
    unit: unitOf({
      id,
      model: model.name,
      ...(node.firmwareVersion === undefined ? {} : { firmwareVersion: node.firmwareVersion }),
    }),
    radioDrivers: [radio],
    radio,
    network,
    faults,
    uplink: ownUplink,
    lan,
    storage,
    clients,
    firewall: network,
    prepopulation: prepopulationOf(model, { lanPorts: node.lanPorts, onboarding: options.onboarding }),
    system: new SimSystem({
      ...{ world, clock, site: id, machine: model.machine },
      ...(platform.reading && { thermal: platform.reading }),
    }),
    platform,
    latency: createSimLatency({ world, clock, site: id }),
    commands: new Map([
      ["sim", simCommand({ radio, faults, clients, ledText: () => platform.ledText() }, ownUplink, clock)],
    ]),
    close() {
      // A later device of the same name is another one.
      if (closed) return;
      closed = true;
      radio.close();
      faults.clear();
      network.close();
      if (ownFabric) fabric.close();
      world.removeSite(id);
    },
  };
}

/** Cables stay where they are when a device reboots, and so does what is wrong with them. */
function plugIn(
  network: SimNetwork,
  { uplinkPort, lanPorts }: DeviceModel,
  uplink: EthernetSegment | null | undefined,
  lan: EthernetSegment,
): void {
  const { fabric, name } = network;
  const isPlugged = (port: string) => fabric.wires.wireOf(portKey(name, port)) !== null;
  if (uplink) network.plug(uplinkPort, uplink);
  else if (uplink === undefined && !isPlugged(uplinkPort)) network.plug(uplinkPort, fabric.isp(`${name}/wan`));
  const [first] = lanPorts;
  if (first !== undefined && !isPlugged(first)) network.plug(first, lan);
}

/** What an operator can switch. */
function uplinkOf({ name, wan }: SimNetwork, fabric: Fabric, radio: SimRadioDriver): SimulatedUplink {
  return {
    wan,
    get wireless() {
      return !wan.plugged && radio.wires().some(({ type }) => type === "sta");
    },
    get onAir() {
      return !fabric.offAir.has(name);
    },
    set onAir(on) {
      if (on) fabric.offAir.delete(name);
      else fabric.offAir.add(name);
      radio.setStationsOnAir(on);
    },
    get cloud() {
      return fabric.cloud;
    },
    set cloud(state) {
      fabric.cloud = state;
    },
  };
}
