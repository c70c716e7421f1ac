/** What CM shows of a node's uplink, as a finding. Pure. */

import type { Row } from "@opensync-ts/schema/opensync";
import { type Finding, failed, ok, warning } from "./report.ts";

type Uplink = Row<"Connection_Manager_Uplink">;

/** `isConnected`: the node has its cloud all the same, so that nothing that is missing is a fault. */
export function judgeUplink(uplinks: readonly Uplink[], isConnected: boolean): Finding {
  const bad = isConnected ? warning : failed;
  const used = uplinks.find((row) => row.is_used === true);
  if (!used) {
    const words = uplinks.map((row) => `${row.if_name} (${whyNot(row)})`).join(", ");
    return bad(
      `none is used: ${words || "there are no candidates"}`,
      "check cables and radios; see CM's lines in the node's log",
    );
  }
  const { if_name: name } = used;
  if (used.has_L2 !== true) return bad(`${name} is used, but has no link (has_L2)`, "check cable or radio");
  if (used.has_L3 !== true)
    return bad(`${name} is used, but gets nothing by DHCP (has_L3)`, "check the DHCP server above it");
  const lost = (["link", "router", "internet"] as const).filter(
    (what) => (used[`unreachable_${what}_counter`] ?? 0) > 0,
  );
  const [first] = lost;
  if (first !== undefined) {
    const counts = lost.map((what) => `${what} (${used[`unreachable_${what}_counter`]} checks)`).join(", ");
    return bad(`${name} is used, and does not reach: ${counts}`, fixes[first]);
  }
  return ok(`${name} (${used.if_type}) is used${used.bridge ? `, in bridge ${used.bridge}` : ""}`);
}

const fixes = {
  link: "check the cable, or the tunnel's other end",
  router: "look after the router above the node",
  internet: "look after the line of the provider",
} as const;

function whyNot({ has_L2: hasLink, has_L3: hasAddress }: Uplink): string {
  if (hasLink !== true) return "no link: has_L2";
  return hasAddress === true ? "not chosen" : "no DHCP: has_L3";
}
