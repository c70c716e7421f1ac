/** One station, decided about on a clock of its own; the test plays the station and the driver. */

import { mac } from "@opensync-ts/base/units";
import type { Outcome } from "../attempt.ts";
import { type Decision, decide, type SteeringAction } from "../decide.ts";
import type { Bss, StationSnapshot, SteeringInput } from "../model.ts";
import { type ClientSettings, defaultSettings } from "../settings.ts";
import { type SteeringState, startState } from "../state.ts";

export const phone = mac("0a:00:00:00:00:01");

const common = { mldAddr: null, dfs: false, leaving: false, priority: null, load: null };

/** Ours: `ap24`, `ap50`; of another node: `far24`, `far50`. */
export const ap24: Bss = {
  ...common,
  ...{ bssid: mac("02:00:00:00:00:24"), vif: "home-ap-24", band: "2.4G", control: 2412, channel: 1, opClass: 81 },
};
export const ap50: Bss = {
  ...common,
  ...{ bssid: mac("02:00:00:00:00:50"), vif: "home-ap-50", band: "5G", control: 5180, channel: 36, opClass: 115 },
};
export const ap60: Bss = {
  ...common,
  ...{ bssid: mac("02:00:00:00:00:60"), vif: "home-ap-60", band: "6G", control: 5975, channel: 5, opClass: 131 },
};
export const far24: Bss = {
  ...common,
  ...{ bssid: mac("02:00:00:00:99:24"), vif: null, band: "2.4G", control: 2437, channel: 6, opClass: 81, priority: 2 },
};
export const far50: Bss = {
  ...common,
  ...{ bssid: mac("02:00:00:00:99:50"), vif: null, band: "5G", control: 5220, channel: 44, opClass: 115, priority: 1 },
};

interface RigOptions {
  readonly bsses?: readonly Bss[];
  readonly snapshot?: Partial<StationSnapshot>;
  readonly settings?: Partial<ClientSettings>;
}

export class StationRig {
  now = 1_000_000;
  readonly #epoch = this.now;
  snapshot: StationSnapshot;
  settings: ClientSettings;
  state: SteeringState = startState();
  last: Decision | null = null;
  /** `seconds what`, since the start. */
  readonly log: string[] = [];
  readonly actions: SteeringAction[] = [];
  readonly outcomes: Outcome[] = [];
  /** Drivers refuse whom they are told to, at once. */
  obedient = true;
  /** What the station does about it. */
  onAction: (action: SteeringAction) => void = () => {};
  readonly #inputs: SteeringInput[] = [];

  constructor({ bsses = [ap24, ap50], snapshot = {}, settings = {} }: RigOptions = {}) {
    this.settings = { ...defaultSettings(phone), ...settings };
    this.snapshot = {
      station: phone,
      group: "group",
      bsses,
      members: bsses.map(({ bssid }) => bssid),
      links: [],
      mlo: false,
      groupMlo: false,
      backhaul: false,
      disarmed: false,
      btm: true,
      rrm: false,
      channels: { bands: ["2.4G", "5G"], listed: [], listedBands: [] },
      ppdusPerMinute: null,
      refusedBy: [],
      closedBy: [],
      beaconReports: [],
      ...snapshot,
    };
  }

  input(...inputs: readonly SteeringInput[]): void {
    if (this.last === null) this.decide();
    this.#inputs.push(...inputs);
    this.decide();
  }

  set(settings: Partial<ClientSettings>): void {
    this.settings = { ...this.settings, ...settings };
    this.decide();
  }

  change(snapshot: Partial<StationSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...snapshot };
    this.decide();
  }

  /** Connects, from wherever it was. */
  connect(bss: Bss, snr: number | null = 40): void {
    const link = { address: phone, vif: bss.vif ?? "", bssid: bss.bssid, connectedAt: this.now, snr };
    this.snapshot = { ...this.snapshot, links: [link] };
    this.input({ type: "connected", vif: bss.vif ?? "" });
  }

  /** One that was there long before. */
  connected(bss: Bss, snr: number | null = 40): void {
    const link = { address: phone, vif: bss.vif ?? "", bssid: bss.bssid, connectedAt: 0, snr };
    this.change({ links: [link] });
  }

  disconnect(): void {
    const [link] = this.snapshot.links;
    this.snapshot = { ...this.snapshot, links: [] };
    this.input({ type: "disconnected", vif: link?.vif ?? "" });
  }

  hear(snr: number | null): void {
    this.change({ links: this.snapshot.links.map((link) => ({ ...link, snr })) });
  }

  probe(bss: Bss, snr = 40, broadcast = true): void {
    this.input({ type: "probe", vif: bss.vif ?? "", snr, broadcast });
  }

  /** `token`: of the last request. */
  answer(status: number, target: Bss | null = null, candidates: readonly Bss[] = []): void {
    const token = this.state.attempt?.token ?? 0;
    const listed = candidates.map(({ bssid }, index) => ({ bssid, preference: 255 - index }));
    this.input({ type: "btm response", token, status, target: target?.bssid ?? null, candidates: listed });
  }

  advance(ms: number): void {
    const end = this.now + ms;
    for (let due = this.last?.due; due != null && due <= end; due = this.last?.due) {
      if (due <= this.now && this.last?.actions.length === 0 && due < this.now)
        throw new Error(`due in the past: ${due}`);
      this.now = Math.max(due, this.now);
      const before = JSON.stringify(this.state);
      this.decide();
      if (JSON.stringify(this.state) === before && this.last?.due != null && this.last.due <= this.now)
        throw new Error(`nothing comes of what is due at ${this.now - this.#epoch} ms`);
    }
    this.now = end;
    this.decide();
  }

  /** `home-ap-24: hard-blocked by …`. */
  preferences(): Record<string, string> {
    const { candidates = [] } = this.last?.explanation ?? {};
    return Object.fromEntries(
      candidates.map(({ vif, bssid, preference, by }) => [vif ?? bssid, `${preference} ${by}`]),
    );
  }

  decide(): void {
    const decision = decide(this.snapshot, this.#inputs.splice(0), this.settings, this.state, this.now);
    this.state = decision.state;
    this.last = decision;
    const at = (this.now - this.#epoch) / 1_000;
    for (const { policy, from, to } of decision.transitions) this.log.push(`${at} ${policy} ${from}>${to}`);
    for (const { policy, result, reason } of decision.outcomes) this.log.push(`${at} ${policy} ${result}: ${reason}`);
    for (const note of decision.notes) this.log.push(`${at} ${noteText(note)}`);
    this.outcomes.push(...decision.outcomes);
    for (const action of decision.actions) {
      this.actions.push(action);
      this.log.push(`${at} ${actionText(action)}`);
    }
    if (this.obedient && this.snapshot.refusedBy.join() !== decision.state.blocked.join())
      this.change({ refusedBy: decision.state.blocked });
    for (const action of decision.actions) this.onAction(action);
  }
}

function noteText(note: Decision["notes"][number]): string {
  return note.type === "attempt" ? `attempt on ${note.vif}` : `backoff ${note.enabled ? `${note.period} s` : "over"}`;
}

function actionText(action: SteeringAction): string {
  switch (action.type) {
    case "block":
      return `${action.blocked ? "block" : "unblock"} ${action.vif}`;
    case "btm":
      return `btm ${action.candidates.map(({ bssid }) => bssid.slice(-5)).join(" ")}${action.retry ? " again" : ""}`;
    case "deauth":
      return `deauth ${action.link.vif}`;
    case "beacon request":
      return `beacon request ${action.channels.map(({ channel }) => channel).join(" ")}`;
  }
}
