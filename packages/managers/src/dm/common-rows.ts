/**
 * The rows that every node starts with, whatever its target: the database's root, the node itself, its services, and
 * the configuration of its wired links.
 */

import type { Link } from "@opensync-ts/target/network";
import type { Prepopulation } from "@opensync-ts/target/target";

export interface CommonRows {
  /** Where the node asks for its controller; "" = nowhere. */
  readonly redirectorAddress: string;
  /** What the firmware was built from: part → version. */
  readonly versions: { readonly [part: string]: string };
  readonly services: readonly {
    readonly service: string;
    readonly enable: boolean;
    readonly otherConfig: { readonly [key: string]: string };
  }[];
  /** The device has a packet filter. */
  readonly firewall: boolean;
  /** The links that the device has at boot. */
  readonly links: readonly Link[];
}

export function commonRows(options: CommonRows): Prepopulation {
  const bridges = options.links.filter((link) => link.type === "bridge").map((link) => link.name);
  return {
    Open_vSwitch: [
      {
        bridges: ["set", bridges.map((bridge) => reference("bridge", bridge))],
        // Nobody reads the statistics of the switch: an hour between two updates keeps the database quiet.
        other_config: map({ "stats-update-interval": "3600000" }),
      },
    ],
    // A bridge is a port of itself, the way ovs-vsctl makes one.
    Bridge: bridges.map((name) => ({ _uuid: reference("bridge", name), name, ports: reference("port", name) })),
    Port: bridges.map((name) => ({ _uuid: reference("port", name), name, interfaces: reference("interface", name) })),
    Interface: bridges.map((name) => ({ _uuid: reference("interface", name), name, type: "internal" })),
    AWLAN_Node: [
      {
        redirector_addr: options.redirectorAddress,
        version_matrix: map(options.versions),
      },
    ],
    // The default of the target: what the LED shows while nothing with a priority of its own does.
    LED_Config: [{ name: "connecting", priority: -2, position: 0 }],
    Node_Services: options.services.map(({ service, enable, otherConfig }) => ({
      service,
      enable,
      other_config: map(otherConfig),
    })),
    Wifi_Inet_Config: options.links.flatMap(inetConfig),
    // By these rows a cloud knows that NFM and a firewall are there.
    ...(options.firewall &&
      options.services.some(({ service, enable }) => service === "nfm" && enable) && { Netfilter: defaultRules }),
  };
}

/** Answers to what went out may come in, and pass. */
const defaultRules = ["ipv4", "ipv6"].flatMap((protocol) =>
  ["INPUT", "FORWARD"].map((chain) => ({
    name: `default.${protocol}.${chain.toLowerCase()}_established`,
    enable: true,
    protocol,
    table: "filter",
    chain,
    priority: 100,
    rule: "-m conntrack --ctstate ESTABLISHED,RELATED",
    target: "ACCEPT",
  })),
);

function inetConfig(link: Link): Prepopulation[string] {
  switch (link.type) {
    case "bridge":
      return [{ if_name: link.name, if_type: "bridge", enabled: true, network: false, ip_assign_scheme: "none" }];
    case "eth":
      return [
        {
          if_name: link.name,
          if_type: "eth",
          enabled: true,
          network: true,
          NAT: false,
          ip_assign_scheme: "none",
          mtu: 1500,
        },
      ];
    default:
      return [];
  }
}

function reference(kind: string, name: string): readonly ["named-uuid", string] {
  // A name within a transaction is an identifier (RFC 7047 §3.1 <id>).
  return ["named-uuid", `${kind}_${name.replaceAll(/[^A-Za-z0-9_]/g, "_")}`];
}

function map(entries: { readonly [key: string]: string }): readonly ["map", readonly (readonly [string, string])[]] {
  return ["map", Object.entries(entries)];
}
