/**
 * Plays a node on a connection to the cloud: an OVSDB server with a scratch database that holds the node's identity and nothing
 * else. In OVSDB the cloud is the client of the connection that the node opens; it is answered here, and what it writes is
 * looked at and forgotten.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { Log, nullSink } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { ConnectionError } from "@opensync-ts/ovsdb/client";
import { Database } from "@opensync-ts/ovsdb/database";
import type { JsonValue } from "@opensync-ts/ovsdb/json";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { OvsdbServer } from "@opensync-ts/ovsdb/server";
import type { Session } from "@opensync-ts/ovsdb/session";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import { type OpenSync, openSync } from "@opensync-ts/schema/opensync";
import { doctorLimits } from "./limits.ts";
import { type Heard, Tap } from "./tap.ts";

/** What tells the cloud which node it is, as columns of `AWLAN_Node`. */
export interface NodeIdentity {
  readonly id: string;
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly firmwareVersion: string;
  readonly redirectorAddress: string;
}

export interface DoubleOptions {
  readonly identity: NodeIdentity;
  readonly clock: Clock;
  readonly random: Random;
}

export class NodeDouble {
  readonly #clock: Clock;
  readonly #server: OvsdbServer;
  readonly #database: Database;
  readonly #tap: Tap;
  readonly #session: Session;
  readonly #events = new Emitter<{ change: null }>();
  /** Tables that the cloud wrote, and how many rows of each; the first few tables only. */
  readonly written = new Map<string, number>();
  /** Why the connection ended. */
  ended: ConnectionError | undefined;

  private constructor(transport: Transport, database: Database, { clock, random }: DoubleOptions) {
    this.#clock = clock;
    this.#database = database;
    const log = Log.create({ name: "DOCTOR", sink: nullSink, wallTime: () => clock.wallTime() });
    const limits = { maxMessageBytes: doctorLimits.messageBytes, maxWaitingBytes: doctorLimits.peerBytes };
    this.#server = new OvsdbServer({ databases: [{ engine: database }], clock, random, log, limits });
    this.#tap = new Tap(transport, () => this.#changed());
    database.onCommit(({ delta }) => {
      for (const [table, changes] of delta) {
        if (!this.written.has(table) && this.written.size >= doctorLimits.names) continue;
        this.written.set(table, (this.written.get(table) ?? 0) + changes.size);
      }
      this.#changed();
    });
    const session = this.#server.accept(this.#tap);
    if (!session) throw new Error("a server without connections refused one");
    this.#session = session;
    session.onClosed((reason) => {
      this.ended = reason;
      this.#changed();
    });
  }

  /** Begins to serve the connection. */
  static async serve(transport: Transport, options: DoubleOptions): Promise<NodeDouble> {
    const { id, serialNumber, model, firmwareVersion, redirectorAddress } = options.identity;
    const database = new Database(schema, { random: options.random });
    await new LocalClient<OpenSync>({ engine: database }).transact((transaction) => {
      transaction.insert("Open_vSwitch", {});
      transaction.insert("AWLAN_Node", {
        id,
        ...(serialNumber === null ? {} : { serial_number: serialNumber }),
        ...(model === null ? {} : { model }),
        firmware_version: firmwareVersion,
        redirector_addr: redirectorAddress,
      });
    });
    return new NodeDouble(transport, database, options);
  }

  get heard(): Heard {
    return this.#tap.heard;
  }

  /** What the cloud wrote into `AWLAN_Node.manager_addr`; empty before. */
  get managerAddress(): string {
    const [row] = this.#database.rows("AWLAN_Node").values();
    return typeof row?.manager_addr === "string" ? row.manager_addr : "";
  }

  /** The cloud's answer to an `echo`. Rejects with `JsonRpcError` or `ConnectionError`. */
  echo(word: string, timeoutMs: number): Promise<JsonValue> {
    return this.#session.peer.request("echo", [word], { timeoutMs });
  }

  /** Whether `condition` came true within `limitMs`; false at once when the connection ends without it. */
  until(condition: () => boolean, limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (result: boolean) => {
        timer.cancel();
        stop();
        resolve(result);
      };
      const look = () => {
        if (condition()) settle(true);
        else if (this.ended) settle(false);
      };
      const timer = this.#clock.setTimer(limitMs, () => settle(condition()));
      const stop = this.#events.on("change", look);
      look();
    });
  }

  async close(): Promise<void> {
    await this.#server.close();
    this.#tap.destroy();
  }

  #changed(): void {
    this.#events.emit("change", null);
  }
}

const schema = schemaFromDeclaration(openSync);
