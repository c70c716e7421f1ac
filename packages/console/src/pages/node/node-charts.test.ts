import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodeCharts } from "./node-charts.ts";

describe("charts of a node", () => {
  it("show memory as a share of all, and nothing where nothing was told", () => {
    const point = (minute: number, values: Record<string, number | null>) => ({
      ...{
        at: new Date(minute * 60_000).toISOString(),
        node: "gateway",
        band: null,
        channel: null,
        ssid: null,
        values,
      },
    });
    const points = [
      point(0, { cpuPercent: 12, memoryUsedKb: 256, memoryTotalKb: 1024, celsius: 50 }),
      point(1, { cpuPercent: null, memoryUsedKb: 256, memoryTotalKb: 0, celsius: null }),
    ];
    const { processor, memory, heat } = nodeCharts({ points, step: 60 });
    assert.deepEqual(
      [processor, memory, heat].map(([drawn]) => drawn?.values),
      [
        [12, null],
        [25, null],
        [50, null],
      ],
    );
  });
});
