/** A whole simulated device: radios in a world, wired ports, storage in a directory, an identity that lasts. */

import { join } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import type { Random } from "@opensync-ts/base/random";
import { createFileStorage, type FileStorageOptions } from "@opensync-ts/target/file-storage";
import type { Target } from "@opensync-ts/target/target";
import type { PlaceRef } from "@opensync-ts/world/spec";
import type { World } from "@opensync-ts/world/world";
import type { CacDurations } from "./dfs.ts";
import { FaultSwitch, type Faults } from "./faults.ts";
import { interfaceMac, unitOf } from "./identity.ts";
import { deviceModel } from "./models.ts";
import { lanBridge, prepopulationOf } from "./prepopulation.ts";
import { type Latency, SimRadioDriver } from "./radio-driver.ts";
import { regulationOf } from "./regulatory.ts";
import { simCommand } from "./sim-command.ts";
import { createSimLatency } from "./sim-latency.ts";
import { EthernetSegment, SimNetwork } from "./sim-network.ts";
import { createSimPlatform, SimFan } from "./sim-platform.ts";
import { SimSystem } from "./sim-system.ts";

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
  /** What the uplink port is plugged into; default: the Internet, `null`: nothing. */
  readonly uplink?: EthernetSegment | null;
  readonly onDamage?: FileStorageOptions["onDamage"];
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
  /** What the firmware of each radio holds per vif, and says so in its capabilities; default: no limit of its own. */
  readonly limits?: { readonly acl?: number; readonly psks?: number };
}

export interface SimTarget extends Target {
  readonly radio: SimRadioDriver;
  readonly network: SimNetwork;
  readonly faults: FaultSwitch;
  /** What its LAN ports are: plug an extender's uplink in here for a wired backhaul. */
  readonly lan: EthernetSegment;
}

/** Ports and bridges come before. */
const mldInterface = 7;
const firstRadioInterface = 8;

/** Throws a `UserError` for a model, country or place that there is none of, or a world that is full. */
export function createSimTarget(options: SimTargetOptions): SimTarget {
  const { world, clock, random, node, directory, uplink = new EthernetSegment("wan", "198.51.100") } = options;
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
  });
  const ports = [model.uplinkPort, ...model.lanPorts];
  const network = new SimNetwork({
    clock,
    ports: [
      ...ports.map((name, index) => ({ name, type: "eth" as const, mac: interfaceMac(id, 1 + index) })),
      { name: lanBridge, type: "bridge", mac: interfaceMac(id, 0) },
    ],
  });
  if (uplink) network.plug(model.uplinkPort, uplink);
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
    lan: new EthernetSegment(`${id}/lan`, "192.168.40"),
    storage: createFileStorage({
      directory: join(directory, "ps"),
      ...(options.onDamage ? { onDamage: options.onDamage } : {}),
    }),
    prepopulation: prepopulationOf(model),
    system: new SimSystem({
      ...{ world, clock, site: id, machine: model.machine },
      ...(platform.reading && { thermal: platform.reading }),
    }),
    platform,
    latency: createSimLatency({ world, clock, site: id }),
    commands: new Map([["sim", simCommand({ radio, faults, ledText: () => platform.ledText() }, clock)]]),
    close() {
      radio.close();
      faults.clear();
      network.close();
      world.removeSite(id);
    },
  };
}
