/** What OWM writes into tables of others: device tags (`Openflow_Tag`), port states of vifs (`Wifi_Master_State`). */

import type { Clock } from "@opensync-ts/base/clock";
import { withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Client, ReplicaTable } from "@opensync-ts/ovsdb/client";
import { TransactionError } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Row } from "@opensync-ts/schema/opensync";
import type { VifState } from "@opensync-ts/target/radio";
import type { DesiredState } from "./desired-state.ts";
import { transactionDeadline } from "./limits.ts";
import { mldInterfaceOf, type PortState, portStateChanges, uplinkChanged } from "./master-state.ts";
import { tagChanges } from "./openflow-tags.ts";

export interface SideTablesContext {
  readonly client: Client<OpenSync>;
  readonly clock: Clock;
  readonly log: Log;
  readonly tags: ReplicaTable<Row<"Openflow_Tag">>;
  readonly masters: ReplicaTable<Row<"Wifi_Master_State">>;
}

export class SideTables {
  readonly #context: SideTablesContext;
  /** Device values that OWM put there: address → tag. */
  readonly #tagged = new Map<string, string>();
  /** Vifs there are, and interfaces that have gone (`null`): those whose port state may still say otherwise. */
  readonly #vifs = new Map<string, VifState | null>();
  /** Interfaces whose uplink changed since their port state was last written. */
  readonly #blips = new Set<string>();

  /** `tagged`: what a former life of OWM left in the tags (address → tag). */
  constructor(context: SideTablesContext, tagged: ReadonlyMap<string, string>) {
    this.#context = context;
    for (const [mac, tag] of tagged) this.#tagged.set(mac, tag);
  }

  vifChanged(name: string, old: VifState | null, now: VifState | null): void {
    this.#vifs.set(name, now);
    const device = mldInterfaceOf(old);
    if (device !== null && !this.#vifs.get(device)) this.#vifs.set(device, null);
    if (!uplinkChanged(old, now)) return;
    for (const each of [name, mldInterfaceOf(old), mldInterfaceOf(now)]) if (each !== null) this.#blips.add(each);
  }

  async write(desired: DesiredState): Promise<void> {
    await this.#writeTags(desired);
    await this.#writePortStates();
  }

  /** A tag that cannot be written is none of the station's business: told, and left at that. */
  async #writeTags({ clients }: DesiredState): Promise<void> {
    const { client, log, tags } = this.#context;
    const wanted = new Map<string, string>();
    for (const [mac, { record }] of clients) if (record.oftag !== null) wanted.set(mac, record.oftag);
    for (const { tag, mutator, values } of tagChanges(tags.rows.values(), wanted, this.#tagged)) {
      try {
        await this.#deadline(
          client.transact(
            (builder) => builder.mutate("Openflow_Tag", [["name", "==", tag]], [["device_value", mutator, values]]),
            { comment: "OWM - update Openflow_Tag" },
          ),
        );
      } catch (error) {
        if (!(error instanceof TransactionError)) throw error;
        log.notice(`ow: ovsdb: Openflow_Tag '${tag}': device_value not updated: ${messageOf(error)}`);
        continue;
      }
      for (const mac of values) {
        if (mutator === "insert") this.#tagged.set(mac, tag);
        else if (this.#tagged.get(mac) === tag) this.#tagged.delete(mac);
      }
    }
    for (const [mac, tag] of this.#tagged) {
      if (!wanted.has(mac) && !tags.find(({ name }) => name === tag)) this.#tagged.delete(mac);
    }
  }

  async #writePortStates(): Promise<void> {
    const { masters } = this.#context;
    // What changes while this is written, or cannot be written, blips the next time.
    const due = new Set(this.#blips);
    this.#blips.clear();
    try {
      await this.#writeBlipping(due);
    } catch (error) {
      for (const name of due) this.#blips.add(name);
      throw error;
    }
    const shown = new Set([...masters.rows.values()].map(({ if_name }) => if_name));
    for (const [name, vif] of this.#vifs) if (vif === null && !shown.has(name)) this.#vifs.delete(name);
  }

  async #writeBlipping(due: ReadonlySet<string>): Promise<void> {
    const { masters } = this.#context;
    const blips = [...masters.rows.values()].filter(
      (row) => row.if_type === "vif" && row.port_state === "active" && due.has(row.if_name),
    );
    const active = portStateChanges(masters.rows.values(), this.#vifs);
    await this.#setPortStates(new Map(blips.map((row) => [row, "inactive"])));
    const again = blips.filter((row) => !active.has(row)).map((row) => [row, "active"] as const);
    await this.#setPortStates(new Map([...active, ...again]));
  }

  async #setPortStates(states: ReadonlyMap<Row<"Wifi_Master_State">, PortState>): Promise<void> {
    if (states.size === 0) return;
    await this.#deadline(
      this.#context.client.transact(
        (builder) => {
          for (const [{ _uuid }, port_state] of states)
            builder.update("Wifi_Master_State", [["_uuid", "==", _uuid]], { port_state });
        },
        { comment: "OWM - update Wifi_Master_State" },
      ),
    );
  }

  #deadline<T>(promise: Promise<T>): Promise<T> {
    return withDeadline(this.#context.clock, promise, transactionDeadline, "database");
  }
}
