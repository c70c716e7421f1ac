import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { noNetwork } from "@opensync-ts/target/no-network";
import type { Candidates, Family } from "./candidates.ts";
import { networkReach, race } from "./race.ts";

const both: Candidates = { ipv4: ["192.0.2.1", "192.0.2.2"], ipv6: ["2001:db8::1"], preferred: "ipv6" };

/** `answers`: ms until an address answers; null: it refuses; left out: never. */
async function played(
  answers: { readonly [address: string]: number | null },
  candidates = both,
): Promise<{ readonly winner: Family | null; readonly ms: number; readonly open: number; readonly tried: string[] }> {
  const clock = new VirtualClock();
  let open = 0;
  const tried: string[] = [];
  const reach = (address: string, _port: number, signal: AbortSignal): Promise<boolean> => {
    tried.push(`${clock.now()} ${address}`);
    open++;
    return new Promise<boolean>((resolve) => {
      signal.addEventListener("abort", () => resolve(false), { once: true });
      const ms = answers[address];
      if (ms === null) resolve(false);
      else if (ms !== undefined) clock.setTimer(ms, () => resolve(true));
    }).finally(() => open--);
  };
  let result: { winner: Family | null; ms: number } | undefined;
  void race(candidates, 443, { clock, reach, signal: new AbortController().signal }).then((winner) => {
    result = { winner, ms: clock.now() };
  });
  await clock.runUntil(() => result !== undefined, 10_000);
  await clock.advance(20_000);
  assert.ok(result);
  return { ...result, open, tried };
}

describe("the race of the families", () => {
  it("gives the preferred one a head start of 250 ms", async () => {
    const { winner, tried } = await played({ "2001:db8::1": 200, "192.0.2.1": 1 });
    assert.equal(winner, "ipv6");
    assert.deepEqual(tried, ["0 2001:db8::1"]);
    assert.equal((await played({ "2001:db8::1": 600, "192.0.2.1": 100 })).winner, "ipv4");
  });

  it("does not wait for a family that leads nowhere", async () => {
    const silent = await played({ "192.0.2.2": 30 });
    assert.deepEqual([silent.winner, silent.ms], ["ipv4", 280]);
    const refused = await played({ "2001:db8::1": null, "192.0.2.1": 30 });
    assert.deepEqual([refused.winner, refused.ms], ["ipv4", 30]);
  });

  it("ends without a winner when nobody answers, and leaves no attempt behind", async () => {
    const { winner, ms, open } = await played({});
    assert.deepEqual([winner, ms, open], [null, 5_000, 0]);
    const refused = await played({ "2001:db8::1": null, "192.0.2.1": null, "192.0.2.2": null });
    assert.deepEqual([refused.winner, refused.ms], [null, 0]);
  });

  it("tries four addresses of a family at most, and is nothing without any", async () => {
    const many = Array.from({ length: 9 }, (_, i) => `198.51.100.${i}`);
    const { tried } = await played({}, { ipv4: many, ipv6: [], preferred: "ipv6" });
    assert.equal(tried.length, 4);
    assert.equal((await played({}, { ipv4: [], ipv6: [], preferred: "ipv4" })).winner, null);
  });

  it("ends at once with its signal", async () => {
    const aborted = AbortSignal.abort();
    const reach = () => new Promise<boolean>(() => {});
    assert.equal(await race(both, 1, { clock: new VirtualClock(), reach, signal: aborted }), null);
  });
});

describe("an attempt over the network", () => {
  it("says whether a TCP connection stands", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(address && typeof address === "object");
    const reach = networkReach(noNetwork);
    const signal = AbortSignal.timeout(5_000);
    assert.equal(await reach("127.0.0.1", address.port, signal), true);
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await reach("127.0.0.1", address.port, signal), false);
  });

  it("is none where the device has no way out", async () => {
    const wayOut = { obstacle: () => "unreachable" as const, onChange: () => () => {} };
    const reach = networkReach({ ...noNetwork, wayOut });
    assert.equal(await reach("127.0.0.1", 1, AbortSignal.timeout(1_000)), false);
  });
});
