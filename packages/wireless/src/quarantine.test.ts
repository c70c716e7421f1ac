import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Difference, type Differing, type DiffResult, nothingFound } from "./diff.ts";
import { limits } from "./limits.ts";
import { Quarantine, type Verdict } from "./quarantine.ts";

const { quarantinePatience: patience, quarantineFirst: first, quarantineRefusals } = limits;

function difference(wanted: unknown, attribute = "ssid", intent?: unknown): Difference {
  return { attribute, from: "is", to: String(wanted), wanted, actual: "is", ...(intent !== undefined && { intent }) };
}

function differing(...differences: readonly Difference[]): Differing {
  return { object: "wifi0/home", phy: "wifi0", vif: "home", differences };
}

const differs = (...differences: readonly Difference[]): DiffResult => ({
  ...nothingFound,
  changes: [{ ...differing(...differences), vif: "home", request: { name: "home" }, bringsUp: false }],
});

/** A quarantine whose driver reports all the time, unless told otherwise. */
class Bench {
  readonly quarantine = new Quarantine();
  now = 0;
  reported: number | null | undefined;

  ask(...differences: readonly Difference[]): void {
    this.quarantine.asked([differing(...differences)], this.now);
  }

  examine(found: DiffResult): Verdict {
    const reportedAt = () => (this.reported === undefined ? this.now : this.reported);
    return this.quarantine.examine(found, { now: this.now, reportedAt });
  }

  /** Asked and refused until it is given up. */
  giveUp(...all: readonly Difference[]): void {
    for (let n = 0; n < quarantineRefusals; n++) {
      this.ask(...all);
      this.now += patience;
      this.examine(differs(...all));
    }
    assert.ok(all.every((one) => this.withholds(one)));
  }

  withholds(one: Difference): boolean {
    return this.quarantine.withholds("wifi0/home", one);
  }

  isDue(one: Difference): boolean {
    return this.quarantine.isDue("wifi0/home", one);
  }
}

const ssid = difference("new");

describe("quarantine", () => {
  it("a few refusals in a row, each after its time, lead into it", () => {
    const bench = new Bench();
    const steps: string[] = [];
    for (let n = 1; n <= quarantineRefusals; n++) {
      bench.ask(ssid);
      bench.now += patience;
      const { refused, quarantined } = bench.examine(differs(ssid));
      steps.push(refused.length > 0 ? "refused" : quarantined.length > 0 ? "quarantined" : "nothing");
    }
    assert.deepEqual(steps, ["refused", "refused", "quarantined"]);
    assert.equal(bench.now, 90_000);
    assert.ok(bench.now <= limits.watchdogUnsettled / 2);
    assert.equal(bench.quarantine.refusals("wifi0/home", ssid), quarantineRefusals);
  });

  // What happens between asking and looking, and whether it is a refusal.
  const table: readonly [string, (bench: Bench) => DiffResult, boolean][] = [
    ["a report to the contrary after its time", () => differs(ssid), true],
    [
      "a report to the contrary before its time: the driver may be slow",
      (bench) => {
        bench.now = patience - 1;
        return differs(ssid);
      },
      false,
    ],
    [
      "no report since: the driver may be dead",
      (bench) => {
        bench.reported = 0;
        return differs(ssid);
      },
      false,
    ],
    ["as wanted", () => nothingFound, false],
    ["another wish", () => differs(difference("other")), false],
    ["it is coming up", () => ({ ...nothingFound, comingUp: [held("is coming up")] }), false],
    ["it waits for a CAC", () => ({ ...nothingFound, postponed: [held("waits for a CAC")] }), false],
  ];
  for (const [name, happens, refused] of table) {
    it(`${name}: ${refused ? "a refusal" : "no refusal"}`, () => {
      const bench = new Bench();
      bench.ask(ssid);
      bench.now = patience;
      assert.equal(bench.examine(happens(bench)).refused.length, refused ? 1 : 0);
    });
  }

  it("patience begins anew when a CAC has been waited for", () => {
    const bench = new Bench();
    bench.ask(ssid);
    bench.now = 60_000;
    bench.examine({ ...nothingFound, postponed: [held("waits for a CAC")] });
    bench.now += patience - 1;
    assert.equal(bench.examine(differs(ssid)).refused.length, 0);
    bench.now += 1;
    assert.equal(bench.examine(differs(ssid)).refused.length, 1);
  });

  it("being asked for along with something else does not prolong it", () => {
    const bench = new Bench();
    bench.ask(ssid);
    bench.now = patience - 1;
    bench.ask(ssid, difference("br-home", "bridge_if_name"));
    bench.now = patience;
    assert.equal(bench.examine(differs(ssid)).refused.length, 1);
  });

  it("is of one attribute of one object, and of one wish", () => {
    const bench = new Bench();
    bench.giveUp(ssid);
    assert.ok(!bench.withholds(difference("other")));
    assert.ok(!bench.withholds(difference("new", "bridge_if_name")));
    assert.ok(!bench.quarantine.withholds("wifi0/guest", ssid));
  });

  it("ends for one more try after a while, then after twice as long, up to a longest", () => {
    for (const [one, longest] of [
      [ssid, limits.quarantineLongest],
      [difference(true, "enabled"), limits.quarantineLongestDown],
      [difference("connect", "operation", []), limits.quarantineLongestDown],
      [difference("disconnect", "operation", []), limits.quarantineLongest],
      [difference(false, "enabled"), limits.quarantineLongest],
    ] as const) {
      const bench = new Bench();
      bench.giveUp(one);
      let expected: number = first;
      for (let n = 0; n < 20; n++) {
        const due = bench.quarantine.nextDue ?? 0;
        assert.equal(due - bench.now, expected);
        bench.now = due - 1;
        bench.examine(withheld(one));
        assert.ok(!bench.isDue(one));
        bench.now = due;
        bench.examine(withheld(one));
        assert.ok(bench.isDue(one) && bench.withholds(one));
        bench.ask(one);
        expected = Math.min(expected * 2, longest);
      }
      assert.equal(expected, longest);
    }
  });

  it("a try that could not be made comes again soon", () => {
    const bench = new Bench();
    bench.giveUp(ssid);
    bench.now += first;
    bench.examine(withheld(ssid));
    bench.quarantine.putOff(bench.now);
    assert.ok(!bench.isDue(ssid));
    assert.equal(bench.quarantine.nextDue, bench.now + limits.confsyncRetry);
  });

  it("that ends while its object is left alone does not make anybody look in circles", () => {
    const bench = new Bench();
    bench.giveUp(ssid);
    bench.now += first;
    bench.examine({ ...nothingFound, postponed: [held("waits for a CAC")] });
    bench.quarantine.putOff(bench.now);
    assert.equal(bench.quarantine.nextDue, bench.now + limits.confsyncRetry);
    assert.ok(bench.withholds(ssid));
  });

  it("ends when the driver reports what is wanted; the others of the phy have a try at once", () => {
    const bench = new Bench();
    const bridge = difference("br-home", "bridge_if_name");
    bench.giveUp(ssid, bridge);
    bench.now += 1;
    const { released } = bench.examine(withheld(bridge));
    assert.deepEqual(
      released.map(({ attribute }) => attribute),
      ["ssid"],
    );
    assert.ok(!bench.withholds(ssid));
    assert.equal(bench.quarantine.nextDue, bench.now);
  });

  it("who was in it once goes back after one refusal, and stays for longer", () => {
    const bench = new Bench();
    bench.giveUp(ssid);
    bench.examine(nothingFound);
    bench.ask(ssid);
    bench.now += patience;
    assert.equal(bench.examine(differs(ssid)).quarantined.length, 1);
    assert.equal(bench.quarantine.nextDue, bench.now + 2 * first);
  });

  it("what has been as wanted for long enough is as if nothing had been", () => {
    const bench = new Bench();
    bench.giveUp(ssid);
    bench.examine(nothingFound);
    bench.now += limits.quarantineMemory;
    bench.examine(nothingFound);
    bench.ask(ssid);
    bench.now += patience;
    assert.equal(bench.examine(differs(ssid)).refused.length, 1);
  });

  it("what never stays as wanted is given up too, but an uplink may come and go", () => {
    const connect = difference("connect", "operation", ["network"]);
    for (const [one, expected] of [
      [ssid, limits.quarantineRelapses],
      [connect, 0],
    ] as const) {
      const bench = new Bench();
      let relapses = 0;
      for (let n = 0; n < 3 * limits.quarantineRelapses && !bench.withholds(one); n++) {
        bench.ask(one);
        bench.now += 1_000;
        bench.examine(nothingFound);
        bench.now += 1_000;
        bench.examine(differs(one));
        relapses = n;
      }
      assert.equal(bench.withholds(one), expected > 0);
      if (expected > 0) assert.equal(relapses, expected);
    }
  });

  it("knows nothing of what has gone", () => {
    for (const forget of [
      (quarantine: Quarantine) => quarantine.forget("wifi0/home"),
      (quarantine: Quarantine) => quarantine.forgetPhy("wifi0"),
    ]) {
      const bench = new Bench();
      bench.giveUp(ssid);
      forget(bench.quarantine);
      assert.ok(!bench.withholds(ssid));
      assert.equal(bench.quarantine.nextDue, null);
    }
  });

  it("a vif that does not say whether it is up is given up without being asked for anything", () => {
    const bench = new Bench();
    const status = difference("enabled", "status");
    const found = { ...nothingFound, unverified: [differing(status)] };
    for (let n = 0; n <= quarantineRefusals; n++) {
      bench.examine(found);
      bench.now += patience;
    }
    assert.ok(bench.withholds(status));
  });
});

function held(reason: string) {
  return { ...differing(), reason, hold: reason.includes("CAC") ? "for long" : "briefly" } as const;
}

function withheld(one: Difference): DiffResult {
  return { ...nothingFound, withheld: [differing(one)] };
}
