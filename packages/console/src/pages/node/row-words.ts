/** What has become of what the document states for a node, in words: what is stated, what is, what follows. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { sectionOf } from "../change/problems.ts";
import { sectionNames } from "../change/sections.ts";

export type NodeAnswer = AnswerTo<"GET /locations/:location/nodes/:node">;
export type RowStatus = NodeAnswer["rows"][number];

export interface RowWords {
  /** `Access point home-ap-50`. */
  readonly what: string;
  readonly state: string;
  readonly follows: string;
  readonly kind: "good" | "soft" | "warn" | "bad";
}

const tables: Readonly<Record<string, string>> = {
  Wifi_VIF_Config: "Access point",
  Wifi_Radio_Config: "Radio",
  Wifi_Inet_Config: "Network interface",
  AWLAN_Node: "Where it reports to",
  Wifi_Stats_Config: "What it measures:",
  Wifi_VIF_Neighbors: "Neighbour for roaming",
  Band_Steering_Config: "Steering group",
  Band_Steering_Clients: "Steering of client",
  DHCP_reserved_IP: "Reserved address of",
  WAN_Config: "Internet connection",
  IP_Port_Forward: "Port forward",
  Client_Nickname_Config: "Nickname of",
  Client_Freeze_Config: "No Internet for",
  Openflow_Tag: "Group of clients",
  Netfilter: "Firewall rule",
  Node_Config: "Setting",
  Interface: "Interface",
  Port: "Port",
  Bridge: "Bridge",
  Connection_Manager_Uplink: "Uplink",
};

export function rowWords({ id, stated, status }: RowStatus): RowWords {
  const [table = "", ...rest] = id.split(" ");
  const what = `${tables[table] ?? table} ${rest.join(" ")}`.trim();
  switch (status) {
    case "pending":
      return { what, kind: "warn", state: "not written yet", follows: "It is written next." };
    case "applied":
      return { what, kind: "warn", state: "written, not shown yet", follows: "The node is waited for." };
    case "proven":
      return { what, kind: "good", state: "done", follows: "The node shows that it is so." };
    case "unprovable":
      return { what, kind: "good", state: "written", follows: "Nodes do not report whether this is done." };
    case "unproven":
      return {
        ...{ what, kind: "bad", state: "not done" },
        follows:
          "The node had its time and shows something else. It is looked at again when the node changes, or another version holds.",
      };
    case "contested":
      return {
        ...{ what, kind: "bad", state: "written by somebody else, too" },
        follows: "It is left alone for a while, then written again. Find out who else writes to this node.",
      };
    case "refused":
      return {
        ...{ what, kind: "bad", state: "not possible" },
        follows: `The node is not asked for it. ${placeText(stated)}, or leave it: the rest holds.`,
      };
  }
}

/** Where it is changed. `stated`: `radios[1]`; null: nowhere any more. */
function placeText(stated: string | null): string {
  const name = stated === null ? undefined : placeName(stated);
  return name === undefined ? "Change it" : `Change it under ${name}`;
}

/** `Network, Rules`, of `policies[0]`; undefined: on no page. */
export function placeName(stated: string): string | undefined {
  if (stated === "stats" || stated === "steering") return "the cloud sets it by itself";
  if (stated.startsWith("devices[")) return "the client's page";
  const section = sectionOf(stated);
  const label = sectionNames.find(({ id }) => id === section)?.label;
  return label && `Network, ${label}`;
}

/** All of them in one line; the Workbench's checks say the same. `isDone`: nothing is open. */
export function settingsText(rows: readonly RowStatus[]): { readonly isDone: boolean; readonly text: string } {
  const open = rows.filter((row) => rowWords(row).kind !== "good").length;
  const [all, silent] = [rows.length, rows.filter(({ status }) => status === "unprovable").length];
  if (all === 0) return { isDone: false, text: "Nothing is known of that while it is not connected." };
  if (open > 0)
    return {
      isDone: false,
      text: `${open} of the ${all} settings that the cloud makes ${open === 1 ? "is" : "are"} not done.`,
    };
  const text =
    silent === 0
      ? `All ${all} settings that the cloud has made are written, and it shows that they are so.`
      : `All ${all} settings that the cloud has made are written: for ${all - silent} it shows that they are so, the other ${silent} are of a kind that nodes do not report back.`;
  return { isDone: true, text };
}

/** What is not done first, then by name. */
export function byNeed(rows: readonly RowStatus[]): readonly RowStatus[] {
  const rank = { bad: 0, warn: 1, soft: 2, good: 3 } as const;
  return rows.toSorted(
    (a, b) => rank[rowWords(a).kind] - rank[rowWords(b).kind] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

export const connectionWords: Readonly<Record<NodeAnswer["connection"], string>> = {
  absent: "not connected",
  redirected: "on its way",
  refused: "refused",
  connected: "connected",
};

/** One line: how the node is, with the reason. `moment`: a time (ms since 1970) as it is read. */
export function healthText(
  { connection, refused, settled, pending, silent, heardAt, note }: NodeAnswer,
  moment: (at: number) => string,
): string {
  const last = heardAt === null ? "" : ` It was heard of last at ${moment(Date.parse(heardAt))}.`;
  switch (connection) {
    case "absent":
      return `Not connected: it has not called${last === "" ? "" : " again"}.${last} Has it power, and a way to the Internet? Once it has both, it calls by itself within a minute or so.`;
    case "redirected":
      return "On its way: it was told where the controller is, and has not arrived yet.";
    case "refused":
      return `Refused: somebody at ${refused?.peer ?? "an unknown address"} says to be it: ${refused?.reason ?? "no reason given"}`;
    case "connected":
      if (silent) return `It does not answer.${last} What follows is of then.`;
      if (settled) {
        return note === null
          ? "It works as it should: the node itself shows so."
          : `All that the cloud has set is so. But ${note}.`;
      }
      return `Not yet as it should be: ${[pending ?? "it is being set up", ...(note === null ? [] : [note])].join("; ")}`;
  }
}
