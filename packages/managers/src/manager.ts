/** What a manager is: a definition that DM starts with a context, watches and restarts. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { Client } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { Target } from "@opensync-ts/target/target";
import type { Outbox } from "./outbox.ts";

export interface ManagerDefinition {
  /** The service name, as in `Node_Services.service` (`cm`, `owm` …). */
  readonly name: string;
  /** Resolves when the manager serves. Rejects when it cannot start: DM reports and retries. */
  start(context: ManagerContext): Promise<RunningManager>;
}

export interface ManagerContext {
  readonly client: Client<OpenSync>;
  readonly target: Target;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where to hand in what is to go to the cloud. */
  readonly outbox: Outbox;
  readonly options?: ManagerOptions;
  /** Aborted when the manager shall end; `stop` is called as well. */
  readonly signal: AbortSignal;
  /** To be called when the manager cannot go on: DM ends it and starts it afresh. */
  readonly fail: (reason: Error) => void;
}

/** How a node wants its managers to be. */
export interface ManagerOptions {
  /** OWM asks drivers for ever for what they cannot do, as the reference does, instead of respecting and learning their limits. */
  readonly strict?: boolean;
}

export interface RunningManager {
  /** Ends within a second and leaves no timer, listener or monitor behind. */
  stop(): Promise<void>;
  /** Everything the manager knows, as stable text for people. */
  dump(): string;
}
