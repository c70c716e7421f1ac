/** An interface of a device, as its network runs it: what it is joined to, its address, its DHCP client and server. */

import type { Mac } from "@opensync-ts/base/units";
import type { InterfaceConfig, Link, LinkType } from "@opensync-ts/target/network";
import type { DhcpClient } from "./dhcp-client.ts";
import { dhcpOptionsOf } from "./dhcp-message.ts";
import type { DhcpService } from "./dhcp-service.ts";
import { formatIpv4, maskOf, type Subnet } from "./ipv4.ts";
import type { Joints, Machine, Netdev } from "./netdev.ts";

export interface InterfaceSpec {
  readonly owner: Machine;
  readonly name: string;
  readonly type: LinkType;
  readonly mac: Mac;
  readonly joints: (self: DeviceInterface) => Joints;
}

export class DeviceInterface implements Netdev {
  readonly owner: Machine;
  readonly name: string;
  readonly type: LinkType;
  readonly mac: Mac;
  readonly joints: Joints;
  carrier = false;
  /** What it hangs on: a wire, a parent. */
  hangsOn: string | null = null;
  usable = false;
  /** Static, or that of its DHCP client. */
  subnet: Subnet | null = null;
  /** By configuration; a client's comes with its grant. */
  staticGateway: number | null = null;
  client: DhcpClient | null = null;
  service: DhcpService | null = null;
  /** A server that could not go on as it was configured: as on devices, whose servers keep their leases in a file. */
  restingService: DhcpService | null = null;

  constructor({ owner, name, type, mac, joints }: InterfaceSpec) {
    this.owner = owner;
    this.name = name;
    this.type = type;
    this.mac = mac;
    this.joints = joints(this);
  }

  get gateway(): number | null {
    if (!this.subnet) return null;
    return this.client?.grant ? this.client.grant.gateway : this.staticGateway;
  }

  /** As the target's users see it. */
  link(config: InterfaceConfig | undefined): Link {
    const { name, type, mac, carrier, subnet, gateway } = this;
    const grant = this.client?.grant ?? null;
    const dns = config && config.dns.length > 0 ? config.dns : (grant?.dns ?? []);
    return {
      ...{ name, type, mac, carrier },
      address: subnet && formatIpv4(subnet.address),
      netmask: subnet && formatIpv4(maskOf(subnet.prefix)),
      gateway: gateway === null ? null : formatIpv4(gateway),
      ...(type === "eth" && carrier ? { speed: 1000, duplex: "full" as const } : {}),
      ...(dns.length > 0 ? { dns } : {}),
      ...(grant ? { dhcpOptions: dhcpOptionsOf(grant) } : {}),
    };
  }

  /** It is gone. */
  close(): void {
    this.client?.stop();
    this.client = null;
    this.service?.rest();
    this.service = null;
    this.restingService = null;
    this.subnet = null;
    this.usable = false;
  }
}
