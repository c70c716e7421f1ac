import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type BrokerAddress,
  type ConnectionEvent,
  type ConnectionMachine,
  initialConnection,
  step,
} from "./connection.ts";

const home: BrokerAddress = { host: "home", port: 8883, tls: true };
const away: BrokerAddress = { ...home, host: "away" };

interface Run {
  machine: ConnectionMachine;
  effects: string[];
}

/** Events with the times (s) at which they happen; chance is 1, or nearly so. */
function run(events: readonly (readonly [number, ConnectionEvent])[], random = 1, from = initialConnection): Run {
  const result: Run = { machine: from, effects: [] };
  for (const [seconds, event] of events) {
    const { machine, effects } = step(result.machine, event, { now: seconds * 1_000, random: () => random });
    result.machine = machine;
    result.effects.push(...effects.map((effect) => (effect.kind === "end" ? "end" : `connect ${effect.address.host}`)));
  }
  return result;
}

const settings = (address: BrokerAddress | null): ConnectionEvent => ({ kind: "settings", address });
const closed = (attempt: number): ConnectionEvent => ({ kind: "closed", attempt, reason: "refused" });
const connected = (attempt: number): ConnectionEvent => ({ kind: "connected", attempt });
const timer: ConnectionEvent = { kind: "timer" };

describe("the connection to the broker", () => {
  it("begins as soon as a broker is configured, and lasts until something ends it", () => {
    const { machine, effects } = run([
      [0, timer],
      [1, settings(home)],
      [2, connected(1)],
      [900, timer],
    ]);
    assert.deepEqual([machine.state, machine.until, effects], ["CONNECTED", null, ["connect home"]]);
  });

  it("is given up when the broker has not accepted within 30 s", () => {
    const start = [[0, settings(home)]] as const;
    assert.equal(run([...start, [29.9, timer]]).machine.state, "CONNECTING");
    const late = run([...start, [30, timer]]);
    assert.deepEqual([late.machine.state, late.effects], ["BACKOFF", ["connect home", "end"]]);
  });

  it("is tried again after 1 s, 2 s, 4 s … 60 s, of which chance takes up to a half", () => {
    for (const [random, share] of [
      [1, 1],
      [0, 0.5],
    ] as const) {
      let machine = run([[0, settings(home)]]).machine;
      const pauses: number[] = [];
      for (let attempt = 1; attempt <= 8; attempt++) {
        const now = (machine.until ?? 0) / 1_000;
        machine = run([[now, closed(attempt)]], random, machine).machine;
        pauses.push((machine.until ?? 0) / 1_000 - now);
        machine = run([[(machine.until ?? 0) / 1_000, timer]], random, machine).machine;
        assert.equal(machine.state, "CONNECTING");
      }
      assert.deepEqual(
        pauses,
        [1, 2, 4, 8, 16, 32, 60, 60].map((pause) => pause * share),
      );
    }
  });

  it("is tried again soon only after one that lasted: a broker that accepts and hangs up is not dialled every second", () => {
    const pause = ({ machine }: Run) => (machine.until ?? 0) - machine.since;
    const twice = [
      [0, settings(home)],
      [0, closed(1)],
      [1, timer],
      [1, connected(2)],
    ] as const;
    assert.equal(pause(run([...twice, [2, closed(2)]])), 2_000);
    assert.equal(pause(run([...twice, [31, closed(2)]])), 1_000);
  });

  it("is ended where the broker does not confirm", () => {
    const { machine, effects } = run([
      [0, settings(home)],
      [1, connected(1)],
      [2, { kind: "stalled", attempt: 1 }],
    ]);
    assert.deepEqual([machine.state, effects], ["BACKOFF", ["connect home", "end"]]);
  });

  it("changes at once when the broker does, without the pauses of the one before", () => {
    const failing = run([
      [0, settings(home)],
      [0, closed(1)],
      [1, timer],
      [1, closed(2)],
      [1.5, settings(away)],
    ]);
    assert.deepEqual([failing.machine.state, failing.machine.failures], ["CONNECTING", 0]);
    assert.deepEqual(failing.effects, ["connect home", "connect home", "connect away"]);
    for (const change of [{ port: 1 }, { tls: false }]) {
      const { effects } = run([
        [0, settings(home)],
        [1, connected(1)],
        [2, settings({ ...home, ...change })],
      ]);
      assert.deepEqual(effects, ["connect home", "end", "connect home"]);
    }
  });

  it("ends when there is no broker any more, and stays when the same one is configured again", () => {
    const same = run([
      [0, settings(home)],
      [1, connected(1)],
      [2, settings({ ...home })],
    ]);
    assert.deepEqual([same.machine.state, same.effects], ["CONNECTED", ["connect home"]]);
    const none = run([[3, settings(null)]], 1, same.machine);
    assert.deepEqual([none.machine.state, none.machine.until, none.effects], ["NO_CONF", null, ["end"]]);
    assert.equal(run([[4, closed(1)]], 1, none.machine).machine.state, "NO_CONF");
    assert.equal(run([[4, settings(home)]], 1, none.machine).machine.attempt, 2);
  });

  it("pays no heed to what it hears of earlier attempts", () => {
    const { machine } = run([
      [0, settings(home)],
      [1, settings(away)],
    ]);
    for (const event of [closed(1), connected(1), { kind: "stalled", attempt: 1 } as const]) {
      assert.equal(run([[2, event]], 1, machine).machine, machine);
    }
  });
});
