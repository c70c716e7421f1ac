/**
 * The connections of a simulated node go over the machine's network, as if every cable were plugged. Here they meet what lies
 * between in the simulation (`Network.wayOut`): attempts fail as they would, and what stands falls silent or breaks.
 *
 * | obstacle    | a new connection                      | one that stands                                        |
 * |-------------|---------------------------------------|--------------------------------------------------------|
 * | refused     | is refused                            | is reset                                               |
 * | unreachable | fails at once                         | falls silent: nothing comes or goes until it is back   |
 * | lost        | gets no answer until its deadline     | falls silent                                           |
 */

import { isIP } from "node:net";
import type { Clock } from "@opensync-ts/base/clock";
import type { Resolver } from "@opensync-ts/managers/cm/resolver";
import type { MqttConnector } from "@opensync-ts/managers/qm/connector";
import { ConnectionError } from "@opensync-ts/ovsdb/client";
import { type ActiveRemote, formatRemote } from "@opensync-ts/ovsdb/remote";
import { type Dial, type DialOptions, dial } from "@opensync-ts/ovsdb/socket-transport";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import type { Destination, Obstacle, WayOut } from "@opensync-ts/target/network";
import { nodeLimits } from "./limits.ts";
import { SilencedTransport } from "./silenced-transport.ts";

export class ConnectionGuard {
  readonly #wayOut: WayOut;
  readonly #clock: Clock;
  readonly #dial: Dial;
  readonly #connections = new Set<SilencedTransport>();

  /** `dialed`: how a connection is made where nothing is in the way. */
  constructor(wayOut: WayOut, clock: Clock, dialed: Dial = dial) {
    this.#wayOut = wayOut;
    this.#clock = clock;
    this.#dial = dialed;
  }

  readonly dial: Dial = async (remote, options) => {
    if (remote.kind === "unix") return this.#dial(remote, options);
    const destination: Destination = { host: remote.host, port: remote.port, purpose: "cloud" };
    await opened(this.#wayOut, destination, remote, options);
    return this.#guarded(await this.#dial(remote, options), destination);
  };

  /** A literal address needs no name server. */
  resolver(resolver: Resolver): Resolver {
    return async (host) => {
      const obstacle = this.#wayOut.obstacle({ host, port: dnsPort, purpose: "dns" });
      if (obstacle !== null && isIP(host) === 0) throw new Error(`no name server answers (${obstacle})`);
      return resolver(host);
    };
  }

  mqtt(connector: MqttConnector): MqttConnector {
    return publishThrough(this.#wayOut, connector, this.#clock);
  }

  /** Ends every connection, also those that only the peer still holds. */
  close(): void {
    for (const connection of this.#connections) connection.reset();
  }

  #guarded(transport: Transport, to: Destination): Transport {
    const silenced = new SilencedTransport(transport, {
      clock: this.#clock,
      abandonedMs: nodeLimits.abandonedConnectionMs,
      maxHeldBytes: nodeLimits.heldBytes,
      onClosed: () => {
        unsubscribe();
        this.#connections.delete(silenced);
      },
    });
    this.#connections.add(silenced);
    const look = () => {
      const obstacle = this.#wayOut.obstacle(to);
      if (obstacle === "refused") silenced.reset();
      else silenced.setSilent(obstacle !== null);
    };
    const unsubscribe = this.#wayOut.onChange(look);
    look();
    return silenced;
  }
}

/** Resolves once nothing is in the way: packets that are lost are sent again. Rejects as an attempt to connect would. */
async function opened(wayOut: WayOut, to: Destination, remote: ActiveRemote, options: DialOptions): Promise<void> {
  const name = formatRemote(remote);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    const obstacle = wayOut.obstacle(to);
    if (obstacle === null) resolve();
    else if (obstacle !== "lost") reject(new ConnectionError(`${name}: ${refusals[obstacle]}`));
  };
  const onAbort = () => reject(new ConnectionError(`${name}: cancelled`));
  const timer = options.clock.setTimer(options.timeoutMs, () =>
    reject(new ConnectionError(`${name}: no connection within ${options.timeoutMs} ms`)),
  );
  const unsubscribe = wayOut.onChange(look);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    look();
    await promise;
  } finally {
    timer.cancel();
    unsubscribe();
    options.signal?.removeEventListener("abort", onAbort);
  }
}

const refusals: Readonly<Record<Exclude<Obstacle, "lost">, string>> = {
  refused: "connection refused; nothing listens there",
  unreachable: "the network is unreachable; there is no way out",
};

const dnsPort = 53;

/** A broker that cannot be reached any more is gone at once: QM keeps what was not confirmed and connects again. */
function publishThrough(wayOut: WayOut, connector: MqttConnector, clock: Clock): MqttConnector {
  return {
    connect(address, clientId, handlers) {
      const to: Destination = { host: address.host, port: address.port, purpose: "cloud" };
      const before = wayOut.obstacle(to);
      if (before !== null) {
        const timer = clock.setTimer(0, () => handlers.closed(`the broker is out of reach (${before})`));
        const refused = () => Promise.reject(new Error(`the broker is out of reach (${before})`));
        return { publish: refused, end: async () => timer.cancel() };
      }
      const connection = connector.connect(address, clientId, {
        connected: () => handlers.connected(),
        closed: (reason) => {
          unsubscribe();
          handlers.closed(reason);
        },
      });
      const unsubscribe = wayOut.onChange(() => {
        const obstacle = wayOut.obstacle(to);
        if (obstacle === null) return;
        unsubscribe();
        void connection.end();
        handlers.closed(`the connection broke (${obstacle})`);
      });
      return {
        publish: (topic, payload, qos) => connection.publish(topic, payload, qos),
        end() {
          unsubscribe();
          return connection.end();
        },
      };
    },
  };
}
