import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { SimulationRefusal } from "@opensync-ts/cloud/api/simulation-refusal";
import { Fabric } from "@opensync-ts/target-sim/network/fabric";
import type { Akm } from "@opensync-ts/world/security";
import { setUp as aWorld } from "@opensync-ts/world/testing/home";
import { JoinedClients } from "./joined-clients.ts";
import { joinedClients } from "./limits.ts";

const gateway = mac("02:00:00:00:10:24");
const order = { name: "Ana", ssid: "Home", passphrase: "for our guests" };
const place = { x: 2, y: 2 };

/** One access point with a key of the home and one for guests. */
function setUp(akms: readonly Akm[] = ["psk", "sae"]) {
  const { clock, world } = aWorld({});
  const put = (ssid: string) =>
    world.putBss({
      ...{
        bssid: gateway,
        name: "home-ap-24",
        site: "gw",
        ssid,
        hidden: false,
        generation: "ax",
        streams: 2,
        power: 20,
      },
      channel: { band: "2.4G", control: 2412, segments: [2412] },
      security: { akms, pairwise: ["ccmp"], pmf: "optional" },
      keys: [
        { keyId: 0, psk: "the family's key" },
        { keyId: 1, psk: "for our guests" },
      ],
      acl: { policy: "none", macs: [] },
    });
  put("Home");
  const joined = new JoinedClients(world, new Fabric({ clock, world, seed: 1 }));
  return { clock, world, joined, put };
}

describe("a client that comes to a simulated home", () => {
  it("is let in by the second passphrase though SAE knows the first only, and is never called refused on the way", async () => {
    const { clock, world, joined } = setUp();
    const phone = joined.join(order, place);
    const seen = new Set<unknown>();
    for (let second = 0; second < 30; second++) {
      await clock.advance(1000);
      seen.add(joined.view(phone)?.refused);
    }
    assert.equal(world.client(phone)?.association?.keyId, 1);
    assert.deepEqual([...seen], [null]);
    const unreached = { ssid: "Home", refused: null, refusedAt: null, reaches: null };
    assert.deepEqual(joined.view(phone), unreached, "nobody gives it an address");
  });

  for (const akms of [["psk"], ["psk", "sae"], ["sae"]] as const) {
    it(`is refused with a wrong passphrase (${akms.join(" and ")}), until it is one that opens`, async () => {
      const { clock, world, joined } = setUp(akms);
      const phone = joined.join({ ...order, passphrase: "for other guests" }, place);
      await clock.advance(60_000);
      assert.equal(joined.view(phone)?.refused, "passphrase");
      const triedAt = () => Date.parse(joined.view(phone)?.refusedAt ?? "");
      const first = triedAt();
      await clock.advance(120_000);
      assert.ok(triedAt() > first, "it tries again by itself");
      assert.equal(world.client(phone)?.association, null);
      world.teachClient(phone, [{ ssid: "Home", psk: "the family's key" }]);
      await clock.advance(120_000);
      assert.deepEqual([joined.view(phone)?.refused, joined.view(phone)?.refusedAt], [null, null]);
    });
  }

  it("finds no network of a name that is not on the air, and joins it once it is", async () => {
    const { clock, joined, put } = setUp();
    const phone = joined.join({ ...order, ssid: "Hime" }, place);
    await clock.advance(10_000);
    assert.equal(joined.view(phone)?.refused, "no-network");
    put("Hime");
    await clock.advance(60_000);
    assert.equal(joined.view(phone)?.refused, null);
  });

  it("leaves again, and its address is nobody's after it; others cannot be sent away", async () => {
    const { clock, world, joined } = setUp();
    const first = joined.join(order, place);
    await clock.advance(30_000);
    assert.equal(joined.leave(first), true);
    assert.equal(world.client(first), null);
    assert.equal(world.stations(gateway).length, 0);
    assert.equal(joined.leave(first), false);
    assert.equal(joined.view(first), null);
    assert.notEqual(joined.join(order, place), first);
  });

  it("has a name of its own; and only so many come", () => {
    const { joined } = setUp();
    joined.join(order, place);
    assert.throws(() => joined.join(order, place), /body\.name: is that of another client/);
    for (let n = 1; n < joinedClients; n++) joined.join({ ...order, name: `guest ${n}` }, place);
    assert.throws(() => joined.join({ ...order, name: "one more" }, place), SimulationRefusal);
  });
});
