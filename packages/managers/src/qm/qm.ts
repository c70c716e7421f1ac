/**
 * QM, the queue manager: takes what managers have for the cloud, in this process and over a local socket, and publishes it
 * to the MQTT broker that `AWLAN_Node.mqtt_settings` names.
 */

import { every, type Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Replica } from "@opensync-ts/ovsdb/client";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Complaints } from "../complaints.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import {
  type BrokerAddress,
  type ConnectionEvent,
  type ConnectionMachine,
  initialConnection,
  step,
} from "./connection.ts";
import type { MqttConnection, MqttConnector } from "./connector.ts";
import { newCounters } from "./counters.ts";
import { Intake } from "./intake.ts";
import { LogBuffer } from "./log-buffer.ts";
import { createMqttConnector } from "./mqtt-connector.ts";
import type { Publishing } from "./payloads.ts";
import { Publisher } from "./publisher.ts";
import { MessageQueue } from "./queue.ts";
import type { RemoteLog } from "./remote-log.ts";
import { checkHeaders, checkSettings, checkTopics } from "./settings.ts";
import { SocketServer } from "./socket-server.ts";

export interface QmOptions {
  /** The node's certificate, and the CA of its brokers. */
  readonly tls: TlsFiles;
  /** Of the local socket; without it there is none. */
  readonly socketPath?: string;
  /** The node's own log. */
  readonly remoteLog?: RemoteLog;
  /** Instead of the network. */
  readonly connector?: MqttConnector;
}

const tables = {
  AWLAN_Node: { columns: ["mqtt_settings", "mqtt_topics", "mqtt_headers"] },
  Node_Config: { columns: ["module", "key", "value"] },
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

export function createQm(options: QmOptions): ManagerDefinition {
  return {
    name: "qm",
    async start(context) {
      const manager = new QueueManager(context, options, await context.client.replicate(tables));
      await manager.start();
      return manager;
    },
  };
}

class QueueManager implements RunningManager {
  readonly #context: ManagerContext;
  readonly #options: QmOptions;
  readonly #view: View;
  readonly #connector: MqttConnector;
  readonly #complaints: Complaints;
  readonly #counters = newCounters();
  readonly #queue = new MessageQueue(({ sender }) => this.#dropped(sender));
  readonly #logBuffer = new LogBuffer();
  readonly #publisher: Publisher;
  readonly #intake: Intake;
  #publishing: Publishing;
  #problems: ReadonlySet<string> = new Set();
  #machine: ConnectionMachine = initialConnection;
  #connection: MqttConnection | undefined;
  #timer: Timer | undefined;
  #publishTimer: Timer | undefined;
  #logTimer: Timer | undefined;
  #server: SocketServer | undefined;
  #serverProblem = "none";
  /** How many messages had been confirmed when the log said last that the queue is full. */
  #confirmedWhenFull = -1;
  readonly #undo: (() => void)[] = [];
  /** Connections that are saying good-bye. */
  readonly #leaving = new Set<Promise<void>>();
  #stopped = false;

  constructor(context: ManagerContext, options: QmOptions, view: View) {
    const { clock, log, target } = context;
    this.#context = context;
    this.#options = options;
    this.#view = view;
    this.#connector = options.connector ?? createMqttConnector({ clock, tls: options.tls });
    this.#complaints = new Complaints(clock, log);
    this.#publishing = { settings: checkSettings(new Map()).value, headers: {}, powerMode: undefined };
    const shared = {
      clock,
      complaints: this.#complaints,
      counters: this.#counters,
      queue: this.#queue,
      logBuffer: this.#logBuffer,
    };
    this.#publisher = new Publisher({
      ...shared,
      log,
      unitId: target.unit.id,
      publishing: () => this.#publishing,
      stalled: () => this.#handle({ kind: "stalled", attempt: this.#machine.attempt }),
    });
    this.#intake = new Intake({ ...shared, publisher: this.#publisher, connectionState: () => this.#machine.state });
  }

  async start(): Promise<void> {
    this.#view.onTransaction(() => this.#applyRows());
    this.#startPublishing();
    this.#applyRows();
    const { outbox } = this.#context;
    this.#undo.push(outbox.serve({ send: (message) => this.#intake.take(message) }));
    const { remoteLog } = this.#options;
    if (remoteLog) this.#undo.push(remoteLog.attach((line) => this.#logBuffer.append(line)));
    await this.#listen();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const undo of this.#undo) undo();
    for (const timer of [this.#timer, this.#publishTimer, this.#logTimer]) timer?.cancel();
    this.#view.cancel();
    this.#publisher.detach(false);
    this.#leave();
    await Promise.all([this.#server?.close(), ...this.#leaving]);
    const left = this.#queue.length;
    if (left > 0) this.#context.log.warning(`${left} messages that were not published end with QM`);
  }

  dump(): string {
    const { settings, headers, powerMode } = this.#publishing;
    const { state, failures, until } = this.#machine;
    const { queue, counters, log } = { queue: this.#queue, counters: this.#counters, log: this.#logBuffer };
    const wait = state === "BACKOFF" && until !== null ? `, ${failures} failed attempts` : "";
    return [
      `broker: ${settings.broker === null ? "none" : addressText(addressOf(settings) ?? this.#machine.address)}`,
      `connection: ${state}${wait}`,
      `topic: ${settings.topic ?? "none"}, qos ${settings.qos}, ${settings.compress ? "zlib" : "not compressed"}`,
      `interval: ${settings.intervalSeconds} s, remote log: ${settings.remoteLogSeconds || "off"}`,
      `headers: ${JSON.stringify(headers)}, power mode: ${powerMode ?? "none"}`,
      `queue: ${queue.length} messages, ${queue.bytes} bytes, ${queue.dropped} dropped`,
      `log: ${log.bytes} bytes, ${log.dropped} lines dropped`,
      `socket: ${this.#server ? `${this.#server.clients} clients` : this.#serverProblem}`,
      ...Object.entries(counters).map(([name, value]) => `${name}: ${value}`),
      ...[...this.#problems].sort(),
    ].join("\n");
  }

  async #listen(): Promise<void> {
    const { socketPath } = this.#options;
    if (socketPath === undefined) return;
    const { clock, log } = this.#context;
    try {
      this.#server = await SocketServer.listen(socketPath, { clock, intake: this.#intake });
    } catch (error) {
      // The managers of this process do not need it.
      this.#serverProblem = messageOf(error);
      log.error(`${socketPath}: not served: ${this.#serverProblem}`);
    }
  }

  /** Takes what the rows say, whatever of it has changed. */
  #applyRows(): void {
    const row = this.#view.table("AWLAN_Node").rows.values().next().value;
    const none = new Map<string, string>();
    const settings = checkSettings(row?.mqtt_settings ?? none);
    const headers = checkHeaders(row?.mqtt_headers ?? none);
    const topics = checkTopics(row?.mqtt_topics ?? none);
    const power = this.#view.table("Node_Config").find(({ module, key }) => module === "QM" && key === "power_mode");
    const before = this.#publishing.settings;
    this.#publishing = { settings: settings.value, headers: headers.value, powerMode: power?.value };
    this.#tell([...settings.problems, ...topics, ...headers.problems]);
    const { remoteLogSeconds, intervalSeconds } = settings.value;
    if (remoteLogSeconds !== before.remoteLogSeconds) this.#startLog(remoteLogSeconds);
    if (intervalSeconds !== before.intervalSeconds) this.#startPublishing();
    this.#handle({ kind: "settings", address: addressOf(settings.value) });
  }

  /** Each problem when it comes up, not each time the rows are looked at. */
  #tell(problems: readonly string[]): void {
    for (const problem of problems) if (!this.#problems.has(problem)) this.#context.log.warning(problem);
    this.#problems = new Set(problems);
  }

  /** Once until the broker takes something: a device may be without one for long. */
  #dropped(sender: string): void {
    if (this.#confirmedWhenFull === this.#counters.sent) return;
    this.#confirmedWhenFull = this.#counters.sent;
    const { state } = this.#machine;
    this.#complaints.say(
      `the queue is full (${state}): the oldest message, of '${sender}', is dropped, as more will be until the broker takes them`,
      "queue",
    );
  }

  #startPublishing(): void {
    this.#publishTimer?.cancel();
    const { intervalSeconds } = this.#publishing.settings;
    this.#publishTimer = every(this.#context.clock, intervalSeconds * 1_000, () => this.#publisher.tick());
  }

  #startLog(seconds: number): void {
    this.#logTimer?.cancel();
    this.#logBuffer.enable(seconds > 0);
    this.#logTimer =
      seconds > 0 ? every(this.#context.clock, seconds * 1_000, () => this.#publisher.publishLog()) : undefined;
  }

  #handle(event: ConnectionEvent): void {
    if (this.#stopped) return;
    const { clock, random, log } = this.#context;
    const before = this.#machine;
    const { machine, effects, reason } = step(before, event, { now: clock.now(), random: () => random.next() });
    if (machine === before) return;
    this.#machine = machine;
    log.debug(`connection ${before.state} -> ${machine.state} (${event.kind}: ${reason})`);
    this.#timer?.cancel();
    this.#timer =
      machine.until === null
        ? undefined
        : clock.setTimer(machine.until - clock.now(), () => this.#handle({ kind: "timer" }));
    if (before.state === "CONNECTED") this.#left(event);
    this.#tellConnection(machine, reason);
    for (const effect of effects) {
      if (effect.kind === "end") this.#leave();
      else this.#connect(effect.attempt, effect.address);
    }
    if (machine.state === "CONNECTED" && this.#connection) {
      this.#counters.connections++;
      this.#publisher.attach(this.#connection);
    }
  }

  #left(event: ConnectionEvent): void {
    if (event.kind !== "settings") this.#counters.lostConnections++;
    this.#publisher.detach(event.kind === "closed");
  }

  #leave(): void {
    const gone = this.#connection?.end().finally(() => this.#leaving.delete(gone as Promise<void>));
    if (gone) this.#leaving.add(gone);
    this.#connection = undefined;
  }

  #connect(attempt: number, address: BrokerAddress): void {
    const { target } = this.#context;
    this.#connection = this.#connector.connect(address, target.unit.id, {
      connected: () => this.#handle({ kind: "connected", attempt }),
      closed: (reason) => this.#handle({ kind: "closed", attempt, reason }),
    });
  }

  #tellConnection({ state, address, until }: ConnectionMachine, reason: string | null): void {
    const { log, clock } = this.#context;
    const broker = addressText(address);
    if (state === "CONNECTED") {
      log.notice(`connected to the broker ${broker}`);
      if (address && !address.tls) {
        log.warning(
          `${broker}: without TLS: whoever is on the way can read and change reports; remove tls from mqtt_settings`,
        );
      }
    }
    if (state === "BACKOFF") {
      const next = ((until ?? clock.now()) - clock.now()) / 1_000;
      this.#complaints.say(
        `broker ${broker}: ${reason}; next try in ${next.toFixed(1)} s`,
        `broker ${broker} ${reason}`,
      );
    }
    if (state === "NO_CONF") log.notice("no broker is configured: what managers send is queued");
  }
}

function addressOf({ broker, topic, port, tls }: Publishing["settings"]): BrokerAddress | null {
  return broker === null || topic === null ? null : { host: broker, port, tls };
}

function addressText(address: BrokerAddress | null): string {
  if (!address) return "none";
  const { host, port, tls } = address;
  return `${tls ? "ssl" : "tcp"}:${host.includes(":") ? `[${host}]` : host}:${port}`;
}
