/**
 * Nodes as in `ours.ts`, and above them the cloud's optimiser: once a minute it hears what nodes would report, decides, and asks for at
 * most one move. What takes days is taken as known: the class of each device, and that who has no walk does not walk.
 */

import { every } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import { Observations } from "@opensync-ts/cloud/steering/observations";
import { type Decision, decide } from "@opensync-ts/cloud/steering/optimiser/decide";
import { defaultPolicy, type OptimiserPolicy } from "@opensync-ts/cloud/steering/optimiser/policy";
import type { Snapshot, SnapshotBss, SnapshotClient } from "@opensync-ts/cloud/steering/optimiser/snapshot";
import { emptyState, type Move, movesOf, type OptimiserState } from "@opensync-ts/cloud/steering/optimiser/state";
import { defaultProfiles, profileNamed } from "@opensync-ts/cloud/steering/profiles";
import { operatingClass } from "@opensync-ts/target/ieee80211/operating-class";
import type { ClientsReport } from "@opensync-ts/telemetry/clients";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import type { ClientSettings } from "@opensync-ts/wireless/steering/settings";
import { deviceClass } from "@opensync-ts/world/device-classes";
import type { ClientView } from "@opensync-ts/world/snapshot";
import type { ClientSpec } from "@opensync-ts/world/spec";
import type { LiveHome } from "./live-home.ts";
import { type SettingsOf, settingsFor, startNodes } from "./ours.ts";
import type { Steerer, SteerLog } from "./steerer.ts";

const minute = 60_000;

export function startCloud(home: LiveHome, log: SteerLog): Steerer {
  return new Cloud(home, log, defaultPolicy);
}

/** The same, also while clients are in use. */
export function startEager(home: LiveHome, log: SteerLog): Steerer {
  return new Cloud(home, log, { ...defaultPolicy, idleOnly: false });
}

export class Cloud implements Steerer {
  readonly #home: LiveHome;
  readonly #policy: OptimiserPolicy;
  readonly #observations: Observations;
  readonly #nodes: ReturnType<typeof startNodes>;
  readonly #stops: (() => void)[] = [];
  #before = new Map<Mac, ClientView>();
  /** Shares of time, averaged over about a minute. */
  readonly #busy = new Map<Mac, number>();
  #probes: {
    readonly node: string;
    readonly vif: string;
    readonly station: Mac;
    readonly snrDb: number;
    readonly at: number;
  }[] = [];
  #state: OptimiserState = emptyState;
  #rounds = 0;
  /** Hears of every decision. */
  tell: ((decisions: readonly Decision[]) => void) | undefined;

  constructor(home: LiveHome, log: SteerLog, policy: OptimiserPolicy) {
    this.#home = home;
    this.#policy = policy;
    const of = (node: string, is: (bss: LiveHome["bsses"][number]["bss"]) => boolean) =>
      home.bsses.find((each) => each.node === node && is(each.bss))?.bss.bssid;
    this.#observations = new Observations({
      bySsid: (node, band) => of(node, (bss) => bss.band === band),
      byInterface: (node, ifName) => of(node, (bss) => bss.vif === ifName),
    });
    this.#nodes = startNodes(home, log, this.#settings(new Map()));
    for (const { id, wireless } of home.nodes) {
      this.#stops.push(
        wireless.state.events.on("probeRequest", ({ vif, probe: { station, snr } }) => {
          this.#probes.push({ node: id, vif, station, snrDb: Math.round(snr), at: this.#now });
        }),
      );
    }
    const timers = [
      every(home.clock, minute / 12, () => this.#survey()),
      every(home.clock, minute, () => this.#look()),
    ];
    this.#stops.push(() => {
      for (const timer of timers) timer.cancel();
    });
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#nodes.stop();
  }

  get #now(): number {
    return this.#home.clock.wallTime();
  }

  #look(): void {
    this.#hear();
    const before = movesOf(this.#state);
    const { state, decisions } = decide(this.#snapshot(), this.#policy, this.#state);
    this.#state = state;
    this.tell?.(decisions);
    const moves = movesOf(this.#state);
    const open = (all: ReadonlyMap<Mac, Move>) =>
      [...all].filter(([, { arrivedAt }]) => arrivedAt === null).map(([each]) => each);
    if (open(before).join() === open(moves).join()) return;
    this.#rounds++;
    this.#nodes.apply(this.#settings(moves));
  }

  /** Surveys tell means of the time between reports. */
  #survey(): void {
    for (const { bssid, utilisation } of this.#home.world.snapshot().bsses) {
      const before = this.#busy.get(bssid) ?? utilisation;
      this.#busy.set(bssid, before + (utilisation - before) / 12);
    }
  }

  /** Reports of the last minute. */
  #hear(): void {
    const { clients } = this.#home.world.snapshot();
    for (const view of clients) {
      const { link } = view;
      const then = this.#before.get(view.mac);
      if (link) this.#observations.takeClients(link.site, clientReport(view, then, this.#now), minute);
      else if (then?.link) this.#observations.takeClients(then.link.site, goneReport(then, this.#now), minute);
    }
    this.#before = new Map(clients.map((view) => [view.mac, view]));
    for (const { node, vif, station, snrDb, at } of this.#probes.splice(0)) {
      const event = { type: "PROBE", offsetMs: this.#now - at, snrDb, broadcast: true, blocked: false } as const;
      const bands = [{ ifName: vif, events: [event] }];
      this.#observations.takeSteering(node, {
        timestampMs: this.#now,
        clients: [{ mac: station, bands }],
      } as unknown as SteeringReport);
    }
  }

  #snapshot(): Snapshot {
    const { bsses, plan } = this.#home;
    return {
      at: this.#now,
      nodes: plan.nodes.map(({ id }) => ({ id, claimed: true, uplink: null })),
      bsses: bsses.map(({ node, bss }): SnapshotBss => {
        const width = operatingClass(bss.opClass)?.width;
        const busy = this.#busy.get(bss.bssid);
        return {
          ...{
            bssid: bss.bssid,
            node,
            ifName: bss.vif ?? "home-ap",
            network: "home",
            band: bss.band,
            channel: bss.channel,
          },
          ...{ width: width === 20 || width === 40 || width === 80 || width === 160 || width === 320 ? width : 80 },
          ...{ generation: "ax", streams: 2, busyPercent: busy === undefined ? null : Math.min(100, busy * 100) },
        };
      }),
      clients: plan.spec.clients.flatMap((spec) => this.#client(spec) ?? []),
    };
  }

  #client(spec: ClientSpec): SnapshotClient | undefined {
    const observed = this.#observations.client(mac(spec.mac));
    if (!observed) return undefined;
    const name = spec.device ?? "iot";
    const { bands, generation, streams, maxWidth, transition } = deviceClass(name, spec.name);
    const { optimiser } = profileNamed(defaultProfiles, name);
    return {
      ...observed,
      ...{
        class: name,
        wantsMbps: optimiser.wants,
        eligible: optimiser.move,
        mobility: spec.walk ? "mobile" : "static",
        allowed: [],
      },
      ability: {
        bands: [...bands],
        generation,
        streams,
        maxWidth: maxWidth as 20 | 40 | 80 | 160 | 320,
        btm: transition !== null,
      },
    };
  }

  /** As `steeringRows` has them: who does not walk is left to the optimiser. */
  #settings(moves: ReadonlyMap<Mac, Move>): SettingsOf {
    return (node) => this.#home.plan.spec.clients.map((spec) => this.#settingsOn(node, spec, moves));
  }

  /** The node that the client is on is asked; the others let it in. */
  #settingsOn(node: string, spec: ClientSpec, moves: ReadonlyMap<Mac, Move>): ClientSettings {
    const settings = settingsFor(spec);
    const isLeft = !spec.walk && profileNamed(defaultProfiles, spec.device ?? "iot").optimiser.move !== "never";
    const own = isLeft
      ? { ...settings, hwm: null, lwm: settings.lwm === null ? null : Math.min(settings.lwm, 10) }
      : settings;
    const move = moves.get(mac(spec.mac));
    if (!move || move.arrivedAt !== null) return own;
    const place = (bssid: Mac) => this.#home.bsses.find(({ bss }) => bss.bssid === bssid);
    const [from, to] = [place(move.from), place(move.to)];
    if (from?.node !== node) return own;
    return {
      ...{ ...own, forceKick: "directed", client: { ...own.client, btm: { ...own.client.btm, target: move.to } } },
      clientSteering: {
        mode: from?.node === to?.node ? "home" : "away",
        ...{ band: to?.bss.band ?? null, period: minute, round: this.#rounds },
      },
    };
  }
}

function bytesOf(view: ClientView | undefined): number {
  return view ? view.delivered.down + view.delivered.up : 0;
}

function clientReport(view: ClientView, then: ClientView | undefined, now: number): ClientsReport {
  const { link, mac: address } = view;
  const bytes = Math.max(0, bytesOf(view) - bytesOf(then));
  const isNew = then?.link?.bssid !== link?.bssid;
  // No frame is larger, so that there are no fewer.
  const frames = Math.ceil(bytes / 1500);
  const record = {
    ...{ mac: address, ssid: "home", connected: true, durationMs: minute, rx: [], tx: [] },
    stats: {
      snrDb: Math.round(link?.snr ?? 0),
      rxBytes: 0,
      txBytes: bytes,
      rxFrames: 0,
      txFrames: frames,
      txRateMbps: link?.rate ?? 0,
    },
    ...(isNew && { connectOffsetMs: minute / 2 }),
  };
  return { band: link?.band, timestampMs: now, clients: [record] } as unknown as ClientsReport;
}

function goneReport({ mac: address, link }: ClientView, now: number): ClientsReport {
  const record = {
    mac: address,
    ssid: "home",
    connected: false,
    durationMs: 0,
    disconnectOffsetMs: 1000,
    rx: [],
    tx: [],
    stats: {},
  };
  return { band: link?.band, timestampMs: now, clients: [record] } as unknown as ClientsReport;
}
