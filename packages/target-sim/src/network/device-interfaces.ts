/** The interfaces that a device has: those of its hardware and its radios, and those that are made because somebody wants them. */

import { UserError } from "@opensync-ts/base/errors";
import type { Mac } from "@opensync-ts/base/units";
import type { Link, LinkType } from "@opensync-ts/target/network";
import { maxInterfaces } from "../limits.ts";
import { DeviceInterface } from "./device-interface.ts";
import { jointsOf } from "./device-joints.ts";
import type { Fabric } from "./fabric.ts";
import type { CheckedConfig } from "./interface-config.ts";
import { maxBridgePorts, maxVirtualInterfaces } from "./limits.ts";
import type { Machine } from "./netdev.ts";
import type { VifWire } from "./vif-wire.ts";
import { portKey } from "./wires.ts";

export interface Hardware {
  readonly ethernet: readonly { readonly name: string; readonly mac: Mac }[];
  /** The bridge that comes with the device. */
  readonly bridge: { readonly name: string; readonly mac: Mac };
  /** The address of the n-th interface that is made later, from 0 to `maxVirtualInterfaces` - 1. */
  readonly virtualMac: (index: number) => Mac;
  readonly vifs: () => readonly VifWire[];
}

export class DeviceInterfaces {
  readonly #fabric: Fabric;
  readonly #owner: Machine;
  readonly #hardware: Hardware;
  readonly #interfaces = new Map<string, DeviceInterface>();
  readonly #configs = new Map<string, CheckedConfig>();
  readonly #bridges = new Map<string, readonly string[]>();
  readonly #virtualMacs = new Map<string, number>();
  #vifs = new Map<string, VifWire>();

  constructor(fabric: Fabric, owner: Machine, hardware: Hardware, bridgePorts: readonly string[]) {
    this.#fabric = fabric;
    this.#owner = owner;
    this.#hardware = hardware;
    this.#bridges.set(hardware.bridge.name, bridgePorts);
  }

  all(): Iterable<DeviceInterface> {
    return this.#interfaces.values();
  }

  get(name: string): DeviceInterface | null {
    return this.#interfaces.get(name) ?? null;
  }

  config(name: string): CheckedConfig | undefined {
    return this.#configs.get(name);
  }

  vif(name: string): VifWire | null {
    return this.#vifs.get(name) ?? null;
  }

  /** What a name stands for, whether wanted or not. */
  fixedType(name: string): LinkType | undefined {
    if (this.isPort(name)) return "eth";
    return this.#bridges.has(name) ? "bridge" : this.#vifs.has(name) ? "vif" : undefined;
  }

  isPort(name: string): boolean {
    return this.#hardware.ethernet.some((port) => port.name === name);
  }

  /** Throws a `UserError` where there are too many; false where there was nothing to take away. */
  want(name: string, config: CheckedConfig | null): boolean {
    if (config === null) return this.#configs.delete(name);
    if (!this.#configs.has(name) && this.#configs.size >= maxInterfaces) {
      throw new UserError(`${name}: a device has at most ${maxInterfaces} interfaces; remove one first`);
    }
    if (isVirtual(config.config.type)) this.#boundedVirtual(name);
    // An interface with another parent, or of another kind, is another interface.
    const before = this.#configs.get(name)?.config;
    this.#configs.set(name, config);
    const parent = (each: typeof before) => each?.vlan?.parent ?? each?.gre?.parent;
    const made = this.#interfaces.get(name);
    if (
      made &&
      isVirtual(made.type) &&
      (made.type !== config.config.type || parent(before) !== parent(config.config))
    ) {
      this.#remove(made);
    }
    return true;
  }

  /** Throws a `UserError`, likewise; false where that is how it is. */
  wantPorts(bridge: string, ports: readonly string[] | null): boolean {
    if (JSON.stringify(this.#bridges.get(bridge) ?? null) === JSON.stringify(ports)) return false;
    if (ports === null) return this.#bridges.delete(bridge);
    const type = this.fixedType(bridge);
    if (type !== undefined && type !== "bridge") throw new UserError(`${bridge}: it is of type ${type}, not a bridge`);
    if (ports.length > maxBridgePorts) throw new UserError(`${bridge}: a bridge has at most ${maxBridgePorts} ports`);
    if (!this.#bridges.has(bridge)) this.#boundedVirtual(bridge);
    this.#bridges.set(bridge, [...ports]);
    return true;
  }

  /** Whether the radio says something else of its vifs than at the last refresh. */
  vifsDiffer(): boolean {
    return JSON.stringify(this.#hardware.vifs()) !== JSON.stringify([...this.#vifs.values()]);
  }

  /** Makes what is wanted and can be, removes what is not any more, and finds out what has carrier. */
  refresh(): void {
    this.#vifs = new Map(this.#hardware.vifs().map((vif) => [vif.name, vif]));
    const wanted = this.#wanted();
    for (const each of [...this.#interfaces.values()]) if (!wanted.has(each.name)) this.#remove(each);
    for (const [name, make] of wanted) if (!this.#interfaces.has(name)) this.#interfaces.set(name, make());
    for (const each of this.#interfaces.values()) {
      each.carrier = this.#carrierOf(each);
      const isPort = each.type === "eth";
      const wire = isPort ? this.#fabric.wires.wireOf(portKey(this.#owner.name, each.name)) : null;
      each.hangsOn = wire ?? this.#vifs.get(each.name)?.parent ?? null;
    }
    for (const each of this.#interfaces.values()) each.usable = this.#isUsable(each);
  }

  removeAll(): void {
    for (const each of [...this.#interfaces.values()]) this.#remove(each);
  }

  // How they are joined

  bridgeOf(name: string): DeviceInterface | null {
    const vif = this.#vifs.get(name);
    if (vif?.bridgeable === false || name === "") return null;
    for (const [bridge, ports] of this.#bridges) {
      if (bridge !== name && ports.includes(name)) return this.#bridge(bridge);
    }
    return vif && vif.bridge !== "" ? this.#bridge(vif.bridge) : null;
  }

  *portsOf(bridge: string): Iterable<DeviceInterface> {
    for (const each of this.#interfaces.values()) if (this.bridgeOf(each.name)?.name === bridge) yield each;
  }

  childOf(parent: string, vlan: number): DeviceInterface | null {
    for (const each of this.#interfaces.values()) {
      const config = each.type === "vlan" ? this.#configs.get(each.name)?.config.vlan : undefined;
      if (config?.parent === parent && config.id === vlan) return each;
    }
    return null;
  }

  parentOf(name: string): { readonly netdev: DeviceInterface; readonly vlan: number } | null {
    const type = this.#interfaces.get(name)?.type;
    const config = this.#configs.get(name)?.config;
    const above = type === "vlan" ? config?.vlan : type === "gre" ? config?.gre : undefined;
    const parent = above && this.#interfaces.get(above.parent);
    return parent ? { netdev: parent, vlan: config?.vlan?.id ?? 0 } : null;
  }

  tunnelOf(name: string): CheckedConfig["tunnel"] {
    return this.#configs.get(name)?.tunnel ?? null;
  }

  /** What in its place takes part in layer 3: its bridge, or itself. */
  layer3(name: string): DeviceInterface | null {
    return this.bridgeOf(name) ?? this.get(name);
  }

  #bridge(name: string): DeviceInterface | null {
    const found = this.#interfaces.get(name);
    return found?.type === "bridge" ? found : null;
  }

  #wanted(): ReadonlyMap<string, () => DeviceInterface> {
    const { ethernet, bridge } = this.#hardware;
    const wanted = new Map<string, () => DeviceInterface>();
    for (const { name, mac } of ethernet) wanted.set(name, () => this.#make(name, "eth", mac));
    const configured = [...this.#configs].filter(([, { config }]) => config.type === "bridge" && config.enabled);
    for (const name of [...this.#bridges.keys(), ...configured.map(([each]) => each)]) {
      wanted.set(name, () => this.#make(name, "bridge", name === bridge.name ? bridge.mac : this.#virtualMac(name)));
    }
    for (const { name, mac } of this.#vifs.values()) wanted.set(name, () => this.#make(name, "vif", mac));
    this.#addVirtual(wanted);
    return wanted;
  }

  /** VLANs and tunnels whose parents are there, each after its parent. */
  #addVirtual(wanted: Map<string, () => DeviceInterface>): void {
    for (let before = -1; before !== wanted.size; ) {
      before = wanted.size;
      for (const [name, { config }] of this.#configs) {
        const { type, vlan, gre, enabled } = config;
        const parent = type === "vlan" ? vlan?.parent : type === "gre" ? gre?.parent : undefined;
        if (parent === undefined || !enabled || wanted.has(name) || !wanted.has(parent)) continue;
        wanted.set(name, () => {
          // A VLAN has the address of what it stands on.
          const inherited = type === "vlan" ? this.#interfaces.get(parent)?.mac : undefined;
          return this.#make(name, type, inherited ?? this.#virtualMac(name));
        });
      }
    }
  }

  #make(name: string, type: Link["type"], mac: Mac): DeviceInterface {
    const made = new DeviceInterface({ owner: this.#owner, name, type, mac, joints: jointsOf(this, this.#fabric) });
    if (type === "eth") this.#fabric.wires.attach(portKey(this.#owner.name, name), made);
    return made;
  }

  #remove(each: DeviceInterface): void {
    this.#interfaces.delete(each.name);
    this.#virtualMacs.delete(each.name);
    if (each.type === "eth") this.#fabric.wires.detach(portKey(this.#owner.name, each.name));
    this.#fabric.radios.removeAccessPoint(each.mac, each);
    this.#fabric.radios.removeStation(each.mac, each);
    each.close();
  }

  #carrierOf(each: DeviceInterface): boolean {
    switch (each.type) {
      case "eth":
        return this.#fabric.wires.carrier(portKey(this.#owner.name, each.name));
      case "bridge":
        return true;
      case "vif":
        this.#registerRadio(each);
        return this.#vifs.get(each.name)?.up ?? false;
      default:
        return this.parentOf(each.name)?.netdev.carrier ?? false;
    }
  }

  /** Says where stations of this access point, or the parent of this station, find it. */
  #registerRadio(each: DeviceInterface): void {
    const vif = this.#vifs.get(each.name);
    const { radios } = this.#fabric;
    if (vif?.type === "sta") radios.addStation(each.mac, each);
    if (vif?.type !== "ap") return;
    const apVlan = [...this.#vifs.values()].find(({ of }) => of === vif.name);
    radios.addAccessPoint(each.mac, { netdev: each, backhaul: apVlan ? this.get(apVlan.name) : null });
  }

  #isUsable(each: DeviceInterface): boolean {
    const enabled = this.#configs.get(each.name)?.config.enabled ?? true;
    const parent = this.parentOf(each.name);
    return enabled && each.carrier && (parent === null || this.#isUsable(parent.netdev));
  }

  #virtualMac(name: string): Mac {
    let index = this.#virtualMacs.get(name);
    if (index === undefined) {
      const taken = new Set(this.#virtualMacs.values());
      for (index = 0; taken.has(index); ) index++;
      this.#virtualMacs.set(name, index);
    }
    return this.#hardware.virtualMac(index);
  }

  #boundedVirtual(name: string): void {
    const virtual = [...this.#configs].filter(([, { config }]) => isVirtual(config.type)).map(([each]) => each);
    const names = new Set([...virtual, ...this.#bridges.keys(), name]);
    // The bridge that comes with the device has an address of its own.
    names.delete(this.#hardware.bridge.name);
    if (names.size > maxVirtualInterfaces) {
      throw new UserError(
        `${name}: a device has at most ${maxVirtualInterfaces} bridges, VLANs and tunnels; remove one first`,
      );
    }
  }
}

function isVirtual(type: LinkType): boolean {
  return type === "bridge" || type === "vlan" || type === "gre";
}
