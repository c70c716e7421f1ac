import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { clientRecord, clientsReport } from "../testing/served.ts";
import { ClientTracker } from "./client-tracker.ts";
import type { EventDraft } from "./location-events.ts";

const phone = mac("02:00:00:00:00:01");
const start = 1_800_000_000_000;

describe("a client that roams", () => {
  const roamed = (left: { readonly disconnectOffsetMs: number } | undefined) => {
    const events: EventDraft[] = [];
    const tracker = new ClientTracker({ event: (_, event) => events.push(event), note: () => undefined });
    const take = (node: string, at: number, more: object) =>
      tracker.take("L", node, clientsReport(at, [clientRecord(phone, {}, more)]), at);
    take("gw", start, { connected: true, connectCount: 1, connectOffsetMs: 1000 });
    if (left) take("gw", start + 60_000, { connected: false, disconnectCount: 1, ...left });
    take("pod", start + 61_000, { connected: true, connectCount: 1, connectOffsetMs: 5000 });
    return events.find(({ kind }) => kind === "client-roamed")?.details.ms;
  };

  it("was away from when it left until it came, and nobody knows how long where it was not told to have left", () => {
    assert.equal(roamed({ disconnectOffsetMs: 6000 }), 2000);
    assert.equal(roamed(undefined), null);
    assert.equal(roamed({ disconnectOffsetMs: 0 }), null, "told to have left after it had come");
  });
});
