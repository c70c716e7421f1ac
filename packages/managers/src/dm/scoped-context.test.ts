import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { RadioDriver, RadioDriverEvents } from "@opensync-ts/target/driver";
import type { Target } from "@opensync-ts/target/target";
import { Bench } from "../testing/bench.ts";
import { ManagerScope } from "./scope.ts";
import { scopedContext } from "./scoped-context.ts";

/** Every call that a driver can make. */
const calls: { readonly [Name in keyof RadioDriverEvents]: Parameters<RadioDriverEvents[Name]> } = {
  phyChanged: ["wifi0"],
  phyState: ["wifi0", null],
  vifChanged: ["wifi0", "home-ap-24"],
  vifState: ["wifi0", "home-ap-24", null],
  stationChanged: ["wifi0", "home-ap-24", mac("02:00:00:00:00:01")],
  stationState: ["wifi0", "home-ap-24", mac("02:00:00:00:00:01"), null],
  channelSwitchStarted: ["wifi0", "home-ap-24", { control: 2412, width: 20, center0: 2412, center1: 0, puncture: 0 }],
  channelSwitchHeard: ["wifi0", "home-ap-24", { control: 2412, width: 20, center0: 2412, center1: 0, puncture: 0 }],
  wps: ["wifi0", "home-ap-24", "overlap"],
  probeRequest: ["wifi0", "home-ap-24", { station: mac("02:00:00:00:00:01"), snr: 20, ssid: "" }],
  frameReceived: ["wifi0", "home-ap-24", Uint8Array.of(1)],
  frameTransmitted: [7, "failed"],
  scanResults: [{ phy: "wifi0", vif: "home-ap-24", at: 0, bsses: [] }],
  scanCompleted: ["wifi0", "home-ap-24", "aborted"],
  authFailed: ["wifi0", "home-ap-24", { station: mac("02:00:00:00:00:01"), invalidPsk: true }],
  statistics: [{ phy: "wifi0", at: 0, stations: [], survey: [], temperature: 40, pushed: true }],
  overrun: [],
};

describe("a driver of a manager", () => {
  it("tells all that it tells, as it is, until the manager ends", () => {
    let events: RadioDriverEvents | undefined;
    const driver: RadioDriver = {
      name: "test",
      start: (listener) => {
        events = listener;
      },
      stop() {},
      requestPhyState() {},
      requestVifState() {},
      requestStationState() {},
      requestConfig() {},
      requestDeauth() {},
    };
    const heard: unknown[] = [];
    const names = Object.keys(calls) as (keyof RadioDriverEvents)[];
    const listener = Object.fromEntries(
      names.map((name) => [name, (...args: unknown[]) => heard.push([name, ...args])]),
    );
    const { scope, target } = setUp({ radioDrivers: [driver] });
    target.radioDrivers[0]?.start(listener as unknown as RadioDriverEvents);
    const tell = () => {
      for (const name of names) (events?.[name] as ((...args: unknown[]) => void) | undefined)?.(...calls[name]);
    };
    tell();
    assert.deepEqual(
      heard,
      names.map((name) => [name, ...calls[name]]),
    );
    scope.end(new Error("over"));
    tell();
    assert.equal(heard.length, names.length);
  });
});

const message = { sender: "SM", dataType: "STATS", data: Uint8Array.of(1) } as const;

function setUp(parts: Partial<Pick<Target, "radioDrivers" | "system" | "latency">> = {}) {
  const bench = new Bench();
  const failures: Error[] = [];
  const scope = new ManagerScope((reason) => failures.push(reason));
  const { clock, random, log, outbox } = bench;
  const target = { ...bench.target, ...parts };
  const scoped = scopedContext({ client: bench.connect(), target, clock, random, log, outbox }, scope);
  return { outbox, own: scoped.outbox, target: scoped.target, scope, failures };
}

describe("the outbox of a manager", () => {
  it("refuses as long as nobody serves it, and again once the server has ended", () => {
    const { outbox, own, scope } = setUp();
    assert.equal(outbox.send(message), "CONNECT");
    own.serve({ send: () => "NONE" });
    assert.equal(outbox.send(message), "NONE");
    scope.end(new Error("over"));
    assert.equal(outbox.send(message), "CONNECT");
  });

  it("is not the sender's downfall when its server throws", () => {
    const { outbox, own, failures } = setUp();
    own.serve({
      send: () => {
        throw new Error("out of order");
      },
    });
    assert.equal(outbox.send(message), "GENERAL");
    assert.deepEqual(
      failures.map(({ message }) => message),
      ["out of order"],
    );
  });
});

describe("the measurements of a target", () => {
  it("are there for a manager as far as the target has them", async () => {
    const none = setUp().target;
    assert.deepEqual([none.system, none.latency], [undefined, undefined]);
    const { target } = setUp({ system: { read: async () => ({ uptimeSeconds: 1 }) } });
    assert.deepEqual(await target.system?.read(), { uptimeSeconds: 1 });
    assert.equal(target.latency, undefined);
  });

  it("of latency end with the manager, once", async () => {
    let stopped = 0;
    const start = () => ({ poll: async () => [], stop: () => stopped++ });
    const { target, scope } = setUp({ latency: { start } });
    const first = target.latency?.start({ perDscp: false });
    target.latency?.start({ perDscp: false });
    assert.deepEqual(await first?.poll(), []);
    first?.stop();
    assert.equal(stopped, 1);
    scope.end(new Error("over"));
    assert.equal(stopped, 2);
  });
});
