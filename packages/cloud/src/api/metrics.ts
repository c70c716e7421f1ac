/** What the API tells of itself at `/metrics`. */

import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export class ApiMetrics {
  readonly requests: Counter<"route" | "status">;
  readonly seconds: Histogram<"route">;

  constructor(registry: Registry, streams: () => number) {
    const registers = [registry];
    this.requests = new Counter({
      name: "opensync_api_requests_total",
      help: "Requests to the API, by route and status",
      labelNames: ["route", "status"],
      registers,
    });
    this.seconds = new Histogram({
      name: "opensync_api_request_duration_seconds",
      help: "How long the API took to answer, by route",
      labelNames: ["route"],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    new Gauge({
      name: "opensync_api_streams",
      help: "Those who follow live events now",
      registers,
      collect() {
        this.set(streams());
      },
    });
  }
}
