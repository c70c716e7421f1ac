/** Points out a key that is called as if for guests, and opens the whole home. */

import { isOpenGuestKey, zoneWords } from "../../ui/keys.ts";
import { EditButton } from "./controls.tsx";
import type { Key, Network } from "./doc.ts";
import { useEditing } from "./use-edit.ts";

interface Shown {
  readonly network: Network;
  /** Of the network in the document, and of the key in it. */
  readonly at: number;
  readonly position: number;
  readonly entry: Key;
}

export function OpenGuestKey({ network, at, position, entry }: Shown) {
  const { set, locked } = useEditing();
  if (!isOpenGuestKey(entry)) return null;
  return (
    <div className="open-key">
      <p className="warn">
        The key “<bdi>{entry.label}</bdi>” of “<bdi>{network.ssid}</bdi>” opens everything: whoever has it reaches every
        device at home, not the Internet alone.
      </p>
      {locked === undefined && (
        <EditButton
          label={`Let it open only: ${zoneWords.guest} (key ${entry.label})`}
          onPress={() => set(["networks", at, "security", "keys", position, "zone"], "guest")}
        >
          Let it open only: {zoneWords.guest}
        </EditButton>
      )}
    </div>
  );
}
