/** What the cloud tells of itself in Prometheus' form: what is there now, and what has happened since the start. */

import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Controller } from "./controller.ts";
import type { Locations } from "./locations.ts";
import type { Broker } from "./mqtt/broker.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

export interface MeteredCloud {
  readonly locations: Locations;
  readonly controller: Pick<Controller, "connections" | "counters">;
  readonly broker: Pick<Broker, "counters"> | undefined;
  readonly telemetry: Pick<Telemetry, "counters"> | undefined;
}

export function cloudMetrics({ locations, controller, broker, telemetry }: MeteredCloud): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `opensync_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  // What only grows, counted elsewhere, and begins anew with the process.
  const counter = (name: `${string}_total`, help: string, value: () => number) =>
    new Counter({
      name: `opensync_${name}`,
      help: `${help}, since the start`,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  gauge("locations", "Locations that are served", () => locations.size);
  gauge("callers", "Nodes that have called and are of no location", () => locations.callers.length);
  gauge("connections", "Connections to the controller", () => controller.connections);
  new Gauge({
    name: "opensync_nodes",
    help: "Nodes of locations, by what has become of them",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const count = { settled: 0, unsettled: 0, quarantined: 0, absent: 0 };
      for (const location of locations.all()) {
        for (const { id, connection, settled } of location.nodes) {
          if (location.quarantine(id) !== undefined) count.quarantined++;
          else if (connection !== "connected") count.absent++;
          else if (settled) count.settled++;
          else count.unsettled++;
        }
      }
      for (const [state, nodes] of Object.entries(count)) this.set({ state }, nodes);
    },
  });
  counter("rows_written_total", "Changes of rows that nodes have taken", () => controller.counters.writes);
  counter("transactions_total", "Transactions that nodes have taken", () => controller.counters.transactions);
  counter("transactions_refused_total", "Transactions that nodes have refused", () => controller.counters.refused);
  if (broker) {
    gauge("mqtt_connections", "Connections to the broker", () => broker.counters.connections);
    counter("mqtt_publications_total", "Publications that were taken", () => broker.counters.published);
    counter("mqtt_connections_refused_total", "Connections that were refused", () => broker.counters.refused);
    counter(
      "mqtt_unauthorized_total",
      "Publications and subscriptions that their client may not have",
      () => broker.counters.unauthorized,
    );
  }
  if (telemetry) {
    counter("telemetry_payloads_total", "Payloads that were taken in", () => telemetry.counters.ingest.payloads);
    gauge("telemetry_rows_waiting", "Rows that wait for the store", () => telemetry.counters.store.waiting);
    counter(
      "telemetry_rows_dropped_total",
      "Rows that were too many while the store was gone, or that it refused",
      () => telemetry.counters.store.dropped,
    );
    gauge("telemetry_raw_bytes", "Bytes of raw payloads that are kept", () => telemetry.counters.raw.bytes);
  }
  return registry;
}
