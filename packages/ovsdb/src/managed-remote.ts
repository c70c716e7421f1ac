/**
 * One remote that the server keeps: dials it, and dials again with a growing pause when it fails or ends; or listens on
 * it. Says how it stands in the words of `Manager.status` (ovs-vswitchd.conf.db(5)).
 *
 * ```
 *            dial                connected               silence
 *   BACKOFF ------> CONNECTING ------------> ACTIVE <--------------> IDLE      VOID: no target, or none that can be used
 *      ^                |                      |        answer         |
 *      +--- failed -----+------- ended --------+-----------------------+
 * ```
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { InactivityProbe } from "./inactivity-probe.ts";
import { wireLimits } from "./limits.ts";
import { type Listener, listen, listeningOn } from "./listener.ts";
import type { Access } from "./rbac.ts";
import { type ActiveRemote, formatRemote, isActive, isPassive, type PassiveRemote, parseRemote } from "./remote.ts";
import type { Session } from "./session.ts";
import { type Dial, dial } from "./socket-transport.ts";
import type { TlsFiles } from "./tls-files.ts";
import type { TlsSessions } from "./tls-sessions.ts";
import type { Transport } from "./transport.ts";

export interface RemoteSettings extends Access {
  /** The longest pause between attempts (ms). */
  readonly maxBackoffMs?: number | undefined;
  /** Silence after which the peer is asked for a sign of life (ms); 0: never. */
  readonly inactivityProbeMs?: number | undefined;
}

export interface RemoteContext {
  readonly clock: Clock;
  readonly log: Log;
  /** The TLS files as they are now; throws a `UserError` when they are not configured as they should. */
  readonly tls: (() => TlsFiles) | undefined;
  /** By default over the machine's network. */
  readonly dial?: Dial | undefined;
  readonly sessions?: TlsSessions | undefined;
  /** Serves a connection; undefined when it was refused. */
  readonly accept: (transport: Transport, access?: Access) => Session | undefined;
  /** Called after each change of `status`, except of the seconds in it. */
  readonly onChange?: () => void;
}

export type RemoteState = "VOID" | "BACKOFF" | "CONNECTING" | "ACTIVE" | "IDLE";

export interface RemoteStatus {
  readonly connected: boolean;
  /** As `Manager.status` has it: all values are text. */
  readonly status: ReadonlyMap<string, string>;
}

export class ManagedRemote {
  readonly #target: string;
  readonly #context: RemoteContext;
  #settings: RemoteSettings;
  #state: Exclude<RemoteState, "IDLE"> = "VOID";
  #lastError: string | undefined;
  #loggedError: string | undefined;
  #connectedAt: number | undefined;
  #disconnectedAt: number | undefined;
  #backoffMs = 0;
  #timer: Timer | undefined;
  #listener: Listener | undefined;
  /** Connections of this remote; a dialled one is at most one. */
  readonly #connections = new Map<Session, InactivityProbe>();
  readonly #ended = new AbortController();

  /** Starts at once. A target that cannot be used is no error here: `status` and the log say what is wrong with it. */
  constructor(target: string, settings: RemoteSettings, context: RemoteContext) {
    this.#target = target;
    this.#settings = settings;
    this.#context = context;
    this.#start();
  }

  get target(): string {
    return this.#target;
  }

  status(): RemoteStatus {
    const sessions = [...this.#connections.keys()];
    const locks = (state: keyof Session["locks"]) => {
      const names = sessions.flatMap((session) => session.locks[state]);
      return names.length > 0 ? names.join(" ") : undefined;
    };
    const entries: [string, string | undefined][] = [
      ["state", this.#listener ? (sessions.length > 0 ? "ACTIVE" : "VOID") : this.#reportedState()],
      ["sec_since_connect", this.#secondsSince(this.#connectedAt)],
      ["sec_since_disconnect", this.#secondsSince(this.#disconnectedAt)],
      ["last_error", this.#lastError],
      ["locks_held", locks("held")],
      ["locks_waiting", locks("waiting")],
      ["locks_lost", locks("lost")],
    ];
    if (this.#listener) {
      const { remote } = this.#listener;
      if ("port" in remote) entries.push(["bound_port", String(remote.port)]);
      if (sessions.length > 1) entries.push(["n_connections", String(sessions.length)]);
    }
    const known = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { connected: sessions.length > 0, status: new Map(known.sort(([a], [b]) => (a < b ? -1 : 1))) };
  }

  /** Takes effect from the next request, pause or period of silence on; the connection stays. */
  setSettings(settings: RemoteSettings): void {
    this.#settings = settings;
    for (const [session, probe] of this.#connections) {
      probe.setPeriod(this.#probeMs());
      session.access = settings;
    }
  }

  /** Ends the connection or attempt at once. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#timer?.cancel();
    for (const [session, probe] of this.#connections) {
      probe.stop();
      session.close(`${this.#target} is no longer a remote of this server`);
    }
    this.#connections.clear();
    await this.#listener?.close();
  }

  #start(): void {
    if (this.#target === "") return;
    try {
      const remote = parseRemote(this.#target);
      if (isActive(remote)) this.#connect(remote);
      else if (isPassive(remote)) void this.#listen(remote);
      else this.#fault(`remote '${this.#target}': a row cannot name a further column`);
    } catch (error) {
      this.#fault(messageOf(error));
    }
  }

  #connect(remote: ActiveRemote): void {
    this.#enter("CONNECTING");
    this.#dial(remote).catch((error: unknown) => {
      if (this.#ended.signal.aborted) return;
      this.#fault(messageOf(error));
      this.#retry(remote);
    });
  }

  async #dial(remote: ActiveRemote): Promise<void> {
    const { clock, tls, sessions, dial: dialed = dial } = this.#context;
    const options = { clock, timeoutMs: wireLimits.connectMs, signal: this.#ended.signal };
    const transport = await dialed(remote, remote.kind === "ssl" ? { ...options, tls: tls?.(), sessions } : options);
    if (this.#ended.signal.aborted) {
      transport.destroy();
      return;
    }
    const session = this.#accept(transport, (reason) => {
      this.#disconnectedAt = clock.now();
      if (clock.now() - (this.#connectedAt ?? 0) >= this.#backoffMs) this.#backoffMs = 0;
      this.#fault(reason);
      this.#retry(remote);
    });
    if (!session) throw new Error(`${transport.name}: too many connections are open`);
    this.#lastError = undefined;
    this.#loggedError = undefined;
    this.#context.log.info(`${formatRemote(remote)}: connected`);
    this.#enter("ACTIVE");
  }

  #retry(remote: ActiveRemote): void {
    const most = Math.max(this.#settings.maxBackoffMs ?? wireLimits.maxBackoffMs, wireLimits.minBackoffMs);
    this.#backoffMs = Math.min(Math.max(this.#backoffMs * 2, wireLimits.minBackoffMs), most);
    this.#timer = this.#context.clock.setTimer(this.#backoffMs, () => this.#connect(remote));
    this.#enter("BACKOFF");
  }

  async #listen(remote: PassiveRemote): Promise<void> {
    const { log, tls } = this.#context;
    const accept = (transport: Transport) => {
      const session = this.#accept(transport, () => {
        this.#disconnectedAt = this.#context.clock.now();
        this.#changed();
      });
      if (session) this.#changed();
    };
    try {
      const listener = await listen(remote, { log, tls, accept });
      if (this.#ended.signal.aborted) return await listener.close();
      this.#listener = listener;
      log.info(listeningOn(remote, listener));
      this.#changed();
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#fault(messageOf(error));
    }
  }

  #accept(transport: Transport, ended: (reason: string) => void): Session | undefined {
    const session = this.#context.accept(transport, this.#settings);
    if (!session) return undefined;
    this.#connectedAt = this.#context.clock.now();
    this.#connections.set(session, new InactivityProbe(this.#context.clock, session.peer, this.#probeMs()));
    session.onClosed((reason) => {
      this.#connections.get(session)?.stop();
      if (this.#connections.delete(session) && !this.#ended.signal.aborted) ended(reason.message);
    });
    return session;
  }

  /** Deployed clients on a unix socket do not answer `echo`, and take it for a reply: they are never probed. */
  #probeMs(): number {
    if (/^p?unix:/.test(this.#target)) return 0;
    const passive = this.#target.startsWith("p");
    return this.#settings.inactivityProbeMs ?? (passive ? 0 : wireLimits.inactivityProbeMs);
  }

  /** Remembers what went wrong; the same failure again and again makes one log line. */
  #fault(text: string): void {
    this.#lastError = text;
    if (text !== this.#loggedError) this.#context.log.warning(text);
    this.#loggedError = text;
    this.#changed();
  }

  #enter(state: Exclude<RemoteState, "IDLE">): void {
    this.#context.log.debug(() => `${this.#target}: ${this.#state} -> ${state}`);
    this.#state = state;
    this.#changed();
  }

  #changed(): void {
    this.#context.onChange?.();
  }

  #reportedState(): RemoteState {
    const [probe] = this.#connections.values();
    return this.#state === "ACTIVE" && probe?.idle ? "IDLE" : this.#state;
  }

  #secondsSince(time: number | undefined): string | undefined {
    return time === undefined ? undefined : String(Math.floor((this.#context.clock.now() - time) / 1000));
  }
}
