/**
 * What a switch daemon reports of its ports in `Interface`: OpenFlow port numbers, or why there is none. Open vSwitch's
 * tools wait for it and print what it says (ovs-vswitchd.conf.db(5), Interface: `ofport`, `error`). Pure.
 */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Row, Write } from "@opensync-ts/schema/opensync";
import type { Link } from "@opensync-ts/target/network";

export type SwitchBridge = Pick<Row<"Bridge">, "_uuid" | "name" | "ports">;
export type SwitchPort = Pick<Row<"Port">, "_uuid" | "interfaces">;
export type SwitchInterface = Pick<Row<"Interface">, "_uuid" | "name" | "type" | "ofport" | "ofport_request">;

export interface SwitchRows {
  readonly bridges: Iterable<SwitchBridge>;
  readonly ports: ReadonlyMap<Uuid, SwitchPort>;
  readonly interfaces: ReadonlyMap<Uuid, SwitchInterface>;
}

export type InterfaceReport = Required<
  Pick<Write<"Interface">, "ofport" | "error" | "mac_in_use" | "admin_state" | "link_state">
>;

/** OFPP_LOCAL: the port that a bridge is of itself. */
const localPort = 65534;
/** What `ofport` holds of an interface that could not be set up. */
const noPort = -1;
/** OFPP_MAX of OpenFlow 1.0, less one: the last number that a port can be given. */
const lastPort = 65279;

/** The columns of every interface of every bridge. A port keeps its number for as long as it stays. */
export function reportInterfaces(
  rows: SwitchRows,
  devices: ReadonlyMap<string, Link>,
): ReadonlyMap<Uuid, InterfaceReport> {
  const reports = new Map<Uuid, InterfaceReport>();
  for (const bridge of rows.bridges) {
    const interfaces = interfacesOf(bridge, rows);
    const working = interfaces.filter((row) => problemOf(row, bridge, devices) === null);
    const numbers = portNumbers(working.filter((row) => row.name !== bridge.name));
    for (const row of interfaces) {
      const device = devices.get(row.name);
      const error = problemOf(row, bridge, devices);
      reports.set(row._uuid, {
        ofport: error !== null ? noPort : row.name === bridge.name ? localPort : (numbers.get(row._uuid) ?? noPort),
        error,
        mac_in_use: device?.mac ?? null,
        // Whether a wired link is switched on, the target does not tell; a VIF that is off has no carrier.
        admin_state: device?.type === "vif" ? upOrDown(device) : null,
        link_state: device ? upOrDown(device) : null,
      });
    }
  }
  return reports;
}

function upOrDown({ carrier }: Link): "up" | "down" {
  return carrier ? "up" : "down";
}

/** By name, so that the numbers of ports that appear together do not depend on chance. */
export function interfacesOf(bridge: SwitchBridge, { ports, interfaces }: SwitchRows): readonly SwitchInterface[] {
  return bridge.ports
    .flatMap((port) => ports.get(port)?.interfaces ?? [])
    .flatMap((uuid) => interfaces.get(uuid) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Why the interface cannot be set up, in the words of ovs-vswitchd; null: it can. */
function problemOf(
  { name, type }: SwitchInterface,
  bridge: SwitchBridge,
  devices: ReadonlyMap<string, Link>,
): string | null {
  // The switch makes these itself.
  if (type === "internal" || name === bridge.name) return null;
  if (type !== "" && type !== "system") {
    return `could not open network device ${name} (Address family not supported by protocol)`;
  }
  return devices.has(name) ? null : `could not open network device ${name} (No such device)`;
}

/** Numbers that ports have stay; then requests are met as far as they are free; the others get the smallest left. */
function portNumbers(interfaces: readonly SwitchInterface[]): ReadonlyMap<Uuid, number> {
  const numbers = new Map<Uuid, number>();
  const taken = new Set<number>();
  const give = ({ _uuid }: SwitchInterface, number: number | null) => {
    if (numbers.has(_uuid) || number === null || number < 1 || number > lastPort || taken.has(number)) return;
    numbers.set(_uuid, number);
    taken.add(number);
  };
  for (const row of interfaces)
    if (row.ofport_request === null || row.ofport_request === row.ofport) give(row, row.ofport);
  for (const row of interfaces) give(row, row.ofport_request);
  for (const row of interfaces) give(row, row.ofport);
  let smallest = 1;
  for (const row of interfaces) {
    while (taken.has(smallest)) smallest++;
    give(row, smallest);
  }
  return numbers;
}
