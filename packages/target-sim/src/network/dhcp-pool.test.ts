import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import type { DhcpIdentity, DhcpRequest } from "./dhcp-message.ts";
import { DhcpPool, type PoolConfig } from "./dhcp-pool.ts";
import { formatIpv4, parseIpv4 } from "./ipv4.ts";
import { maxLeases } from "./limits.ts";

const at = (text: string) => parseIpv4(text) ?? 0;
const client = (index: number): Mac =>
  mac(`02:00:00:00:${(index >> 8).toString(16).padStart(2, "0")}:${(index & 255).toString(16).padStart(2, "0")}`);
const identity = (index: number): DhcpIdentity => ({
  mac: client(index),
  hostname: `h${index}`,
  vendorClass: "",
  requested: [],
});

const config: PoolConfig = {
  subnet: { address: at("10.0.0.1"), prefix: 24 },
  start: at("10.0.0.10"),
  stop: at("10.0.0.13"),
  leaseTime: 100,
  reservations: new Map(),
};

const nobody = () => null;
const discover: DhcpRequest = { kind: "discover", address: null };
const reboot = (address: string): DhcpRequest => ({ kind: "reboot", address: at(address) });

function ask(
  pool: DhcpPool,
  index: number,
  request: DhcpRequest = discover,
  now = 0,
  who: (address: number) => Mac | null = nobody,
) {
  const answer = pool.answer(identity(index), request, now, who);
  return answer?.kind === "ack" ? formatIpv4(answer.address) : (answer?.kind ?? null);
}

describe("a pool of addresses", () => {
  it("gives the first free one, the same again to who asks again, and nothing when all are taken", () => {
    const pool = new DhcpPool(config);
    assert.deepEqual(
      [0, 1, 0, 2, 3, 4, 1].map((index) => ask(pool, index)),
      [...["10.0.0.10", "10.0.0.11", "10.0.0.10", "10.0.0.12", "10.0.0.13"], null, "10.0.0.11"],
    );
  });

  it("gives addresses again whose leases have ended, those that nobody had first", () => {
    const pool = new DhcpPool(config);
    ask(pool, 0);
    ask(pool, 1);
    assert.equal(pool.nextExpiry(), 100_000);
    assert.equal(pool.expire(99_999), false);
    assert.equal(pool.expire(100_000), true);
    assert.equal(ask(pool, 2, discover, 100_001), "10.0.0.12");
    assert.equal(ask(pool, 1, discover, 100_002), "10.0.0.11");
    assert.deepEqual(
      [3, 4].map((index) => ask(pool, index, discover, 100_003)),
      ["10.0.0.13", "10.0.0.10"],
    );
  });

  it("confirms to who reboots what is free and in the network, though it knows nothing of it, and refuses the rest", () => {
    const pool = new DhcpPool(config);
    assert.equal(ask(pool, 0, reboot("10.0.0.12")), "10.0.0.12");
    for (const [index, address] of [
      [1, "10.0.0.12"],
      [1, "10.0.0.9"],
      [1, "192.168.1.10"],
      [1, "10.0.0.1"],
    ] as const) {
      assert.equal(ask(pool, index, reboot(address)), "nak", address);
    }
    assert.equal(ask(pool, 1, { kind: "discover", address: at("10.0.0.13") }), "10.0.0.13");
  });

  it("keeps reservations for their owners, who get nothing else", () => {
    const reservations = new Map([
      [client(1), at("10.0.0.10")],
      [client(2), at("10.0.0.200")],
      [client(3), at("10.0.0.10")],
    ]);
    const pool = new DhcpPool({ ...config, reservations });
    assert.deepEqual(
      [0, 1, 2, 3].map((index) => ask(pool, index)),
      ["10.0.0.11", "10.0.0.10", "10.0.0.200", "10.0.0.12"],
    );
    assert.equal(ask(pool, 1, reboot("10.0.0.13")), "nak");
    assert.equal(ask(pool, 0, reboot("10.0.0.10")), "nak");
  });

  it("takes a lease back that somebody else's reservation came upon, and gives it when its user has gone", () => {
    const pool = new DhcpPool(config);
    assert.equal(ask(pool, 0), "10.0.0.10");
    const still = (address: number) => (address === at("10.0.0.10") ? client(0) : null);
    pool.reconfigure({ ...config, reservations: new Map([[client(1), at("10.0.0.10")]]) });
    assert.equal(ask(pool, 1, discover, 0, still), "10.0.0.11");
    assert.equal(ask(pool, 0, reboot("10.0.0.10"), 0, still), "nak");
    assert.equal(ask(pool, 1, reboot("10.0.0.11")), "nak");
    assert.equal(ask(pool, 1), "10.0.0.10");
  });

  it("gives no address that somebody uses without having asked", () => {
    const pool = new DhcpPool(config);
    assert.equal(
      ask(pool, 0, discover, 0, (address) => (address === at("10.0.0.10") ? client(9) : null)),
      "10.0.0.11",
    );
  });

  it("drops what a new range does not have, and keeps the rest", () => {
    const pool = new DhcpPool(config);
    for (const index of [0, 1, 2]) ask(pool, index);
    pool.reconfigure({ ...config, start: at("10.0.0.12"), stop: at("10.0.0.30") });
    assert.deepEqual(
      pool.leases().map(({ address }) => formatIpv4(address)),
      ["10.0.0.12"],
    );
  });

  it("has its leases back when its configuration is put back, but those that ended or were given anew meanwhile", () => {
    const pool = new DhcpPool(config);
    ask(pool, 0, discover, 0);
    for (const index of [1, 2, 3]) ask(pool, index, discover, 50_000);
    const elsewhere = {
      ...config,
      subnet: { address: at("10.0.1.1"), prefix: 24 },
      start: at("10.0.1.10"),
      stop: at("10.0.1.13"),
    };
    pool.reconfigure(elsewhere);
    assert.deepEqual(pool.leases(), []);
    assert.equal(ask(pool, 2, discover, 60_000), "10.0.1.10");
    pool.expire(100_000);
    pool.reconfigure(config);
    assert.deepEqual(
      pool.leases().map(({ address, until }) => [formatIpv4(address), until]),
      [
        ["10.0.0.11", 150_000],
        ["10.0.0.13", 150_000],
      ],
    );
    // Who still has an address of the pool is learnt when it renews.
    assert.equal(
      ask(pool, 2, { kind: "renew", address: at("10.0.0.12"), server: at("10.0.0.1") }, 110_000),
      "10.0.0.12",
    );
    assert.equal(
      ask(pool, 0, { kind: "renew", address: at("10.0.0.10"), server: at("10.0.0.1") }, 110_000),
      "10.0.0.10",
    );
    assert.equal(pool.leases().length, 4);
  });

  it("is bounded, however large its range", () => {
    const pool = new DhcpPool({
      ...config,
      subnet: { address: at("10.0.0.1"), prefix: 16 },
      start: at("10.0.0.2"),
      stop: at("10.0.255.254"),
    });
    for (let index = 0; index < maxLeases; index++) assert.ok(ask(pool, index));
    assert.equal(ask(pool, maxLeases), null);
    assert.equal(ask(pool, 0), "10.0.0.2");
  });

  it("never has one address given twice, nor one outside its range, nor a reserved one to somebody else", () => {
    const step = fc.record({
      client: fc.nat(9),
      kind: fc.constantFrom("discover", "reboot", "rebind", "renew", "reserve", "range"),
      address: fc.integer({ min: at("10.0.0.0"), max: at("10.0.0.20") }),
      wait: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 0;
        let current = config;
        const pool = new DhcpPool(current);
        for (const { client: index, kind, address, wait } of steps) {
          now += wait * 1000;
          if (kind === "reserve" || kind === "range") {
            current =
              kind === "reserve"
                ? {
                    ...current,
                    reservations: new Map(
                      [...current.reservations, [client(index), address]].slice(-3) as [Mac, number][],
                    ),
                  }
                : { ...current, start: Math.min(address, current.stop) };
            pool.reconfigure(current);
          } else {
            const request = kind === "renew" ? ({ kind, address, server: 1 } as const) : ({ kind, address } as const);
            const answer = pool.answer(identity(index), request, now, nobody);
            if (answer?.kind === "ack" && kind !== "discover") assert.equal(answer.address, address);
          }
          const leases = pool.leases();
          assert.equal(new Set(leases.map((lease) => lease.address)).size, leases.length);
          assert.equal(new Set(leases.map((lease) => lease.identity.mac)).size, leases.length);
          const owners = new Map<number, Mac>();
          for (const [owner, each] of current.reservations) if (!owners.has(each)) owners.set(each, owner);
          for (const lease of leases) {
            assert.notEqual(lease.address, current.subnet.address);
            const owner = owners.get(lease.address);
            if (owner) assert.equal(owner, lease.identity.mac);
            else assert.ok(lease.address >= current.start && lease.address <= current.stop);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
