import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { IpFamily, ProbeTarget } from "@opensync-ts/target/network";
import { noNetwork } from "@opensync-ts/target/no-network";
import { type CheckedUplink, Checker, type CheckRequest } from "./checker.ts";
import type { CheckOutcome } from "./checks.ts";

const uplink: CheckedUplink = { device: "br-home", tunnel: false, hasL2: true, skipRouter: false, families: ["ipv4"] };
const request: CheckRequest = { check: 1, ifName: "eth0", kinds: ["link", "router", "internet", "ntp"], fast: false };

function bench(
  answer: (link: string, what: ProbeTarget, family: IpFamily) => Promise<boolean>,
  described: CheckedUplink | null = uplink,
) {
  const clock = new VirtualClock();
  const outcomes: (readonly [CheckRequest["check"], CheckOutcome])[] = [];
  const ended = new AbortController();
  const probed: string[] = [];
  const checker = new Checker({
    clock,
    network: {
      ...noNetwork,
      probe: (link, what, family) => {
        probed.push(`${link} ${what} ${family}`);
        return answer(link, what, family);
      },
    },
    signal: ended.signal,
    describe: () => described ?? undefined,
    clockSane: () => true,
    onOutcome: ({ check }, outcome) => outcomes.push([check, outcome]),
  });
  return { clock, checker, outcomes, probed, ended };
}

describe("a check", () => {
  it("asks over the device that has the address, in every family of the uplink", async () => {
    const { clock, checker, outcomes, probed } = bench(async (_, what) => what === "router", {
      ...uplink,
      families: ["ipv4", "ipv6"],
    });
    checker.request(request);
    await clock.advance(0);
    assert.deepEqual(probed.toSorted(), [
      "br-home internet ipv4",
      "br-home internet ipv6",
      "br-home router ipv4",
      "br-home router ipv6",
    ]);
    const router = { ipv4: true, ipv6: true };
    assert.deepEqual(outcomes, [[1, { link: true, router, internet: { ipv4: false, ipv6: false }, ntp: true }]]);
  });

  it("asks the far end of a tunnel, and leaves out the router of a mobile network", async () => {
    const { clock, checker, outcomes } = bench(async (_, what) => what !== "tunnel", {
      ...uplink,
      tunnel: true,
      skipRouter: true,
    });
    checker.request({ ...request, kinds: ["link", "router"] });
    await clock.advance(0);
    assert.deepEqual(outcomes, [[1, { link: false }]]);
  });

  it("ends in time though a probe hangs, or fails in any other way", async () => {
    const { clock, checker, outcomes } = bench((_, what) =>
      what === "router" ? new Promise(() => {}) : Promise.reject(new Error("no such device")),
    );
    checker.request({ ...request, kinds: ["router", "internet"] });
    await clock.advance(5_000);
    assert.deepEqual(outcomes, [[1, { router: { ipv4: false }, internet: { ipv4: false } }]]);
  });

  it("is one at a time; the same question twice is asked once, and of too many the oldest is dropped", async () => {
    let running = 0;
    let most = 0;
    const { clock, checker, outcomes } = bench(async () => {
      most = Math.max(most, ++running);
      await clock.sleep(1_000);
      running--;
      return true;
    });
    const one = { ...request, kinds: ["router"] as const };
    checker.request(one);
    checker.request({ ...one, check: 2 });
    checker.request({ ...one, check: 3 });
    checker.request({ ...one, check: null });
    for (let i = 1; i < 20; i++) checker.request({ ...one, check: 10 + i, ifName: `eth${i}` });
    await clock.advance(60_000);
    assert.equal(most, 1);
    const answered = outcomes.filter(([, outcome]) => outcome.router).map(([check]) => check);
    assert.deepEqual(answered, [1, 22, 23, 24, 25, 26, 27, 28, 29]);
    // Whoever waits for one that was dropped is told.
    assert.ok(outcomes.some(([check]) => check === 3));
  });

  it("is one at a time also when an outcome leads to the next", async () => {
    let running = 0;
    let most = 0;
    const outcomes: CheckOutcome[] = [];
    const clock = new VirtualClock();
    const checker = new Checker({
      clock,
      network: {
        ...noNetwork,
        probe: async () => {
          most = Math.max(most, ++running);
          await clock.sleep(10);
          running--;
          return true;
        },
      },
      signal: new AbortController().signal,
      describe: () => uplink,
      clockSane: () => true,
      onOutcome: ({ ifName }, outcome) => {
        outcomes.push(outcome);
        if (ifName === "eth0")
          for (const name of ["eth1", "eth2"]) checker.request({ ...request, ...only, ifName: name });
      },
    });
    const only = { kinds: ["router"] as const };
    checker.request({ ...request, ...only });
    await clock.advance(1_000);
    assert.deepEqual([most, outcomes.length], [1, 3]);
  });

  it("knows nothing of an uplink that has gone, and stays silent after its end", async () => {
    const gone = bench(async () => true, null);
    gone.checker.request(request);
    await gone.clock.advance(0);
    assert.deepEqual(gone.outcomes, [[1, {}]]);
    const { clock, checker, outcomes, ended } = bench(async () => true);
    ended.abort();
    checker.request(request);
    await clock.advance(10_000);
    assert.deepEqual(outcomes, []);
  });
});
