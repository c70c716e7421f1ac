/** Keeps the log of outages in persistent storage and shows it in `Uplink_Events`. What the cloud removes there is forgotten. */

import type { Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Row } from "@opensync-ts/schema/opensync";
import type { PersistentStore } from "@opensync-ts/target/storage";
import { Complaints } from "../complaints.ts";
import type { ManagerContext } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { cmLimits } from "./limits.ts";
import {
  type Condition,
  emptyLog,
  formatLog,
  noteCondition,
  type OutageLog,
  parseLog,
  sameEvent,
  type UplinkEvent,
  withoutEvent,
} from "./outages.ts";
import { type CmView, rowsOf } from "./view.ts";

const storeName = "uplink_event";
const key = "uplink_event";

export class OutageKeeper {
  readonly #context: ManagerContext;
  readonly #view: CmView;
  readonly #complaints: Complaints;
  readonly #publisher: Reconciler;
  readonly #store: PersistentStore | null;
  #log: OutageLog = emptyLog;
  #saving: Timer | undefined;

  constructor(context: ManagerContext, view: CmView) {
    this.#context = context;
    this.#view = view;
    this.#complaints = new Complaints(context.clock, context.log, "Uplink_Events: ");
    this.#publisher = new Reconciler(
      () => this.#publish(),
      (error) => this.#complaints.say(`not written: ${messageOf(error)}`),
    );
    this.#store = this.#open();
  }

  start(): void {
    this.#publisher.request();
    this.#view.table("Uplink_Events").onChange((change) => {
      if (change.kind === "delete") this.#removed(change.old);
    });
  }

  /** `condition`: of the wired uplink in use. */
  note(condition: Condition): void {
    const seconds = Math.min(4_294_967_000, Math.max(1, Math.floor(this.#context.clock.wallTime() / 1000)));
    const log = noteCondition(this.#log, condition, seconds);
    if (log === this.#log) return;
    this.#log = log;
    const event = log.events.at(-1);
    if (event) this.#context.log.notice(`uplink: ${event.type} ${event.connected ? "is back" : "is lost"}`);
    this.#save();
    this.#publisher.request();
  }

  stop(): void {
    this.#publisher.stop();
    this.#saving?.cancel();
    if (this.#saving) this.#save();
  }

  dump(): string {
    return `${this.#log.events.length} kept, open: ${this.#log.open ?? "none"}`;
  }

  /** Nothing else of CM depends on the log: it goes on without. */
  #open(): PersistentStore | null {
    try {
      const store = this.#context.target.storage.open(storeName, { preserve: true });
      const text = store.get(key);
      if (text !== undefined) this.#log = parseLog(text);
      return store;
    } catch (error) {
      this.#complaints.say(`store ${storeName}: ${messageOf(error)}; the log begins anew`);
      return this.#context.target.storage.open(storeName, { preserve: true });
    }
  }

  #removed({ timestamp, type, connected }: Pick<Row<"Uplink_Events">, "timestamp" | "type" | "connected">): void {
    // Nobody but CM writes them, and CM writes them whole.
    if (timestamp === null || type === "") return;
    const log = withoutEvent(this.#log, { timestamp, type, connected });
    if (log === this.#log) return;
    this.#log = log;
    this.#saving ??= this.#context.clock.setTimer(cmLimits.uplinkEventsDebounceMs, () => {
      this.#saving = undefined;
      this.#save();
    });
  }

  #save(): void {
    this.#saving?.cancel();
    this.#saving = undefined;
    try {
      this.#store?.set(key, formatLog(this.#log));
    } catch (error) {
      this.#complaints.say(`not stored: ${messageOf(error)}; kept until the next boot only`, "store");
    }
  }

  async #publish(): Promise<void> {
    const rows = rowsOf(this.#view, "Uplink_Events");
    const shows = (row: (typeof rows)[number], event: UplinkEvent) => sameEvent(row as UplinkEvent, event);
    const missing = this.#log.events.filter((event) => !rows.some((row) => shows(row, event)));
    const surplus = rows.filter((row) => !this.#log.events.some((event) => shows(row, event)));
    if (missing.length === 0 && surplus.length === 0) return;
    await this.#context.client.transact(
      (transaction) => {
        for (const { _uuid } of surplus) transaction.delete("Uplink_Events", [["_uuid", "==", _uuid]]);
        for (const event of missing) transaction.insert("Uplink_Events", event);
      },
      { comment: "CM - update Uplink_Events" },
    );
  }
}
