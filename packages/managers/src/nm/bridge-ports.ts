/**
 * Which interfaces are ports of which bridge. Two ways lead into one: a row of `Port` in `Bridge.ports`, and a VIF that was
 * brought up with `bridge` (the access point's daemon puts it in, as OWM shows in `Wifi_VIF_State`). Pure.
 */

import type { Row } from "@opensync-ts/schema/opensync";
import { quote } from "./quote.ts";
import { interfacesOf, type SwitchRows } from "./switch-state.ts";

export type BridgedVif = Pick<Row<"Wifi_VIF_State">, "if_name" | "enabled" | "bridge">;

export interface BridgePorts {
  /** By bridge: the names of its ports beside itself, sorted. */
  readonly ports: ReadonlyMap<string, readonly string[]>;
  readonly problems: readonly string[];
}

/** `others`: bridges there are beside those of `Bridge` rows. An interface is a port of one bridge only; rows come before VIFs. */
export function bridgePorts(rows: SwitchRows, others: Iterable<string>, vifs: Iterable<BridgedVif>): BridgePorts {
  const bridges = [...rows.bridges].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ports = new Map<string, Set<string>>();
  for (const name of [...bridges.map((bridge) => bridge.name), ...others]) ports.set(name, new Set());
  const owners = new Map<string, string>();
  const problems: string[] = [];
  const join = (bridge: string, port: string, what: string) => {
    const owner = owners.get(port) ?? bridge;
    if (owner !== bridge)
      problems.push(`${what} ${quote(port)}: is a port of ${quote(owner)} already, not of ${quote(bridge)}`);
    else if (port !== bridge) {
      owners.set(port, bridge);
      ports.get(bridge)?.add(port);
    }
  };
  for (const bridge of bridges) {
    for (const { name, type } of interfacesOf(bridge, rows)) {
      // Those of other types are the switch's own, or none that it could have.
      if (type === "" || type === "system") join(bridge.name, name, "Interface");
    }
  }
  for (const { if_name: name, enabled, bridge } of vifs) {
    if (enabled !== true || bridge === null || bridge === "") continue;
    if (ports.has(bridge)) join(bridge, name, "Wifi_VIF_State");
    else problems.push(`Wifi_VIF_State ${quote(name)}: there is no bridge ${quote(bridge)}: stays outside`);
  }
  return { ports: new Map([...ports].map(([name, members]) => [name, [...members].sort()])), problems };
}
