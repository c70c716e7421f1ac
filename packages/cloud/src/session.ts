/**
 * One node's connection to the controller: copies the node's tables, finds out who it is, and from then on keeps its
 * Config rows as the home states and watches its State rows for the proof. Whatever happens (a change by anybody, a
 * refusal, a deadline, another home file) leads to the same question asked anew: what differs now?
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { SharedValues } from "@opensync-ts/base/shared-values";
import type { WorkQueue } from "@opensync-ts/base/work-queue";
import { type Client, PeerFaultError } from "@opensync-ts/ovsdb/client";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { Release } from "./admission.ts";
import type { ClientFacts } from "./client-facts.ts";
import { desiredState, type Surroundings } from "./desired.ts";
import type { Home, HomeNode } from "./home.ts";
import type { ClaimedIdentity, Identity } from "./identity.ts";
import * as limits from "./limits.ts";
import type { Place } from "./location.ts";
import { describeNode, type Mirror, type NodeDescription, openMirror, readerOf } from "./mirror.ts";
import { documentAt } from "./model/document-at.ts";
import { nodeFacts } from "./node-facts.ts";
import { lastReceivedOf, type NodeWire, wireOf } from "./node-wire.ts";
import { NodeWrites, type NotWritten } from "./node-writes.ts";
import type { PlannedWrites } from "./planned-writes.ts";
import { airKey } from "./radio-air.ts";
import { type RadioFault, RadioFaults } from "./radio-shortfall.ts";
import { type Change, plan } from "./reconcile.ts";
import { assess, isDone, pendingText, type RowStatus, type Withheld } from "./row-status.ts";
import { type Columns, type DesiredRow, type RowId, type TableReader, withRow } from "./rows.ts";
import type { SessionCounters, SessionEvent, SessionState } from "./session-state.ts";
import { SignsOfLife } from "./signs-of-life.ts";
import { WithheldRows } from "./withheld-rows.ts";
import { withinSchema } from "./within-schema.ts";
import { describeChange } from "./write-changes.ts";

/** Whom the session serves. */
export interface SessionHost {
  /** Whom the peer's words and certificate prove it to be. */
  identify(claimed: ClaimedIdentity): Identity<Place>;
  /** What the node's rows depend on beside its own tables and the home. */
  surroundings(place: Place): Surroundings;
  /** The peer has proven to be a node, or (with another location's) has become one of another location. */
  identified(session: Session, place: Place): void;
  /** The peer is nobody we know, or not whom it claims to be. */
  stranger(session: Session, reason: string): void;
  /** The connection cannot go on: what the peer has sent is no OVSDB, or it does not answer, or has to come again. */
  failed(session: Session, error: unknown): void;
  /** Who is connected to its home access points. */
  clients(session: Session, clients: readonly ClientFacts[]): void;
  event(session: Session, event: SessionEvent): void;
}

export interface SessionOptions {
  readonly client: Client<OpenSync>;
  /** For logs: `ssl:10.0.0.7:40312`. */
  readonly peer: string;
  readonly host: SessionHost;
  /** Shared by all sessions of a controller. */
  readonly work: WorkQueue;
  /** Likewise. */
  readonly statuses: SharedValues<RowStatus>;
  readonly clock: Clock;
  readonly log: Log;
}

export class Session {
  readonly peer: string;
  readonly #client: Client<OpenSync>;
  readonly #host: SessionHost;
  readonly #work: WorkQueue;
  readonly #statuses: SharedValues<RowStatus>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #writes: NodeWrites;
  readonly #withheld: WithheldRows;
  readonly #signs: SignsOfLife;
  readonly #radios: RadioFaults;
  readonly #awaitedSince = new Map<RowId, number>();
  #state: SessionState = "MIRRORING";
  #mirror: Mirror | undefined;
  #place: Place | undefined;
  #rows: readonly RowStatus[] = [];
  /** What its radios did when they were looked at last. */
  #air: string | undefined;
  #timer: Timer | undefined;
  /** The mirror has changed since the last look at it. */
  #dirty = false;

  constructor(options: SessionOptions) {
    this.#client = options.client;
    this.peer = options.peer;
    this.#host = options.host;
    this.#work = options.work;
    this.#statuses = options.statuses;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#writes = new NodeWrites(options.client, options.clock);
    this.#withheld = new WithheldRows(options.clock);
    this.#radios = new RadioFaults(options.clock);
    this.#signs = new SignsOfLife(
      options.clock,
      () => lastReceivedOf(options.client),
      (isSilent) => this.#host.event(this, { kind: "silence", isSilent }),
    );
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The node of the home that this is; undefined while unknown. */
  get node(): HomeNode | undefined {
    return this.#place?.node;
  }

  get place(): Place | undefined {
    return this.#place;
  }

  /** The copy of the node's tables; undefined until it is there. */
  get tables(): TableReader | undefined {
    return this.#mirror && readerOf(this.#mirror);
  }

  /** When anything was heard of the node last, over this connection or by the broker; wall clock, ms. Null: that cannot be told. */
  get heardAt(): number | null {
    return this.#signs.heardAt;
  }

  /** It has been asked for a sign of life, and has not given one. */
  get isSilent(): boolean {
    return this.#signs.isSilent;
  }

  /** Radios that are not as they were told, in what the document does not state. */
  get radioFaults(): readonly RadioFault[] {
    return this.#radios.faults;
  }

  /** The node has published something. */
  heard(): void {
    this.#signs.heard();
  }

  /** Somebody looks at the node: whether it is there is worth a question. */
  look(): void {
    this.#signs.look(this.wire);
  }

  /** For a look at the node beyond what is mirrored; undefined: the connection is gone, or is none over a wire. */
  get wire(): NodeWire | undefined {
    return this.#isClosed() ? undefined : wireOf(this.#client);
  }

  get rows(): readonly RowStatus[] {
    return this.#rows;
  }

  get counters(): SessionCounters {
    return this.#writes.counters;
  }

  get description(): NodeDescription | undefined {
    return this.#mirror && describeNode(this.#mirror);
  }

  /**
   * Resolves when the session has begun its work (or has failed to). The copy of the tables is asked for once `admit` resolves; the
   * node's own requests are answered meanwhile.
   */
  async start(admit: (gone: AbortSignal) => Promise<Release>): Promise<void> {
    const { closed } = this.#client;
    closed.addEventListener("abort", () => this.#lost(closed.reason), { once: true });
    if (closed.aborted) return this.#lost(closed.reason);
    let release: Release | undefined;
    try {
      release = await admit(closed);
      const mirror = await withDeadline(
        this.#clock,
        openMirror(this.#client),
        limits.mirrorMs,
        "copy of the node's tables",
      );
      if (this.#isClosed()) return mirror.cancel();
      this.#mirror = mirror;
      mirror.onTransaction(() => this.#changed());
      this.#lookSoon();
    } catch (error) {
      this.#fail(error);
    } finally {
      release?.();
    }
  }

  /**
   * What the node would be written if `home` held now; nothing is. Undefined: it is not known what the node has, or the home does not
   * state the node. Of steering it takes what is wanted at present.
   */
  wouldWrite(home: Home): PlannedWrites | undefined {
    const [mirror, place] = [this.#mirror, this.#place];
    const node = home.nodes.find(({ id }) => id === place?.node.id);
    if (!mirror || !place || !node || this.#isClosed()) return undefined;
    const rows = readerOf(mirror);
    const { home: current } = documentAt(home, this.#clock.wallTime());
    const { desired } = this.#desired(current, { ...place, node }, mirror);
    return { changes: plan(desired.rows, rows, new Set(), desired.silent), refusals: desired.refusals };
  }

  /** What would be written to the node beside what is to be written now if a row of it had these columns. Undefined: it is not known. */
  wouldRepair(table: string, uuid: Uuid, columns: Columns): readonly Change[] | undefined {
    const [mirror, place] = [this.#mirror, this.#place];
    if (!mirror || !place || this.#isClosed()) return undefined;
    const { home } = documentAt(place.location.home, this.#clock.wallTime());
    const { desired } = this.#desired(home, place, mirror);
    const planned = (rows: TableReader) => plan(desired.rows, rows, new Set(), desired.silent);
    const rows = readerOf(mirror);
    const now = new Set(planned(rows).map(describeChange));
    return planned(withRow(rows, table, uuid, columns)).filter((change) => !now.has(describeChange(change)));
  }

  /** The home states something else now. */
  homeChanged(): void {
    this.#withheld.forget();
    // Until it is looked at, nobody knows whether the node shows that.
    if (this.#state === "SETTLED" || this.#state === "UNSETTLED") this.#enter("VERIFYING", "another version holds");
    this.#changed();
  }

  /** What surrounds the node is another now. */
  surroundingsChanged(): void {
    this.#changed();
  }

  /** Resolves when the connection is gone. */
  close(reason: string): Promise<void> {
    const { closed } = this.#client;
    const gone = new Promise<void>((resolve) => {
      if (closed.aborted) resolve();
      else closed.addEventListener("abort", () => resolve(), { once: true });
    });
    this.#finish(reason);
    this.#client.close();
    return gone;
  }

  #changed(): void {
    this.#dirty = true;
    switch (this.#state) {
      case "HELD":
      case "VERIFYING":
      case "SETTLED":
      case "UNSETTLED":
        this.#lookSoon();
        break;
      case "WRITING":
        // The effect of our own transaction; its reply is still to come, or has come and this is what it waits for.
        if (this.#timer) this.#lookSoon();
        break;
      case "MIRRORING":
      case "WAITING":
      case "CLOSED":
        break;
    }
  }

  /** Others have their turn in between: at once where there is time, else when it is this session's turn. */
  #lookSoon(): void {
    this.#work.run(this, () => {
      // What it waits for now leads to another look.
      if (this.#writes.isUnderWay || (this.#state === "WAITING" && this.#timer)) return;
      this.#look();
    });
  }

  /** Looks at what is, and does what follows. What goes wrong here costs this session, not the others. */
  #look(): void {
    const mirror = this.#mirror;
    if (!mirror || this.#isClosed()) return;
    this.#dirty = false;
    this.#disarm();
    try {
      this.#follow(mirror);
    } catch (error) {
      this.#fail(error);
    }
  }

  #follow(mirror: Mirror): void {
    const identity = this.#host.identify(describeNode(mirror));
    if (identity.kind !== "member") {
      this.#host.stranger(this, identity.reason);
      if (identity.kind === "impostor") {
        void this.close(identity.reason);
        return;
      }
      this.#place = undefined;
      this.#hold(identity.reason);
      return;
    }
    const { place } = identity;
    const before = this.#place;
    if (before && before.node.id !== place.node.id) {
      void this.close(`it was '${before.node.id}' and says now that it is '${place.node.id}'`);
      return;
    }
    this.#place = place;
    if (before?.location !== place.location) this.#host.identified(this, place);
    this.#noteAir(readerOf(mirror));
    const quarantine = place.location.quarantine(place.node.id);
    if (quarantine === undefined) this.#reconcile(place, mirror);
    else this.#hold(quarantine);
  }

  #noteAir(rows: TableReader): void {
    const [before, air] = [this.#air, airKey(rows)];
    this.#air = air;
    if (before !== undefined && before !== air) this.#host.event(this, { kind: "air" });
  }

  #hold(reason: string): void {
    this.#rows = [];
    this.#enter("HELD", reason);
    if (this.#radios.forget()) this.#host.event(this, { kind: "radios" });
  }

  #reconcile(place: Place, mirror: Mirror): void {
    const { location } = place;
    const now = this.#clock.now();
    const rows = readerOf(mirror);
    const wallTime = this.#clock.wallTime();
    const current = documentAt(location.home, wallTime);
    const { facts, desired } = this.#desired(current.home, place, mirror);
    this.#host.clients(this, facts.clients);
    if (this.#radios.look(rows, statedIn(desired.rows))) this.#host.event(this, { kind: "radios" });
    const refused = this.#withheld.refused();
    const wish = plan(desired.rows, rows, new Set(refused.keys()), desired.silent);
    const withheld: Withheld = new Map([...refused, ...this.#withheld.contested(wish)]);
    const changes =
      withheld.size > refused.size ? plan(desired.rows, rows, new Set(withheld.keys()), desired.silent) : wish;
    const assessment = assess(desired.rows, desired.refusals, changes, withheld, rows, this.#awaitedSince, now);
    this.#report(assessment.rows);
    const next = this.#writes.next(changes);
    if (next.length > 0) {
      this.#write(next, desired.rows).catch((error) => this.#fail(error));
      return;
    }
    const wakeUps = [
      assessment.nextDeadline,
      this.#radios.nextDeadline,
      current.until === null ? undefined : now + current.until - wallTime,
      ...[...withheld.keys()].map((id) => this.#withheld.until(id)),
    ].filter((time) => time !== undefined);
    if (wakeUps.length > 0) this.#arm(Math.min(...wakeUps) - now);
    const open = pendingText(assessment.rows);
    if (open === null) this.#enter("SETTLED", "the node shows all that the home states");
    else if (assessment.rows.some(({ status }) => status === "applied")) this.#enter("VERIFYING", open);
    else this.#enter("UNSETTLED", open);
  }

  #desired(home: Home, place: Place, mirror: Mirror) {
    const facts = nodeFacts(readerOf(mirror));
    const wanted = desiredState(home, place.node, facts, this.#host.surroundings(place));
    return { facts, desired: withinSchema(wanted, (table, column) => mirror.lacks(table, column)) };
  }

  async #write(changes: readonly Change[], desired: readonly DesiredRow[]): Promise<void> {
    this.#enter("WRITING", `${changes.length} changes`);
    const described = changes.map(describeChange);
    for (const line of described) this.#log.debug(`${this.#name()}: ${line}`);
    const end = await this.#writes.write(changes);
    if (this.#isClosed()) return;
    if (end.kind === "not written") return this.#notWritten(end, changes.length);
    this.#withheld.wrote(changes, desired);
    this.#log.info(`${this.#name()}: wrote ${changes.map((change) => `${change.kind} ${change.id}`).join(", ")}`);
    this.#host.event(this, { kind: "written", changes: described });
    // The update usually came before the reply; if not, it is on its way.
    if (this.#dirty) this.#lookSoon();
    else this.#arm(limits.echoMs);
  }

  #notWritten({ error, pauseMs, refusal }: NotWritten, count: number): void {
    if (refusal === null) {
      this.#log.debug(`${this.#name()}: the rows changed while a transaction was on its way`);
    } else {
      const { culprit, reason } = refusal;
      this.#log.warning(`${this.#name()}: ${culprit ?? `${count} changes`}: ${reason}`);
      if (culprit) this.#withheld.refuse(culprit, reason);
    }
    this.#enter("WAITING", `refused (${error}), again in ${pauseMs} ms`);
    this.#arm(pauseMs);
  }

  /** Announces the rows whose status has changed. */
  #report(rows: readonly RowStatus[]): void {
    const before = new Map(this.#rows.map((row) => [row.id, row.status]));
    this.#rows = rows.map((row) => (row.reason === null ? this.#shared(row) : row));
    for (const row of rows) {
      if (before.get(row.id) === row.status) continue;
      const line = `${this.#name()}: ${row.id} ${row.status}${row.reason ? `: ${row.reason}` : ""}`;
      if (isDone(row) || row.status === "pending" || row.status === "applied") this.#log.debug(line);
      else this.#log.warning(line);
      this.#host.event(this, { kind: "row", row });
    }
  }

  /** Thousands of nodes have the same rows, and most show them. */
  #shared(row: RowStatus): RowStatus {
    return this.#statuses.share(`${row.id} ${row.status} ${row.stated}`, () => row);
  }

  #enter(to: SessionState, reason: string): void {
    const from = this.#state;
    if (from === to) return;
    this.#state = to;
    this.#log.debug(() => `${this.#name()}: ${from} -> ${to}: ${reason}`);
    this.#host.event(this, { kind: "state", from, to, reason });
  }

  #fail(error: unknown): void {
    if (!this.#isClosed()) this.#host.failed(this, error);
    void this.close(messageOf(error));
  }

  #lost(reason: unknown): void {
    if (!this.#isClosed() && reason instanceof PeerFaultError) this.#host.failed(this, reason);
    this.#finish(`connection ended: ${messageOf(reason)}`);
  }

  #finish(reason: string): void {
    if (this.#isClosed()) return;
    this.#disarm();
    this.#withheld.stop();
    this.#signs.stop();
    this.#work.forget(this);
    this.#mirror?.cancel();
    this.#enter("CLOSED", reason);
  }

  #isClosed(): boolean {
    return this.#state === "CLOSED";
  }

  #arm(delayMs: number): void {
    this.#disarm();
    this.#timer = this.#clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      this.#lookSoon();
    });
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #name(): string {
    return this.node ? `${this.node.id} (${this.peer})` : this.peer;
  }
}

/** Asked of radios that differ only, which few do. */
function statedIn(desired: readonly DesiredRow[]): (ifName: string, column: string) => boolean {
  return (ifName, column) =>
    desired.some(
      ({ table, key, columns }) =>
        table === "Wifi_Radio_Config" && key.if_name === ifName && columns[column] !== undefined,
    );
}
