/**
 * `Wifi_VIF_Config.wps_pbc` is a command: true presses the WPS push button of an access point (and ends a press that is in
 * force), false releases it, and the device clears the column as its answer. `wps_pbc_key_id` names the key of `wpa_psks`
 * that a client gets. `Wifi_VIF_State` shows the press that is in force.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { WpsPress, WpsPushButton } from "@opensync-ts/wireless/contract";
import type { BoundVif } from "./binding.ts";
import type { ConfigEdits } from "./config-edits.ts";
import type { DesiredState } from "./desired-state.ts";
import { writeRetry } from "./limits.ts";
import { isPsk, keyIdOf } from "./psk.ts";
import type { VifConfig } from "./rows.ts";
import { configuredPsks } from "./security.ts";

export interface PushButtonsContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly wps: WpsPushButton;
  readonly edits: ConfigEdits;
  /** What `shown` gives has changed. */
  readonly changed: () => void;
}

interface Pressed {
  readonly press: WpsPress;
  readonly key: OfferedKey;
}

interface OfferedKey {
  /** As the row spells it. */
  readonly name: string;
  /** A secret: never logged. */
  readonly psk: string;
}

export class PushButtons {
  readonly #context: PushButtonsContext;
  /** By vif: presses without a result. */
  readonly #pressed = new Map<string, Pressed>();
  /** By row: commands carried out whose answer is not in the row yet. */
  readonly #carriedOut = new Map<VifConfig["_uuid"], boolean>();
  readonly #retries = new Set<Timer>();
  #stopped = false;

  constructor(context: PushButtonsContext) {
    this.#context = context;
  }

  /** Carries out what rows command, by vif. To be called after each change of rows. */
  configured(vifs: ReadonlyMap<string, BoundVif>): void {
    this.#forget(vifs);
    for (const [name, { row, radio }] of vifs) {
      const command = row.wps_pbc;
      if (command === null || this.#carriedOut.get(row._uuid) === command) continue;
      this.#carriedOut.set(row._uuid, command);
      if (!command) this.#pressed.get(name)?.press.cancel();
      else if (radio === null) this.#refuse(row, "no radio refers to the row (vif_configs)");
      else this.#push(row);
      this.#answer(row._uuid, name, command);
    }
  }

  /** The columns of `Wifi_VIF_State` that show a press, filled in where there is one. */
  shown(desired: DesiredState): DesiredState {
    if (this.#pressed.size === 0) return desired;
    const vifs = new Map(desired.vifs);
    for (const [name, { key }] of this.#pressed) {
      const vif = vifs.get(name);
      if (vif?.record.mode !== "ap") continue;
      vifs.set(name, { ...vif, record: { ...vif.record, wps_pbc: true, wps_pbc_key_id: key.name } });
    }
    return { ...desired, vifs };
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#retries) timer.cancel();
  }

  /** Answers that have arrived, and presses whose key is not what it was. */
  #forget(vifs: ReadonlyMap<string, BoundVif>): void {
    const commanded = new Set([...vifs.values()].flatMap(({ row }) => (row.wps_pbc === null ? [] : [row._uuid])));
    for (const uuid of this.#carriedOut.keys()) if (!commanded.has(uuid)) this.#carriedOut.delete(uuid);
    for (const [name, { press, key }] of this.#pressed) {
      const row = vifs.get(name)?.row;
      if (row && configuredPsks(row).get(key.name) === key.psk) continue;
      this.#context.log.notice(
        `ow: ovsdb: wps: ${name}: '${key.name}' is not the key it was; the push button is released`,
      );
      press.cancel();
    }
  }

  #push(row: VifConfig): void {
    const name = row.if_name;
    if (row.mode !== null && row.mode !== "ap") {
      this.#refuse(row, "only access points have a push button");
      return;
    }
    const key = offeredKey(row);
    if (key === null) {
      this.#pressed.get(name)?.press.cancel();
      this.#refuse(row, `wps_pbc_key_id '${row.wps_pbc_key_id}' names none of the keys in wpa_psks`);
      return;
    }
    const press = this.#context.wps.push(name, key.psk, (result) => {
      if (this.#pressed.get(name)?.press !== press) return;
      this.#pressed.delete(name);
      this.#context.log.info(`ow: ovsdb: wps: ${name}: '${key.name}': ${result}`);
      this.#context.changed();
    });
    this.#pressed.set(name, { press, key });
    this.#context.changed();
  }

  #refuse(row: VifConfig, why: string): void {
    this.#context.log.warning(
      `ow: ovsdb: wps: Wifi_VIF_Config '${row.if_name}': wps_pbc 'true': ${why}; nothing is done`,
    );
  }

  /** Unless somebody has given another command meanwhile. */
  #answer(uuid: VifConfig["_uuid"], name: string, command: boolean): void {
    const { edits, clock } = this.#context;
    void edits
      .edit(`answer wps_pbc of ${name}`, (builder) =>
        builder.update(
          "Wifi_VIF_Config",
          [
            ["_uuid", "==", uuid],
            ["wps_pbc", "==", command],
          ],
          { wps_pbc: null },
        ),
      )
      .then((done) => {
        if (done || this.#stopped || this.#carriedOut.get(uuid) !== command) return;
        const timer = clock.setTimer(writeRetry, () => {
          this.#retries.delete(timer);
          if (this.#carriedOut.get(uuid) === command) this.#answer(uuid, name, command);
        });
        this.#retries.add(timer);
      });
  }
}

/** The key that the row names; where it names none, the only one. */
function offeredKey(row: VifConfig): OfferedKey | null {
  const psks = [...configuredPsks(row)].map(([name, psk]) => ({ name, psk }));
  const wanted = row.wps_pbc_key_id;
  const id = keyIdOf(wanted);
  const key =
    wanted === ""
      ? psks.length === 1
        ? psks[0]
        : undefined
      : (psks.find(({ name }) => name === wanted) ?? psks.find(({ name }) => id !== null && keyIdOf(name) === id));
  return key && isPsk(key.psk) ? key : null;
}
