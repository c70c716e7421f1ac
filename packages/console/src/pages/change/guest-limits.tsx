/** What a guest's key does not keep from devices at home, and what is shared with guests. */

import { ClientLink } from "../../ui/page-link.tsx";
import { Check, EditButton } from "./controls.tsx";
import { keptApart } from "./edits.ts";
import { useEditing } from "./use-edit.ts";

const cost = "Your own devices on one access point do not reach each other then either.";

/** When a guest network is made. */
export function ApartChoice({ isOn, onChange }: { readonly isOn: boolean; onChange(isOn: boolean): void }) {
  return (
    <div>
      <Check isOn={isOn} onChange={onChange}>
        Keep guests from devices on the same access point, too
      </Check>
      <p className="hint">{cost}</p>
    </div>
  );
}

/** Of a network that has guests. */
export function SameAccessPoint({ at }: { readonly at: number }) {
  const { doc, replace } = useEditing();
  const network = doc.networks[at];
  if (!network) return null;
  if (network.isolate) {
    return (
      <p className="hint">
        On “<bdi>{network.ssid}</bdi>” devices on one access point are kept apart, yours as well.
      </p>
    );
  }
  return (
    <div className="open-key">
      <p className="warn">
        Guests on “<bdi>{network.ssid}</bdi>” reach devices on the same access point.
      </p>
      <EditButton onPress={() => replace(keptApart(doc, at))}>Keep them apart there, too</EditButton>
      <p className="hint">{cost}</p>
    </div>
  );
}

export function SharedDevices() {
  const { doc, names } = useEditing();
  const shared = (doc.devices ?? []).filter((device) => device.shared);
  return (
    <p className="hint">
      {shared.length === 0
        ? "No device is shared with guests: each device's page has a switch for that."
        : "Shared with guests: "}
      {shared.map(({ mac, nickname }, index) => (
        <span key={mac}>
          {index > 0 && ", "}
          <ClientLink mac={mac}>
            <bdi>{nickname ?? names.get(mac) ?? mac}</bdi>
          </ClientLink>
        </span>
      ))}
    </p>
  );
}
