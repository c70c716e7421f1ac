/** The hosts of a home: what is plugged in, and the clients of the world, which come and go by the world's events. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import type { Mac } from "@opensync-ts/base/units";
import type { World } from "@opensync-ts/world/world";
import type { DhcpIdentity } from "./dhcp-message.ts";
import { Host, type HostOptions, type HostView } from "./host.ts";
import { hostIdentity } from "./host-identity.ts";
import { maxHosts } from "./limits.ts";
import type { RadioLinks } from "./radio-links.ts";
import { type PortKey, portKey, type Wires } from "./wires.ts";

export interface PluggedHost {
  /** Unique among the hosts. */
  readonly name: string;
  readonly mac: Mac;
  /** A port of a device (`gateway/eth1` is its key), or a wire by its name. */
  readonly port: { readonly device: string; readonly port: string } | { readonly wire: string };
  /** A class of the world's devices; default: none. */
  readonly device?: string;
}

export interface HostsOptions extends Pick<HostOptions, "clock" | "send" | "holds" | "onChange"> {
  readonly world: World | null;
  readonly radios: RadioLinks;
  readonly wires: Wires;
  readonly random: (mac: Mac) => HostOptions["random"];
}

export class Hosts {
  readonly #options: HostsOptions;
  readonly #wireless = new Map<Mac, Host>();
  readonly #wired = new Map<Mac, { readonly host: Host; readonly key: PortKey }>();
  readonly #subscriptions: readonly Unsubscribe[];

  constructor(options: HostsOptions) {
    this.#options = options;
    const { world } = options;
    this.#subscriptions = world
      ? [
          world.events.on("associated", ({ mac, from }) => this.#associated(mac, from !== null)),
          world.events.on("disassociated", ({ mac, reason }) => this.#disassociated(mac, reason === "roamed")),
        ]
      : [];
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    for (const host of this.all()) host.close();
  }

  *all(): Iterable<Host> {
    yield* this.#wireless.values();
    for (const { host } of this.#wired.values()) yield host;
  }

  /** By name, or by MAC. Throws a `UserError` where there is none. */
  get(nameOrMac: string): Host {
    this.#prune();
    for (const host of this.all()) if (host.name === nameOrMac || host.mac === nameOrMac) return host;
    const client = this.#options.world
      ?.clients()
      .find(({ device }) => device.site === null && (device.name === nameOrMac || device.mac === nameOrMac));
    if (client) return this.#wirelessHost(client.device.mac);
    const names = [...this.all()].slice(0, 10).map(({ name }) => name);
    throw new UserError(`there is no host '${nameOrMac}'${names.length > 0 ? `; some are ${names.join(", ")}` : ""}`);
  }

  views(): readonly HostView[] {
    this.#prune();
    const { world } = this.#options;
    // Clients that have never been here are hosts, too.
    const absent = (world?.clients() ?? []).filter(
      ({ device }) => device.site === null && !this.#wireless.has(device.mac),
    );
    return [
      ...[...this.all()].map((host) => host.view()),
      ...absent.map(({ device: { name, mac } }) => ({
        ...{ name, mac, linked: false, address: null, gateway: null, dns: [], since: null },
      })),
    ];
  }

  /** Puts its plug somewhere, or somewhere else. Throws a `UserError` where it cannot be. */
  plug({ name, mac, port, device }: PluggedHost): Host {
    const { wires } = this.#options;
    const key = portKey(`host:${name}`, "port");
    const wire = "wire" in port ? port.wire : defaultWire(wires, portKey(port.device, port.port));
    const known = this.#wired.get(mac);
    if (known && known.host.name !== name) {
      throw new UserError(`hosts '${known.host.name}' and '${name}' have the same MAC ${mac}; change one`);
    }
    if (!known) {
      if ([...this.all()].some((host) => host.name === name)) {
        throw new UserError(`there is a host '${name}' already; use another name`);
      }
      if (!this.#hasRoom()) throw new UserError(`a home holds at most ${maxHosts} hosts; remove one first`);
    }
    if (wires.wireOf(key) !== wire) known?.host.link(false);
    wires.plug(key, wire);
    if (known) return known.host;
    const host = this.#create(name, hostIdentity(name, mac, device ?? null), () => wires.peers(key));
    this.#wired.set(mac, { host, key });
    wires.attach(key, host.port);
    return host;
  }

  /** Takes it out of the home. False where there is no such host with a cable. */
  unplug(name: string): boolean {
    for (const [mac, { host, key }] of this.#wired) {
      if (host.name !== name) continue;
      this.#wired.delete(mac);
      this.#options.wires.unplug(key);
      this.#options.wires.detach(key);
      host.close();
      return true;
    }
    return false;
  }

  /** Something about cables has changed. */
  refresh(): void {
    for (const { host, key } of this.#wired.values()) host.link(this.#options.wires.carrier(key));
  }

  #associated(mac: Mac, roamed: boolean): void {
    const { radios, onChange } = this.#options;
    const client = this.#options.world?.client(mac);
    if (!client || client.device.site !== null) return;
    const known = this.#wireless.get(mac);
    if (radios.parentOf(mac) === null) {
      known?.link(false);
      return;
    }
    // Who does not fit in is on the air, and nothing more.
    if (!known && !this.#hasRoom()) return;
    const host = known ?? this.#wirelessHost(mac);
    if (host.linked) {
      if (roamed) host.relink();
      else onChange("link");
    } else {
      host.link(true);
    }
  }

  #disassociated(mac: Mac, roamed: boolean): void {
    const host = this.#wireless.get(mac);
    // Who roams is associated again before anybody could notice.
    if (!host || roamed) return;
    const { radios, onChange } = this.#options;
    if (radios.parentOf(mac) === null) host.link(false);
    else onChange("link");
  }

  #wirelessHost(mac: Mac): Host {
    const known = this.#wireless.get(mac);
    if (known) return known;
    const { world, radios } = this.#options;
    const device = world?.client(mac)?.device;
    if (!device) throw new RangeError(`there is no client ${mac}`);
    const identity = hostIdentity(device.name, mac, device.deviceClass);
    const host = this.#create(device.name, identity, () => radios.peersOfStation(mac));
    this.#wireless.set(mac, host);
    radios.addStation(mac, host.port);
    return host;
  }

  #create(name: string, identity: DhcpIdentity, peers: HostOptions["peers"]): Host {
    const { clock, send, holds, onChange, random } = this.#options;
    return new Host({ name, identity, clock, random: random(identity.mac), peers, send, holds, onChange });
  }

  #hasRoom(): boolean {
    if (this.#wireless.size + this.#wired.size >= maxHosts) this.#prune();
    return this.#wireless.size + this.#wired.size < maxHosts;
  }

  /** Forgets clients that have left the world. */
  #prune(): void {
    for (const host of [...this.#wireless.values()]) if (!this.#options.world?.client(host.mac)) this.#forget(host);
  }

  #forget(host: Host): void {
    this.#wireless.delete(host.mac);
    this.#options.radios.removeStation(host.mac, host.port);
    host.close();
  }
}

/** The wire that a port is in; a new one, named as the port is, where it is in none. */
export function defaultWire(wires: Wires, key: PortKey): string {
  const wire = wires.wireOf(key);
  if (wire !== null) return wire;
  wires.plug(key, key);
  return key;
}
