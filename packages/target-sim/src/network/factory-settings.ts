/** What a router does as it leaves the factory, until somebody states otherwise: a home network of its own behind its uplink. */

import type { InterfaceConfig } from "@opensync-ts/target/network";
import type { DeviceModel } from "../models.ts";
import { factoryLeaseTime } from "../prepopulation.ts";
import type { SimNetworkOptions } from "./sim-network.ts";

export function factorySettings(model: DeviceModel, bridge: string): NonNullable<SimNetworkOptions["initial"]> {
  const common = { enabled: true, network: true, dns: [] };
  const uplink: InterfaceConfig = {
    ...common,
    type: "eth",
    ipv4: { scheme: "none" },
    nat: true,
    dhcpServer: null,
  };
  const lan: InterfaceConfig = {
    ...common,
    type: "bridge",
    ipv4: { scheme: "static", address: "192.168.40.1", netmask: "255.255.255.0", broadcast: null, gateway: null },
    nat: false,
    dhcpServer: {
      start: "192.168.40.2",
      stop: "192.168.40.254",
      leaseTime: factoryLeaseTime,
      options: new Map(),
      reservations: [],
    },
  };
  return {
    configs: new Map([
      [model.uplinkPort, uplink],
      [bridge, lan],
    ]),
    bridgePorts: model.lanPorts,
  };
}
