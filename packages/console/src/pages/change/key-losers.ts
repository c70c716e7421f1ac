/** Who loses the Wi-Fi when a key gets another passphrase, until they have the new one. Pure. */

import { unknownUsers, usersOf } from "../../ui/keys.ts";
import type { Doc } from "./doc.ts";

type Devices = Parameters<typeof usersOf>[0];

/** Named in the line; the rest is counted. */
const named = 6;

interface Change {
  readonly kind: string;
  readonly path: string;
}

/** A line for each key that was there and gets another passphrase. `before`: what holds; its networks are on the air by their names. */
export function loserLines(
  changes: readonly Change[],
  before: Pick<Doc, "networks">,
  after: Pick<Doc, "networks">,
  devices: Devices,
): readonly string[] {
  return changes.flatMap(({ kind, path }) => {
    const [, at, position] = /^networks\[(\d+)\]\.security\.keys\[(\d+)\]\.psk$/.exec(path) ?? [];
    if (kind !== "changed" || at === undefined) return [];
    const network = after.networks[Number(at)];
    const key = network?.security.keys[Number(position)];
    if (!network || !key) return [];
    const old = before.networks.find(({ ssid }) => ssid === network.ssid) ?? before.networks[Number(at)];
    const ssids = [network.ssid, old?.ssid ?? network.ssid];
    const users = usersOf(devices, ssids, key.id).map(({ name }) => name);
    const unknown = unknownUsers(devices, ssids);
    const rest = users.length - named;
    const names = `${users.slice(0, named).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
    const lose =
      users.length === 0
        ? "nobody is connected with it now"
        : users.length === 1
          ? `1 client that is connected with it now loses the Wi-Fi until it has the new one: ${names}`
          : `${users.length} clients that are connected with it now lose the Wi-Fi until they have the new one: ${names}`;
    const more = unknown > 0 ? ` (of ${unknown} on this network the node does not say by which key)` : "";
    return [`New passphrase of key “${key.label ?? key.id}” of “${network.ssid}”: ${lose}${more}.`];
  });
}
