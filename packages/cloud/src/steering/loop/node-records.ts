/**
 * What is known of the nodes of one location: their part of the air as their tables say it, and as they report it. What a node
 * said last is kept while it is away for a short time, so that the lists of the others do not change at every reboot.
 */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { ClientsReport } from "@opensync-ts/telemetry/clients";
import type { NeighborReport } from "@opensync-ts/telemetry/neighbor";
import type { SurveyReport } from "@opensync-ts/telemetry/survey";
import { bandOf, type FrequencyBand } from "../../radio-bands.ts";
import * as limits from "../limits.ts";
import type { AccessPoints } from "../observations.ts";
import type { SteeringNode } from "../steering-rows.ts";
import type { AirAp, NodeAir } from "./node-air.ts";

/** What outlives a restart of the cloud. Plain JSON. */
export interface SavedNode {
  readonly id: string;
  /** When it was last seen with access points (ms since 1970). */
  readonly at: number;
  readonly accessPoints: readonly AirAp[];
  /** How well it hears others, dB: as its list of them is ordered. */
  readonly hears: readonly { readonly bssid: Mac; readonly snrDb: number }[];
  /** Whether the cloud has written its steering tables: then it takes away what it has written when it steers no more. */
  readonly taken: boolean;
}

interface NodeRecord {
  saved: SavedNode;
  /** Of its present connection; undefined while it is not connected. */
  air: NodeAir | undefined;
  /** Mean percent of the time that its operating channels are busy. */
  readonly busy: Map<FrequencyBand, { readonly percent: number; readonly at: number }>;
  /** What stations of other nodes are sent by, Mbit/s. */
  readonly links: Map<Mac, { readonly mbps: number; readonly at: number }>;
  /** How well it hears others, by its last reports. */
  readonly heard: Map<Mac, number>;
}

const smoothing = 0.3;

export class NodeRecords implements AccessPoints {
  readonly #nodes = new Map<string, NodeRecord>();

  ids(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  get(id: string): NodeRecord | undefined {
    return this.#nodes.get(id);
  }

  saved(): readonly SavedNode[] {
    return [...this.#nodes.values()].map(({ saved }) => saved);
  }

  restore(saved: SavedNode): void {
    if (!this.#nodes.has(saved.id)) this.#nodes.set(saved.id, emptyRecord(saved));
  }

  /** Forgets those that are not among `ids`. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of this.#nodes.keys()) if (!ids.has(id)) this.#nodes.delete(id);
  }

  /** Says whether its access points are others than before. `air`: undefined when it is gone. */
  take(id: string, air: NodeAir | undefined, now: number): boolean {
    const record = this.record(id, now);
    record.air = air;
    if (!air) return false;
    const { saved } = record;
    // A node that starts has none for a moment.
    const accessPoints = air.accessPoints.length > 0 ? air.accessPoints : saved.accessPoints;
    const isSame = JSON.stringify(accessPoints) === JSON.stringify(saved.accessPoints);
    const at = air.accessPoints.length > 0 ? now : saved.at;
    record.saved = { ...saved, at, ...(!isSame && { accessPoints }) };
    return !isSame;
  }

  setTaken(id: string, taken: boolean, now: number): void {
    const record = this.record(id, now);
    record.saved = { ...record.saved, taken };
  }

  record(id: string, now: number): NodeRecord {
    const known = this.#nodes.get(id) ?? emptyRecord({ id, at: now, accessPoints: [], hears: [], taken: false });
    if (this.#nodes.has(id) || this.#nodes.size < limits.nodes) this.#nodes.set(id, known);
    return known;
  }

  takeSurvey(id: string, report: SurveyReport, at: number): void {
    if (report.surveyType !== "on-chan") return;
    const values =
      report.reportType === "average"
        ? report.averages.map(({ busy }) => busy.average)
        : report.samples.map(({ busyPercent }) => busyPercent);
    const usable = values.filter((value) => value >= 0 && value <= 100);
    if (usable.length === 0) return;
    const mean = usable.reduce((sum, value) => sum + value, 0) / usable.length;
    const { busy } = this.record(id, at);
    const before = busy.get(report.band);
    const isOld = !before || at - before.at > limits.busyLifeMs;
    busy.set(report.band, { at, percent: isOld ? mean : before.percent + (mean - before.percent) * smoothing });
  }

  /** Rates of the stations of other nodes. */
  takeLinks(id: string, { clients }: ClientsReport, stations: ReadonlySet<Mac>, at: number): void {
    for (const { mac: text, connected, stats } of clients) {
      const mac = parseMac(text);
      if (mac === undefined || !stations.has(mac) || !connected || !(stats.txRateMbps > 0)) continue;
      const { links } = this.record(id, at);
      const before = links.get(mac);
      const mbps = before ? before.mbps + (stats.txRateMbps - before.mbps) * smoothing : stats.txRateMbps;
      links.set(mac, { mbps: Math.min(1e6, mbps), at });
      if (links.size > limits.nodes * 4) links.delete(links.keys().next().value ?? mac);
    }
  }

  /** How well it hears the home's other access points. */
  takeNeighbors(id: string, { bsses }: NeighborReport, at: number): void {
    const own = new Set([...this.#nodes.values()].flatMap(({ saved }) => saved.accessPoints.map(({ bssid }) => bssid)));
    const { heard } = this.record(id, at);
    for (const { bssid: text, snrDb, status } of bsses) {
      const bssid = parseMac(text);
      if (bssid === undefined || !own.has(bssid) || status === "REMOVED" || snrDb === undefined) continue;
      if (!(snrDb >= -20 && snrDb <= 120)) continue;
      const before = heard.get(bssid);
      heard.set(bssid, before === undefined ? snrDb : before + (snrDb - before) * smoothing);
      if (heard.size > limits.bsses) heard.delete(heard.keys().next().value ?? bssid);
    }
  }

  /**
   * What is heard for the first time finds its place in the lists at once; the rest changes places in the night only (`all`), so that
   * nodes are not written to all the time. Says whether anything has changed.
   */
  settleHears(all: boolean): boolean {
    let changed = false;
    for (const record of this.#nodes.values()) {
      const hears = new Map(record.saved.hears.map(({ bssid, snrDb }) => [bssid, snrDb]));
      for (const [bssid, snrDb] of record.heard) if (all || !hears.has(bssid)) hears.set(bssid, Math.round(snrDb));
      const list = [...hears].map(([bssid, snrDb]) => ({ bssid, snrDb })).slice(-limits.bsses);
      if (JSON.stringify(list) === JSON.stringify(record.saved.hears)) continue;
      record.saved = { ...record.saved, hears: list };
      changed = true;
    }
    return changed;
  }

  /** As rows are made of it. A node is offered for `awayMs` after its access points were seen last; `since`: the cloud was not there before. */
  steeringNodes(ids: readonly string[], now: number, since: number): readonly SteeringNode[] {
    return ids.map((id) => {
      const record = this.#nodes.get(id);
      const isUp = (record?.air?.accessPoints.length ?? 0) > 0;
      const isThere = record && (isUp || now - Math.max(record.saved.at, since) < limits.awayMs);
      return {
        ...{ id, claimed: true },
        accessPoints: isThere ? record.saved.accessPoints : [],
        hears: new Map(record?.saved.hears.map(({ bssid, snrDb }) => [bssid, snrDb])),
      };
    });
  }

  /** Of nodes that are connected. */
  connected(): ReadonlyMap<string, NodeAir> {
    return new Map([...this.#nodes].flatMap(([id, { air }]) => (air ? [[id, air] as const] : [])));
  }

  stations(): ReadonlySet<Mac> {
    const all = [...this.#nodes.values()].flatMap(({ air }) => [
      ...(air?.stations.map(({ mac }) => mac) ?? []),
      ...(air?.backhaul.flatMap(({ stations }) => stations) ?? []),
    ]);
    return new Set(all);
  }

  bySsid(node: string, band: string, ssid: string): Mac | undefined {
    const all = this.#nodes.get(node)?.saved.accessPoints.filter(({ network }) => network === ssid) ?? [];
    const exact = all.find((each) => each.band === band);
    return (exact ?? all.find((each) => bandOf(each.band) === bandOf(band as FrequencyBand)))?.bssid;
  }

  byInterface(node: string, ifName: string): Mac | undefined {
    return this.#nodes.get(node)?.saved.accessPoints.find((each) => each.ifName === ifName)?.bssid;
  }

  accessPoint(bssid: Mac): AirAp | undefined {
    for (const { saved } of this.#nodes.values()) {
      const found = saved.accessPoints.find((each) => each.bssid === bssid);
      if (found) return found;
    }
    return undefined;
  }

  nodeOf(bssid: Mac): string | undefined {
    for (const [id, { saved }] of this.#nodes) if (saved.accessPoints.some((each) => each.bssid === bssid)) return id;
    return undefined;
  }
}

function emptyRecord(saved: SavedNode): NodeRecord {
  return { saved, air: undefined, busy: new Map(), links: new Map(), heard: new Map() };
}
