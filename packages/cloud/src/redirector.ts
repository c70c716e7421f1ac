/**
 * The redirector: the one address that a node knows from the factory. It looks who is there, writes the controller's
 * address into `AWLAN_Node.manager_addr`, and lets go: a node heeds a new address only once it has left.
 */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Client, Replica } from "@opensync-ts/ovsdb/client";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Admission, addressOf } from "./admission.ts";
import { Complaints } from "./complaints.ts";
import type { Attach } from "./controller.ts";
import * as limits from "./limits.ts";
import type { Locations } from "./locations.ts";

export interface RedirectorOptions {
  readonly locations: Locations;
  /** What to write into `manager_addr`: `ssl:192.168.1.10:6640`. */
  readonly controller: string;
  readonly attach: Attach;
  readonly clock: Clock;
  readonly log: Log;
}

export class Redirector {
  readonly #locations: Locations;
  readonly #controller: string;
  readonly #attach: Attach;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #complaints = new Complaints();
  readonly #transports = new Set<Transport>();
  readonly #stop = new AbortController();
  readonly #admission: Admission;

  constructor(options: RedirectorOptions) {
    this.#locations = options.locations;
    this.#controller = options.controller;
    this.#attach = options.attach;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#admission = new Admission({
      clock: options.clock,
      concurrent: limits.redirects,
      waiting: limits.waitingRedirects,
      waitMs: limits.firstCopyWaitMs,
      serveMs: limits.mirrorMs,
    });
  }

  /** Serves a connection until the node has its address and is gone. */
  async accept(transport: Transport): Promise<void> {
    if (this.#stop.signal.aborted) return transport.destroy();
    if (this.#transports.size >= limits.connections) {
      this.#log.warning(`${transport.name}: refused: ${limits.connections} nodes are being redirected already`);
      return transport.destroy();
    }
    this.#transports.add(transport);
    try {
      const client = await this.#timely(Promise.resolve(this.#attach(transport)), "start of the session");
      const commonName = transport.peerCertificate?.commonName;
      const known = commonName !== undefined && this.#locations.placeOf(commonName) !== undefined;
      const release = await this.#admission.admit({ address: addressOf(transport.name), known }, client.closed);
      const served = await this.#redirect(transport, client).finally(release);
      if (served) await this.#leaving(client.closed);
      client.close();
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#log.warning(`${transport.name}: not redirected: ${messageOf(error)}`);
      transport.destroy();
    } finally {
      this.#transports.delete(transport);
    }
  }

  /** Whether it is a node to be redirected. */
  async #redirect(transport: Transport, client: Client<OpenSync>): Promise<boolean> {
    const columns = ["id", "serial_number", "manager_addr"];
    const mirror = await this.#timely(client.replicate({ AWLAN_Node: { columns } }), "AWLAN_Node");
    const row = await this.#timely(firstRow(mirror, client.closed), "a row in AWLAN_Node");
    const claimed = { id: row.id || null, serialNumber: row.serial_number || null };
    const identity = this.#locations.identify(claimed, transport.peerCertificate?.commonName);
    if (identity.kind === "impostor") {
      const { reason } = identity;
      const isNew = this.#complaints.isNew(reason);
      if (isNew) this.#log.warning(`${transport.name}: refused: ${reason}`);
      const commonName = transport.peerCertificate?.commonName ?? null;
      const caller = { ...claimed, model: null, commonName, peer: transport.name, reason };
      this.#locations.stranger({ ...caller, seenAt: this.#clock.wallTime() }, isNew);
      return false;
    }
    const name =
      identity.kind === "member" ? identity.place.node.id : (claimed.id ?? claimed.serialNumber ?? "a node without id");
    if (row.manager_addr !== this.#controller) {
      const written = client.transact(
        (transaction) =>
          transaction.update("AWLAN_Node", [["_uuid", "==", row._uuid]], { manager_addr: this.#controller }),
        { comment: "redirector - manager_addr" },
      );
      await this.#timely(written, "writing of manager_addr");
    }
    this.#log.info(`${name} (${transport.name}): sent to ${this.#controller}`);
    if (identity.kind === "member") identity.place.location.redirected(name, transport.name);
    return true;
  }

  /** Until the node hangs up, for a while; both are as good. */
  async #leaving(closed: AbortSignal): Promise<void> {
    const gone = AbortSignal.any([closed, this.#stop.signal]);
    await this.#clock.sleep(limits.redirectGraceMs, gone).catch(() => {});
  }

  #timely<T>(promise: Promise<T>, what: string): Promise<T> {
    return withDeadline(this.#clock, promise, limits.mirrorMs, what);
  }

  stop(): void {
    this.#stop.abort();
    for (const transport of this.#transports) transport.destroy();
  }
}

type NodeMirror = Replica<OpenSync, "AWLAN_Node">;
type NodeRow = NonNullable<ReturnType<ReturnType<NodeMirror["table"]>["find"]>>;

/** The node's row; waits for it while it is being written. */
function firstRow(mirror: NodeMirror, closed: AbortSignal): Promise<NodeRow> {
  return new Promise((resolve, reject) => {
    const table = mirror.table("AWLAN_Node");
    const look = () => {
      const row = table.find(() => true);
      if (!row) return;
      stop();
      closed.removeEventListener("abort", onClosed);
      resolve(row);
    };
    const onClosed = () => reject(closed.reason);
    const stop = mirror.onTransaction(look);
    closed.addEventListener("abort", onClosed, { once: true });
    look();
  });
}
