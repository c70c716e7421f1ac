/** What steering writes into `Band_Steering_Clients`: how client steering stands, at once, and counters, once in a while. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type { CsState } from "@opensync-ts/wireless/steering/policies/client-steering";
import type { ConfigEdits } from "../config-edits.ts";
import type { ClientRow } from "./client-row.ts";
import { steeringGlueLimits } from "./limits.ts";

export type CounterColumn = "steering_success_cnt" | "steering_fail_cnt" | "steering_kick_cnt" | "sticky_kick_cnt";

interface Client {
  readonly uuid: ClientRow["_uuid"];
  /** Not written yet. Added to what the row says then, which its owner may have reset. */
  readonly counts: Map<CounterColumn, number>;
  csState: CsState | null;
  /** null: nothing has been. */
  written: CsState | null;
  writing: boolean;
}

export class SteeringWriteBack {
  readonly #clock: Clock;
  readonly #edits: ConfigEdits;
  readonly #clients = new Map<Mac, Client>();
  #timer: Timer | null = null;
  #due = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(clock: Clock, edits: ConfigEdits) {
    this.#clock = clock;
    this.#edits = edits;
  }

  /** The rows there are, by client. */
  configured(rows: ReadonlyMap<Mac, ClientRow>): void {
    for (const [mac, { _uuid: uuid }] of rows) {
      if (this.#clients.get(mac)?.uuid === uuid) continue;
      this.#clients.set(mac, { uuid, counts: new Map(), csState: null, written: null, writing: false });
    }
    for (const mac of this.#clients.keys()) if (!rows.has(mac)) this.#clients.delete(mac);
  }

  count(mac: Mac, column: CounterColumn): void {
    const client = this.#clients.get(mac);
    if (!client) return;
    client.counts.set(column, (client.counts.get(column) ?? 0) + 1);
    this.#look(steeringGlueLimits.counterPeriod);
  }

  /** null: nothing to say. */
  csState(mac: Mac, state: CsState | null): void {
    const client = this.#clients.get(mac);
    if (!client || state === null || client.csState === state) return;
    client.csState = state;
    this.#look(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #look(delay: number): void {
    const due = this.#clock.now() + delay;
    if (this.#stopped || (this.#timer !== null && this.#due <= due)) return;
    this.#timer?.cancel();
    this.#due = due;
    this.#timer = this.#clock.setTimer(delay, () => {
      this.#timer = null;
      for (const [mac, client] of this.#clients) if (!client.writing && isPending(client)) this.#write(mac, client);
    });
  }

  #write(mac: Mac, client: Client): void {
    const { uuid, csState, written } = client;
    const counts = [...client.counts];
    client.counts.clear();
    client.written = csState;
    client.writing = true;
    const edit = this.#edits.edit(`steering of ${mac}`, (builder) => {
      const where = [["_uuid", "==", uuid]] as const;
      if (csState !== written) builder.update("Band_Steering_Clients", where, { cs_state: csState });
      if (counts.length > 0)
        builder.mutate(
          "Band_Steering_Clients",
          where,
          counts.map(([column, count]) => [column, "+=", count] as const),
        );
    });
    // What is refused is told by `edit`, and not tried again.
    void edit.then(() => {
      client.writing = false;
      if (isPending(client)) this.#look(steeringGlueLimits.counterPeriod);
    });
  }
}

function isPending({ counts, csState, written }: Client): boolean {
  return counts.size > 0 || csState !== written;
}
