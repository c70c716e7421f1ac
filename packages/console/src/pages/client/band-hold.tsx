import { Button } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { bandText } from "../../ui/words.ts";
import type { Device } from "../clients/client-list.ts";
import { Ending, type Held, Left } from "./held-parts.tsx";
import type { HoldBand } from "./moves.ts";
import { untoldText } from "./until.ts";

interface BandProps extends Held {
  readonly band: Device["band"];
  readonly choices: readonly HoldBand[];
  /** Other devices are set up with it. */
  readonly isForSetUp: boolean;
}

/** To one band only, for a while. */
export function BandHold(props: BandProps) {
  const { location, mac, band, choices, isForSetUp, isEnding, isReached, isDisabled } = props;
  const hold = useChange("PUT /locations/:location/devices/:mac/band");
  const stop = useChange("DELETE /locations/:location/devices/:mac/band");
  const params = { location, mac };
  const isBusy = hold.isPending || stop.isPending;
  return (
    <div className="action">
      <h3>One band only, for a while</h3>
      {band ? (
        <>
          <p role="status">
            {bandText(band.prefer)} {band.only ? "only" : "rather than others"}
            <Left until={band.until} isTold={band.told} />
          </p>
          {!band.told && <p className="warn">{untoldText(isReached, band.until)}</p>}
          <Button
            className="button"
            isDisabled={isDisabled || isBusy}
            onPress={() => {
              hold.reset();
              stop.mutate({ params });
            }}
          >
            Stop now
          </Button>
        </>
      ) : (
        <>
          {isEnding && <Ending isReached={isReached} />}
          {isForSetUp && choices.includes("2.4G") && (
            <p className="hint">Some devices can only be set up while the phone is on 2.4 GHz, too.</p>
          )}
          <div className="choices">
            {choices.map((choice) => (
              <Button
                key={choice}
                className="button"
                isDisabled={isDisabled || isBusy}
                onPress={() => {
                  stop.reset();
                  hold.mutate({ params, body: { band: choice, minutes: 30 } });
                }}
              >
                {bandText(choice)} only for 30 minutes
              </Button>
            ))}
          </div>
        </>
      )}
      <Failure error={hold.error ?? stop.error} />
    </div>
  );
}
