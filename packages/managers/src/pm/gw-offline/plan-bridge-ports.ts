/** The home's access points as ports of the LAN bridge, the way `ovs-vsctl add-port` makes them. */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { KeySet } from "./keys.ts";
import type { SubsetValues } from "./read-subset.ts";
import { type Columns, printable } from "./row-json.ts";
import type { RowOperation } from "./row-operations.ts";
import type { SubsetRows } from "./rows.ts";
import { type StoredRow, storedRows } from "./stored-rows.ts";

export interface BridgePortsInput {
  readonly stored: SubsetValues;
  readonly rows: SubsetRows;
  readonly lanBridge: string;
  readonly vifs: readonly StoredRow[];
  readonly homes: readonly StoredRow[];
  readonly isLeftOut: (name: string) => boolean;
  readonly keys: KeySet;
  readonly faults: string[];
  readonly notes: string[];
}

export function planBridgePorts(input: BridgePortsInput): readonly RowOperation[] {
  const { stored, rows, lanBridge, vifs, homes, isLeftOut, keys, faults, notes } = input;
  const bridge = rows.Bridge.find(({ name }) => name === lanBridge);
  if (!bridge) {
    notes.push(`Bridge has no row for ${printable(lanBridge)}: networks are not made ports of it`);
    return [];
  }
  const ports = storedRows(stored, "port_fronthauls", "Port", "name", faults).filter(({ name }) => !isLeftOut(name));
  const interfaces = storedRows(stored, "interface_fronthauls", "Interface", "name", faults);
  const multicast = keys === "7.0" ? storedRows(stored, "port_mcast", "Port", "name", faults) : [];
  const [own] = storedRows(stored, "port_lanbridge", "Port", "name", faults);
  const columnsOf = (list: readonly StoredRow[], name: string) => list.find((row) => row.name === name)?.columns ?? {};
  return [
    ...portNames(vifs, [...homes, ...ports]).flatMap((name) =>
      planPort(rows, lanBridge, name, columnsOf(ports, name), columnsOf(interfaces, name)),
    ),
    ...multicast.flatMap(({ name, columns }) => planPort(rows, lanBridge, name, columns, {})),
    ...(own && rows.Port.some(({ name }) => name === lanBridge) ? [updatePort(lanBridge, own.columns)] : []),
  ];
}

/** Where links of multi-link access points are among the networks, only what was a port before is one again. */
function portNames(vifs: readonly StoredRow[], known: readonly StoredRow[]): readonly string[] {
  const networks = vifs.map(({ name }) => name);
  const names = known.map(({ name }) => name);
  const multiLink = names.some((name) => !networks.includes(name));
  return [...new Set(multiLink ? names : [...networks, ...names])];
}

/** Makes `name` a port of the bridge; one that exists already is moved there. */
export function planPort(
  rows: Pick<SubsetRows, "Bridge" | "Port">,
  bridge: string,
  name: string,
  port: Columns = {},
  device: Columns = {},
): readonly RowOperation[] {
  const part = `Port ${printable(name)}`;
  const known = rows.Port.find((row) => row.name === name);
  const join = (to: Uuid | { readonly inserted: string }): RowOperation => ({
    op: "link",
    part,
    table: "Bridge",
    where: [["name", bridge]],
    column: "ports",
    to,
  });
  if (!known) {
    return [
      { op: "insert", part, table: "Interface", row: { ...device, name }, name: `interface ${name}` },
      {
        op: "insert",
        part,
        table: "Port",
        row: { ...port, name, interfaces: [{ inserted: `interface ${name}` }] },
        name: `port ${name}`,
      },
      join({ inserted: `port ${name}` }),
    ];
  }
  const others = rows.Bridge.filter((row) => row.name !== bridge && row.ports.includes(known._uuid));
  return [
    ...others.map(
      (other): RowOperation => ({
        op: "unlink",
        part,
        table: "Bridge",
        where: [["name", other.name]],
        column: "ports",
        to: known._uuid,
      }),
    ),
    join(known._uuid),
    ...(Object.keys(port).length > 0 ? [updatePort(name, port)] : []),
  ];
}

function updatePort(name: string, { name: _, ...columns }: Columns): RowOperation {
  return { op: "update", part: `Port ${printable(name)}`, table: "Port", where: [["name", name]], row: columns };
}
