import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import type { BeaconRequest } from "./beacon-measurement.ts";
import type { ClientSpec } from "./spec.ts";
import { laptop, setUp, triBand } from "./testing/home.ts";
import type { TransitionRequest } from "./transition.ts";

const [gw24, gw50] = triBand("gw", 0);
const [, ext50] = triBand("ext", 1);
const address = mac(laptop.mac);

const toExtender: TransitionRequest = {
  token: 9,
  candidates: [{ bssid: ext50.bssid, preference: 255 }],
  abridged: true,
  disassociationImminent: false,
};

/** The client on the gateway's 5 GHz, with an extender ten metres away. */
async function joined(spec: Partial<ClientSpec>, bsses: readonly Bss[] = [gw50, ext50]) {
  const all = setUp({ clients: [{ ...laptop, ...spec }] });
  all.world.addSite("ext", { x: 10, y: 0 });
  const [first, ...others] = bsses;
  if (first) all.world.putBss(first);
  await all.clock.advance(5000);
  for (const bss of others) all.world.putBss(bss);
  assert.equal(all.world.client(address)?.association?.bssid, first?.bssid);
  const service = () => {
    const [client] = all.world.snapshot().clients;
    assert.ok(client);
    return client.service;
  };
  return { ...all, service, at: () => all.world.client(address)?.association?.bssid ?? null };
}

describe("a client asked to move", () => {
  it("answers, goes, and is back in service after the time of a full handshake", async () => {
    const { clock, world, messages, at, service } = await joined({ transition: {}, joining: { full: [100, 100] } });
    const before = service();
    assert.equal(world.requestTransition(gw50.bssid, address, toExtender), true);
    await clock.advance(2000);
    assert.deepEqual(messages, [
      {
        kind: "transition answer",
        answer: { token: 9, status: 0, target: ext50.bssid, candidates: [] },
      },
    ]);
    assert.equal(at(), ext50.bssid);
    const { time, roams, fastRoams, transitions } = service();
    assert.ok(Math.abs(time.interrupted - before.time.interrupted - 100) < 1e-6);
    assert.deepEqual([roams, fastRoams, time.outage], [1, 0, 0]);
    assert.deepEqual([transitions.asked, transitions.accepted, transitions.moved], [1, 1, 1]);
  });

  it("goes faster within a mobility domain, where both have fast transition", async () => {
    const security = { akms: ["ft_psk", "psk"], pairwise: ["ccmp"], pmf: "optional" } as const;
    const inDomain = (bss: Bss, mobilityDomain: number): Bss => ({ ...bss, security, mobilityDomain });
    const domain = [inDomain(gw50, 0x1234), inDomain(ext50, 0x1234)];
    const spec: Partial<ClientSpec> = {
      transition: {},
      fastTransition: true,
      joining: { full: [200, 200], fast: [20, 20] },
    };
    const interruption = async (bsses: readonly Bss[], more: Partial<ClientSpec> = {}) => {
      const { clock, world, service } = await joined({ ...spec, ...more }, bsses);
      world.requestTransition(gw50.bssid, address, toExtender);
      await clock.advance(2000);
      const { fastRoams, time, roams } = service();
      assert.equal(roams, 1);
      return [fastRoams, Math.round(time.interrupted)];
    };
    assert.deepEqual(await interruption(domain), [1, 20]);
    assert.deepEqual(await interruption(domain, { fastTransition: false }), [0, 200]);
    assert.deepEqual(await interruption([inDomain(gw50, 0x1234), inDomain(ext50, 0x4321)]), [0, 200]);
    assert.deepEqual(await interruption([gw50, ext50]), [0, 200]);
  });

  it("that says yes and stays is counted as such", async () => {
    const { clock, world, at, service } = await joined({ transition: { stays: 1 } });
    world.requestTransition(gw50.bssid, address, toExtender);
    await clock.advance(20_000);
    assert.equal(at(), gw50.bssid);
    assert.deepEqual([service().transitions.accepted, service().transitions.stayed], [1, 1]);
  });

  it("that says yes and is refused there comes back to service, and ends where it is let in", async () => {
    const { clock, world, events, at, service } = await joined({ transition: {} }, [gw50, ext50, gw24]);
    world.putBss({ ...ext50, acl: { policy: "deny", macs: [address] } });
    world.requestTransition(gw50.bssid, address, toExtender);
    await clock.advance(20_000);
    assert.equal(at(), gw50.bssid);
    assert.ok(events.includes(`laptop ! ${ext50.bssid} acl`));
    assert.deepEqual([service().refused, service().transitions.stayed], [1, 1]);
  });

  it("of no 802.11v says nothing, whatever it is asked", async () => {
    const { clock, world, messages, service } = await joined({});
    assert.equal(world.requestTransition(gw50.bssid, address, toExtender), true);
    await clock.advance(20_000);
    assert.deepEqual([messages.length, service().transitions.ignored], [0, 1]);
  });

  it("answers the last of several requests, and none once it has left", async () => {
    const { clock, world, messages, service } = await joined({ transition: { delay: [500, 500], accept: 0 } });
    for (const token of [1, 2, 3]) world.requestTransition(gw50.bssid, address, { ...toExtender, token });
    await clock.advance(600);
    assert.deepEqual(
      messages.map((message) => message.kind === "transition answer" && message.answer.token),
      [3],
    );
    world.requestTransition(gw50.bssid, address, toExtender);
    world.deauthenticate(gw50.bssid, address);
    await clock.advance(5000);
    assert.equal(messages.length, 1);
    assert.deepEqual([service().transitions.asked, service().transitions.lapsed], [4, 3]);
  });

  it("hears it late while it sleeps, at once while it has traffic", async () => {
    const delay = async (traffic: ClientSpec["traffic"]) => {
      const { clock, world, messages } = await joined({
        transition: { delay: [1, 1] },
        sleep: { interval: 30_000 },
        ...(traffic ? { traffic } : {}),
      });
      world.requestTransition(gw50.bssid, address, toExtender);
      const since = clock.now();
      await clock.runUntil(() => messages.length > 0, 31_000);
      return clock.now() - since;
    };
    assert.ok((await delay("none")) > 100);
    assert.equal(await delay({ down: 1, up: 1, burst: 10, silence: 0 }), 1);
  });

  it("is no station of others: nobody else's request reaches it", async () => {
    const { world } = await joined({ transition: {} });
    assert.equal(world.requestTransition(ext50.bssid, address, toExtender), false);
    assert.equal(world.requestTransition(gw50.bssid, mac("02:00:00:00:00:99"), toExtender), false);
  });
});

describe("a client asked what it hears", () => {
  const request: BeaconRequest = {
    token: 4,
    mode: "active",
    band: "5G",
    controls: null,
    bssid: null,
    ssid: "home",
    duration: 20,
  };

  it("reports the BSSs by how strongly they arrive, its own among them", async () => {
    const { clock, world, messages } = await joined({ measurement: {} }, [gw50, ext50, gw24]);
    assert.equal(world.requestBeaconReport(gw50.bssid, address, request), true);
    await clock.advance(2000);
    const [message] = messages;
    assert.ok(message?.kind === "beacon report" && message.answer.outcome === "measured");
    assert.deepEqual(
      message.answer.bsses.map(({ bssid }) => bssid),
      [gw50.bssid, ext50.bssid],
    );
    const own = world.snapshot().clients[0]?.link?.rssi ?? 0;
    assert.equal(message.answer.bsses[0]?.rcpi, Math.round(2 * (own + 110)));
  });

  it("in table mode tells what it heard when it last looked around", async () => {
    const { clock, world, messages } = await joined({ measurement: {} });
    await clock.advance(1000);
    world.requestBeaconReport(gw50.bssid, address, { ...request, mode: "table" });
    await clock.advance(1000);
    const [message] = messages;
    assert.ok(message?.kind === "beacon report");
    assert.deepEqual(
      message.answer.bsses.map(({ bssid }) => bssid),
      [gw50.bssid],
      "the extender came later",
    );
    assert.ok((message.answer.bsses[0]?.at ?? Infinity) < 1000);
  });

  it("refuses a mode that it lacks, and what is beyond its bound; without 802.11k it says nothing", async () => {
    const lacking = await joined({ measurement: { modes: ["passive"] } });
    lacking.world.requestBeaconReport(gw50.bssid, address, request);
    await lacking.clock.advance(2000);
    const outcomes = (messages: typeof lacking.messages) =>
      messages.map((message) => message.kind === "beacon report" && message.answer.outcome);
    assert.deepEqual(outcomes(lacking.messages), ["incapable"]);
    const flooded = await joined({ measurement: {} });
    for (let n = 0; n < 100; n++) flooded.world.requestBeaconReport(gw50.bssid, address, request);
    await flooded.clock.advance(5000);
    assert.deepEqual(outcomes(flooded.messages).toSorted(), [
      ...Array.from({ length: 4 }, () => "measured"),
      ...Array.from({ length: 4 }, () => "refused"),
    ]);
    const deaf = await joined({});
    deaf.world.requestBeaconReport(gw50.bssid, address, request);
    await deaf.clock.advance(5000);
    assert.deepEqual(deaf.messages, []);
  });
});

describe("a client of its own accord", () => {
  it("asks for neighbours when it has come, and finds its way faster once told", async () => {
    const { clock, world, messages, service } = await joined({
      measurement: { asksNeighbors: true },
      joining: { scan: [2000, 2000], full: [100, 100] },
    });
    assert.deepEqual(messages, [{ kind: "neighbor request", token: 1, ssid: "home" }]);
    const outage = async () => {
      const before = service().time.outage;
      world.deauthenticate(world.client(address)?.association?.bssid ?? gw50.bssid, address);
      await clock.advance(10_000);
      return Math.round(service().time.outage - before);
    };
    assert.equal(await outage(), 2100);
    const at = world.client(address)?.association?.bssid;
    assert.ok(at && world.tellNeighbors(at, address, [ext50.bssid]));
    assert.equal(await outage(), 700);
  });

  it("asks where to go when its link is weak, not more often than it looks around", async () => {
    const { clock, messages } = await joined(
      { place: { x: 55, y: 0 }, transition: { queries: true }, habits: { scanInterval: 20 } },
      [gw50],
    );
    await clock.advance(120_000);
    const queries = messages.filter(({ kind }) => kind === "transition query");
    assert.ok(queries.length >= 1 && queries.length <= 6, String(queries.length));
  });

  it("probes as often as its kind does: without a link, with one, by name or for any", async () => {
    const probes = async (spec: Partial<ClientSpec>, bsses: readonly Bss[]) => {
      const { clock, world } = setUp({ clients: [{ ...laptop, ...spec }] });
      const names: string[] = [];
      world.events.on("probed", ({ ssid }) => names.push(ssid));
      for (const bss of bsses) world.putBss(bss);
      await clock.advance(600_000);
      return names;
    };
    const often = { probing: { unassociated: 20, associated: 60 } };
    assert.equal((await probes({}, [])).length, 1);
    const searching = await probes(often, []);
    assert.ok(searching.length > 25 && searching.length < 35, String(searching.length));
    const linked = await probes(often, [gw50]);
    assert.ok(linked.length >= 9 && linked.length <= 12, String(linked.length));
    assert.ok(linked.every((ssid) => ssid === ""));
    const directed = await probes({ probing: { ...often.probing, directed: true } }, []);
    assert.deepEqual([...new Set(directed)], ["home"]);
  });

  it("knocks as often as its kind does at a BSS that blocks it, then goes elsewhere", async () => {
    const { clock, world, events } = setUp({
      clients: [{ ...laptop, joining: { attempts: 3, retryPause: [100, 100] } }],
    });
    const blocked: Bss = { ...gw50, admits: () => false };
    world.putBss(blocked);
    world.putBss(gw24);
    await clock.advance(3000);
    assert.deepEqual(events, [
      ...Array.from({ length: 3 }, () => [`laptop ? ${gw50.bssid}`, `laptop ! ${gw50.bssid} blocked`]).flat(),
      `laptop ? ${gw24.bssid}`,
      `laptop + ${gw24.bssid}`,
    ]);
  });

  it("holds on to a weak link, or leaves it early", async () => {
    const stay = async (habits: ClientSpec["habits"]) => {
      const waypoints = [
        { at: 0, place: { x: 1, y: 0 } },
        { at: 5, place: { x: 1, y: 0 } },
        { at: 60, place: { x: 29, y: 0 } },
      ];
      const { clock, world, events } = setUp({
        clients: [{ ...laptop, walk: { waypoints }, ...(habits ? { habits } : {}) }],
      });
      world.addSite("ext", { x: 30, y: 0 });
      world.putBss(gw50);
      world.putBss(ext50);
      await clock
        .runUntil(() => events.at(-1) === `laptop + ${ext50.bssid}` || clock.now() > 900_000, 1e6)
        .catch(() => {});
      return events.at(-1) === `laptop + ${ext50.bssid}` ? clock.now() : Number.POSITIVE_INFINITY;
    };
    const eager = await stay({ roamBelow: -50, roamHysteresis: 3, scanInterval: 5 });
    const usual = await stay({ roamBelow: -65 });
    const sticky = await stay({ roamBelow: -65, stickiness: 1 });
    assert.ok(eager < usual, `${eager} ${usual}`);
    assert.equal(sticky, Number.POSITIVE_INFINITY);
  });
});
