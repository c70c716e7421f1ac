/** For tests: telemetry of a cloud with one location of two nodes, on virtual time. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { Statistics } from "../../statistics/statistics.ts";
import type { Store } from "../../store/store.ts";
import { unused } from "../../testing/locations.ts";
import type { Alert } from "../alerts/alerts.ts";
import type { TelemetryEvent } from "../events/event.ts";
import { Telemetry } from "../telemetry.ts";
import { FakeLocations } from "./served.ts";

export const minute = 60_000;
export const hour = 60 * minute;

const root = mkdtempSync(join(tmpdir(), "opensync-telemetry-"));
after(() => rmSync(root, { recursive: true }));
let epoch = Date.UTC(2026, 7, 1);

export class TelemetryCloud {
  readonly clock: VirtualClock;
  readonly ring = new LogRing(1_000);
  readonly locations = new FakeLocations();
  readonly statistics: Statistics;
  readonly events: TelemetryEvent[] = [];
  readonly alerts: Alert[] = [];
  readonly location: string;
  readonly gateway = unused("gw").replace(" ", "-");
  readonly pod = unused("pod").replace(" ", "-");
  readonly directory = mkdtempSync(join(root, "cloud-"));
  readonly #store: Store;
  #telemetry: Telemetry | undefined;

  constructor(store: Store, location = unused("location of telemetry")) {
    this.location = location;
    // Each on days of its own: rows of one test are not pruned by another.
    epoch += 24 * hour;
    this.clock = new VirtualClock(epoch);
    this.#store = store;
    this.statistics = new Statistics({ clock: this.clock, log: this.log });
    this.locations.add(this.location, this.gateway, this.pod);
  }

  get log(): Log {
    return Log.create({ name: "CLOUD", sink: this.ring.sink, wallTime: () => 0 });
  }

  get telemetry(): Telemetry {
    assert.ok(this.#telemetry);
    return this.#telemetry;
  }

  get now(): number {
    return this.clock.wallTime();
  }

  async start(store = this.#store): Promise<this> {
    const telemetry = await Telemetry.start({
      ...{ store, locations: this.locations, statistics: this.statistics, directory: this.directory },
      ...{ clock: this.clock, log: this.log },
    });
    // The store has things of other tests, which are over for this one.
    telemetry.onEvent((event) => event.location === this.location && this.events.push(event));
    telemetry.onAlert((alert) => alert.location === this.location && this.alerts.push(alert));
    this.#telemetry = telemetry;
    return this;
  }

  publish(node: string, parts: Partial<StatsReport>): Uint8Array {
    const payload = compress(encodeReport({ ...emptyReport(node), ...parts }));
    this.statistics.take(node, node, "stats", `/ap/${node}/opensync`, payload);
    return payload;
  }

  connect(node: string, peer = "ssl:10.0.0.1:4000"): void {
    this.locations.set(node, { connection: "connected" });
    this.locations.events.emit("event", { location: this.location, kind: "connected", node, peer });
  }

  disconnect(node: string): void {
    this.locations.set(node, { connection: "absent", settled: false });
    this.locations.events.emit("event", { location: this.location, kind: "disconnected", node, reason: "gone" });
  }

  settle(...nodes: readonly string[]): void {
    for (const node of nodes) this.locations.set(node, { settled: true, pending: null });
  }

  told(...kinds: readonly TelemetryEvent["kind"][]): readonly string[] {
    return this.events.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text);
  }
}
