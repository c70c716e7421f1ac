/** Configuration rows → opinions of the wireless core: one batch per OVSDB transaction, everything looked at afresh. */

import type { Log } from "@opensync-ts/base/log";
import type { Overrides, PhyOverrides, VifOverrides, WirelessState } from "@opensync-ts/wireless/contract";
import type { Acl } from "./acl-kick.ts";
import { type Binding, bind } from "./binding.ts";
import { removedVifs } from "./limits.ts";
import { Memo } from "./memo.ts";
import { type Mapped, type Problem, ProblemLog } from "./problems.ts";
import { bandOfRow, namesChannel, offers } from "./radio-channel.ts";
import { radioOverrides } from "./radio-config.ts";
import { noReferences, type RadioConfig, type References, type VifConfig } from "./rows.ts";
import { overridesOfRemoved, vifInputs, vifOverrides } from "./vif-config.ts";
import type { VifContext } from "./vif-context.ts";

export interface ConfigRows {
  readonly radios: Iterable<RadioConfig>;
  readonly vifs: Iterable<VifConfig>;
  readonly references: References;
}

interface VifOpinion {
  readonly phy: string;
  readonly overrides: VifOverrides;
}

export class Configurator {
  readonly #overrides: Overrides;
  readonly #state: WirelessState;
  readonly #problems: ProblemLog;
  #binding: Binding = { radios: new Map(), vifs: new Map(), problems: [] };
  #references = noReferences;
  readonly #mappedPhys = new Memo<Mapped<PhyOverrides>>();
  readonly #mappedVifs = new Memo<Mapped<VifOverrides | null>>();
  /** Vifs whose row was removed, the last ones: they stay disabled until a row comes back. */
  readonly #removed = new Set<string>();
  /** Rows name radios or vifs that no driver had reported when they were last looked at. */
  #unresolved = false;
  /** Those with an opinion in force. */
  #phys: ReadonlyMap<string, PhyOverrides> = new Map();
  #vifs: ReadonlyMap<string, VifOpinion> = new Map();

  constructor(options: { overrides: Overrides; state: WirelessState; log: Log }) {
    this.#overrides = options.overrides;
    this.#state = options.state;
    this.#problems = new ProblemLog(options.log);
  }

  get binding(): Binding {
    return this.#binding;
  }

  /** The rows that those of the vifs refer to. */
  get references(): References {
    return this.#references;
  }

  /** What is asked of each radio that there is a row for. */
  get phys(): ReadonlyMap<string, PhyOverrides> {
    return this.#phys;
  }

  get problems(): readonly string[] {
    return this.#problems.current;
  }

  /** By vif, where a row says both who is listed and what that means. */
  get acls(): ReadonlyMap<string, Acl> {
    const acls = new Map<string, Acl>();
    for (const [vif, { overrides }] of this.#vifs) {
      const { acl, aclPolicy } = overrides.ap ?? {};
      if (acl && aclPolicy && aclPolicy !== "none") acls.set(vif, { policy: aclPolicy, macs: new Set(acl) });
    }
    return acls;
  }

  /** Whether `apply` is to be called again when drivers have said all they have to say. */
  get unresolved(): boolean {
    return this.#unresolved;
  }

  /** To be called after each change of `rows`, and when a driver's vifs or the channels it offers change. */
  apply(rows: ConfigRows): void {
    const previous = this.#binding;
    const binding = bind(rows.radios, rows.vifs, (vif) => this.#state.vifs.get(vif)?.phy);
    this.#binding = binding;
    this.#references = rows.references;
    this.#noteRemoved(previous, binding);
    const problems: Problem[] = [...binding.problems, ...this.#absent(binding)];
    const phys = new Map([...binding.radios].map(([phy, row]) => [phy, this.#phyOpinion(phy, row, problems)]));
    const vifs = this.#vifOpinions(binding, rows.references, problems);
    this.#overrides.batch(() => {
      for (const phy of this.#phys.keys()) {
        if (!phys.has(phy)) this.#overrides.setPhy(phy, null);
      }
      for (const [phy, overrides] of phys) {
        if (overrides !== this.#phys.get(phy)) this.#overrides.setPhy(phy, overrides);
      }
      for (const [name, { phy }] of this.#vifs) {
        if (vifs.get(name)?.phy !== phy) this.#overrides.setVif(phy, name, null);
      }
      for (const [name, { phy, overrides }] of vifs) {
        const before = this.#vifs.get(name);
        if (overrides !== before?.overrides || phy !== before.phy) this.#overrides.setVif(phy, name, overrides);
      }
    });
    this.#phys = phys;
    this.#vifs = vifs;
    this.#mappedPhys.retain(binding.radios);
    this.#mappedVifs.retain(binding.vifs);
    this.#problems.update(problems);
  }

  #noteRemoved(previous: Binding, binding: Binding): void {
    for (const name of previous.vifs.keys()) {
      if (!binding.vifs.has(name)) this.#removed.add(name);
    }
    for (const name of this.#removed) {
      if (this.#removed.size <= removedVifs) break;
      // Of those that no driver has: one that comes after so many others is nobody's any more.
      if (!this.#state.vifs.has(name)) this.#removed.delete(name);
    }
    for (const name of this.#removed) {
      if (binding.vifs.has(name)) this.#removed.delete(name);
    }
  }

  /** Rows for what no driver has; before drivers have had their say, that is no news. */
  #absent({ radios, vifs }: Binding): readonly Problem[] {
    const missingRadios = [...radios.keys()].filter((name) => !this.#state.phys.has(name));
    const missingVifs = [...vifs].flatMap(([name, { radio }]) =>
      radio?.if_name && this.#state.phys.has(radio.if_name) && !this.#state.vifs.has(name) ? [name] : [],
    );
    const settled = this.#state.idle && this.#state.phys.size > 0;
    this.#unresolved = !settled && missingRadios.length + missingVifs.length > 0;
    if (!settled) return [];
    const problem = (table: Problem["table"], what: string, existing: Iterable<string>) => {
      const reason = `no driver has this ${what} (there are ${[...existing].sort().join(", ")}); the row has no effect`;
      return (name: string) => ({ table, row: name, column: "if_name", value: name, reason });
    };
    return [
      ...missingRadios.map(problem("Wifi_Radio_Config", "radio", this.#state.phys.keys())),
      ...missingVifs.map(problem("Wifi_VIF_Config", "interface", this.#state.vifs.keys())),
    ];
  }

  #phyOpinion(phy: string, row: RadioConfig, problems: Problem[]): PhyOverrides {
    const state = this.#state.phys.get(phy) ?? null;
    const mapped = this.#mappedPhys.get(phy, [row, state], () => radioOverrides(row, state));
    problems.push(...mapped.problems);
    // A channel that cannot be leaves the one asked for before in force, also while nothing is up to show it.
    const before = this.#phys.get(phy)?.ap?.channel;
    if (!namesChannel(row) || mapped.value.ap?.channel || !before || !offers(state, before)) return mapped.value;
    return { ...mapped.value, ap: { ...mapped.value.ap, channel: before } };
  }

  #vifOpinions(binding: Binding, references: References, problems: Problem[]): ReadonlyMap<string, VifOpinion> {
    const opinions = new Map<string, VifOpinion>();
    for (const [name, { row, radio }] of binding.vifs) {
      if (!radio?.if_name) continue;
      const vif = this.#state.vifs.get(name);
      const phy = this.#state.phys.get(radio.if_name);
      const context: VifContext = {
        radio,
        band: phy?.capabilities.band ?? bandOfRow(radio, null),
        type: vif?.type ?? null,
        secured: vif?.type === "ap" && (vif.ap.wpa.wpa || vif.ap.wpa.rsn),
        references,
      };
      const mapped = this.#mappedVifs.get(name, vifInputs(row, context), () => vifOverrides(row, context));
      problems.push(...mapped.problems);
      if (mapped.value) opinions.set(name, { phy: radio.if_name, overrides: mapped.value });
    }
    for (const name of this.#removed) {
      const vif = this.#state.vifs.get(name);
      const phy = vif?.phy ?? this.#vifs.get(name)?.phy;
      const overrides = overridesOfRemoved(vif?.type ?? null);
      if (phy !== undefined && overrides) opinions.set(name, { phy, overrides });
    }
    // An AP_VLAN comes with the station that it serves: it is up wherever no row says otherwise.
    for (const [name, { type, phy }] of this.#state.vifs) {
      const own = opinions.get(name)?.overrides;
      if (type === "ap_vlan" && own?.enabled === undefined)
        opinions.set(name, { phy, overrides: { ...own, enabled: true } });
    }
    return opinions;
  }
}
