/** What offline mode looks after for as long as it lasts: Ethernet clients, and uplinks that come and go. Pure. */

import type { Row } from "@opensync-ts/schema/opensync";
import { planPort } from "./plan-bridge-ports.ts";
import { planUplink } from "./plan-uplink.ts";
import type { SubsetValues } from "./read-subset.ts";
import { printable } from "./row-json.ts";
import type { RowOperation } from "./row-operations.ts";
import type { SubsetRows } from "./rows.ts";
import { storedRows } from "./stored-rows.ts";
import { usedUplink } from "./subset.ts";

export interface OfflinePlan {
  readonly operations: readonly RowOperation[];
  readonly problems: readonly string[];
}

/** As the kernel admits them, less what a shell or a log could take for something else. */
const interfaceName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;

/** `before`: the uplink that was in use when this was last looked at. */
export function planOffline(
  rows: SubsetRows,
  stored: SubsetValues,
  lanBridge: string,
  before: string | null,
): OfflinePlan {
  const problems: string[] = [];
  return {
    operations: [
      ...rows.Connection_Manager_Uplink.filter(isClientPort).flatMap((row) =>
        planClientPort(rows, row.if_name, lanBridge, problems),
      ),
      ...planUplinkChange(rows, stored, lanBridge, before),
    ],
    problems,
  };
}

/** A wired port with a client behind it instead of a router: WANO has found nothing that gives addresses, and no loop. */
export function isClientPort(
  row: Pick<Row<"Connection_Manager_Uplink">, "if_type" | "is_used" | "has_L2" | "has_L3" | "loop" | "eth_client">,
): boolean {
  const isFree = row.if_type === "eth" && row.is_used !== true;
  return isFree && row.has_L2 === true && row.has_L3 === false && row.loop === false && row.eth_client === true;
}

function planClientPort(
  rows: SubsetRows,
  name: string,
  lanBridge: string,
  problems: string[],
): readonly RowOperation[] {
  const problem = (text: string) => {
    problems.push(`Connection_Manager_Uplink ${printable(name)}: a client's port cannot join the LAN: ${text}`);
    return [];
  };
  if (!interfaceName.test(name)) return problem("this is no name of an interface");
  const bridge = rows.Bridge.find((row) => row.name === lanBridge);
  if (!bridge) return problem(`Bridge has no row for ${printable(lanBridge)}`);
  const port = rows.Port.find((row) => row.name === name);
  if (port && bridge.ports.includes(port._uuid)) return [];
  const other = port && rows.Bridge.find((row) => row.ports.includes(port._uuid));
  return other ? problem(`it is a port of ${printable(other.name)}`) : planPort(rows, lanBridge, name);
}

function planUplinkChange(
  rows: SubsetRows,
  stored: SubsetValues,
  lanBridge: string,
  before: string | null,
): readonly RowOperation[] {
  const uplink = usedUplink(rows);
  const [lan] = storedRows(stored, "inet_config", "Wifi_Inet_Config", "if_name", []);
  const operations: readonly RowOperation[] = [
    ...(before !== null && before !== uplink ? [withoutUpnp(before)] : []),
    ...(uplink === null ? [] : planUplink({ stored, rows, lanBridge, lan: lan ?? null, faults: [], notes: [] })),
  ];
  return operations.filter((operation) => !isInForce(rows, operation));
}

function withoutUpnp(name: string): RowOperation {
  const part = `Wifi_Inet_Config ${printable(name)}`;
  return { op: "update", part, table: "Wifi_Inet_Config", where: [["if_name", name]], row: { upnp_mode: null } };
}

/** Of updates with plain values of rows by `if_name`. */
function isInForce(rows: SubsetRows, operation: RowOperation): boolean {
  if (operation.op !== "update") return false;
  const all = rows[operation.table as "Wifi_Inet_Config" | "Connection_Manager_Uplink"];
  const [[, name] = []] = operation.where;
  return (all as readonly { readonly if_name: string }[])
    .filter((row) => row.if_name === name)
    .every((row) =>
      Object.entries(operation.row).every(
        ([column, value]) => (row as { readonly [c: string]: unknown })[column] === value,
      ),
    );
}
