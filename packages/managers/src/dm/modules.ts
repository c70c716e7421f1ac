/**
 * Third-party modules: what is started and stopped at run time by `Node_Config` (module = its name, key `enable`, value
 * `true`), and shown in `Node_State` while it serves. Supervised as the managers are.
 */

import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Client, Replica } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { ManagerDefinition } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import type { Service } from "./service.ts";

export interface ModulesOptions {
  readonly definitions: readonly ManagerDefinition[];
  readonly createService: (definition: ManagerDefinition, onChange: () => void) => Service;
  readonly client: Client<OpenSync>;
  readonly log: Log;
}

const enableKey = "enable";
const enabledValue = "true";

export class Modules {
  readonly services: readonly Service[];
  readonly #client: Client<OpenSync>;
  readonly #stateWriter: Reconciler;
  #view: Replica<OpenSync, "Node_Config" | "Node_State"> | undefined;

  constructor({ definitions, createService, client, log }: ModulesOptions) {
    this.#client = client;
    this.#stateWriter = new Reconciler(
      () => this.#writeState(),
      (error) => log.error(`Node_State not written: ${messageOf(error)}`),
    );
    this.services = definitions.map((definition) => createService(definition, () => this.#stateWriter.request()));
  }

  async start(): Promise<void> {
    if (this.services.length === 0) return;
    const view = await this.#client.replicate({
      Node_Config: { columns: ["module", "key", "value"] },
      Node_State: { columns: ["module", "key", "value"] },
    });
    this.#view = view;
    view.table("Node_Config").onChange(() => this.#apply());
    this.#apply();
    this.#stateWriter.request();
  }

  /** No module is started any more; ending those that run is up to who ends all services. */
  stop(): void {
    this.#stateWriter.stop();
    this.#view?.cancel();
  }

  #apply(): void {
    for (const service of this.services) {
      const row = this.#view
        ?.table("Node_Config")
        .find(({ module, key }) => module === service.name && key === enableKey);
      service.handle({ kind: row?.value === enabledValue ? "enable" : "disable" });
    }
  }

  async #writeState(): Promise<void> {
    const states = this.#view?.table("Node_State");
    if (!states) return;
    const shown = new Map(
      [...states.rows.values()].filter(({ key }) => key === enableKey).map((row) => [row.module, row._uuid]),
    );
    const appeared = this.services.filter(({ name, manager }) => manager && !shown.has(name));
    const gone = this.services.filter(({ name, manager }) => !manager && shown.has(name));
    if (appeared.length + gone.length === 0) return;
    await this.#client.transact(
      (transaction) => {
        for (const { name } of appeared) {
          transaction.insert("Node_State", { module: name, key: enableKey, value: enabledValue });
        }
        for (const { name } of gone) {
          transaction.delete("Node_State", [
            ["module", "==", name],
            ["key", "==", enableKey],
          ]);
        }
      },
      { comment: "DM - update Node_State" },
    );
  }
}
