/** `opensync doctor`: the way to the cloud, step by step, from where the node stands. */

import { SystemRandom } from "@opensync-ts/base/random";
import { clock } from "../run.ts";
import type { CloudContext } from "./context.ts";
import { examineCloud } from "./examine-cloud.ts";
import { doctorLimits } from "./limits.ts";
import { systemResolver } from "./names.ts";
import { Recorder, type Report, verdict } from "./report.ts";
import { reportJson, stepText, summaryText, titleText } from "./report-text.ts";
import { findSubject, type SubjectOptions } from "./subject.ts";

export interface DoctorOutputOptions {
  readonly json?: boolean;
  /** Warnings count as faults. */
  readonly strict?: boolean;
  /** Seconds for one step. */
  readonly timeout?: number;
}

export interface DoctorOptions extends SubjectOptions, DoctorOutputOptions {
  readonly manager?: boolean;
}

/** Resolves with the exit code: 0 when all is well, 1 when there is a fault. Rejects with a `UserError` where there is nothing to examine. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const timeoutMs = stepLimit(options);
  const random = new SystemRandom();
  const subject = await findSubject(options, { clock, random, timeoutMs, environment: process.env });
  return examine(subject.title, options, (recorder) => {
    const { tls, identity, redirector, running, isForeign } = subject;
    const context: CloudContext = {
      recorder,
      clock,
      random,
      resolver: systemResolver,
      timeoutMs,
      holdMs: Math.min(doctorLimits.holdMs, timeoutMs),
      tls,
      identity,
    };
    return examineCloud({ redirector, running, isForeign, manager: options.manager }, context);
  });
}

export function stepLimit({ timeout }: DoctorOutputOptions): number {
  return timeout === undefined ? doctorLimits.stepMs : timeout * 1000;
}

/** Prints the steps as they are done, and the verdict; gives the exit code. */
export async function examine(
  title: string,
  { json = false, strict = false }: DoctorOutputOptions,
  work: (recorder: Recorder) => void | Promise<void>,
): Promise<number> {
  const recorder = new Recorder(clock, (step) => {
    if (!json) process.stdout.write(stepText(step));
  });
  if (!json) process.stdout.write(titleText(title));
  await work(recorder);
  const report: Report = { title, steps: recorder.steps };
  process.stdout.write(json ? reportJson(report) : summaryText(report));
  const worst = verdict(report.steps);
  return worst === "failed" || (strict && worst === "warning") ? 1 : 0;
}
