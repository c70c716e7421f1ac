import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import type { ClientSpec, WorldSpec } from "./spec.ts";
import { triesUp } from "./traffic.ts";
import { World } from "./world.ts";

const bssid24 = mac("02:00:00:00:01:24");
const bssid50 = mac("02:00:00:00:01:50");
const farBssid = mac("02:00:00:00:02:50");
const phone = mac("02:00:00:00:00:01");

const phoneSpec: ClientSpec = {
  name: "phone",
  mac: phone,
  place: { x: 3, y: 2 },
  networks: [{ ssid: "home", psk: "correct-horse" }],
};

const bss24: Bss = {
  bssid: bssid24,
  site: "gw",
  name: "home-ap-24",
  ssid: "home",
  hidden: false,
  channel: { band: "2.4G", control: 2437, segments: [2437] },
  power: 20,
  generation: "ax",
  streams: 2,
  security: { akms: ["psk"], pairwise: ["ccmp"], pmf: "optional" },
  keys: [{ keyId: 1, psk: "correct-horse" }],
  acl: { policy: "none", macs: [] },
};
const bss50: Bss = {
  ...bss24,
  bssid: bssid50,
  name: "home-ap-50",
  channel: { band: "5G", control: 5180, segments: [5180, 5200, 5220, 5240] },
  power: 23,
};

function setUp(spec: WorldSpec = { clients: [phoneSpec] }, seed: string | number = "test") {
  const clock = new VirtualClock();
  const world = new World({ clock, seed, spec });
  world.addSite("gw", { x: 0, y: 0 });
  const events: string[] = [];
  world.events.on("associated", ({ client, bssid, keyId }) => events.push(`${client} + ${bssid} key ${keyId}`));
  world.events.on("disassociated", ({ client, bssid, reason }) => events.push(`${client} - ${bssid} ${reason}`));
  world.events.on("failed", ({ client, bssid, reason }) => events.push(`${client} ! ${bssid} ${reason}`));
  const on = (bssid: Mac, who: Mac = phone) => world.stations(bssid).some(({ client }) => client.device.mac === who);
  return { clock, world, events, on };
}

describe("a client", () => {
  it("joins within half a second of its network coming on the air, and sleeps until then", async () => {
    const { clock, world, events } = setUp();
    await clock.advance(60_000);
    world.putBss(bss24);
    await clock.advance(500);
    assert.deepEqual(events, [`phone + ${bssid24} key 1`]);
  });

  it("prefers 5 GHz where both are good", async () => {
    const { clock, world, on } = setUp();
    world.putBss(bss24);
    world.putBss(bss50);
    await clock.advance(500);
    assert.ok(on(bssid50));
  });

  it("joins a hidden network that it knows", async () => {
    const { clock, world, on } = setUp();
    world.putBss({ ...bss24, hidden: true });
    await clock.advance(500);
    assert.ok(on(bssid24));
  });

  it("does not join what it does not know, is out of reach, or lies in a band it lacks", async () => {
    const { clock, world, events } = setUp({
      clients: [
        { ...phoneSpec, bands: ["2.4G"] },
        { ...phoneSpec, name: "far", mac: "02:00:00:00:00:02", place: { x: 5000, y: 0 } },
        { ...phoneSpec, name: "guest", mac: "02:00:00:00:00:03", networks: [{ ssid: "other", psk: "correct-horse" }] },
      ],
    });
    world.putBss(bss50);
    await clock.advance(60_000);
    assert.deepEqual(events, []);
  });

  it("with a wrong key fails, retries with growing pauses, and gets in once the key is right", async () => {
    const { clock, world, events, on } = setUp();
    world.putBss({ ...bss24, keys: [{ keyId: 1, psk: "another-key" }] });
    await clock.advance(120_000);
    assert.ok(events.length >= 4 && events.length <= 9, String(events.length));
    assert.ok(events.every((event) => event === `phone ! ${bssid24} wrong_key`));
    world.putBss(bss24);
    await clock.advance(500);
    assert.ok(on(bssid24));
  });

  it("whose key SAE does not know falls back to WPA2 where the network offers both", async () => {
    const { clock, world, events } = setUp();
    const security = { akms: ["psk", "sae"], pairwise: ["ccmp"], pmf: "optional" } as const;
    const keys = [
      { keyId: 0, psk: "first-of-many" },
      { keyId: 1, psk: "correct-horse" },
    ];
    world.putBss({ ...bss24, security, keys });
    await clock.advance(1500);
    assert.deepEqual(events, [`phone ! ${bssid24} wrong_key`, `phone + ${bssid24} key 1`]);
    world.putBss({ ...bss24, security: { ...security, akms: ["sae"] }, keys });
    await clock.advance(60_000);
    assert.ok(
      events.slice(3).every((event) => event.includes("!")),
      events.join("\n"),
    );
  });

  it("refused by one BSS tries the next", async () => {
    const { clock, world, events, on } = setUp();
    world.putBss({ ...bss50, acl: { policy: "deny", macs: [phone] } });
    world.putBss(bss24);
    await clock.advance(1500);
    assert.equal(events[0], `phone ! ${bssid50} acl`);
    assert.ok(on(bssid24));
  });

  it("told another key by its user joins with it", async () => {
    const { clock, world, on } = setUp({ clients: [{ ...phoneSpec, networks: [] }] });
    world.putBss(bss24);
    await clock.advance(5000);
    assert.equal(on(bssid24), false);
    assert.equal(world.teachClient(phone, [{ ssid: "home", psk: "correct-horse" }]), true);
    await clock.advance(500);
    assert.ok(on(bssid24));
  });

  it("that is part of a device joins another device's BSS, never its own", async () => {
    const { clock, world, on } = setUp({ clients: [{ ...phoneSpec, place: { x: 0, y: 0 }, site: "gw" }] });
    world.addSite("extender", { x: 20, y: 0 });
    world.putBss(bss24);
    world.putBss({ ...bss24, bssid: farBssid, site: "extender" });
    await clock.advance(1000);
    assert.ok(on(farBssid));
  });

  it("walking away roams to the nearer access point, and is lost beyond all", async () => {
    const waypoints = [
      { at: 0, place: { x: 2, y: 0 } },
      { at: 30, place: { x: 58, y: 0 } },
      { at: 300, place: { x: 58, y: 0 } },
      { at: 400, place: { x: 9000, y: 0 } },
    ];
    const { clock, world, events, on } = setUp({ clients: [{ ...phoneSpec, walk: { waypoints } }] });
    world.addSite("extender", { x: 60, y: 0 });
    world.putBss(bss50);
    world.putBss({ ...bss50, bssid: farBssid, site: "extender" });
    await clock.advance(1000);
    assert.ok(on(bssid50));
    await clock.advance(100_000);
    assert.ok(on(farBssid), events.join("\n"));
    assert.ok(events.includes(`phone - ${bssid50} roamed`) || events.includes(`phone - ${bssid50} out_of_range`));
    await clock.advance(400_000);
    assert.equal(events.at(-1), `phone - ${farBssid} out_of_range`);
  });

  it("with a good link never leaves it for a better one", async () => {
    const { clock, world, events } = setUp();
    world.putBss(bss24);
    await clock.advance(1000);
    world.putBss(bss50);
    await clock.advance(600_000);
    assert.deepEqual(events, [`phone + ${bssid24} key 1`]);
  });

  it("that is removed leaves, and its address is free again", async () => {
    const { clock, world, events } = setUp();
    world.putBss(bss24);
    await clock.advance(500);
    world.removeClient(phone);
    assert.equal(events.at(-1), `phone - ${bssid24} client_removed`);
    await clock.advance(60_000);
    world.addClient(phoneSpec);
    await clock.advance(500);
    assert.equal(events.length, 3);
  });
});

describe("what clients get of a crowded air", () => {
  /** Bytes delivered to each of twenty, in a minute, looked at every `period` ms. */
  async function delivered(period: number) {
    const clients = Array.from({ length: 20 }, (_, index) => ({
      ...phoneSpec,
      name: `phone ${index}`,
      mac: mac(`02:00:00:00:01:${index.toString(16).padStart(2, "0")}`),
      traffic: index % 2 ? ("web" as const) : ("bulk" as const),
    }));
    const { world, clock } = setUp({ clients });
    world.putBss(bss24);
    for (let at = 0; at < 60_000; at += period) {
      await clock.advance(period);
      world.snapshot();
    }
    const views = world.snapshot().clients;
    assert.ok(views.some(({ asked, delivered: got }) => got.down < asked.down / 2));
    world.close();
    return views.map(({ delivered: { down } }) => Math.round(down));
  }

  it("does not depend on how often somebody looks", async () => {
    const often = await delivered(50);
    const seldom = await delivered(30_000);
    often.forEach((bytes, index) => {
      assert.ok(Math.abs(bytes - (seldom[index] ?? 0)) <= 1, `client ${index}: ${bytes} ${seldom[index]}`);
    });
  });
});

describe("an access point", () => {
  async function joined() {
    const all = setUp();
    all.world.putBss(bss24);
    await all.clock.advance(500);
    all.events.length = 0;
    return all;
  }

  it("takes its stations along in an announced channel change, and loses them otherwise until they return", async () => {
    const { clock, world, events, on } = await joined();
    const channel = { band: "2.4G", control: 2462, segments: [2462] } as const;
    world.putBss({ ...bss24, channel }, { announced: true });
    assert.deepEqual(events, []);
    world.putBss(bss24);
    assert.deepEqual(events, [`phone - ${bssid24} bss_restarted`]);
    await clock.advance(500);
    assert.ok(on(bssid24));
  });

  it("keeps a station that its new list excludes, and does not let it in again until the list is gone", async () => {
    const { clock, world, events, on } = await joined();
    world.putBss({ ...bss24, acl: { policy: "deny", macs: [phone] } });
    assert.equal(events.length, 0);
    world.deauthenticate(bssid24, phone);
    await clock.advance(60_000);
    assert.equal(on(bssid24), false);
    assert.ok(events.includes(`phone ! ${bssid24} acl`));
    world.putBss(bss24);
    await clock.advance(80_000);
    assert.ok(on(bssid24));
  });

  it("deauthenticates one station, which may return", async () => {
    const { clock, world, events, on } = await joined();
    assert.equal(world.deauthenticate(bssid24, phone), true);
    assert.equal(world.deauthenticate(bssid24, phone), false);
    assert.deepEqual(events, [`phone - ${bssid24} deauthenticated`]);
    await clock.advance(500);
    assert.ok(on(bssid24));
  });

  it("loses all stations when it goes off the air", async () => {
    const { world, events, on } = await joined();
    world.removeSite("gw");
    assert.deepEqual(events, [`phone - ${bssid24} bss_removed`]);
    assert.equal(on(bssid24), false);
    assert.equal(world.bss(bssid24), null);
  });

  it("refuses an address that another device uses, and a site that is not there", async () => {
    const { world } = await joined();
    world.addSite("thief", { x: 1, y: 1 });
    assert.throws(() => world.putBss({ ...bss24, site: "thief" }), /both use this address/);
    assert.throws(() => world.putBss({ ...bss50, site: "nowhere" }), /there is no site 'nowhere'/);
  });
});

describe("a scenario", () => {
  const spec: WorldSpec = {
    walls: [{ from: { x: 5, y: -5 }, to: { x: 5, y: 5 }, material: "brick" }],
    places: { kitchen: { x: 8, y: 1 }, hall: { x: 1, y: 1 } },
    interferers: [{ name: "oven", place: "kitchen", band: "2.4G", segments: [2437], power: 10, airtime: 0.4 }],
    clients: Array.from({ length: 6 }, (_, i) => ({
      name: `c${i}`,
      mac: `02:00:00:00:00:1${i}`,
      place: i % 2 ? "kitchen" : "hall",
      networks: [{ ssid: "home", psk: i === 5 ? "wrong-key" : "correct-horse" }],
      traffic: i % 2 ? ("video" as const) : ("web" as const),
      ...(i === 0
        ? {
            walk: {
              repeat: true,
              waypoints: [
                { at: 0, place: "hall" },
                { at: 60, place: { x: 40, y: 3 } },
                { at: 90, place: "hall" },
              ],
            },
          }
        : {}),
    })),
  };

  async function run(seed: string) {
    const { clock, world, events } = setUp(spec, seed);
    const bytes: string[] = [];
    world.putBss(bss24);
    world.putBss(bss50);
    for (let minute = 0; minute < 10; minute++) {
      await clock.advance(60_000);
      bytes.push(JSON.stringify(world.snapshot()));
      if (minute === 5) world.removeBss(bssid50);
    }
    return { events, bytes: `${events.join("\n")}\n${bytes.join("\n")}` };
  }

  it("gives the same bytes on the same seed, and others on another", async () => {
    const { bytes } = await run("one");
    assert.equal((await run("one")).bytes, bytes);
    assert.notEqual((await run("two")).bytes, bytes);
  });

  it("shows who is where, on what, at which rate, and how busy the air is", async () => {
    const { clock, world } = setUp(spec);
    world.putBss(bss24);
    world.putBss(bss50);
    await clock.advance(30_000);
    const { clients, bsses } = world.snapshot();
    const one = clients.find(({ name }) => name === "c1");
    assert.equal(one?.link?.bss, "home-ap-50");
    assert.ok(one.link.rate > 100 && one.link.snr > 10 && one.delivered.down > 0);
    assert.ok(one.satisfaction > 0.99);
    assert.equal(clients.find(({ name }) => name === "c5")?.link, null);
    const busy = bsses.find(({ name }) => name === "home-ap-24")?.utilisation ?? 0;
    assert.ok(busy >= 0.4 && busy <= 1, String(busy));
  });

  it("gives no more to a client than its link carries", async () => {
    const traffic = { down: 500, up: 0, burst: 60, silence: 0 };
    const { clock, world } = setUp({ clients: [{ ...phoneSpec, place: { x: 60, y: 0 }, traffic }] });
    world.putBss(bss24);
    await clock.advance(1000);
    for (let second = 0; second < 60; second++) {
      world.snapshot();
      await clock.advance(1000);
    }
    const [client] = world.snapshot().clients;
    assert.ok(client?.link && client.satisfaction > 0);
    const carried = (client.link.rate * 0.65) / traffic.down;
    assert.ok(client.satisfaction <= carried, `${client.satisfaction} of ${carried}`);
    assert.ok(client.delivered.down < client.asked.down * carried * 1.05);
  });

  it("carries of a client that is held back its tries alone, and all again after that", async () => {
    const traffic = { down: 8, up: 2, burst: 60, silence: 0 };
    const { clock, world } = setUp({ clients: [{ ...phoneSpec, traffic }] });
    world.putBss(bss24);
    await clock.advance(10_000);
    const client = world.client(phone);
    /** Mbit/s towards it and from it, in a minute. */
    const minute = async () => {
      client?.account();
      const before = client?.traffic.delivered ?? { down: 0, up: 0 };
      await clock.advance(60_000);
      client?.account();
      const { down, up } = client?.traffic.delivered ?? before;
      return [down - before.down, up - before.up].map((bytes) => Math.round((bytes * 8) / 60 / 1e4) / 100);
    };
    const busy = () => world.snapshot().bsses[0]?.utilisation ?? 0;
    const all = busy();
    assert.deepEqual(await minute(), [8, 2]);
    client?.holdBack(true);
    assert.deepEqual(await minute(), [0, triesUp]);
    assert.ok(busy() < all / 4, "the air has room for others");
    client?.holdBack(false);
    assert.deepEqual(await minute(), [8, 2]);
    assert.deepEqual([client?.association?.bssid, world.snapshot().clients[0]?.wanted.down], [bssid24, 8]);
  });

  it("that cannot be is refused with the name of what is wrong", () => {
    const clock = new VirtualClock();
    const world = (spec: WorldSpec) => () => new World({ clock, seed: 1, spec });
    assert.throws(
      world({ clients: [{ ...phoneSpec, place: "attic" }] }),
      /client 'phone': there is no place 'attic' \(places: none\)/,
    );
    assert.throws(
      world({ clients: [{ ...phoneSpec, mac: "nonsense" }] }),
      /client 'phone': mac 'nonsense' is not a MAC/,
    );
    assert.throws(world({ clients: [phoneSpec, phoneSpec] }), /'phone' and 'phone' have the same MAC/);
    assert.throws(world({ clients: [{ ...phoneSpec, walk: { waypoints: [] } }] }), /client 'phone': walk.waypoints/);
  });
});

describe("a closed world", () => {
  it("leaves no timer behind", async () => {
    const { clock, world, events } = setUp();
    world.putBss(bss24);
    world.close();
    await assert.rejects(
      clock.runUntil(() => false, 1e9, "anything"),
      /did not come true/,
    );
    assert.deepEqual(events, []);
  });
});

describe("what a world tells of", () => {
  it("a client that looks around, and how strongly each access point hears it", async () => {
    const { clock, world } = setUp();
    const probes: number[] = [];
    world.events.on("probed", ({ client }) => probes.push(world.heardAt(bssid24, client.device.mac) ?? 0));
    world.putBss(bss24);
    await clock.advance(500);
    assert.equal(probes.length, 1);
    assert.ok((probes[0] ?? 0) < -30);
    assert.equal(world.heardAt(farBssid, phone), null);
  });

  it("a switch of channel before it happens, if it is announced", async () => {
    const { world } = setUp();
    const told: string[] = [];
    world.events.on("switchAnnounced", ({ bssid, channel }) => {
      told.push(`${bssid} ${world.bss(bssid)?.channel.control} -> ${channel.control}`);
    });
    world.putBss(bss24);
    const moved = { ...bss24, channel: { ...bss24.channel, control: 2412, segments: [2412] } };
    world.putBss(moved, { announced: true });
    world.putBss(moved, { announced: true });
    world.putBss(bss24);
    assert.deepEqual(told, [`${bssid24} 2437 -> 2412`]);
  });

  it("frames between an access point and its stations, not others", async () => {
    const { clock, world } = setUp();
    const frames: string[] = [];
    world.events.on("frameToClient", ({ mac: to, frame }) => frames.push(`to ${to}: ${frame.length}`));
    world.events.on("frameFromClient", ({ bssid, frame }) => frames.push(`for ${bssid}: ${frame.length}`));
    world.putBss(bss24);
    assert.equal(world.sendToClient(bssid24, phone, new Uint8Array(30)), false);
    assert.equal(world.sendFromClient(phone, new Uint8Array(30)), false);
    await clock.advance(500);
    assert.equal(world.sendToClient(bssid24, phone, new Uint8Array(30)), true);
    assert.equal(world.sendFromClient(phone, new Uint8Array(31)), true);
    assert.deepEqual(frames, [`to ${phone}: 30`, `for ${bssid24}: 31`]);
  });
});

describe("a client that is sent somewhere", () => {
  it("walks there at its pace, and stands then", async () => {
    const { clock, world } = setUp();
    world.putBss(bss24);
    await clock.advance(1000);
    const from = world.client(phone)?.place ?? { x: 0, y: 0 };
    const to = { x: from.x + 14, y: from.y };
    assert.equal(world.walkClient(phone, to, 1.4), true);
    assert.deepEqual(world.client(phone)?.walkingTo, to);
    await clock.advance(5000);
    assert.ok(Math.abs((world.client(phone)?.place.x ?? 0) - from.x - 7) < 1e-9);
    await clock.advance(5001);
    assert.deepEqual([world.client(phone)?.place, world.client(phone)?.walkingTo], [to, null]);
    await clock.advance(60_000);
    assert.deepEqual(world.client(phone)?.place, to);
  });

  it("leaves the walk that it was on, and is sent elsewhere on the way", async () => {
    const walk = {
      waypoints: [
        { at: 0, place: { x: 0, y: 0 } },
        { at: 10, place: { x: 10, y: 0 } },
      ],
      repeat: true,
    };
    const { clock, world } = setUp({
      clients: [{ name: "robot", mac: phone, place: { x: 0, y: 0 }, networks: [], walk }],
    });
    assert.equal(world.client(phone)?.walkingTo, null, "round and round ends nowhere");
    await clock.advance(2000);
    world.walkClient(phone, { x: 2, y: 5 }, 1);
    await clock.advance(1000);
    world.walkClient(phone, { x: 2, y: 0 }, 1);
    await clock.advance(30_000);
    assert.deepEqual(world.client(phone)?.place, { x: 2, y: 0 });
  });

  it("is told apart from one that there is not", () => {
    const { world } = setUp();
    assert.equal(world.walkClient(mac("02:00:00:00:00:99"), { x: 0, y: 0 }, 1), false);
  });
});

describe("interferers that come and go", () => {
  it("keep the air busy while they are there, one of a name at a time", () => {
    const { world } = setUp();
    const channel = { band: "2.4G", control: 2437, segments: [2437] } as const;
    const jam = (airtime: number) =>
      world.putInterferer({ name: "jam", place: { x: 0, y: 1 }, band: "2.4G", segments: [2437], power: 20, airtime });
    jam(0.5);
    jam(0.8);
    assert.equal(world.occupancy("gw", channel).busy, 0.8);
    assert.equal(world.removeInterferer("jam"), true);
    assert.equal(world.removeInterferer("jam"), false);
    assert.equal(world.occupancy("gw", channel).busy, 0);
    for (let n = 0; n < 256; n++)
      world.putInterferer({
        name: `${n}`,
        place: { x: 0, y: 1 },
        band: "2.4G",
        segments: [2437],
        power: 20,
        airtime: 0,
      });
    assert.throws(() => jam(0.1), /at most 256 interferers; this would be 257/);
  });
});
