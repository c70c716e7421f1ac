/**
 * NFM, the netfilter manager: rows of `Netfilter` are rules of the device's firewall, with tags of clients filled in. The whole set is
 * stated at once; each row's `status` says what has become of it.
 */

import { messageOf } from "@opensync-ts/base/errors";
import type { Replica } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { FirewallRule } from "@opensync-ts/target/firewall";
import { Complaints } from "../complaints.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { ruleSet } from "./rules.ts";
import { Tags } from "./tags.ts";

const tables = { Netfilter: {}, Openflow_Tag: {}, Openflow_Local_Tag: {}, Openflow_Tag_Group: {} } as const;

type View = Replica<OpenSync, keyof typeof tables>;

export const nfm: ManagerDefinition = {
  name: "nfm",
  async start(context) {
    return new NetfilterManager(context, await context.client.replicate(tables));
  },
};

class NetfilterManager implements RunningManager {
  readonly #context: ManagerContext;
  readonly #view: View;
  readonly #complaints: Complaints;
  readonly #rounds: Reconciler;
  readonly #unsubscribe: () => void;
  #rules: readonly FirewallRule[] = [];
  /** As the firewall was told; null: nothing yet, and who knows what a manager before has. */
  #stated: string | null = null;
  /** Rows that the firewall cannot do. */
  #refused: ReadonlyMap<string, string> = new Map();

  constructor(context: ManagerContext, view: View) {
    this.#context = context;
    this.#view = view;
    this.#complaints = new Complaints(context.clock, context.log);
    this.#rounds = new Reconciler(
      () => this.#round(),
      (error) => this.#complaints.say(`Netfilter: ${messageOf(error)}`, "round"),
    );
    this.#unsubscribe = view.onTransaction(() => this.#rounds.request());
    this.#rounds.request();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#rounds.stop();
    this.#view.cancel();
  }

  dump(): string {
    return this.#rules
      .map(
        ({ row, family, table, chain, match, target }) => `${row}: ${family} ${table} ${chain} ${match} -j ${target}`,
      )
      .join("\n");
  }

  async #round(): Promise<void> {
    const rows = this.#view.table("Netfilter").rows;
    const tags = new Tags({
      tags: this.#view.table("Openflow_Tag").rows.values(),
      localTags: this.#view.table("Openflow_Local_Tag").rows.values(),
      groups: this.#view.table("Openflow_Tag_Group").rows.values(),
    });
    const { rules, problems } = ruleSet(rows.values(), tags);
    const { firewall } = this.#context.target;
    const stated = JSON.stringify(rules);
    if (stated !== this.#stated) {
      this.#refused =
        firewall?.setRules(rules) ?? new Map(rules.map(({ row }) => [row, "this device has no firewall"]));
      this.#rules = rules.filter(({ row }) => !this.#refused.has(row));
      this.#stated = stated;
    }
    const changes = [...rows.values()].flatMap(({ _uuid, name, enable, status }) => {
      const problem = problems.get(name) ?? this.#refused.get(name);
      if (enable && problem !== undefined) this.#complaints.say(`Netfilter ${name}: ${problem}`);
      const now = !enable ? "disabled" : problem !== undefined ? "error" : "enabled";
      return status === now ? [] : [{ _uuid, now } as const];
    });
    if (changes.length === 0) return;
    await this.#context.client.transact(
      (transaction) => {
        for (const { _uuid, now } of changes)
          transaction.update("Netfilter", [["_uuid", "==", _uuid]], { status: now });
      },
      { comment: "NFM - Netfilter status" },
    );
  }
}
