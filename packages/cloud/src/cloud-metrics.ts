/** What the cloud tells of itself in Prometheus' form: what is there now, and what has happened since the start. */

import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Controller } from "./controller.ts";
import type { Locations } from "./locations.ts";
import type { Broker } from "./mqtt/broker.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

export interface MeteredCloud {
  readonly locations: Locations;
  readonly controller: Pick<Controller, "connections">;
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
  gauge("written_rows", "Changes of rows that the present or last session of each node has written", () => {
    let rows = 0;
    for (const location of locations.all()) for (const { counters } of location.nodes) rows += counters.writes;
    return rows;
  });
  if (broker) {
    gauge("mqtt_connections", "Connections to the broker", () => broker.counters.connections);
    gauge("mqtt_published", "Publications taken since the start", () => broker.counters.published);
    gauge("mqtt_refused", "Connections refused since the start", () => broker.counters.refused);
  }
  if (telemetry) {
    gauge("telemetry_payloads", "Payloads taken in since the start", () => telemetry.counters.ingest.payloads);
    gauge("telemetry_rows_waiting", "Rows that wait for the store", () => telemetry.counters.store.waiting);
    gauge(
      "telemetry_rows_dropped",
      "Rows that were too many while the store was gone",
      () => telemetry.counters.store.dropped,
    );
    gauge("telemetry_raw_bytes", "Bytes of raw payloads that are kept", () => telemetry.counters.raw.bytes);
  }
  return registry;
}
