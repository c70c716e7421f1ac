/** For tests: homes of devices without radios, on virtual time. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { DhcpServerConfig, InterfaceConfig, Link, LinkType } from "@opensync-ts/target/network";
import { interfaceMac } from "../../identity.ts";
import { Fabric, type FabricOptions } from "../fabric.ts";
import { maxVirtualInterfaces } from "../limits.ts";
import { SimNetwork } from "../sim-network.ts";
import type { VifWire } from "../vif-wire.ts";

/** An interface that exists, is up, and has nothing; `more` says what it has. */
export function plain(type: LinkType, more: Partial<InterfaceConfig> = {}): InterfaceConfig {
  return {
    type,
    enabled: true,
    network: true,
    ipv4: { scheme: "none" },
    nat: false,
    dns: [],
    dhcpServer: null,
    ...more,
  };
}

export function fixed(address: string, netmask = "255.255.255.0", gateway: string | null = null) {
  return { scheme: "static", address, netmask, broadcast: null, gateway } as const;
}

export const dhcp = { scheme: "dhcp", options: [] } as const;

export function range(start: string, stop: string, more: Partial<DhcpServerConfig> = {}): DhcpServerConfig {
  return { start, stop, leaseTime: 3600, options: new Map(), reservations: [], ...more };
}

/** A LAN as a router has it: 192.168.1.1, addresses from .10. */
export const lan = plain("bridge", {
  ipv4: fixed("192.168.1.1"),
  dhcpServer: range("192.168.1.10", "192.168.1.99"),
});

export class NetBench {
  readonly clock = new VirtualClock();
  readonly fabric: Fabric;

  constructor(options: Partial<FabricOptions> = {}) {
    this.fabric = new Fabric({ clock: this.clock, ...options });
  }

  device(name: string, options: { readonly vifs?: () => readonly VifWire[] } = {}): SimNetwork {
    return new SimNetwork({
      fabric: this.fabric,
      clock: this.clock,
      name,
      vendorClass: "SIM",
      uplinkPort: "eth0",
      ethernet: ["eth0", "eth1", "eth2"].map((port, index) => ({ name: port, mac: interfaceMac(name, 1 + index) })),
      bridge: { name: "br-home", mac: interfaceMac(name, 0) },
      virtualMac: (index) => interfaceMac(name, 63 - maxVirtualInterfaces + 1 + index),
      vifs: options.vifs ?? (() => []),
    });
  }

  /** A router with `lan`, eth1 and eth2 in it, and an uplink by DHCP with NAT that leads to a provider. */
  gateway(name = "gw"): SimNetwork {
    const network = this.device(name);
    if (this.fabric.wires.wireOf(`${name}/eth0`) === null) network.plug("eth0", this.fabric.isp(`${name}/wan`));
    network.configure("eth0", plain("eth", { ipv4: dhcp, nat: true }));
    network.configure("br-home", lan);
    network.setBridgePorts("br-home", ["eth1", "eth2"]);
    return network;
  }

  plugHost(name: string, wire = "gw/lan"): Mac {
    const address = hostMac(name);
    this.fabric.plugHost({ name, mac: address, port: { wire } });
    return address;
  }

  host(name: string) {
    const found = this.fabric.hosts().find((host) => host.name === name);
    if (!found) throw new Error(`there is no host '${name}'`);
    return found;
  }

  /** A gateway with hosts in its LAN, after everybody has an address. */
  async home(...hosts: readonly string[]): Promise<SimNetwork> {
    const gateway = this.gateway();
    gateway.plug("eth1", this.fabric.segment("gw/lan"));
    for (const name of hosts) this.plugHost(name);
    await this.clock.advance(1000);
    return gateway;
  }
}

export function hostMac(name: string): Mac {
  return mac(interfaceMac(`host/${name}`, 0));
}

export function link(network: SimNetwork, name: string): Link {
  const found = network.links().find((each) => each.name === name);
  if (!found) throw new Error(`there is no link '${name}'`);
  return found;
}
