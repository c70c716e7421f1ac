/** One supervised service: carries out what `supervision.ts` decides. */

import { type Clock, type Timer, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { managerLimits } from "../limits.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { ManagerScope } from "./scope.ts";
import { scopedContext } from "./scoped-context.ts";
import { inCrashLoop, initialService, type ServiceEvent, type ServiceState, superviseStep } from "./supervision.ts";

export interface ServiceOptions {
  readonly definition: ManagerDefinition;
  /** Called for each life, as each has a database client of its own. */
  readonly context: () => Omit<ManagerContext, "signal" | "fail">;
  readonly clock: Clock;
  /** DM's own log. */
  readonly log: Log;
  readonly onChange: (service: Service) => void;
  /** The service is about to be started again after it ended on its own. */
  readonly onRestart: (service: Service) => void;
}

interface Life {
  readonly scope: ManagerScope;
  manager: RunningManager | undefined;
}

export class Service {
  readonly name: string;
  readonly #options: ServiceOptions;
  #state: ServiceState = initialService;
  #life: Life | undefined;
  #timer: Timer | undefined;

  constructor(options: ServiceOptions) {
    this.name = options.definition.name;
    this.#options = options;
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** The manager, while it serves. */
  get manager(): RunningManager | undefined {
    return this.#state.phase === "RUNNING" ? this.#life?.manager : undefined;
  }

  handle(event: ServiceEvent): void {
    const { clock, log, onChange, onRestart } = this.#options;
    const before = this.#state;
    const { state, actions } = superviseStep(before, event, clock.now());
    this.#state = state;
    if (state.phase !== before.phase) log.debug(`${this.name}: ${before.phase} -> ${state.phase} (${event.kind})`);
    if (event.kind === "crashed" || event.kind === "start-failed") this.#reportFailure(state, event.reason);
    for (const action of actions) {
      switch (action.kind) {
        case "start":
          if (event.kind === "timer") onRestart(this);
          this.#start();
          break;
        case "stop":
          this.#stop(state.failure ?? "stopped by DM");
          break;
        case "wait":
          this.#timer = clock.setTimer(action.delayMs, () => this.handle({ kind: "timer" }));
          break;
        case "cancel-wait":
          this.#timer?.cancel();
          break;
      }
    }
    if (state !== before) onChange(this);
  }

  #reportFailure(state: ServiceState, reason: string): void {
    if (state.failure !== reason || state.delayMs === null) return;
    const loop = inCrashLoop(state) ? `, ${state.recentFailures.length} times in a row: crash loop` : "";
    this.#options.log.error(`${this.name}: ended${loop}: ${reason}; next start in ${state.delayMs / 1000} s`);
  }

  #start(): void {
    const { definition, context, clock, log } = this.#options;
    const scope = new ManagerScope((reason) => {
      log.debug(() => `${this.name}: ${reason.stack ?? reason.message}`);
      this.handle({ kind: "crashed", reason: reason.message });
    });
    const life: Life = { scope, manager: undefined };
    this.#life = life;
    const started = scope.run(async () => definition.start(scopedContext(context(), scope)));
    withDeadline(clock, started, managerLimits.startDeadlineMs, `${this.name}: start`).then(
      (manager) => {
        life.manager = manager;
        if (this.#life === life && !scope.ended) this.handle({ kind: "started" });
        // It was told to end while it was starting: end what has come up since.
        else void this.#endManager(life, manager);
      },
      (error) => {
        if (this.#life === life && !scope.ended) this.handle({ kind: "start-failed", reason: messageOf(error) });
        // A start that comes to life after its deadline must not stay.
        started.then(
          (manager) => this.#endManager(life, manager),
          () => {},
        );
      },
    );
  }

  #stop(reason: string): void {
    const life = this.#life;
    this.#life = undefined;
    const ended = life ? this.#end(life, reason) : Promise.resolve();
    void ended.then(() => this.handle({ kind: "stopped" }));
  }

  /** Never rejects. */
  async #end(life: Life, reason: string): Promise<void> {
    if (life.manager) await this.#endManager(life, life.manager);
    for (const problem of life.scope.end(new Error(`${this.name}: ${reason}`))) {
      this.#options.log.warning(`${this.name}: did not end cleanly: ${messageOf(problem)}`);
    }
  }

  async #endManager(life: Life, manager: RunningManager): Promise<void> {
    const { clock, log } = this.#options;
    try {
      const stopped = life.scope.run(async () => manager.stop());
      await withDeadline(clock, stopped, managerLimits.stopDeadlineMs, "stop");
    } catch (error) {
      log.warning(`${this.name}: did not stop cleanly: ${messageOf(error)}`);
    }
  }
}
