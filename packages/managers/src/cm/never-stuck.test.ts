import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { managerLimits } from "../limits.ts";
import type { CmInputs } from "./machine.ts";
import { link, MachineBench, manager, redirector } from "./testing/machine-bench.ts";

type Deed = (bench: MachineBench) => void;

const wifi = { ...link, ifName: "g-bhaul-sta-50", kind: "wifi" as const, bridge: "br-home" };

/** What can happen to a node, at any moment. */
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }).map(
    (ms): Deed =>
      (bench) =>
        bench.after(ms),
  ),
  fc.boolean().map(
    (up): Deed =>
      (bench) =>
        bench.connected(up && bench.inputs.target !== ""),
  ),
  fc
    .constantFrom(null, link, { ...link, hasIpv4: false }, { ...link, hasIpv6: true }, { ...link, tunnel: true }, wifi)
    .map(
      (used): Deed =>
        (bench) =>
          bench.send({ kind: "link" }, { link: used }),
    ),
  fc.boolean().map(
    (answers): Deed =>
      (bench) => {
        bench.router = answers;
      },
  ),
  fc.constantFrom("silence" as const, { ipv4: [], ipv6: [] }, { ipv4: ["192.0.2.1"], ipv6: ["2001:db8::1"] }).map(
    (answers): Deed =>
      (bench) => {
        bench.answers = answers;
      },
  ),
  fc.boolean().map(
    (sane): Deed =>
      (bench) =>
        bench.send({ kind: "timer" }, { clockSane: sane }),
  ),
  fc.constantFrom(redirector, "", "nonsense", "tcp:other.example.com:7000").map(
    (redirectorAddress): Deed =>
      (bench) =>
        bench.send({ kind: "ovs-awlan" }, { redirectorAddress }),
  ),
  fc.constantFrom(manager, "", "ssl:x:0", "ssl:[2001:db8::9]:1").map(
    (managerAddress): Deed =>
      (bench) =>
        bench.send({ kind: "ovs-awlan" }, { managerAddress }),
  ),
  fc.constantFrom("", "ssl:[203.0.113.1]:1").map(
    (target): Deed =>
      (bench) =>
        bench.send({ kind: "ovs-manager" }, { target, connected: target !== "" }),
  ),
  fc
    .record({
      enabled: fc.boolean(),
      status: fc.constantFrom("", "ready", "active", "error"),
      asked: fc.boolean(),
      garbled: fc.boolean(),
    })
    .map(
      (offline): Deed =>
        (bench) =>
          bench.send({ kind: "timer" }, { offline }),
    ),
  fc.constant<Deed>((bench) => bench.send({ kind: "fatal" })),
  fc.constant<Deed>((bench) => bench.send({ kind: "resolve-timeout", resolution: bench.machine.resolution })),
  fc.record({ minBackoff: fc.integer({ min: 0, max: 120 }), maxBackoff: fc.integer({ min: 0, max: 120 }) }).map(
    (backoffs): Deed =>
      (bench) =>
        bench.send({ kind: "ovs-awlan" }, backoffs),
  ),
);

function checkBounds({ wakeAt, inputs, machine }: MachineBench): void {
  const stays = machine.state === "OVS_INIT" || (machine.state === "CONNECTED" && machine.stable);
  assert.ok(wakeAt !== null || stays, `${machine.state} waits for ever`);
  if (wakeAt !== null) assert.ok(wakeAt - inputs.now <= 300_000, `${machine.state} until ${wakeAt}`);
}

const healthy: Partial<CmInputs> = {
  link,
  clockSane: true,
  redirectorAddress: redirector,
  minBackoff: 30,
  maxBackoff: 60,
};

/** Everything works from now on: ms until the manager is connected. */
function heal(bench: MachineBench): number {
  const start = bench.inputs.now;
  bench.router = true;
  bench.echo = true;
  bench.answers = { ipv4: ["192.0.2.1"], ipv6: ["2001:db8::1"] };
  bench.send({ kind: "link" }, healthy);
  for (let turn = 0; turn < 1_000; turn++) {
    const { state, destination, resolution, target } = bench.machine;
    if (state === "CONNECTED" && destination === "manager" && bench.inputs.managerAddress === manager)
      return bench.inputs.now - start;
    if (state === "TRY_RESOLVE")
      bench.after(managerLimits.resolveDeadlineMs).send({ kind: "resolve-timeout", resolution });
    else if (bench.inputs.target !== "" && bench.inputs.target === target && !bench.inputs.connected)
      bench.connected(true);
    else if (state === "CONNECTED" && destination === "redirector" && bench.inputs.managerAddress !== manager)
      bench.send({ kind: "ovs-awlan" }, { managerAddress: manager });
    else if (state === "CONNECTED" && destination === "manager") return bench.inputs.now - start;
    else bench.after(Math.max(0, (bench.wakeAt ?? bench.inputs.now + 1_000) - bench.inputs.now));
  }
  return assert.fail(`stuck in ${bench.machine.state} ${bench.machine.destination}: ${JSON.stringify(bench.inputs)}`);
}

describe("CM, whatever happens to it", () => {
  it("waits for nothing for ever, dials one target at a time, and is connected within ten minutes of health", () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 60 }), fc.boolean(), (deeds, linkSelection) => {
        const bench = new MachineBench({ linkSelection }).send({ kind: "timer" });
        for (const happen of deeds) {
          const before = bench.effects.length;
          happen(bench);
          checkBounds(bench);
          const dialled = bench.effects
            .slice(before)
            .flatMap((effect) => (effect.kind === "set-target" ? effect.target : []));
          dialled.forEach((target, at) => {
            const last = dialled[at - 1] ?? "";
            assert.ok(target === "" || last === "" || last !== target, `${target} twice`);
          });
        }
        const ms = heal(bench);
        assert.ok(ms <= 10 * 60_000, `${ms} ms`);
      }),
      { numRuns: 500, seed: 32 },
    );
  });

  it("is restarted, and then as good as new, where nobody can restart it", () => {
    const bench = new MachineBench().send({ kind: "timer" }, { link: null });
    for (let i = 0; i < 50; i++) bench.after(120_000);
    assert.equal(bench.effects.filter(({ kind }) => kind === "restart-managers").length, 50);
    assert.ok(heal(bench) <= 1_000);
  });
});
