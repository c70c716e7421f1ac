/** The network of a device that has none, or whose network is looked after by others. */

import type { Network } from "./network.ts";

const never = () => () => {};

export const noNetwork: Network = {
  links: () => [],
  onChange: never,
  configure() {},
  setBridgePorts() {},
  renewAddress() {},
  setPortForwards() {},
  setRoutes() {},
  setMetric() {},
  routes: () => [],
  leases: () => [],
  learned: () => [],
  onTables: never,
  onDhcpHeard: never,
  probe: async () => false,
};
