import { useEffect, useMemo } from "react";
import { clock } from "../../clock.ts";
import type { Device } from "../clients/client-list.ts";
import { isHalfHeard, isOfNow, isUncompared, isUnheard, placeKey, withoutPlaces } from "./one-moment.ts";
import type { Explanation } from "./why-there.ts";

/** What the cloud sees nowhere, as its node tells nothing of access points, is not waited for any longer, ms. */
const anewMs = 20_000;
/** Nor is a report, ms: nodes report once a minute at the least. */
const reportMs = 120_000;

interface Answers {
  /** Null: not known yet. */
  readonly device: Device | undefined | null;
  readonly explanation: Explanation | undefined;
  /** ms since 1970 */
  readonly now: number;
  readonly ask: () => void;
}

export interface OneMoment {
  /** Of the place where it is; of another one, no place is compared. */
  readonly explanation: Explanation | undefined;
  /** Places are being compared anew. */
  readonly isAnew: boolean;
  /** What is known of it changes any moment. */
  readonly isSettling: boolean;
}

/** Both answers as one: where they are of different moments they are asked again at once, and nothing is told of where it was. */
export function useOneMoment({ device, explanation, now, ask }: Answers): OneMoment {
  const key = placeKey(device?.now, explanation);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when they told of another place last
  const since = useMemo(() => clock.wallTime(), [key]);
  const isOther = !isOfNow(device?.now, explanation);
  const isHalf = isHalfHeard(device?.now, explanation);
  const isMissing = isUncompared(device?.now, explanation);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each such disagreement; what follows is asked in time
  useEffect(() => {
    if (isOther || isHalf || isMissing) ask();
  }, [isOther, isHalf, isMissing, key]);
  const isAnew = isOther && now - since < anewMs;
  const isWaiting = (isUnheard(device?.now) || isHalf || isMissing) && now - since < reportMs;
  const isNowhere = isAnew || (device !== null && !device?.now);
  const shown = useMemo(
    () => (isNowhere && explanation ? withoutPlaces(explanation) : explanation),
    [isNowhere, explanation],
  );
  return { explanation: shown, isAnew, isSettling: isAnew || isWaiting };
}
