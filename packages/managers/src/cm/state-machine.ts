/**
 * CM's state machine: from no uplink to the controller, and back to it after every loss. Pure: an event and what the
 * database says in, the next state and the effects to carry out. States, times and counters are those of deployed devices.
 *
 * A write shows in the inputs only when the database has echoed it, so every state that writes waits for the echo.
 */

import { managerLimits } from "../limits.ts";
import { managerTarget, parseCloudAddress } from "./address.ts";
import { currentCandidate, nextCandidates, type ResolvedAddresses } from "./candidates.ts";
import {
  briefUntilMs,
  type CmConfig,
  type CmEffect,
  type CmEvent,
  type CmInputs,
  type CmMachine,
  type CmState,
  type CmStep,
  clockPollMs,
  type Destination,
  type DestinationName,
  maxBriefConnections,
  maxDisconnects,
  maxResolveRetries,
  stableAfterMs,
  stateTimeouts,
  type Transition,
} from "./machine.ts";

export function step(machine: CmMachine, event: CmEvent, inputs: CmInputs, config: CmConfig): CmStep {
  const pass = new Pass(machine, inputs, config);
  pass.run(event);
  return { machine: pass.machine, effects: pass.effects, transitions: pass.transitions, wakeAt: pass.wakeAt() };
}

interface Move {
  readonly to: CmState;
  readonly reason: string;
}

/** One step in the making. A handler of a state says where to go, or nothing to stay. */
class Pass {
  machine: CmMachine;
  readonly effects: CmEffect[] = [];
  readonly transitions: Transition[] = [];
  readonly #inputs: CmInputs;
  readonly #config: CmConfig;
  #event: Transition["event"] = "state-change";

  constructor(machine: CmMachine, inputs: CmInputs, config: CmConfig) {
    this.machine = machine;
    this.#inputs = inputs;
    this.#config = config;
  }

  run(event: CmEvent): void {
    this.#event = event.kind;
    this.#readAddresses();
    this.#preprocess(event);
    for (let count = 0; count < managerLimits.statesPerEvent; count++) {
      const entering = this.machine.entering;
      this.#set({ entering: false });
      const move = this.#inState(entering);
      if (!move) return;
      this.#go(move);
      this.#event = "state-change";
    }
    throw new Error(`CM goes in circles through ${this.machine.state}`);
  }

  wakeAt(): number | null {
    const { state, enteredAt, stable, backoffMs } = this.machine;
    switch (state) {
      case "CONNECTED":
        return stable ? null : enteredAt + stableAfterMs;
      case "QUIESCE_OVS":
        return enteredAt + backoffMs;
      case "NTP_CHECK":
        return this.#inputs.now + clockPollMs;
      default: {
        const timeout = stateTimeouts[state];
        return timeout === undefined ? null : enteredAt + timeout;
      }
    }
  }

  #readAddresses(): void {
    this.#readAddress("redirector", this.#inputs.redirectorAddress);
    this.#readAddress("manager", this.#inputs.managerAddress);
  }

  #readAddress(name: DestinationName, text: string): void {
    if (this.machine[name].text === text) return;
    const address = parseCloudAddress(text) ?? null;
    this.#set({ [name]: { text, address, updated: address !== null, candidates: null } });
  }

  #preprocess(event: CmEvent): void {
    if (event.kind === "resolved") this.#resolved(event.resolution, event.addresses);
    if (event.kind === "resolve-timeout") this.#resolveTimeout(event.resolution);
    if (this.#linkChanged()) return;
    if (this.#config.linkSelection && beforeCloud.has(this.machine.state)) return;
    const { state, redirector, manager } = this.machine;
    if (redirector.updated && state !== "INIT" && state !== "OVS_INIT" && state !== "TRY_RESOLVE") {
      // Deployed devices drop and retry the old destination first; a new redirector is meant to be asked.
      this.#go({ to: "OVS_INIT", reason: "new redirector address" });
    } else if (manager.updated && this.#heedsManager()) {
      this.#set({ destination: "manager" });
      this.#go({ to: "TRY_RESOLVE", reason: "new manager address" });
    }
  }

  #heedsManager(): boolean {
    const { state, destination, redirector } = this.machine;
    if (state === "INIT" || (state === "CONNECTED" && destination === "manager")) return false;
    // A start with a redirector asks it; only without one is an address left over, or set by hand, of use.
    return state !== "OVS_INIT" || redirector.address === null;
  }

  /** True when the machine has to start again from the uplink. */
  #linkChanged(): boolean {
    if (!this.#config.linkSelection) return false;
    const link = this.#inputs.link?.ifName ?? null;
    const before = this.machine.link;
    if (link === before) return false;
    this.#set({ link });
    if (this.machine.state === "INIT") return false;
    if (link === null) {
      this.#go({ to: "LINK_SEL", reason: `link-not-used ${before}` });
      return true;
    }
    if (this.machine.state === "LINK_SEL") return false;
    this.#go({ to: "WAN_IP", reason: `link-used ${link}` });
    return true;
  }

  #inState(entering: boolean): Move | undefined {
    switch (this.machine.state) {
      case "INIT":
        return this.#init();
      case "LINK_SEL":
        return this.#linkSel();
      case "WAN_IP":
        return this.#wanIp();
      case "NTP_CHECK":
        return this.#ntpCheck();
      case "OVS_INIT":
        return this.#ovsInit(entering);
      case "TRY_RESOLVE":
        return this.#tryResolve(entering);
      case "RE_CONNECT":
        return this.#reConnect();
      case "TRY_CONNECT":
        return this.#tryConnect(entering);
      case "FAST_RECONNECT":
        return this.#fastReconnect(entering);
      case "FAST_RECONNECT_WAIT":
        return this.#fastReconnectWait();
      case "CONNECTED":
        return this.#connected(entering);
      case "QUIESCE_OVS":
        return this.#quiesce(entering);
    }
  }

  #init(): Move {
    this.#set({ everConnected: false, fastBackoff: true, stable: false, disconnects: 0 });
    return this.#config.linkSelection ? { to: "LINK_SEL", reason: "start" } : this.#connect("start");
  }

  #linkSel(): Move | undefined {
    const { link } = this.#inputs;
    return link ? { to: "WAN_IP", reason: `link-used ${link.ifName}` } : this.#unhandledTimeout();
  }

  #wanIp(): Move | undefined {
    const { link } = this.#inputs;
    if (!link?.hasIpv4 && !link?.hasIpv6) return this.#unhandledTimeout();
    this.effects.push({
      kind: "update-link",
      ...(link.hasIpv4 ? { ipv4: "active" } : {}),
      ...(link.hasIpv6 ? { ipv6: "active" } : {}),
    });
    return { to: "NTP_CHECK", reason: "address on the uplink" };
  }

  #ntpCheck(): Move | undefined {
    if (!this.#inputs.clockSane) return this.#unhandledTimeout();
    this.effects.push({ kind: "update-link", ntpState: true });
    return this.#connect("clock set");
  }

  #ovsInit(entering: boolean): Move | undefined {
    if (entering) this.effects.push({ kind: "write-boot-time" });
    if (!this.#idle() || !this.machine.redirector.address) return undefined;
    if (this.#inputs.managerAddress !== "") this.effects.push({ kind: "clear-manager-address" });
    this.#set({
      destination: "redirector",
      manager: { ...this.machine.manager, updated: false },
      disconnects: 0,
      fastBackoff: false,
    });
    return { to: "TRY_RESOLVE", reason: "redirector" };
  }

  #tryResolve(entering: boolean): Move | undefined {
    const { address, updated, candidates } = this.#destination();
    if (entering || updated) {
      if (!address) return this.#restartConnection(`no address of the ${this.machine.destination}`);
      this.#updateDestination({ updated: false, candidates: null });
      this.#set({ resolveRetries: 0 });
      this.#resolve(address.host);
      return undefined;
    }
    if (candidates) return { to: "RE_CONNECT", reason: "resolved" };
    return this.#timedOut() ? this.#restartConnection("not resolved in time") : undefined;
  }

  #reConnect(): Move | undefined {
    if (this.#idle()) return { to: "TRY_CONNECT", reason: "not connected" };
    return this.#timedOut() ? this.#restartConnection("the server does not let go") : undefined;
  }

  #tryConnect(entering: boolean): Move | undefined {
    if (this.#destination().updated) return { to: "TRY_RESOLVE", reason: "address changed" };
    if (entering) {
      this.effects.push({ kind: "set-cloud-counter", value: -1 });
      return this.#writeCandidate() ? undefined : this.#restartConnection("no address to try");
    }
    if (this.#isConnected()) return { to: "CONNECTED", reason: this.machine.destination };
    if (!this.#timedOut()) return undefined;
    this.#nextCandidate();
    if (!this.#writeCandidate()) return this.#restartConnection("no address answers");
    this.#set({ enteredAt: this.#inputs.now });
    return undefined;
  }

  #connected(entering: boolean): Move | undefined {
    if (entering) {
      this.#set({ everConnected: true, stable: false });
      this.effects.push({ kind: "set-cloud-counter", value: 0 });
    }
    if (!this.#isConnected()) return this.#connectionLost();
    if (!this.machine.stable && this.#age() >= stableAfterMs) {
      this.#set({ stable: true, disconnects: 0, fastBackoff: false });
    }
    return undefined;
  }

  /** A peer that drops each connection at once must not be dialled at full speed. */
  #connectionLost(): Move {
    const briefConnections = this.#age() < briefUntilMs ? this.machine.briefConnections + 1 : 0;
    this.#set({ briefConnections });
    if (briefConnections < maxBriefConnections) return { to: "FAST_RECONNECT", reason: "connection lost" };
    this.#nextCandidate();
    this.#set({ fastBackoff: false });
    return this.#restartConnection("connections are lost as soon as they stand");
  }

  #fastReconnect(entering: boolean): Move | undefined {
    if (entering) this.#set({ fastBackoff: false });
    if (this.#timedOut()) return { to: "RE_CONNECT", reason: "the server does not let go" };
    if (!this.#idle()) return undefined;
    return this.#writeCandidate()
      ? { to: "FAST_RECONNECT_WAIT", reason: "same address again" }
      : { to: "OVS_INIT", reason: "no address left" };
  }

  #fastReconnectWait(): Move | undefined {
    if (this.#isConnected()) return { to: "CONNECTED", reason: this.machine.destination };
    if (!this.#timedOut()) return undefined;
    this.#nextCandidate();
    return { to: "RE_CONNECT", reason: "no answer" };
  }

  #quiesce(entering: boolean): Move | undefined {
    if (entering) {
      this.#writeTarget("");
      this.#countDisconnect();
      this.#set({ backoffMs: this.#backoff() });
      return undefined;
    }
    if (this.#age() < this.machine.backoffMs) return undefined;
    this.#countDisconnect();
    if (this.machine.disconnects <= maxDisconnects) return { to: "FAST_RECONNECT", reason: "back-off over" };
    this.#set({ disconnects: 0, fastBackoff: false });
    return this.#restartConnection("too many failures");
  }

  /** On to the cloud: a connection that stands is dropped and tried again, as it may go over another link now. */
  #connect(reason: string): Move {
    const reconnect = this.machine.everConnected && this.#inputs.connected;
    return { to: reconnect ? "FAST_RECONNECT" : "OVS_INIT", reason };
  }

  #restartConnection(reason: string): Move {
    return { to: "QUIESCE_OVS", reason };
  }

  /** Nothing came of this state in its time: start afresh. */
  #unhandledTimeout(): Move | undefined {
    return this.#timedOut() ? { to: "INIT", reason: "unhandled timeout" } : undefined;
  }

  #resolve(host: string): void {
    const resolution = this.machine.resolution + 1;
    this.#set({ resolution });
    this.effects.push({ kind: "resolve", resolution, host });
  }

  #resolved(resolution: number, addresses: ResolvedAddresses): void {
    if (this.machine.state !== "TRY_RESOLVE" || resolution !== this.machine.resolution) return;
    // A family without an address of its own on the uplink leads nowhere.
    const link = this.#config.linkSelection ? this.#inputs.link : null;
    const preferred =
      this.machine.destination === "redirector" ? "ipv6" : this.machine.redirector.candidates?.preferred;
    this.#updateDestination({
      candidates: {
        ipv4: link && !link.hasIpv4 ? [] : addresses.ipv4,
        ipv6: link && !link.hasIpv6 ? [] : addresses.ipv6,
        preferred: preferred ?? "ipv6",
      },
    });
  }

  #resolveTimeout(resolution: number): void {
    const { state, resolveRetries } = this.machine;
    const { address } = this.#destination();
    if (state !== "TRY_RESOLVE" || resolution !== this.machine.resolution || !address) return;
    this.#set({ resolveRetries: resolveRetries + 1 });
    if (resolveRetries >= maxResolveRetries) this.#go(this.#restartConnection("the resolver does not answer"));
    else this.#resolve(address.host);
  }

  /** Whether the server has no target and no connection; asks for it where it has. */
  #idle(): boolean {
    this.#writeTarget("");
    return this.#inputs.target === "" && !this.#inputs.connected;
  }

  #isConnected(): boolean {
    return this.#inputs.connected && this.#inputs.target === this.machine.target;
  }

  #writeCandidate(): boolean {
    const { address, candidates } = this.#destination();
    const ip = candidates ? currentCandidate(candidates) : undefined;
    if (!address || ip === undefined) return false;
    this.#writeTarget(managerTarget(address, ip));
    return true;
  }

  #nextCandidate(): void {
    const { candidates } = this.#destination();
    if (candidates) this.#updateDestination({ candidates: nextCandidates(candidates) });
  }

  #writeTarget(target: string): void {
    this.#set({ target });
    if (this.#inputs.target !== target) this.effects.push({ kind: "set-target", target });
  }

  #countDisconnect(): void {
    const disconnects = this.machine.disconnects + 1;
    this.#set({ disconnects });
    this.effects.push({ kind: "set-cloud-counter", value: disconnects });
  }

  /** ms; in [min, max) seconds of `AWLAN_Node`, whole seconds. */
  #backoff(): number {
    if (this.machine.fastBackoff) return this.#config.shortBackoffMs;
    const { minBackoff, maxBackoff, random } = this.#inputs;
    const span = Math.max(0, maxBackoff - minBackoff);
    return (Math.max(0, minBackoff) + Math.floor(random * span)) * 1000;
  }

  #destination(): Destination {
    return this.machine[this.machine.destination];
  }

  #updateDestination(change: Partial<Destination>): void {
    this.#set({ [this.machine.destination]: { ...this.#destination(), ...change } });
  }

  #age(): number {
    return this.#inputs.now - this.machine.enteredAt;
  }

  #timedOut(): boolean {
    const timeout = stateTimeouts[this.machine.state];
    return timeout !== undefined && this.#age() >= timeout;
  }

  #go({ to, reason }: Move): void {
    this.transitions.push({ from: this.machine.state, to, event: this.#event, reason });
    this.#set({ state: to, enteredAt: this.#inputs.now, entering: true });
  }

  #set(change: Partial<CmMachine>): void {
    this.machine = { ...this.machine, ...change };
  }
}

/** Where a new address has to wait for an uplink. */
const beforeCloud: ReadonlySet<CmState> = new Set<CmState>(["INIT", "LINK_SEL", "WAN_IP", "NTP_CHECK"]);
