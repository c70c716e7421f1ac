/** `Wifi_Master_State.port_state` of vifs: whether a link is up. The rows are NM's; only those that exist are updated. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { VifState } from "@opensync-ts/target/radio";

export type PortState = "active" | "inactive";

export function portStateOf(vif: VifState | null): PortState {
  if (!vif) return "inactive";
  if (vif.type === "sta") return vif.sta.link.status === "connected" ? "active" : "inactive";
  return vif.status === "enabled" ? "active" : "inactive";
}

/**
 * Whether the uplink of a STA vif went up, down or over to another AP. CM ignores a `port_state` that stays what it was, so
 * that this has to be shown as `inactive` first.
 */
export function uplinkChanged(old: VifState | null, now: VifState | null): boolean {
  return uplinkOf(old) !== uplinkOf(now);
}

function uplinkOf(vif: VifState | null): string | null {
  if (vif?.type !== "sta" || vif.sta.link.status !== "connected") return null;
  return `${vif.sta.link.bssid} ${vif.sta.link.ssid}`;
}

/** The interface of the multi-link device that the vif is a link of; `null`: it is of none, or of one without its own. */
export function mldInterfaceOf(vif: VifState | null): string | null {
  const mld = vif?.type === "ap" ? vif.ap.mld : vif?.type === "sta" ? vif.sta.mld : null;
  return mld?.ifName || null;
}

/** The rows whose `port_state` is to be written, with the value; `known`: vifs there are, and interfaces that have gone. */
export function portStateChanges(
  rows: Iterable<Row<"Wifi_Master_State">>,
  known: ReadonlyMap<string, VifState | null>,
): ReadonlyMap<Row<"Wifi_Master_State">, PortState> {
  const changes = new Map<Row<"Wifi_Master_State">, PortState>();
  for (const row of rows) {
    const state = row.if_type === "vif" ? portStateOfInterface(row.if_name, known) : null;
    if (state !== null && row.port_state !== state) changes.set(row, state);
  }
  return changes;
}

/** A multi-link device is up with any of its links, and has gone with the last. `null`: no driver ever spoke of it. */
function portStateOfInterface(name: string, known: ReadonlyMap<string, VifState | null>): PortState | null {
  const vif = known.get(name);
  if (vif) return portStateOf(vif);
  const links = [...known.values()].filter((each) => mldInterfaceOf(each) === name);
  if (links.length === 0) return vif === null ? "inactive" : null;
  return links.some((link) => portStateOf(link) === "active") ? "active" : "inactive";
}
