/**
 * Happy eyeballs (RFC 8305 in spirit): which IP family leads to the cloud? The addresses of both are tried at the same time, the
 * preferred family with a head start; the first that answers wins. An attempt is a TCP connection that is closed at
 * once; the connection proper is the database server's, to the address that CM then writes.
 */

import { connect } from "node:net";
import type { Clock } from "@opensync-ts/base/clock";
import type { Network } from "@opensync-ts/target/network";
import type { Candidates, Family } from "./candidates.ts";
import { cmLimits } from "./limits.ts";

/** Whether a TCP connection to the address stands; within the time of the signal. Never rejects. */
export type Reach = (address: string, port: number, signal: AbortSignal) => Promise<boolean>;

/** Resolves to the family that answered first, `null` when none did in time. `signal` ends it early, with `null`. */
export function race(
  { ipv4, ipv6, preferred }: Candidates,
  port: number,
  { clock, reach, signal }: { readonly clock: Clock; readonly reach: Reach; readonly signal: AbortSignal },
): Promise<Family | null> {
  const addresses = { ipv4: ipv4.slice(0, cmLimits.raceAddresses), ipv6: ipv6.slice(0, cmLimits.raceAddresses) };
  const other: Family = preferred === "ipv4" ? "ipv6" : "ipv4";
  const ended = new AbortController();
  return new Promise((resolve) => {
    let running = addresses.ipv4.length + addresses.ipv6.length;
    const end = (winner: Family | null) => {
      for (const timer of timers) timer.cancel();
      signal.removeEventListener("abort", abort);
      ended.abort();
      resolve(winner);
    };
    const abort = () => end(null);
    let ahead = addresses[preferred].length;
    let othersStarted = false;
    const startOthers = () => {
      if (othersStarted || ended.signal.aborted) return;
      othersStarted = true;
      attempt(other);
    };
    const attempt = (family: Family) => {
      for (const address of addresses[family]) {
        void reach(address, port, ended.signal).then(
          (answered) => lap(family, answered),
          () => lap(family, false),
        );
      }
    };
    const lap = (family: Family, answered: boolean) => {
      if (ended.signal.aborted) return;
      running--;
      if (answered) return end(family);
      if (running === 0) return end(null);
      // Whoever has nobody left to run is no reason to wait.
      if (family === preferred && --ahead === 0) startOthers();
    };
    const timers = [
      clock.setTimer(cmLimits.raceHeadStartMs, startOthers),
      clock.setTimer(cmLimits.raceDeadlineMs, () => end(null)),
    ];
    if (signal.aborted || running === 0) return end(null);
    signal.addEventListener("abort", abort, { once: true });
    attempt(preferred);
    if (ahead === 0) startOthers();
  });
}

/** Over the machine's network, as far as the device has a way out. */
export function networkReach(network: Network): Reach {
  return (host, port, signal) => {
    if (network.wayOut?.obstacle({ host, port, purpose: "cloud" }) != null) return Promise.resolve(false);
    return new Promise((resolve) => {
      const socket = connect({ host, port });
      const end = (answered: boolean) => {
        signal.removeEventListener("abort", stop);
        socket.destroy();
        resolve(answered);
      };
      const stop = () => end(false);
      signal.addEventListener("abort", stop, { once: true });
      socket.once("connect", () => end(true));
      socket.once("error", stop);
    });
  };
}
