/** What the parts of "Change" have in common: until when something is held, and whether its node has been told. */

import { countdownText, momentText } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { endingText } from "./until.ts";

export interface Part {
  readonly location: string;
  readonly mac: string;
  readonly isDisabled: boolean;
  /** Its node is heard of. */
  readonly isReached: boolean;
}

export interface Held extends Part {
  /** It was taken back, and its node has not been told. */
  readonly isEnding: boolean;
}

/** `isTold`: its node has been given it. */
export function Left({ until, isTold }: { readonly until: string | null; readonly isTold: boolean }) {
  const now = useNow(1000);
  if (until === null) return <>, until that is changed.</>;
  const end = Date.parse(until);
  return (
    <>
      {" "}
      until {momentText(end, now)}
      {isTold && (
        <span className="countdown" aria-hidden="true">
          {countdownText(end - now)}
        </span>
      )}
    </>
  );
}

export function Ending({ isReached }: { readonly isReached: boolean }) {
  return (
    <p className="warn" role="status">
      {endingText(isReached)}
    </p>
  );
}
