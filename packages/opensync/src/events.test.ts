import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { mac } from "@opensync-ts/base/units";
import type { Outcome } from "@opensync-ts/wireless/steering/attempt";
import type { Decision } from "@opensync-ts/wireless/steering/decide";
import type { SteeringEvents } from "@opensync-ts/wireless/steering/steering";
import type { World, WorldEvents } from "@opensync-ts/world/world";
import { EventLog } from "./events.ts";

describe("the events of a home", () => {
  it("tell of clients that were steered, by their names, and not of what came to nothing before it began", () => {
    const steeringEvents = new Emitter<SteeringEvents>();
    const log = new EventLog(new VirtualClock(), () => {});
    log.followNode({ id: "gateway", wireless: undefined, steeringEvents }, () => "television");
    const outcome = { policy: "snr_xing_lwm", deauths: 0, reason: "it is on home-ap-24" } as const;
    const outcomes = [
      { ...outcome, result: "no alternatives", requests: 0 },
      { ...outcome, result: "moved", requests: 1 },
    ] as unknown as Outcome[];
    const decision = { outcomes } as unknown as Decision;
    steeringEvents.emit("decision", { station: mac("02:00:00:00:01:03"), group: "home", decision });
    assert.deepEqual(
      log.events.map(({ text }) => text),
      ["gateway steered television (snr_xing_lwm): moved: it is on home-ap-24"],
    );
  });

  it("tell of a client that is refused again and again once a minute, with how often it was", async () => {
    const clock = new VirtualClock();
    const events = new Emitter<WorldEvents>();
    const log = new EventLog(clock, () => {});
    log.followWorld({ events, bss: () => ({ site: "gateway", name: "home-ap-24" }) } as unknown as World);
    const [phone, bssid] = [mac("02:00:00:00:01:03"), mac("02:00:00:00:02:01")];
    const refuse = (client: string) => events.emit("failed", { client, mac: phone, bssid, reason: "wrong_key" });
    for (let at = 0; at <= 60; at++) {
      refuse("phone");
      if (at < 60) await clock.advance(1000);
    }
    refuse("tablet");
    const line = "was not let in by gateway/home-ap-24: wrong key";
    assert.deepEqual(
      log.events.map(({ text }) => text),
      [`phone ${line}`, `phone ${line} (and 59 times since it was said last)`, `tablet ${line}`],
    );
  });
});
