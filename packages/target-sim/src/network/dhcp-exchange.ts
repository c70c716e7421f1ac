/**
 * DHCP on the wire: a request goes to all servers in the broadcast domain of who asks, and the first to answer wins. Ports that are
 * no port of a bridge hear what passes.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Random } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import type { DhcpAnswer, DhcpIdentity, DhcpRequest } from "./dhcp-message.ts";
import { maxWaitingAnswers } from "./limits.ts";
import type { DhcpServer, Netdev } from "./netdev.ts";

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Who receives a broadcast of this interface. */
  readonly domain: (from: Netdev) => ReadonlySet<Netdev>;
  /** Milliseconds from a request to its answer. */
  readonly delay: number;
}

export class DhcpExchange {
  readonly #options: ExchangeOptions;
  readonly #waiting = new Set<Timer>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** As `DhcpClientOptions.send` has it. */
  send(
    from: Netdev,
    identity: DhcpIdentity,
    request: DhcpRequest,
    answered: (answer: DhcpAnswer | null) => void,
  ): Timer | null {
    if (!from.usable || this.#waiting.size >= maxWaitingAnswers) return null;
    const timer = this.#options.clock.setTimer(this.#options.delay, () => {
      this.#waiting.delete(timer);
      answered(this.#pass(from, identity, request));
    });
    this.#waiting.add(timer);
    return {
      cancel: () => {
        timer.cancel();
        this.#waiting.delete(timer);
      },
    };
  }

  close(): void {
    for (const timer of this.#waiting) timer.cancel();
    this.#waiting.clear();
  }

  #pass(from: Netdev, identity: DhcpIdentity, request: DhcpRequest): DhcpAnswer | null {
    if (!from.usable) return null;
    const message = request.kind === "discover" ? "discover" : "request";
    const { mac, vendorClass } = identity;
    const domain = this.#options.domain(from);
    for (const netdev of [...domain]) netdev.owner.hear(netdev, { mac, message, vendorClass });
    for (const { netdev, server } of this.#servers(domain, request)) {
      // Its answer has to find the way back.
      if (!this.#options.domain(netdev).has(from)) continue;
      const answer = server.answer(identity, request, neighbourhood(domain));
      if (!answer) continue;
      const answers =
        answer.kind === "nak" ? [] : message === "discover" ? (["offer", "ack"] as const) : (["ack"] as const);
      for (const each of answers) from.owner.hear(from, { mac: netdev.mac, message: each, vendorClass: "" });
      return answer;
    }
    return null;
  }

  /** Those that the request is for, the quickest first: of several, that is chance. */
  #servers(
    domain: ReadonlySet<Netdev>,
    request: DhcpRequest,
  ): { readonly netdev: Netdev; readonly server: DhcpServer }[] {
    const found: { netdev: Netdev; server: DhcpServer; delay: number }[] = [];
    for (const netdev of domain) {
      if (request.kind === "renew" && netdev.subnet?.address !== request.server) continue;
      const server = netdev.owner.server(netdev);
      if (server) found.push({ netdev, server, delay: 0 });
    }
    if (found.length < 2) return found;
    return found.map((each) => ({ ...each, delay: this.#options.random.next() })).sort((a, b) => a.delay - b.delay);
  }
}

function neighbourhood(domain: ReadonlySet<Netdev>): (address: number) => Mac | null {
  let users: Map<number, Mac> | null = null;
  return (address) => {
    users ??= new Map([...domain].flatMap(({ subnet, mac }) => (subnet ? [[subnet.address, mac] as const] : [])));
    return users.get(address) ?? null;
  };
}
