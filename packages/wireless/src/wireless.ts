/** Puts the wireless core together: drivers, state, opinions, confsync. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { RadioDriver, StatisticsRequest } from "@opensync-ts/target/driver";
import { capabilityClamp } from "./capability-clamp.ts";
import { Confsync } from "./confsync.ts";
import type { Wireless } from "./contract.ts";
import { DeferVifDownRules } from "./defer-vif-down.ts";
import { DfsChanClip } from "./dfs-chan-clip.ts";
import { dumpWireless } from "./dump.ts";
import { explain } from "./explain.ts";
import { incompleteAp } from "./incomplete-ap.ts";
import { mbssPreferNonhidden } from "./mbss-prefer-nonhidden.ts";
import { type Mutator, MutatorChain, type MutatorTools, orderMutators } from "./mutators.ts";
import { Mux } from "./mux.ts";
import { OverrideStore } from "./overrides.ts";
import { RadarNextChannel } from "./radar-next-channel.ts";
import { ScanQueue } from "./scan-queue.ts";
import { ScanSchedules } from "./scan-schedule.ts";
import { StaChannelOverride } from "./sta-channel-override.ts";
import { ObservedState } from "./state.ts";
import { StateWatchdog } from "./state-watchdog.ts";
import { StatisticsBus } from "./stats/bus.ts";
import { type StatsModule, startStatsModules } from "./stats/module.ts";
import { SteeringAcl } from "./steering/acl.ts";
import { LocalNeighbors } from "./steering/local-neighbors.ts";
import { Watchdog } from "./watchdog.ts";
import { WpsPushButtons } from "./wps.ts";
import { XphyCsa } from "./xphy-csa.ts";

export interface WirelessOptions {
  readonly drivers: readonly RadioDriver[];
  readonly clock: Clock;
  readonly log: Log;
  /** Further rules between the opinions and the limits of the hardware; see `orderMutators` for `ordering`. */
  readonly mutators?: readonly Mutator[];
  readonly ordering?: readonly string[];
  /**
   * As the reference: what drivers cannot do is asked of them for ever. By default what they state is respected and what they
   * show is learned.
   */
  readonly strict?: boolean;
  /** Called once when confsync does not settle, after that was logged with all that is known: to end it and start afresh. */
  readonly onBark?: (reason: Error) => void;
  /** What third parties do with statistics (`defineStatsModule`). */
  readonly statsModules?: readonly StatsModule[];
}

/** Starts the drivers; phys, vifs and stations appear in `state` as they report. */
export function startWireless(options: WirelessOptions): Wireless {
  const { drivers, clock, mutators = [], ordering = ["ow_conf"], strict = false } = options;
  const log = options.log.child("OSW");
  const mux = new Mux(drivers, log);
  const state = new ObservedState({ clock, log, source: mux });
  const invalidate = () => chain.invalidate();
  const overrides = new OverrideStore(invalidate);
  const tools: MutatorTools = { clock, log, state, invalidate };
  const deferVifDown = new DeferVifDownRules(tools);
  const wps = new WpsPushButtons(tools);
  const blocks = new SteeringAcl(invalidate, (phy, vif) => overrides.vif(phy, vif));
  const localNeighbors = new LocalNeighbors(invalidate, (phy, vif) => overrides.vif(phy, vif));
  const rules = [
    overrides,
    deferVifDown,
    new DfsChanClip(tools),
    mbssPreferNonhidden,
    new RadarNextChannel(tools),
    new StaChannelOverride(tools),
    ...mutators,
    blocks,
    localNeighbors,
    wps,
    new XphyCsa({ ...tools, configured: (phy, vif) => overrides.vif(phy, vif)?.enabled }),
  ];
  const chain = new MutatorChain({
    clock,
    state,
    mutators: [...orderMutators(rules, ordering), incompleteAp, ...(strict ? [] : [capabilityClamp])],
    onInvalid: () => confsync.configurationChanged(),
  });
  const build = () => chain.build();
  const confsync = new Confsync({
    clock,
    log,
    state,
    build,
    strict,
    send: (request) => {
      for (const { name, vifs } of request.phys) if (vifs.some(({ ap }) => ap?.channel)) state.channelConfigured(name);
      return mux.requestConfig(request);
    },
  });
  const dump = () =>
    dumpWireless({
      state,
      confsync,
      findings: confsync.findings(),
      unreported: state.unreported(),
      statistics: stats.counters,
      scans: scans.counters,
      ownerOf: (phy) => mux.ownerOf(phy),
    });
  const watchdog =
    options.onBark &&
    new Watchdog({
      clock,
      events: confsync.events,
      bark: (reason) => {
        for (const line of dump().trimEnd().split("\n")) log.notice(`osw: confsync_watchdog: ${line}`);
        log.error(`osw: confsync_watchdog: ${reason}: Aborting`);
        options.onBark?.(new Error(`confsync: ${reason}`));
      },
    });
  const stateWatchdog = new StateWatchdog({ clock, log, state, poll: () => state.poll() });
  const request = (wanted: StatisticsRequest) => mux.requestStatistics(wanted);
  const stats = new StatisticsBus({ clock, log, state, request });
  const scans = new ScanQueue({
    clock,
    log,
    events: state.events,
    offers: (phy) => mux.offersScans(phy),
    request: (phy, vif, scan) => mux.requestScan(phy, vif, scan),
  });
  const schedules = new ScanSchedules({ clock, log, state, queue: scans });
  const stopStatsModules = startStatsModules(options.statsModules ?? [], { stats, clock, log });
  mux.start(state);
  return {
    overrides,
    state,
    confsync,
    deferVifDown,
    wps,
    blocks,
    localNeighbors,
    stats,
    deauth: (phy, vif, station, reason) => mux.requestDeauth(phy, vif, station, reason),
    deleteStation: (phy, vif, station) => mux.requestStationDelete(phy, vif, station),
    requestStatistics: request,
    scan: (phy, vif, scan) => scans.add({ name: "one scan", phy, vif, scan }),
    transmit: (frame) => mux.transmitFrame(frame),
    startScanSchedule: (schedule) => schedules.start(schedule),
    get scans() {
      return scans.counters;
    },
    stop() {
      stopStatsModules();
      schedules.stop();
      scans.stop();
      stats.stop();
      watchdog?.stop();
      stateWatchdog.stop();
      confsync.stop();
      chain.stop();
      state.stop();
      mux.stop();
    },
    explain: () => explain(confsync.findings(), state.unreported()),
    dump,
  };
}
