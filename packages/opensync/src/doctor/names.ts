/** DNS as the node sees it: both families apart, since one may work without the other. */

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { doctorLimits } from "./limits.ts";
import { type Finding, failed, ok, type Recorder, warning } from "./report.ts";

export type Family = 4 | 6;

/** Addresses of a name in one family. Rejects where there are none, with the system's error. */
export type NameResolver = (host: string, family: Family) => Promise<readonly string[]>;

/** The system's (hosts file, DNS). */
export const systemResolver: NameResolver = async (host, family) =>
  (await lookup(host, { all: true, family, order: "verbatim" })).map(({ address }) => address);

type Answer =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  /** The name, or an address of this family, does not exist. */
  | { readonly kind: "none" }
  /** Nobody to ask, or no answer. */
  | { readonly kind: "unanswered"; readonly reason: string };

export interface NameOptions {
  readonly clock: Clock;
  readonly resolver: NameResolver;
  readonly timeoutMs: number;
}

/** Steps `DNS A` and `DNS AAAA`; for a literal address one step. Gives the addresses to try, IPv6 first as CM does. */
export async function examineName(
  recorder: Recorder,
  part: string,
  host: string,
  { clock, resolver, timeoutMs }: NameOptions,
): Promise<readonly string[]> {
  if (isIP(host) !== 0) {
    recorder.add(part, "DNS", host, ok("an address, no name to resolve"));
    return [host];
  }
  const since = clock.now();
  const ask = async (family: Family): Promise<Answer> => {
    try {
      const answer = withDeadline(clock, resolver(host, family), timeoutMs, `DNS server, asked for ${host}`);
      const addresses = await answer;
      return addresses.length > 0 ? { kind: "addresses", addresses } : { kind: "none" };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOTFOUND" || code === "ENODATA") return { kind: "none" };
      return { kind: "unanswered", reason: code === "EAI_AGAIN" ? "no DNS server answers" : messageOf(error) };
    }
  };
  const [a, aaaa] = await Promise.all([ask(4), ask(6)]);
  const found = [...kept(aaaa), ...kept(a)];
  recorder.add(part, "DNS A", `IPv4 addresses of ${host}`, judgeAnswer(host, 4, a, found.length > 0), since);
  recorder.add(part, "DNS AAAA", `IPv6 addresses of ${host}`, judgeAnswer(host, 6, aaaa, found.length > 0), since);
  return found;
}

function kept(answer: Answer): readonly string[] {
  return answer.kind === "addresses" ? answer.addresses.slice(0, doctorLimits.addressesPerFamily) : [];
}

function judgeAnswer(host: string, family: Family, answer: Answer, other: boolean): Finding {
  switch (answer.kind) {
    case "addresses": {
      const left = answer.addresses.length - doctorLimits.addressesPerFamily;
      return ok(`${kept(answer).join(", ")}${left > 0 ? `, and ${left} more that are not tried` : ""}`);
    }
    case "none":
      // One family is enough; a name without either is what CM cannot resolve.
      if (other) return ok(`none: the cloud is reached over IPv${family === 4 ? 6 : 4}`);
      return failed(`${host} has no IPv${family} address`, `check the name in the address, and its entry in DNS`);
    case "unanswered":
      if (other) return warning(answer.reason, `look after the DNS servers; CM waits for both families`);
      return failed(answer.reason, "check the DNS servers that DHCP gave this machine (/etc/resolv.conf)");
  }
}
