/**
 * How DM watches one service: a state machine without effects. `service.ts` carries its actions out.
 *
 * | state    | the service                                                        |
 * |----------|--------------------------------------------------------------------|
 * | STOPPED  | is not wanted                                                      |
 * | STARTING | has been asked to start and has not said that it serves            |
 * | RUNNING  | serves                                                             |
 * | STOPPING | has been asked to end                                              |
 * | WAITING  | ended on its own; the next start is planned                        |
 *
 * Delays are those of deployed devices: a process that crashes is started again after 5 s, one that gives up by itself
 * after 60 s. A crash loop falls back to the long delay.
 */

import { managerLimits } from "../limits.ts";

export type ServicePhase = "STOPPED" | "STARTING" | "RUNNING" | "STOPPING" | "WAITING";

export interface ServiceState {
  readonly phase: ServicePhase;
  /** `Node_Services.enable`. */
  readonly wanted: boolean;
  /** Why it last ended on its own; null once it serves again. */
  readonly failure: string | null;
  /** When (clock, ms) it ended on its own within the last `crashLoopWindowMs`. */
  readonly recentFailures: readonly number[];
  /** How often it was started again after ending on its own. */
  readonly restarts: number;
  /** How long to wait once it has ended, ms; null: not at all. */
  readonly delayMs: number | null;
}

export type ServiceEvent =
  | { readonly kind: "enable" }
  | { readonly kind: "disable" }
  /** Somebody wants it ended and started afresh. */
  | { readonly kind: "restart" }
  | { readonly kind: "started" }
  /** It could not start (a process would have exited with a status of its own). */
  | { readonly kind: "start-failed"; readonly reason: string }
  /** It threw, or said that it cannot go on (a process would have been killed by a signal). */
  | { readonly kind: "crashed"; readonly reason: string }
  | { readonly kind: "stopped" }
  | { readonly kind: "timer" };

export type ServiceAction =
  | { readonly kind: "start" }
  | { readonly kind: "stop" }
  | { readonly kind: "wait"; readonly delayMs: number }
  | { readonly kind: "cancel-wait" };

export interface ServiceStep {
  readonly state: ServiceState;
  readonly actions: readonly ServiceAction[];
}

export const initialService: ServiceState = {
  phase: "STOPPED",
  wanted: false,
  failure: null,
  recentFailures: [],
  restarts: 0,
  delayMs: null,
};

/** `now` is the clock's monotonic time in ms. An event that means nothing in a state changes nothing. */
export function superviseStep(state: ServiceState, event: ServiceEvent, now: number): ServiceStep {
  switch (event.kind) {
    case "enable":
      if (state.phase === "STOPPED") return start({ ...state, wanted: true });
      return stay({ ...state, wanted: true });
    case "disable":
      return disable({ ...state, wanted: false });
    case "restart":
      if (state.phase === "WAITING") return step({ ...start(state).state }, { kind: "cancel-wait" }, { kind: "start" });
      if (state.phase === "RUNNING" || state.phase === "STARTING") return stop({ ...state, delayMs: null });
      return stay(state);
    case "started":
      return state.phase === "STARTING" ? stay({ ...state, phase: "RUNNING", failure: null }) : stay(state);
    case "start-failed":
      if (state.phase !== "STARTING") return stay(state);
      return stop(failed(state, event.reason, managerLimits.restartDelayAfterExitMs, now));
    case "crashed":
      if (state.phase !== "STARTING" && state.phase !== "RUNNING") return stay(state);
      return stop(failed(state, event.reason, managerLimits.restartDelayAfterCrashMs, now));
    case "stopped":
      return state.phase === "STOPPING" ? ended(state) : stay(state);
    case "timer":
      return state.phase === "WAITING" ? start({ ...state, restarts: state.restarts + 1 }) : stay(state);
  }
}

/** `Node_Services.status`; null: nothing new to say. */
export function serviceStatus(state: ServiceState): "enabled" | "disabled" | "error" | null {
  if (state.phase === "STOPPED") return "disabled";
  if (state.failure !== null) return "error";
  return state.phase === "RUNNING" ? "enabled" : null;
}

export function inCrashLoop(state: ServiceState): boolean {
  return state.recentFailures.length >= managerLimits.crashLoopCount;
}

function disable(state: ServiceState): ServiceStep {
  switch (state.phase) {
    case "STARTING":
    case "RUNNING":
      return stop({ ...state, delayMs: null });
    case "WAITING":
      return step({ ...state, phase: "STOPPED", failure: null, delayMs: null }, { kind: "cancel-wait" });
    case "STOPPING":
    case "STOPPED":
      return stay(state);
  }
}

function failed(state: ServiceState, reason: string, delayMs: number, now: number): ServiceState {
  const recentFailures = [
    ...state.recentFailures.filter((at) => now - at < managerLimits.crashLoopWindowMs),
    now,
  ].slice(-managerLimits.crashLoopCount);
  const looping = recentFailures.length >= managerLimits.crashLoopCount;
  return {
    ...state,
    failure: reason,
    recentFailures,
    delayMs: looping ? Math.max(delayMs, managerLimits.restartDelayAfterExitMs) : delayMs,
  };
}

function ended(state: ServiceState): ServiceStep {
  if (!state.wanted) return stay({ ...state, phase: "STOPPED", failure: null, delayMs: null });
  if (state.delayMs === null) return start(state);
  return step({ ...state, phase: "WAITING" }, { kind: "wait", delayMs: state.delayMs });
}

function start(state: ServiceState): ServiceStep {
  return step({ ...state, phase: "STARTING", delayMs: null }, { kind: "start" });
}

function stop(state: ServiceState): ServiceStep {
  return step({ ...state, phase: "STOPPING" }, { kind: "stop" });
}

function stay(state: ServiceState): ServiceStep {
  return { state, actions: [] };
}

function step(state: ServiceState, ...actions: ServiceAction[]): ServiceStep {
  return { state, actions };
}
