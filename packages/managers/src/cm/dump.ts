/** CM's state as text for people: what deployed devices keep in their file `cm.state`. Stable enough to compare. */

import { type CmInputs, type CmMachine, type Destination, stateTimeouts } from "./machine.ts";

export function describeMachine(machine: CmMachine, inputs: CmInputs): readonly string[] {
  const { state, reason, enteredAt, destination, disconnects, recovery, deviceType, backoffMs } = machine;
  const { now, link, target, connected, offline } = inputs;
  const timeout = state === "QUIESCE_OVS" ? backoffMs : stateTimeouts[state];
  const families = [...(link?.hasIpv4 ? ["IPv4"] : []), ...(link?.hasIpv6 ? ["IPv6"] : [])].join(" and ");
  return [
    `state: ${state}`,
    `destination: ${destination}`,
    `reason: ${reason}`,
    `time: ${seconds(now - enteredAt)} of ${timeout === undefined ? "any" : seconds(timeout)}`,
    `disconnects: ${disconnects}`,
    `redirector: ${describeDestination(machine.redirector)}`,
    `manager: ${describeDestination(machine.manager)}`,
    `uplink: ${link ? `${link.ifName}${link.bridge === null ? "" : ` in ${link.bridge}`}, ${families || "no address"}` : "none"}`,
    `device type: ${deviceType}`,
    `target: ${target === "" ? "none" : target}, ${connected ? "connected" : "not connected"}`,
    `restarts skipped: ${recovery.skips}`,
    `gw_offline: ${offline.enabled ? offline.status || "no status" : "not enabled"}${offline.asked ? ", asked for" : ""}, requests: ${recovery.requests}`,
  ];
}

function describeDestination({ text, address, updated, candidates }: Destination): string {
  if (text === "") return "none";
  const left = candidates ? [...candidates.ipv6, ...candidates.ipv4].join(" ") || "none" : null;
  return [
    text,
    address ? "valid" : "not PROTO:HOST:PORT",
    ...(updated ? ["updated"] : []),
    ...(left === null ? [] : [`resolved, left to try: ${left}`]),
  ].join(", ");
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1000)} s`;
}
