/**
 * CM's state machine: from no uplink to the controller, and back to it after every loss. Pure: an event and what the
 * database says in, the next state and the effects to carry out. States, times and counters are those of deployed devices.
 *
 * A write shows in the inputs only when the database has echoed it, so every state that writes waits for the echo.
 *
 * IPv4 and IPv6 (RFC 8305 in spirit): `Manager.target` holds one address at a time, so what races is a probe of each
 * family (`race.ts`), before the first address is written. The family that won goes first; after that families alternate with
 * every address that does not answer, and the family over which the cloud was reached goes first in the next round.
 */

import { managerLimits } from "../limits.ts";
import { targetFamily } from "./address.ts";
import type { Family, ResolvedAddresses } from "./candidates.ts";
import { anyAnswered, type CheckOutcome } from "./checks.ts";
import { cmLimits } from "./limits.ts";
import {
  briefUntilMs,
  type CmConfig,
  type CmEvent,
  type CmInputs,
  type CmMachine,
  type CmState,
  type CmStep,
  maxBriefConnections,
  maxDisconnects,
  maxResolveRetries,
  stableAfterMs,
} from "./machine.ts";
import { type Move, Pass } from "./pass.ts";

export function step(machine: CmMachine, event: CmEvent, inputs: CmInputs, config: CmConfig): CmStep {
  const pass = new StatePass(machine, inputs, config);
  pass.run(event);
  return { machine: pass.machine, effects: pass.effects, transitions: pass.transitions, wakeAt: pass.wakeAt() };
}

/** A handler of a state says where to go, or nothing to stay. */
class StatePass extends Pass {
  run(event: CmEvent): void {
    this.event = event.kind;
    this.readAddresses();
    this.readClockAndChecks(event);
    this.#preprocess(event);
    for (let count = 0; count < managerLimits.statesPerEvent; count++) {
      const entering = this.machine.entering;
      this.set({ entering: false });
      const move = this.#inState(entering);
      if (!move) return;
      this.go(move);
      this.event = "state-change";
    }
    throw new Error(`CM goes in circles through ${this.machine.state}`);
  }

  #preprocess(event: CmEvent): void {
    if (event.kind === "resolved") this.#resolved(event.resolution, event.addresses);
    if (event.kind === "resolve-timeout") this.#resolveTimeout(event.resolution);
    if (event.kind === "raced") this.#raced(event.resolution, event.winner);
    if (this.#linkChanged()) return;
    if (event.kind === "checked") this.#checked(event.check, event.outcome);
    if (event.kind === "fatal" && this.#fatal()) return;
    if (this.config.linkSelection && beforeCloud.has(this.machine.state)) return;
    const { state, redirector, manager } = this.machine;
    if (redirector.updated && state !== "INIT" && state !== "OVS_INIT" && state !== "TRY_RESOLVE") {
      // Deployed devices drop and retry the old destination first; a new redirector is meant to be asked.
      this.go({ to: "OVS_INIT", reason: "new redirector address" });
    } else if (manager.updated && this.#heedsManager()) {
      this.set({ destination: "manager" });
      this.go({ to: "TRY_RESOLVE", reason: "new manager address" });
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
    if (!this.config.linkSelection) return false;
    const link = this.inputs.link?.ifName ?? null;
    const before = this.machine.link;
    if (link === before) return false;
    this.set({ link });
    if (this.machine.state === "INIT") return false;
    if (link === null) {
      this.go({ to: "LINK_SEL", reason: `link-not-used ${before}` });
      return true;
    }
    if (this.machine.state === "LINK_SEL") return false;
    this.go({ to: "WAN_IP", reason: `link-used ${link}` });
    return true;
  }

  /** A router that does not answer is no reason to restart while the cloud does. */
  #fatal(): boolean {
    const { state } = this.machine;
    if (!this.config.linkSelection || state === "CONNECTED" || state === "INIT" || state === "LINK_SEL") return false;
    const move = this.restartDecision("the router does not answer");
    if (move) this.go(move);
    return move !== undefined;
  }

  #inState(entering: boolean): Move | undefined {
    switch (this.machine.state) {
      case "INIT":
        return this.#init();
      case "LINK_SEL":
        return this.#linkSel();
      case "WAN_IP":
        return this.#wanIp(entering);
      case "NTP_CHECK":
        return this.#ntpCheck(entering);
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
    this.set({ everConnected: false, fastBackoff: true, stable: false, disconnects: 0 });
    return this.config.linkSelection ? { to: "LINK_SEL", reason: "start" } : this.#connect("start");
  }

  #linkSel(): Move | undefined {
    const { link } = this.inputs;
    return link ? { to: "WAN_IP", reason: `link-used ${link.ifName}` } : this.unhandledTimeout();
  }

  #wanIp(entering: boolean): Move | undefined {
    const { link, now } = this.inputs;
    if (entering) this.set({ checkAt: now });
    const addressed = link !== null && (link.hasIpv4 || link.hasIpv6);
    if (addressed && !this.config.stabilityChecks) return { to: "NTP_CHECK", reason: "address on the uplink" };
    const timedOut = this.timedOut();
    const move = this.unhandledTimeout();
    if (move) return move;
    const { checkAt } = this.machine;
    // An answer that is still missing when the state has had its time will not come.
    if (addressed && (timedOut || (checkAt !== null && now >= checkAt))) {
      this.set({ checkAt: null });
      this.requestCheck("link", "router");
    }
    return undefined;
  }

  #checked(check: number, { router }: CheckOutcome): void {
    if (this.machine.state !== "WAN_IP" || check !== this.machine.check) return;
    if (anyAnswered(router)) this.go({ to: "NTP_CHECK", reason: "the router answers" });
    else this.set({ checkAt: this.inputs.now + cmLimits.wanRetryMs });
  }

  #ntpCheck(entering: boolean): Move | undefined {
    if (entering) this.requestCheck("internet");
    if (!this.inputs.clockSane) return this.unhandledTimeout();
    this.effects.push({ kind: "set-ntp-state", value: true });
    return this.#connect("clock set");
  }

  #ovsInit(entering: boolean): Move | undefined {
    if (entering) this.effects.push({ kind: "write-boot-time" });
    if (!this.idle() || !this.machine.redirector.address) return undefined;
    if (this.inputs.managerAddress !== "") this.effects.push({ kind: "clear-manager-address" });
    this.set({
      destination: "redirector",
      manager: { ...this.machine.manager, updated: false },
      disconnects: 0,
      fastBackoff: false,
    });
    return { to: "TRY_RESOLVE", reason: "redirector" };
  }

  #tryResolve(entering: boolean): Move | undefined {
    const { address, updated, candidates } = this.destination();
    if (entering || updated) {
      if (!address) return this.restartConnection(`no address of the ${this.machine.destination}`);
      this.updateDestination({ updated: false, candidates: null });
      this.set({ resolveRetries: 0 });
      if (entering) this.requestCheck("link", "router", "internet");
      this.resolve(address.host);
      return undefined;
    }
    if (candidates) return { to: "RE_CONNECT", reason: "resolved" };
    return this.timedOut() ? this.#notResolved("not resolved in time") : undefined;
  }

  /** Perhaps the name server came with an address that is out of date. */
  #notResolved(reason: string): Move {
    const { link } = this.inputs;
    if (this.config.linkSelection && link?.kind === "wired" && !link.tunnel) {
      this.effects.push({ kind: "repair", ifName: link.ifName, repair: "renew" });
    }
    return this.restartConnection(reason);
  }

  #reConnect(): Move | undefined {
    if (this.idle()) return { to: "TRY_CONNECT", reason: "not connected" };
    return this.timedOut() ? this.restartConnection("the server does not let go") : undefined;
  }

  #tryConnect(entering: boolean): Move | undefined {
    if (this.destination().updated) return { to: "TRY_RESOLVE", reason: "address changed" };
    if (entering) {
      this.effects.push({ kind: "set-cloud-counter", value: -1 });
      return this.writeCandidate() ? undefined : this.restartConnection(this.#whyNoCandidate());
    }
    if (this.isConnected()) return { to: "CONNECTED", reason: this.machine.destination };
    if (!this.timedOut()) return undefined;
    this.nextCandidate();
    if (!this.writeCandidate()) return this.restartConnection(this.#whyNoCandidate());
    this.set({ enteredAt: this.inputs.now });
    return undefined;
  }

  #whyNoCandidate(): string {
    const { candidates } = this.destination();
    if (candidates?.tried) return "no address answers, all have been tried";
    return "its name has no address of a family that the uplink has";
  }

  #connected(entering: boolean): Move | undefined {
    if (entering) this.#enterConnected();
    if (!this.isConnected()) return this.#connectionLost();
    if (!this.machine.stable && this.lasts(stableAfterMs)) {
      this.set({ stable: true, disconnects: 0, fastBackoff: false });
      // Who answers as the redirector for so long, and names no other, is the controller.
      if (this.machine.destination === "redirector") this.#leaveOffline();
    }
    return undefined;
  }

  #enterConnected(): void {
    const { link, target } = this.inputs;
    const { recovery, deviceType, destination } = this.machine;
    this.set({
      everConnected: true,
      stable: false,
      hasty: false,
      failedRounds: 0,
      family: targetFamily(target),
      deviceType: link ? (link.kind === "wifi" ? "LEAF" : link.bridge !== null ? "BRIDGE" : "ROUTER") : deviceType,
      recovery: { ...recovery, offlineAt: null },
    });
    this.effects.push({ kind: "set-cloud-counter", value: 0 });
    this.requestCheck("link", "router", "internet", "ntp");
    if (destination === "manager") this.#leaveOffline();
  }

  /** The controller is back: what counted towards gw_offline and towards a restart counts no more. */
  #leaveOffline(): void {
    const { now, offline } = this.inputs;
    const { recovery } = this.machine;
    this.set({ recovery: { ...recovery, requests: 0, skips: 0, skippedAt: null, goodAt: now } });
    if (offline.asked || offline.status === "active") this.effects.push({ kind: "set-offline", value: false });
  }

  /** A peer that drops each connection at once must not be dialled at full speed. */
  #connectionLost(): Move {
    const briefConnections = this.lasts(briefUntilMs) ? 0 : this.machine.briefConnections + 1;
    this.set({ briefConnections });
    if (briefConnections < maxBriefConnections) return { to: "FAST_RECONNECT", reason: "connection lost" };
    this.nextCandidate();
    this.set({ fastBackoff: false });
    return this.restartConnection("connections are lost as soon as they stand");
  }

  #fastReconnect(entering: boolean): Move | undefined {
    if (entering) {
      this.set({ fastBackoff: false });
      this.requestCheck("link", "router", "internet");
    }
    if (this.timedOut()) return { to: "RE_CONNECT", reason: "the server does not let go" };
    if (!this.idle()) return undefined;
    return this.writeCandidate()
      ? { to: "FAST_RECONNECT_WAIT", reason: "same address again" }
      : { to: "OVS_INIT", reason: "no address left" };
  }

  #fastReconnectWait(): Move | undefined {
    if (this.isConnected()) return { to: "CONNECTED", reason: this.machine.destination };
    if (!this.timedOut()) return undefined;
    this.nextCandidate();
    return { to: "RE_CONNECT", reason: "no answer" };
  }

  #quiesce(entering: boolean): Move | undefined {
    if (entering) {
      this.writeTarget("");
      this.countDisconnect();
      this.set({ backoffMs: this.backoff(), hasty: true });
      return undefined;
    }
    if (!this.lasts(this.machine.backoffMs)) return undefined;
    this.countDisconnect();
    if (this.machine.disconnects <= maxDisconnects) return { to: "FAST_RECONNECT", reason: "back-off over" };
    this.set({ disconnects: 0, fastBackoff: false });
    return this.restartConnection("too many failures");
  }

  /** On to the cloud: a connection that stands is dropped and tried again, as it may go over another link now. */
  #connect(reason: string): Move {
    const reconnect = this.machine.everConnected && this.inputs.connected;
    return { to: reconnect ? "FAST_RECONNECT" : "OVS_INIT", reason };
  }

  #resolved(resolution: number, addresses: ResolvedAddresses): void {
    if (this.machine.state !== "TRY_RESOLVE" || resolution !== this.machine.resolution) return;
    // A family without an address of its own on the uplink leads nowhere.
    const link = this.config.linkSelection ? this.inputs.link : null;
    const candidates = {
      ipv4: link && !link.hasIpv4 ? [] : addresses.ipv4,
      ipv6: link && !link.hasIpv6 ? [] : addresses.ipv6,
      preferred: this.machine.family,
    };
    const { address } = this.destination();
    if (candidates.ipv4.length === 0 || candidates.ipv6.length === 0 || !address) {
      this.updateDestination({ candidates });
      return;
    }
    this.set({ racing: candidates });
    this.effects.push({ kind: "race", resolution, port: address.port, candidates });
  }

  #raced(resolution: number, winner: Family | null): void {
    const { state, racing } = this.machine;
    if (state !== "TRY_RESOLVE" || resolution !== this.machine.resolution || !racing) return;
    this.updateDestination({ candidates: { ...racing, preferred: winner ?? racing.preferred } });
    this.set({ racing: null });
  }

  #resolveTimeout(resolution: number): void {
    const { state, resolveRetries } = this.machine;
    const { address } = this.destination();
    if (state !== "TRY_RESOLVE" || resolution !== this.machine.resolution || !address) return;
    this.set({ resolveRetries: resolveRetries + 1 });
    if (resolveRetries >= maxResolveRetries) this.go(this.#notResolved("the resolver does not answer"));
    else this.resolve(address.host);
  }
}

/** Where a new address has to wait for an uplink. */
const beforeCloud: ReadonlySet<CmState> = new Set<CmState>(["INIT", "LINK_SEL", "WAN_IP", "NTP_CHECK"]);
