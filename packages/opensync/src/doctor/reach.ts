/** TCP to each address of a cloud: refused, swallowed, unreachable and reset told apart. */

import { connect, isIPv6, type Socket } from "node:net";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { type Finding, failed, ok, type Recorder, warning } from "./report.ts";

export type Reached =
  | { readonly kind: "connected"; readonly ms: number }
  | { readonly kind: "refused" | "silent" | "unreachable" | "reset" | "forbidden" | "failed"; readonly words: string };

export interface ReachOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Connects, and lets go at once. */
export async function reach(address: string, port: number, { clock, timeoutMs }: ReachOptions): Promise<Reached> {
  const since = clock.now();
  try {
    const socket = await open(address, port, { clock, timeoutMs });
    socket.destroy();
    return { kind: "connected", ms: Math.round(clock.now() - since) };
  } catch (error) {
    return describeFailure(error);
  }
}

/** A connected socket. Rejects with the system's error, or with code `ETIMEDOUT` at the deadline. */
export function open(address: string, port: number, { clock, timeoutMs }: ReachOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const settle = () => {
      timer.cancel();
      socket.off("error", fail);
    };
    const fail = (error: Error) => {
      settle();
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const timer = clock.setTimer(timeoutMs, () =>
      fail(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: "ETIMEDOUT" })),
    );
    socket.on("error", fail);
    socket.once("connect", () => {
      settle();
      resolve(socket);
    });
  });
}

/** What the system's error of a connection means. */
export function describeFailure(error: unknown): Exclude<Reached, { kind: "connected" }> {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ECONNREFUSED":
      return { kind: "refused", words: "refused: nothing listens on this port" };
    case "ETIMEDOUT":
      return { kind: "silent", words: `${messageOf(error)}: packets go into a black hole` };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return { kind: "unreachable", words: `unreachable: there is no route to it (${code})` };
    case "ECONNRESET":
      return { kind: "reset", words: "reset: something took the connection and cut it" };
    case "EACCES":
    case "EPERM":
      return { kind: "forbidden", words: `forbidden by this machine (${code})` };
    default:
      return { kind: "failed", words: messageOf(error) };
  }
}

const fixes: { readonly [kind in Exclude<Reached["kind"], "connected">]: string } = {
  refused: "start the cloud there, or set the port of the address right",
  silent: "let firewalls and routers on the way pass this port",
  unreachable: "check the uplink and its default route",
  reset: "look for a firewall or proxy on the way that cuts connections",
  forbidden: "check this machine's firewall",
  failed: "check the address",
};

/** A step for each address. Gives the first that answers, in the order given. */
export async function examineAddresses(
  recorder: Recorder,
  part: string,
  addresses: readonly string[],
  port: number,
  options: ReachOptions,
): Promise<string | undefined> {
  const since = options.clock.now();
  // At the same time: several black holes cost one deadline.
  const results = await Promise.all(addresses.map((address) => reach(address, port, options)));
  const works = results.findIndex(({ kind }) => kind === "connected");
  for (const [index, result] of results.entries()) {
    const address = addresses[index] ?? "";
    const finding = judgeReached(result, address, works === -1 ? undefined : addresses[works]);
    recorder.add(part, `TCP IPv${isIPv6(address) ? 6 : 4}`, `connect to ${shown(address, port)}`, finding, since);
  }
  return addresses[works];
}

function judgeReached(result: Reached, address: string, works: string | undefined): Finding {
  if (result.kind === "connected") return ok(`${address} connected in ${result.ms} ms`);
  const found = `${address} ${result.words}`;
  const fix = fixes[result.kind];
  if (works === undefined) return failed(found, fix);
  return warning(found, `nodes may lose 10 s with it before they try ${works}: ${fix}, or take it out of DNS`);
}

function shown(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
