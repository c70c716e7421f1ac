/**
 * One press of a WPS push button, from the wish for it to the last trace of it: the states and how they follow each
 * other, without time or drivers. `wps.ts` runs it.
 */

export type WpsJobState =
  /** Its access point is not up yet. */
  | "preparing"
  /** An earlier press on the same access point is still being cleared away. */
  | "scheduling"
  /** The driver is asked to press the button. */
  | "activating"
  /** It is pressed: a client has until the end of the walk time. */
  | "running"
  /** Its owner does not want it any more; the driver is asked to let go. */
  | "cancelling"
  /** The driver has let go and not said why. */
  | "interrupting"
  /** It has come to its result; the driver is asked to forget it. */
  | "deactivating"
  /** Nothing of it is left. */
  | "dropping";

export type WpsResult =
  | "unspecified"
  /** The walk time is up by our clock; the driver has not said so. */
  | "timed-out-internally"
  /** The driver says that it is up. */
  | "timed-out-externally"
  | "cancelled"
  | "interrupted"
  /** More than one client answered at a time. */
  | "overlapped"
  | "succeeded";

export type WpsJobEvent =
  | "access point is up"
  | "its turn has come"
  | "button is pressed"
  | "button is released"
  | "success"
  | "overlap"
  | "pbc_timeout"
  | "walk time is up"
  | "no reason came"
  | "cleared"
  | "access point has gone"
  | "cancel"
  | "drop";

export interface WpsStep {
  readonly state: WpsJobState;
  /** Where the step decides it. */
  readonly result?: WpsResult;
}

type Steps = Readonly<Partial<Record<WpsJobEvent, WpsStep>>>;

/** Nothing has been asked of the driver yet. */
const unasked: Steps = {
  "walk time is up": { state: "dropping", result: "timed-out-internally" },
  cancel: { state: "dropping", result: "cancelled" },
  drop: { state: "dropping", result: "unspecified" },
};

const asked: Steps = {
  success: { state: "deactivating", result: "succeeded" },
  overlap: { state: "deactivating", result: "overlapped" },
  pbc_timeout: { state: "deactivating", result: "timed-out-externally" },
  "walk time is up": { state: "deactivating", result: "timed-out-internally" },
  "access point has gone": { state: "dropping", result: "interrupted" },
  cancel: { state: "cancelling", result: "cancelled" },
  drop: { state: "deactivating", result: "unspecified" },
};

const decided: Steps = {
  cleared: { state: "dropping" },
  "access point has gone": { state: "dropping" },
};

/** An event that is not listed leaves the state as it is. */
const steps: Readonly<Record<WpsJobState, Steps>> = {
  preparing: { ...unasked, "access point is up": { state: "scheduling" } },
  scheduling: {
    ...unasked,
    "its turn has come": { state: "activating" },
    "access point has gone": { state: "dropping", result: "interrupted" },
  },
  activating: { ...asked, "button is pressed": { state: "running" } },
  running: { ...asked, "button is released": { state: "interrupting" } },
  interrupting: {
    ...asked,
    "button is pressed": { state: "running" },
    "no reason came": { state: "deactivating", result: "interrupted" },
    "walk time is up": { state: "deactivating", result: "interrupted" },
  },
  cancelling: decided,
  deactivating: decided,
  dropping: {},
};

/** null: the event means nothing now. */
export function wpsStep(state: WpsJobState, event: WpsJobEvent): WpsStep | null {
  return steps[state][event] ?? null;
}
