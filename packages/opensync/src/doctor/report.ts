/** What an examination says: steps, each with what was tried, what came back, and what to do. */

import type { Clock } from "@opensync-ts/base/clock";
import { doctorLimits } from "./limits.ts";

export type Status = "ok" | "warning" | "failed" | "skipped";

/** How a step ended. */
export interface Finding {
  readonly status: Status;
  /** What came back. */
  readonly found: string;
  /** What to do; there is none for what is well. */
  readonly fix?: string;
}

export interface Step extends Finding {
  /** What it belongs to: `redirector`, `manager`, `node`, `gateway`, `extender`. */
  readonly part: string;
  readonly name: string;
  readonly tried: string;
  readonly ms: number;
}

export interface Report {
  /** What was examined. */
  readonly title: string;
  readonly steps: readonly Step[];
}

export function ok(found: string): Finding {
  return { status: "ok", found };
}

export function warning(found: string, fix: string): Finding {
  return { status: "warning", found, fix };
}

export function failed(found: string, fix: string): Finding {
  return { status: "failed", found, fix };
}

/** `because` completes "…". */
export function skipped(because: string): Finding {
  return { status: "skipped", found: because };
}

/** Collects steps in their order. */
export class Recorder {
  readonly #clock: Clock;
  readonly #onStep: (step: Step) => void;
  readonly steps: Step[] = [];

  /** `onStep` hears of each step as soon as it is done. */
  constructor(clock: Clock, onStep: (step: Step) => void = () => {}) {
    this.#clock = clock;
    this.#onStep = onStep;
  }

  /** Adds a step that began at `since` (`clock.now()`). Returns whether one may go on from it. */
  add(part: string, name: string, tried: string, finding: Finding, since = this.#clock.now()): boolean {
    if (this.steps.length < doctorLimits.steps) {
      const { status, found, fix } = finding;
      const ms = Math.round(this.#clock.now() - since);
      const texts = { tried: cut(tried), found: cut(found), ...(fix === undefined ? {} : { fix: cut(fix) }) };
      const step = { part, name, status, ...texts, ms };
      this.steps.push(step);
      this.#onStep(step);
    }
    return finding.status === "ok" || finding.status === "warning";
  }
}

function cut(text: string): string {
  return text.length <= doctorLimits.sentence ? text : `${text.slice(0, doctorLimits.sentence - 1)}…`;
}

/** The worst of them; a skipped step says nothing. */
export function verdict(steps: readonly Step[]): "ok" | "warning" | "failed" {
  const has = (status: Status) => steps.some((step) => step.status === status);
  return has("failed") ? "failed" : has("warning") ? "warning" : "ok";
}

/** The fault to set right first: what comes after it may follow from it. */
export function firstFault(steps: readonly Step[]): Step | undefined {
  return steps.find(({ status }) => status === "failed") ?? steps.find(({ status }) => status === "warning");
}
