import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clientCharts } from "./client-charts.ts";
import type { Series } from "./roams.ts";

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const point = (minute: number, band: string, values: Record<string, number | null>): Series["points"][number] => ({
  ...{ at: at(minute), node: "gateway", band, channel: 1, ssid: "Home", values },
});

describe("charts of a client", () => {
  const points = [
    point(0, "2.4G", { snrDb: 30, rxMbps: 1, txMbps: 5, rxLinkMbps: 10, txLinkMbps: 50, connectedSeconds: 60 }),
    point(1, "2.4G", { snrDb: 20, rxMbps: 1, txMbps: 1, rxLinkMbps: 10, txLinkMbps: 50, connectedSeconds: 20 }),
    point(1, "5G", { snrDb: 40, rxMbps: 2, txMbps: 8, rxLinkMbps: 0, txLinkMbps: 100, connectedSeconds: 40 }),
    point(4, "5G", { snrDb: null, rxMbps: null, txMbps: null, connectedSeconds: 0 }),
  ];
  const charts = clientCharts({ points, step: 60 });

  it("have one line of SNR for each band, in the band's colour, and a gap where nothing was measured", () => {
    assert.deepEqual(charts.times, [0, 60, 120, 240]);
    assert.deepEqual(charts.snr, [
      { label: "2.4 GHz", values: [30, 20, null, null], colour: "--band-2" },
      { label: "5 GHz", values: [null, 40, null, null], colour: "--band-5" },
    ]);
  });

  it("add up what goes over several links, and share of the air by the rates of each", () => {
    assert.deepEqual(charts.traffic[0]?.values, [5, 9, null, null]);
    assert.deepEqual(charts.airtime[0]?.values, [20, 20, null, null]);
  });

  it("have the link rate of where it was longest: two links are no link of a rate between theirs", () => {
    assert.deepEqual(charts.rates[0]?.values, [50, 100, null, null]);
  });

  it("are empty without points", () => {
    assert.deepEqual(clientCharts({ points: [], step: 60 }).times, []);
  });
});
