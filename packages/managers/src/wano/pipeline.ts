/** One interface on its way to an uplink: a state machine without effects. `pipeline-model.ts` has its states. */

import { isDeepStrictEqual } from "node:util";
import {
  abortRetry,
  immediateRetries,
  pluginTimeout,
  retryBase,
  retryDoublings,
  retryPause,
  stepsPerObservation,
} from "./limits.ts";
import {
  type InetWrites,
  initialPipeline,
  type Observation,
  type Pipeline,
  type PipelineState,
  type PipelineStep,
  type PipelineWrites,
} from "./pipeline-model.ts";
import type { Attempt } from "./wan-config.ts";

export function advancePipeline(pipeline: Pipeline, seen: Observation): PipelineStep {
  const writes: PipelineWrites[] = [];
  const states: PipelineState[] = [];
  let current = pipeline;
  for (let steps = 0; steps < stepsPerObservation; steps++) {
    const next = advanceOnce(current, seen);
    if (!next) break;
    if (next.writes) writes.push(next.writes);
    if (next.pipeline.state !== current.state) states.push(next.pipeline.state);
    current = next.pipeline;
  }
  return { pipeline: current, writes, wakeAt: wakeTime(current), states };
}

/** What is at work; `null`: nothing. */
export function attemptAtWork(pipeline: Pipeline): Attempt | null {
  const isAtWork = pipeline.state === "PLUGIN_RUN" || pipeline.state === "IDLE";
  return isAtWork ? (pipeline.attempts[pipeline.next] ?? null) : null;
}

interface Advance {
  readonly pipeline: Pipeline;
  readonly writes?: PipelineWrites;
}

const noIpv4: InetWrites = { ip_assign_scheme: "none", inet_addr: null, netmask: null, gateway: null, dns: {} };

/** Undefined: nothing more to do with what is seen. */
function advanceOnce(pipeline: Pipeline, seen: Observation): Advance | undefined {
  return exceptionOf(pipeline, seen) ?? regularStep(pipeline, seen);
}

/** What overrides the regular way: a bridge, a pulled cable, a client, another configuration. */
function exceptionOf(pipeline: Pipeline, seen: Observation): Advance | undefined {
  const { state } = pipeline;
  if (state === "INIT" || state === "FREEZE" || state === "UNFREEZE") return undefined;
  if (seen.bridged) {
    const uplink = seen.carrier ? { has_L2: true } : { has_L2: false, has_L3: null, eth_client: null };
    const frozen = { ...pipeline, carrier: seen.carrier, awaitsL3: pipeline.hadL3 && !seen.carrier };
    return to("FREEZE", frozen, seen, { uplink, ...(!pipeline.hadL3 && { inet: { ...noIpv4, NAT: false } }) });
  }
  if (state === "START" || state === "IF_ENABLE" || state === "IF_CARRIER") return undefined;
  if (!seen.carrier || !seen.up) return to("INIT", pipeline, seen);
  if (seen.client && !pipeline.clientTold && state !== "IDLE") return abort(pipeline, seen);
  if (!seen.client && pipeline.clientTold) return to("INIT", pipeline, seen);
  if (state !== "ABORT" && !isDeepStrictEqual(pipeline.attempts, seen.attempts)) {
    return to("START", pipeline, seen, { uplink: { has_L3: null } });
  }
  return undefined;
}

function regularStep(pipeline: Pipeline, seen: Observation): Advance | undefined {
  switch (pipeline.state) {
    case "INIT":
      return to("START", initialPipeline, seen, { uplink: { has_L2: false, has_L3: null, eth_client: null } });
    case "START":
      return to("IF_ENABLE", { ...pipeline, failed: [] }, seen, {
        inet: { enabled: true, network: true, NAT: true, ...noIpv4 },
      });
    case "IF_ENABLE":
      return seen.up && seen.scheme === "none" ? to("IF_CARRIER", pipeline, seen) : undefined;
    case "IF_CARRIER":
      if (!seen.up) return to("INIT", pipeline, seen);
      if (!seen.carrier) return undefined;
      return to(
        "PLUGIN_SCHED",
        { ...pipeline, attempts: seen.attempts, next: 0, triedSince: seen.now, retries: 0, retryAt: null },
        seen,
        { uplink: { has_L2: true } },
      );
    case "PLUGIN_SCHED":
      return schedule(pipeline, seen);
    case "IF_IPV4_RESET": {
      const isReset = seen.scheme === "none" && seen.address === null;
      if (!isReset && seen.now < pipeline.enteredAt + pluginTimeout) return undefined;
      return to("PLUGIN_RUN", pipeline, seen, { inet: pluginColumns(pipeline) });
    }
    case "PLUGIN_RUN":
      return run(pipeline, seen);
    case "IDLE":
      return isOnLayer3(pipeline, seen) ? undefined : to("PLUGIN_RUN", pipeline, seen, { uplink: { has_L3: null } });
    case "ABORT":
      if (pipeline.retryAt === null || seen.now < pipeline.retryAt) return undefined;
      return to("START", { ...pipeline, retryAt: null }, seen);
    case "FREEZE":
      return freeze(pipeline, seen);
    case "UNFREEZE":
      return to("INIT", pipeline, seen);
  }
}

function schedule(pipeline: Pipeline, seen: Observation): Advance | undefined {
  // The DHCP client goes on asking; an address that comes late is as good.
  if (pipeline.retryAt !== null && seen.now < pipeline.retryAt) {
    const last = { ...pipeline, next: pipeline.attempts.length - 1, retryAt: null };
    return isOnLayer3(last, seen) ? to("PLUGIN_RUN", last, seen) : undefined;
  }
  if (pipeline.next < pipeline.attempts.length) {
    // DHCP alone need not be given up to be tried again.
    const goesOn = pipeline.retryAt !== null && pipeline.attempts.length === 1 && seen.scheme === "dhcp";
    const started = { ...pipeline, retryAt: null };
    return goesOn ? to("PLUGIN_RUN", started, seen) : to("IF_IPV4_RESET", started, seen, { inet: noIpv4 });
  }
  const exhausted = { ...pipeline, exhausted: true, next: 0, retries: pipeline.retries + 1 };
  const uplink = { has_L3: false };
  if (pipeline.clientTold) {
    return to("ABORT", { ...exhausted, retryAt: seen.now + between(abortRetry, seen.chance) }, seen, {
      uplink,
      inet: { ...noIpv4, NAT: false },
    });
  }
  return { pipeline: { ...exhausted, retryAt: seen.now + retryDelay(exhausted, seen) }, writes: { uplink } };
}

function run(pipeline: Pipeline, seen: Observation): Advance | undefined {
  const attempt = pipeline.attempts[pipeline.next];
  if (!attempt) return to("PLUGIN_SCHED", pipeline, seen);
  if (isOnLayer3(pipeline, seen)) {
    const done = { ...pipeline, exhausted: false, hadL3: true, retries: 0, clientTold: false };
    const isNested = attempt.plugin.name === "vlan";
    return to("IDLE", { ...done, failed: done.failed.filter((row) => row !== attempt.row) }, seen, {
      uplink: { has_L2: true, has_L3: isNested ? null : true, loop: false, eth_client: null },
      inet: { mac_reporting: false },
    });
  }
  const isSilent = attempt.plugin.name === "static_ipv4" && seen.router === "silent";
  const isLost = attempt.plugin.name === "vlan" && seen.vlan === "failed";
  if (!isSilent && !isLost && seen.now < pipeline.enteredAt + timeoutOf(attempt)) return undefined;
  const failed = attempt.row === null ? pipeline.failed : [...new Set([...pipeline.failed, attempt.row])];
  return to("PLUGIN_SCHED", { ...pipeline, failed, next: pipeline.next + 1 }, seen);
}

function freeze(pipeline: Pipeline, seen: Observation): Advance | undefined {
  if (!seen.bridged) return to("UNFREEZE", pipeline, seen);
  if (seen.carrier !== pipeline.carrier) {
    const uplink = seen.carrier ? { has_L2: true } : { has_L2: false, has_L3: null, eth_client: null };
    const awaitsL3 = pipeline.awaitsL3 || pipeline.hadL3;
    return { pipeline: { ...pipeline, carrier: seen.carrier, awaitsL3 }, writes: { uplink } };
  }
  // CM takes a port out of its bridge when the cable is pulled, and puts it back once it is on layer 3 again: nobody else finds that out.
  if (!pipeline.awaitsL3 || !seen.carrier || seen.scheme === "none" || seen.address === null) return undefined;
  return {
    pipeline: { ...pipeline, awaitsL3: false },
    writes: { uplink: { has_L2: true, has_L3: true, loop: false, eth_client: null } },
  };
}

function abort(pipeline: Pipeline, seen: Observation): Advance {
  const retryAt = seen.now + between(abortRetry, seen.chance);
  return to("ABORT", { ...pipeline, clientTold: true, retryAt }, seen, {
    uplink: { has_L3: false, eth_client: true, loop: false },
    inet: { ...noIpv4, NAT: false, mac_reporting: true },
  });
}

/** Whether the plug-in has brought about what it shall. */
function isOnLayer3({ attempts, next }: Pipeline, seen: Observation): boolean {
  const plugin = attempts[next]?.plugin;
  switch (plugin?.name) {
    case "dhcpv4":
      return seen.scheme === "dhcp" && seen.address !== null;
    case "static_ipv4":
      return seen.scheme === "static" && seen.address === plugin.address && seen.router === "answers";
    case "vlan":
      return seen.vlan === "up";
    default:
      return false;
  }
}

function pluginColumns({ attempts, next }: Pipeline): InetWrites {
  const plugin = attempts[next]?.plugin;
  switch (plugin?.name) {
    case "dhcpv4":
      return { ip_assign_scheme: "dhcp" };
    case "static_ipv4": {
      const { address, netmask, gateway, dns } = plugin;
      const [primary, secondary] = dns;
      return {
        ip_assign_scheme: "static",
        inet_addr: address,
        netmask,
        gateway,
        dns: { ...(primary !== undefined && { primary }), ...(secondary !== undefined && { secondary }) },
      };
    }
    default:
      return {};
  }
}

/** A VLAN has time for everything that is tried on it. */
function timeoutOf({ plugin }: Attempt): number {
  return plugin.name === "vlan" ? pluginTimeout * (plugin.attempts.length + 1) : pluginTimeout;
}

function retryDelay({ triedSince, retries }: Pipeline, { now, chance }: Observation): number {
  if (now < triedSince + immediateRetries) return between(retryPause, chance);
  const whole = retryBase * 2 ** Math.min(retries, retryDoublings);
  return whole / 2 + (whole / 2) * chance;
}

function between([least, most]: readonly [number, number], chance: number): number {
  return least + (most - least) * chance;
}

function wakeTime(pipeline: Pipeline): number | null {
  switch (pipeline.state) {
    case "PLUGIN_SCHED":
    case "ABORT":
      return pipeline.retryAt;
    case "IF_IPV4_RESET":
      return pipeline.enteredAt + pluginTimeout;
    case "PLUGIN_RUN": {
      const attempt = pipeline.attempts[pipeline.next];
      return attempt ? pipeline.enteredAt + timeoutOf(attempt) : null;
    }
    default:
      return null;
  }
}

function to(state: PipelineState, pipeline: Pipeline, seen: Observation, writes?: PipelineWrites): Advance {
  return { pipeline: { ...pipeline, state, enteredAt: seen.now }, ...(writes && { writes }) };
}
