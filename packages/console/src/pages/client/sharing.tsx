import { useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { sharedApartText } from "../../ui/keys.ts";

interface SharingProps {
  readonly location: string;
  readonly mac: string;
  /** Undefined: not known yet. */
  readonly shared: boolean | undefined;
  /** Of the network that it is on; undefined: not known. */
  readonly isolate: boolean | undefined;
  readonly isDisabled: boolean;
}

/** Whether those with a key for guests reach it. */
export function Sharing({ location, mac, shared, isolate, isDisabled }: SharingProps) {
  const change = useChange("PUT /locations/:location/devices/:mac");
  const apart = sharedApartText(isolate);
  return (
    <div className="action">
      <h3>Guests</h3>
      <label className="check">
        <input
          type="checkbox"
          checked={(change.isPending ? change.variables.body?.shared : undefined) ?? shared ?? false}
          disabled={isDisabled || shared === undefined || change.isPending}
          onChange={(event) => change.mutate({ params: { location, mac }, body: { shared: event.target.checked } })}
        />
        <span>Guests may use it</span>
      </label>
      <p className="hint">Who joined with a key for guests reaches it then, such as a printer.</p>
      {apart !== undefined && <p className="hint">{apart}</p>}
      <Failure error={change.error} />
    </div>
  );
}
