import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import { deviceClassNames } from "./device-classes.ts";
import type { ClientSpec, WorldSpec } from "./spec.ts";
import { setUp, triBand } from "./testing/home.ts";

const worlds = 40;
const minutes = 4;

/** A home of a few devices and clients of all kinds, some of which walk. */
function scenario(random: SeededRandom): { spec: WorldSpec; bsses: readonly Bss[]; sites: readonly string[] } {
  const place = () => ({ x: random.next() * 70, y: random.next() * 30 });
  const sites = Array.from({ length: 1 + random.integer(4) }, (_, n) => (n === 0 ? "gw" : `ext${n}`));
  const multiLink = random.next() < 0.5;
  const bsses = sites.flatMap((site, n) =>
    triBand(site, n).map((bss) => ({
      ...bss,
      generation: "be" as const,
      security: { ...bss.security, akms: ["ft_psk", "psk"] as const },
      mobilityDomain: 1,
      ...(multiLink ? { mld: `02:00:00:00:0f:0${n}` as Mac } : {}),
    })),
  );
  const clients = Array.from({ length: 4 + random.integer(10) }, (_, n): ClientSpec => {
    const device = deviceClassNames[random.integer(deviceClassNames.length)] ?? "iot";
    const waypoints = [0, 40, 80, 120, 160].map((at) => ({ at, place: place() }));
    return {
      name: `c${n}`,
      mac: `02:00:00:00:20:${n.toString(16).padStart(2, "0")}`,
      device,
      place: place(),
      networks: [{ ssid: "home", psk: random.next() < 0.1 ? "wrong-key" : "correct-horse" }],
      ...(random.next() < 0.4 ? { walk: { waypoints, repeat: true } } : {}),
    };
  });
  return { spec: { clients }, bsses, sites };
}

/** Lives through some minutes of steering, lists and access points that come and go; gives all that was seen. */
async function live(seed: number) {
  const random = new SeededRandom(`world ${seed}`);
  const { spec, bsses, sites } = scenario(random);
  const all = setUp(spec, seed);
  const { clock, world, events, messages } = all;
  for (const site of sites) world.addSite(site, { x: random.next() * 70, y: random.next() * 30 });
  for (const bss of bsses) world.putBss(bss);
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  const bytes: string[] = [];
  for (let second = 0; second < minutes * 60; second++) {
    const client = pick(world.clients());
    const { mac } = client.device;
    const at = client.association?.bssid ?? pick(bsses).bssid;
    const token = second % 256;
    switch (random.integer(8)) {
      case 0: {
        const candidates = [pick(bsses), pick(bsses)].map(({ bssid }) => ({ bssid, preference: random.integer(256) }));
        const disassociationImminent = random.next() < 0.3;
        world.requestTransition(at, mac, { token, candidates, abridged: random.next() < 0.5, disassociationImminent });
        break;
      }
      case 1:
        world.requestBeaconReport(at, mac, {
          ...{ token, mode: pick(["active", "passive", "table"] as const), band: null, controls: null },
          ...{ bssid: null, ssid: "home", duration: 20 },
        });
        break;
      case 2:
        if (random.next() < 0.2) world.deauthenticate(at, mac);
        break;
      case 3: {
        const bss = pick(bsses);
        const macs = random.next() < 0.5 ? [] : [mac];
        if (world.bss(bss.bssid)) world.putBss({ ...bss, acl: { policy: "deny", macs } });
        break;
      }
      case 4:
        if (random.next() < 0.1) world.removeBss(pick(bsses).bssid);
        break;
      case 5:
        world.putBss(pick(bsses));
        break;
      default:
        break;
    }
    await clock.advance(1000);
    check(all, bsses);
    if (second % 20 === 0) bytes.push(JSON.stringify(world.snapshot()));
  }
  const bytesOf = `${events.join("\n")}\n${JSON.stringify(messages)}\n${bytes.join("\n")}`;
  return { bytes: bytesOf, world, messages };
}

function check({ clock, world }: ReturnType<typeof setUp>, bsses: readonly Bss[]): void {
  for (const client of world.clients()) {
    const { association } = client;
    const at = bsses.filter(({ bssid }) => world.stations(bssid).some((each) => each.client === client));
    assert.deepEqual(at.map(({ bssid }) => bssid).toSorted(), (association?.links ?? []).toSorted());
    if (at.length > 1) {
      assert.ok(at.length <= client.device.links, client.device.name);
      assert.equal(new Set(at.map(({ mld }) => mld)).size, 1);
      assert.notEqual(at[0]?.mld, undefined);
      assert.equal(new Set(at.map(({ channel }) => channel.band)).size, at.length);
    }
    const { time, transitions, roams, associations, outages, fastRoams } = client.service;
    const sum = time.waiting + time.served + time.interrupted + time.outage;
    assert.ok(Math.abs(sum - clock.now()) < 1e-3, `${client.device.name}: ${sum} of ${clock.now()}`);
    assert.equal(association !== null, ["served", "interrupted"].includes(client.phase));
    const open =
      transitions.asked - transitions.ignored - transitions.lapsed - transitions.rejected - transitions.accepted;
    assert.ok(open === 0 || open === 1, JSON.stringify(transitions));
    const due = transitions.accepted - transitions.moved - transitions.elsewhere - transitions.stayed;
    assert.ok(due === 0 || due === 1, JSON.stringify(transitions));
    assert.ok(fastRoams <= roams && roams <= associations);
    assert.ok(associations - roams - outages <= 1, "each association but the first follows an outage or is a roam");
    client.account();
    const { delivered, wanted } = client.traffic;
    assert.ok(delivered.down <= wanted.down + 1e-6 && delivered.up <= wanted.up + 1e-6);
  }
}

describe("in any world", () => {
  it("nobody is on two BSSs that are no multi-link device, and the books add up, whatever happens", async () => {
    const kinds = new Set<string>();
    let [moved, rejected, measured] = [0, 0, 0];
    for (let seed = 0; seed < worlds; seed++) {
      const { world, messages } = await live(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      for (const { kind } of messages) kinds.add(kind);
      measured += messages.filter((each) => each.kind === "beacon report" && each.answer.bsses.length > 0).length;
      for (const { service } of world.snapshot().clients) {
        moved += service.transitions.moved;
        rejected += service.transitions.rejected;
      }
    }
    assert.deepEqual([...kinds].toSorted(), [
      "beacon report",
      "neighbor request",
      "transition answer",
      "transition query",
    ]);
    assert.ok(moved > 20 && rejected > 20 && measured > 20, `${moved} ${rejected} ${measured}`);
  });

  it("the same seed gives the same bytes, another one others", async () => {
    const { bytes } = await live(7);
    assert.equal((await live(7)).bytes, bytes);
    assert.notEqual((await live(8)).bytes, bytes);
  });
});
