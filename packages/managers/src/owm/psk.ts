/** Multi-PSK: key names (`wpa_psks` keys) and the ids that drivers know them by. */

import type { Psk } from "@opensync-ts/target/radio";
import { maxKeyId } from "./limits.ts";
import type { Mapped, Problem } from "./problems.ts";

/** `key` is id 0, `key-N` is id N (so `key-0` is 0 too); `null` for any other name. */
export function keyIdOf(name: string): number | null {
  if (name === "key") return 0;
  const match = /^key-(\d+)$/.exec(name);
  if (!match) return null;
  const id = Number(match[1]);
  return id <= maxKeyId ? id : null;
}

export function keyNameOf(id: number): string {
  return id === 0 ? "key" : `key-${id}`;
}

/** How the configuration spells each id: `key` before `key-0`, otherwise the first in the order of the map. */
export function keySpellings(psks: ReadonlyMap<string, string>): ReadonlyMap<number, string> {
  const spellings = new Map<number, string>();
  for (const name of psks.keys()) {
    const id = keyIdOf(name);
    if (id === null) continue;
    if (!spellings.has(id) || name === keyNameOf(id)) spellings.set(id, name);
  }
  return spellings;
}

/** `wpa_psks` as the driver takes it, sorted by id. Keys that cannot be used are left out. */
export function psksOf(vif: string, psks: ReadonlyMap<string, string>): Mapped<readonly Psk[]> {
  const problems: Problem[] = [];
  const leaveOut = (name: string, reason: string) =>
    problems.push({ table: "Wifi_VIF_Config", row: vif, column: "wpa_psks", value: name, reason });
  const spellings = keySpellings(psks);
  const usable: Psk[] = [];
  for (const [name, psk] of psks) {
    const keyId = keyIdOf(name);
    if (keyId === null) leaveOut(name, "no key name ('key' or 'key-N'); this key is left out");
    else if (spellings.get(keyId) !== name)
      leaveOut(name, `the same key as '${spellings.get(keyId)}', which is used; this one is left out`);
    else if (!isPsk(psk))
      leaveOut(
        name,
        "its value is neither 8 to 63 printable characters nor 64 hexadecimal digits; this key is left out",
      );
    else usable.push({ keyId, psk });
  }
  return { value: usable.sort((a, b) => a.keyId - b.keyId), problems };
}

/** IEEE 802.11 passphrase, or the key itself. Control characters would also corrupt the files drivers write. */
export function isPsk(text: string): boolean {
  const octets = Buffer.byteLength(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) return false;
  return (octets >= 8 && octets <= 63) || /^[0-9a-fA-F]{64}$/.test(text);
}
