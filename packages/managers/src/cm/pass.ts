/**
 * One step of CM's state machine in the making: the machine as it becomes, the effects asked for, and what all its
 * states have in common. The states are `state-machine.ts`.
 */

import { managerTarget, parseCloudAddress } from "./address.ts";
import { currentCandidate, nextCandidates } from "./candidates.ts";
import { anyAnswered, type CheckKind } from "./checks.ts";
import {
  type CmConfig,
  type CmEffect,
  type CmEvent,
  type CmInputs,
  type CmMachine,
  type CmState,
  clockPollMs,
  type Destination,
  type DestinationName,
  stableAfterMs,
  stateTimeouts,
  type Transition,
} from "./machine.ts";
import { afterFailedRound, decideRestart, type Plight, type RestartDecision, requestOffline } from "./recovery.ts";

export interface Move {
  readonly to: CmState;
  readonly reason: string;
}

export class Pass {
  machine: CmMachine;
  readonly effects: CmEffect[] = [];
  readonly transitions: Transition[] = [];
  protected readonly inputs: CmInputs;
  protected readonly config: CmConfig;
  protected event: Transition["event"] = "state-change";

  constructor(machine: CmMachine, inputs: CmInputs, config: CmConfig) {
    this.machine = machine;
    this.inputs = inputs;
    this.config = config;
  }

  /** When the machine is to be looked at again though nothing happens. */
  wakeAt(): number | null {
    const { offlineAt } = this.machine.recovery;
    const times = [this.#stateEnds(), offlineAt].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  #stateEnds(): number | null {
    const { state, enteredAt, stable, backoffMs, checkAt } = this.machine;
    const { now } = this.inputs;
    switch (state) {
      case "CONNECTED":
        return stable ? null : enteredAt + stableAfterMs;
      case "QUIESCE_OVS":
        return enteredAt + backoffMs;
      case "NTP_CHECK":
        return now + clockPollMs;
      default: {
        const timeout = stateTimeouts[state];
        const end = timeout === undefined ? null : enteredAt + timeout;
        return state === "WAN_IP" && end !== null && checkAt !== null && checkAt > now ? Math.min(end, checkAt) : end;
      }
    }
  }

  protected readAddresses(): void {
    this.#readAddress("redirector", this.inputs.redirectorAddress);
    this.#readAddress("manager", this.inputs.managerAddress);
  }

  #readAddress(name: DestinationName, text: string): void {
    if (this.machine[name].text === text) return;
    const address = parseCloudAddress(text) ?? null;
    this.set({ [name]: { text, address, updated: address !== null, candidates: null } });
  }

  /** A time for gw_offline that has come, or a row of it that says nothing; a router that answered. */
  protected readClockAndChecks(event: CmEvent): void {
    const { now, offline } = this.inputs;
    const { recovery } = this.machine;
    if (recovery.offlineAt !== null && now >= recovery.offlineAt) {
      this.set({ recovery: { ...recovery, offlineAt: null } });
      if (!offline.asked) this.effects.push({ kind: "set-offline", value: true });
    }
    // The row is CM's: nobody else would ever bring it in order, and PM does nothing until somebody does.
    if (offline.garbled) this.effects.push({ kind: "set-offline", value: false });
    if (event.kind === "checked" && anyAnswered(event.outcome.router)) {
      this.set({ recovery: { ...this.machine.recovery, goodAt: now } });
    }
  }

  /** Nothing can be waited for any longer. A move where the managers are restarted; the state has its time once more otherwise. */
  protected restartDecision(why: string): Move | undefined {
    const move = this.#carryOut(decideRestart(this.#plight(), this.machine.recovery, this.config.recovery, why), why);
    if (!move) this.set({ enteredAt: this.inputs.now });
    return move;
  }

  protected unhandledTimeout(): Move | undefined {
    return this.timedOut() ? this.restartDecision(`${this.machine.state} has had its time`) : undefined;
  }

  /** A round of connecting has failed. */
  protected restartConnection(reason: string): Move {
    const { cloudFatalThreshold, recovery: policy, linkSelection } = this.config;
    const failedRounds = this.machine.failedRounds + 1;
    this.set({ failedRounds });
    const { recovery } = this.machine;
    const plight = this.#plight();
    if (!linkSelection) {
      const { ask, recovery: after } = requestOffline(plight, recovery, policy);
      this.set({ recovery: after });
      if (ask) this.effects.push({ kind: "set-offline", value: true });
      return { to: "QUIESCE_OVS", reason };
    }
    const fatal = cloudFatalThreshold > 0 && failedRounds >= cloudFatalThreshold;
    if (fatal) this.set({ failedRounds: 0 });
    const decide = fatal ? decideRestart : afterFailedRound;
    return this.#carryOut(decide(plight, recovery, policy, reason), reason) ?? { to: "QUIESCE_OVS", reason };
  }

  #carryOut(decision: RestartDecision, reason: string): Move | undefined {
    const { recovery, repair, ask, explanation } = decision;
    const { link } = this.inputs;
    this.set({ recovery });
    this.effects.push({ kind: "explain", text: explanation });
    if (ask) this.effects.push({ kind: "set-offline", value: true });
    if (repair && link) this.effects.push({ kind: "repair", ifName: link.ifName, repair });
    if (!decision.restart) return undefined;
    this.effects.push({ kind: "restart-managers", reason: explanation });
    // Where nobody can restart them, CM at least begins anew.
    this.set({
      deviceType: "NONE",
      failedRounds: 0,
      recovery: { ...recovery, requests: 0, skips: 0, skippedAt: null, offlineAt: null, goodAt: this.inputs.now },
    });
    return { to: "INIT", reason };
  }

  #plight(): Plight {
    const { now, link, otherUplink, offline } = this.inputs;
    const { deviceType, destination } = this.machine;
    return {
      now,
      uplink: link?.kind ?? null,
      tunnel: link?.tunnel ?? false,
      otherUplink,
      deviceType,
      atManager: this.machine.state === "CONNECTED" && destination === "manager",
      offline,
    };
  }

  protected requestCheck(...kinds: readonly CheckKind[]): void {
    if (!this.config.stabilityChecks || !this.config.linkSelection) return;
    const check = this.machine.check + 1;
    this.set({ check });
    this.effects.push({ kind: "check", check, kinds });
  }

  protected resolve(host: string): void {
    const resolution = this.machine.resolution + 1;
    this.set({ resolution, racing: null });
    this.effects.push({ kind: "resolve", resolution, host });
  }

  /** Whether the server has no target and no connection; asks for it where it has. */
  protected idle(): boolean {
    this.writeTarget("");
    return this.inputs.target === "" && !this.inputs.connected;
  }

  protected isConnected(): boolean {
    return this.inputs.connected && this.inputs.target === this.machine.target;
  }

  protected writeCandidate(): boolean {
    const { address, candidates } = this.destination();
    const ip = candidates ? currentCandidate(candidates) : undefined;
    if (!address || ip === undefined) return false;
    this.writeTarget(managerTarget(address, ip));
    return true;
  }

  protected nextCandidate(): void {
    const { candidates } = this.destination();
    if (candidates) this.updateDestination({ candidates: nextCandidates(candidates) });
  }

  protected writeTarget(target: string): void {
    this.set({ target });
    if (this.inputs.target !== target) this.effects.push({ kind: "set-target", target });
  }

  protected countDisconnect(): void {
    const disconnects = this.machine.disconnects + 1;
    this.set({ disconnects });
    this.effects.push({ kind: "set-cloud-counter", value: disconnects });
  }

  /** ms; in [min, max) seconds of `AWLAN_Node`, whole seconds. */
  protected backoff(): number {
    if (this.machine.fastBackoff) return this.config.shortBackoffMs;
    const { minBackoff, maxBackoff, random } = this.inputs;
    const span = Math.max(0, maxBackoff - minBackoff);
    return (Math.max(0, minBackoff) + Math.floor(random * span)) * 1000;
  }

  protected destination(): Destination {
    return this.machine[this.machine.destination];
  }

  protected updateDestination(change: Partial<Destination>): void {
    this.set({ [this.machine.destination]: { ...this.destination(), ...change } });
  }

  /** The state has been in force for so long (ms). By the same sum as `wakeAt`: fractions of a millisecond must not leave it waiting. */
  protected lasts(ms: number): boolean {
    return this.inputs.now >= this.machine.enteredAt + ms;
  }

  protected timedOut(): boolean {
    const timeout = stateTimeouts[this.machine.state];
    return timeout !== undefined && this.lasts(timeout);
  }

  protected go({ to, reason }: Move): void {
    this.transitions.push({ from: this.machine.state, to, event: this.event, reason });
    this.set({ state: to, enteredAt: this.inputs.now, entering: true, reason });
  }

  protected set(change: Partial<CmMachine>): void {
    this.machine = { ...this.machine, ...change };
  }
}
