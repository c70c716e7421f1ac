/** Whether what the form shows of a key is what holds. Pure. */

import type { Doc, Key, Network } from "./doc.ts";

/** `held`: of the version that was applied last. */
export function isKeyHeld(
  held: Pick<Doc, "networks">,
  { ssid, enabled }: Pick<Network, "ssid" | "enabled">,
  { id, zone, psk }: Key,
) {
  const network = held.networks.find((each) => each.ssid === ssid);
  const key = network?.security.keys.find((each) => each.id === id);
  if (!network || !key) return false;
  // A passphrase that is there to be read was typed here.
  return psk === null && network.enabled === enabled && (key.zone ?? "home") === (zone ?? "home");
}
