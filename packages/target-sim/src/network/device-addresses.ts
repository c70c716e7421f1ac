/** Layer 3 of the interfaces of a device: static addresses, DHCP clients, DHCP servers. */

import type { Clock } from "@opensync-ts/base/clock";
import type { DeviceInterface } from "./device-interface.ts";
import { type Backoff, DhcpClient } from "./dhcp-client.ts";
import { type DhcpIdentity, defaultRequested } from "./dhcp-message.ts";
import { DhcpService, type ServiceConfig } from "./dhcp-service.ts";
import type { Fabric } from "./fabric.ts";
import type { CheckedConfig } from "./interface-config.ts";
import { contains } from "./ipv4.ts";

export interface DeviceAddressesOptions {
  readonly fabric: Fabric;
  readonly clock: Clock;
  readonly identity: Pick<DhcpIdentity, "hostname" | "vendorClass">;
}

/** As the DHCP clients of routers do: a few quick tries, then a pause. */
const backoff: Backoff = { tries: [1000, 2000, 4000, 8000], pause: 20_000 };

export class DeviceAddresses {
  readonly #options: DeviceAddressesOptions;
  /** Interfaces of which nothing is stated, but that somebody wants an address for. */
  readonly #wishes = new Set<string>();
  readonly #hungOn = new WeakMap<DeviceInterface, string | null>();
  readonly #clientOf = new WeakMap<DhcpClient, string>();
  readonly #serviceOf = new WeakMap<DhcpService, string>();

  constructor(options: DeviceAddressesOptions) {
    this.#options = options;
  }

  wish(name: string): void {
    this.#wishes.add(name);
  }

  /** Something has been stated of it: that is what holds. */
  unwish(name: string): void {
    this.#wishes.delete(name);
  }

  /** Brings an interface in line with what is wanted of it. */
  apply(each: DeviceInterface, checked: CheckedConfig | undefined): void {
    const config = checked?.config;
    const layer3 = config ? config.enabled && config.network : true;
    const dhcp = this.#wishes.has(each.name) || (layer3 && config?.ipv4.scheme === "dhcp");
    this.#runClient(each, dhcp, config?.ipv4.scheme === "dhcp" ? config.ipv4.options : []);
    const grant = each.client?.grant;
    if (dhcp) each.subnet = grant ? { address: grant.address, prefix: grant.prefix } : null;
    else each.subnet = layer3 ? (checked?.subnet ?? null) : null;
    each.staticGateway = (layer3 && checked?.gateway) || null;
    this.#runService(each, layer3 ? checked : undefined);
    // Of what is not configured at all nothing stays.
    if (!checked) each.restingService = null;
  }

  #runClient(each: DeviceInterface, wanted: boolean, options: readonly number[]): void {
    const requested = options.length > 0 ? options : defaultRequested;
    const before = each.client && this.#clientOf.get(each.client);
    if (each.client && (!wanted || before !== requested.join())) {
      const { client } = each;
      each.client = null;
      client.stop();
    }
    if (!wanted) return;
    each.client ??= this.#newClient(each, requested);
    // Who hangs on something else is somewhere else.
    if (!each.usable || each.hangsOn !== this.#hungOn.get(each)) each.client.stop();
    this.#hungOn.set(each, each.hangsOn);
    if (each.usable) each.client.start();
  }

  #newClient(each: DeviceInterface, requested: readonly number[]): DhcpClient {
    const { fabric, clock, identity } = this.#options;
    const client = new DhcpClient({
      clock,
      random: fabric.random(`client/${each.mac}/${each.name}`),
      backoff,
      send: (request, answered) => fabric.send(each, { ...identity, mac: each.mac, requested }, request, answered),
      onLease: () => fabric.changed(),
    });
    this.#clientOf.set(client, requested.join());
    return client;
  }

  #runService(each: DeviceInterface, checked: CheckedConfig | undefined): void {
    const config = checked && serviceConfig(each, checked);
    if (!config) {
      if (!each.service) return;
      each.service.rest();
      each.restingService = each.service;
      each.service = null;
      this.#options.fabric.tablesChanged();
      return;
    }
    if (each.restingService) {
      each.service = each.restingService;
      each.restingService = null;
      this.#serviceOf.delete(each.service);
    }
    const text = JSON.stringify([config, [...config.options]]);
    if (!each.service) {
      each.service = new DhcpService(this.#options.clock, config, () => this.#options.fabric.tablesChanged());
    } else if (this.#serviceOf.get(each.service) !== text) {
      each.service.reconfigure(config);
    }
    this.#serviceOf.set(each.service, text);
  }
}

/** `undefined` while it has no address to serve from, or one that the range does not fit. */
function serviceConfig({ subnet }: DeviceInterface, { config, range }: CheckedConfig): ServiceConfig | undefined {
  const { dhcpServer, dns } = config;
  if (!dhcpServer || !range || !subnet || !contains(subnet, range.start) || !contains(subnet, range.stop)) {
    return undefined;
  }
  const { leaseTime, options, reservations } = dhcpServer;
  return { subnet, ...range, leaseTime, options, dns, reservations };
}
