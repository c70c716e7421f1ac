import assert from "node:assert/strict";
import { it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { readAudit } from "../../store/audit.ts";
import { getSetting, setSetting } from "../../store/settings.ts";
import { aLocation, alice } from "../../testing/locations.ts";
import { describeStores } from "../../testing/stores.ts";
import { enforceSeconds } from "../move-columns.ts";
import { defaultProfiles } from "../profiles.ts";
import { FakeHome, homeDocument, minute } from "../testing/fake-home.ts";
import { newClient } from "./known-client.ts";
import { saveSteering } from "./steering-store.ts";

const tv = mac("fc:f1:52:00:00:01");
const day = 86_400_000;
const capabilities = {
  ...{ btm: true, rrm: true, maxWidth: 2, maxStreams: 2, phyMode: 0, maxMcs: 9, maxTxPowerDbm: 20 },
  ...{ staticSmps: false, muMimo: false, band2G: true, band5G: true, band6G: false },
  ...{ rrmLinkMeasurement: false, rrmNeighborReport: false, rrmBeaconPassive: false, rrmBeaconActive: true },
  ...{ rrmBeaconTable: false, rrmLciMeasurement: false, rrmFtmRange: false },
};
const television = { hostname: "samsungtv-1", vendor_class: "", fingerprint: "" };
const stuck = { node: "gw", band: "2.4G", snrDb: 38 } as const;

/** A television that has stayed where it is for days, on a band that is nearly full. */
async function stuckHome(store: FakeStore, options: ConstructorParameters<typeof FakeHome>[2] = {}): Promise<FakeHome> {
  const { id } = await aLocation(store);
  const home = new FakeHome(store, id, options);
  const now = home.clock.wallTime();
  const days = [1, 2, 3, 4].map((ago) => ({
    ...{ day: new Date(now - ago * day).toISOString().slice(0, 10), verdict: "static" as const },
    ...{ heardMinutes: 1400, moving: 0, spreadDb: 2, wanderings: 0 },
  }));
  const client = { ...newClient(tv, now - day, defaultProfiles), history: { days, today: null } };
  const night = new Date(now).toISOString().slice(0, 10);
  const changes = { changed: [{ client, observation: null }], forgotten: [], state: { clients: [] }, nodes: [], night };
  await store.run("seed", (transaction) => saveSteering(transaction, id, changes, new Date(now)));
  home.busy = (_, band) => (band === "2.4G" ? 92 : 10);
  home.put(tv, stuck);
  await home.start();
  home.lease(tv, television);
  home.happens("gw", "2.4G", tv, { offsetMs: 0, type: "CLIENT_CAPABILITIES", capabilities });
  return home;
}

type FakeStore = ConstructorParameters<typeof FakeHome>[0];

const moving = (home: FakeHome) => home.steering.answers.classOf(tv)?.moving ?? null;

describeStores("steering of a location", (bench) => {
  it("moves a static client off a full band, sees that it is better off, and the journal plays again to the same", async () => {
    const home = await stuckHome(bench.store);
    assert.equal(home.steering.answers.classOf(tv)?.mobility.verdict, "static");
    home.obedient.set(tv, 31);
    await home.pass(12);
    assert.equal(home.steering.answers.classOf(tv)?.class, "tv");
    assert.deepEqual(home.clients.get(tv)?.band, "5G");
    assert.equal(moving(home), null, "its five minutes are over");
    await home.pass(22);
    const entries = await home.steering.answers.journal({ client: tv });
    assert.deepEqual(
      entries.map(({ entry }) => entry.decisions.map(({ kind }) => kind)),
      [["outcome", "stay"], ["move"]],
    );
    assert.match(entries[0]?.text ?? "", /gw 2\.4G .* to gw 5G .*: better/);
    assert.deepEqual(await home.steering.answers.replay(), { played: 2, faults: [] });
    const end = home.clock.wallTime();
    const figures = await home.steering.answers.indicators(end - day, end);
    assert.equal(figures.moves, 1);
    assert.deepEqual(
      [figures.success, figures.pingPong],
      [
        { of: 1, share: 1 },
        { of: 1, share: 0 },
      ],
    );
    assert.ok((figures.convergenceMs?.median ?? minute) < 10_000);
    // Nothing is left of it on the nodes.
    assert.deepEqual([home.row("gw", tv)?.cs_mode, home.row("gw", tv)?.force_kick], ["off", "none"]);
    assert.match(home.steering.answers.explain(tv), /stays: resting after the last move[\s\S]*class: tv/);
    await home.steering.stop();
  });

  it("tells who asks of the place that nodes' tables show at that moment, not of the one before", async () => {
    const home = await stuckHome(bench.store);
    await home.pass(2);
    const spots = async () => {
      const account = await home.steering.answers.account(tv);
      const present = account?.candidates.find(({ isPresent }) => isPresent);
      return {
        on: account?.on.map(({ node, band }) => `${node} ${band}`),
        present: `${present?.node} ${present?.band}`,
      };
    };
    assert.deepEqual(await spots(), { on: ["gw 2.4G"], present: "gw 2.4G" });
    // No time passes: the loop gathers news of tables only so often.
    home.put(tv, { node: "gw", band: "5G", snrDb: 31 });
    assert.deepEqual(await spots(), { on: ["gw 5G"], present: "gw 5G" });
    await home.steering.stop();
  });

  it("goes on where it was when the cloud is restarted in the middle of a move", async () => {
    const home = await stuckHome(bench.store);
    for (let count = 0; count < 12 && !moving(home); count++) await home.pass(1);
    const move = moving(home);
    assert.ok(move);
    await home.clock.advance(1000);
    assert.equal(home.row("gw", tv)?.force_kick, "directed");
    const writes = home.tables("gw").writes;
    await home.restart(20_000);
    assert.deepEqual(moving(home), move);
    assert.equal(home.tables("gw").writes, writes, "what was asked for is still asked for, and nothing else");
    home.put(tv, { node: "gw", band: "5G", snrDb: 31 });
    await home.pass(10);
    const [last] = await home.steering.answers.journal();
    assert.match(last?.text ?? "", /: better \(/);
    assert.equal(moving(home), null);
    assert.deepEqual((await home.steering.answers.replay()).faults, []);
    await home.steering.stop();
  });

  it("asks nobody while the store is away, and does so when it is back", async () => {
    const store = bench.store;
    const home = await stuckHome(store);
    const run = store.run.bind(store);
    store.run = async () => {
      throw Object.assign(new Error("the store cannot do that now"), { name: "StoreUnavailable" });
    };
    try {
      await home.pass(12);
      assert.equal(moving(home), null);
      assert.equal(home.row("gw", tv)?.cs_mode, "off");
    } finally {
      store.run = run;
    }
    const warned = home.log.records().filter(({ severity }) => severity === "WARNING");
    assert.ok(warned.length > 0 && warned.length <= 12);
    await home.pass(2);
    assert.ok(moving(home));
    await home.steering.stop();
  });

  it("only recommends where that is the mode, now and then, and takes away what it has written when it is switched off", async () => {
    const home = await stuckHome(bench.store, { mode: "recommend" });
    await home.pass(25);
    const entries = await home.steering.answers.journal();
    assert.deepEqual([entries.length, entries[0]?.mode], [1, "recommend"]);
    assert.deepEqual((await home.steering.answers.replay()).faults, []);
    assert.equal(home.row("gw", tv)?.cs_mode, "off");
    assert.equal(
      home.row("gw", tv)?.lwm,
      defaultProfiles.get("tv")?.severalNodes.lwm ?? defaultProfiles.get("tv")?.columns.lwm,
    );
    const now = home.clock.wallTime();
    assert.equal((await home.steering.answers.indicators(now - day, now)).moves, 0);
    await home.steering.configure({ mode: "off" }, alice);
    await home.pass(1);
    assert.equal(home.tables("gw").reader("Band_Steering_Clients").size, 0);
    assert.equal(home.tables("gw").reader("Band_Steering_Config").size, 0);
    // From now on the tables are the node's own.
    await home.pass(1);
    assert.equal(home.steering.steering("gw"), undefined);
    assert.deepEqual(await getSetting(bench.store, home.steering.location, "steering"), { mode: "off" });
    const trail = await readAudit(bench.store, { actor: alice.actor });
    assert.ok(
      trail.some(({ action, target }) => action === "setting.set" && target?.startsWith(home.steering.location)),
    );
    await home.restart();
    assert.equal(home.steering.mode, "off");
    assert.equal(home.steering.steering("gw"), undefined);
    await home.steering.stop();
  });

  it("is off where its setting is none, and says why", async () => {
    const home = await stuckHome(bench.store);
    await home.steering.stop();
    await setSetting(bench.store, home.steering.location, "steering", { mode: "maybe" }, alice);
    await home.restart();
    assert.equal(home.steering.mode, "off");
    assert.ok(
      home.log
        .records()
        .some(({ text }) => /steering\.mode: is none of on, recommend, off; steering is off/.test(text)),
    );
    await assert.rejects(home.steering.configure({ mode: "maybe" as "on" }, alice), /steering\.mode/);
    await home.steering.stop();
  });

  it("forgets failures when it is told to", async () => {
    const home = await stuckHome(bench.store);
    await home.pass(15);
    assert.equal(home.steering.answers.classOf(tv)?.failures, 1, "it did not go");
    const { notBefore = 0 } = home.steering.answers.classOf(tv) ?? {};
    assert.ok(notBefore > home.clock.wallTime());
    await home.steering.resetBackoff(tv, alice);
    assert.deepEqual(
      [home.steering.answers.classOf(tv)?.failures, home.steering.answers.classOf(tv)?.notBefore],
      [0, 0],
    );
    const [entry] = await readAudit(bench.store, { location: home.steering.location });
    assert.deepEqual([entry?.action, entry?.target], ["steering.reset", `client ${tv}`]);
    await home.pass(1);
    assert.ok(moving(home), "it is asked again at once");
    await home.steering.stop();
  });

  it("writes to no node after a restart where nothing has changed, however long it was away", async () => {
    const home = await stuckHome(bench.store, { mode: "recommend" });
    await home.pass(5);
    const writes = ["gw", "ext"].map((node) => home.tables(node as "gw").writes);
    // One node is slower to come back than the other.
    home.away.add("ext");
    await home.restart(2 * day);
    await home.pass(3);
    home.away.delete("ext");
    home.steering.rowsChanged("ext");
    await home.pass(3);
    assert.deepEqual(
      ["gw", "ext"].map((node) => home.tables(node as "gw").writes),
      writes,
    );
    await home.steering.stop();
  });

  it("does nothing while no node is connected", async () => {
    const home = await stuckHome(bench.store);
    await home.pass(2);
    for (const node of ["gw", "ext"] as const) {
      home.away.add(node);
      home.mute.add(node);
      home.steering.rowsChanged(node);
    }
    await home.pass(2);
    const run = bench.store.run.bind(bench.store);
    let operations = 0;
    bench.store.run = (...args) => {
      operations++;
      return run(...args);
    };
    await home.pass(60);
    bench.store.run = run;
    assert.equal(operations, 0);
    await home.steering.stop();
  });

  it("knows the time of nodes that do not", async () => {
    const home = await stuckHome(bench.store);
    home.skew = -40 * 365 * day;
    home.obedient.set(tv, 31);
    await home.pass(12);
    assert.equal(home.clients.get(tv)?.band, "5G");
    await home.steering.stop();
  });
});

describeStores("policies of the document", (bench) => {
  const policy = (action: object, more: object = {}) => ({
    policies: [{ id: "one", scope: { kind: "device", mac: tv }, action, ...more }],
  });

  it("a device is held to 2.4 GHz for as long as its owner says, and then is free", async () => {
    const home = await stuckHome(bench.store, { mode: "recommend" });
    home.put(tv, { node: "gw", band: "5G", snrDb: 31 });
    await home.pass(2);
    const until = new Date(home.clock.wallTime() + 30 * minute).toISOString();
    const action = { kind: "band", prefer: "2.4G", only: true };
    home.home = homeDocument(policy(action, { schedule: { kind: "until", instant: until } }));
    for (const node of ["gw", "ext"] as const) home.bring(node);
    await home.pass(1);
    const [here, there] = [home.row("gw", tv), home.row("ext", tv)];
    assert.deepEqual([here?.cs_mode, here?.force_kick, here?.pref_5g], ["home", "directed", "never"]);
    assert.deepEqual([there?.cs_mode, there?.force_kick], ["home", "none"]);
    const params = here?.cs_params as Map<string, string>;
    assert.equal(params.get("band"), "2.4G");
    const seconds = Number(params.get("cs_enforce_period"));
    assert.ok(seconds > enforceSeconds && seconds <= 1800, `${seconds} s`);
    assert.deepEqual(home.steering.answers.classOf(tv)?.band, { prefer: "2.4G", only: true, until: Date.parse(until) });
    const writes = home.tables("gw").writes;
    home.put(tv, stuck);
    await home.pass(20);
    assert.ok(home.tables("gw").writes - writes <= 2, "time that passes is no reason to write");
    await home.pass(12);
    assert.deepEqual([home.row("gw", tv)?.cs_mode, home.row("ext", tv)?.cs_mode], ["off", "off"]);
    assert.equal(home.steering.answers.classOf(tv)?.band, null);
    await home.steering.stop();
  });

  it("a profile, by the device, by a policy for it, and one that there is not", async () => {
    const home = await stuckHome(bench.store, { mode: "recommend" });
    home.home = homeDocument({ devices: [{ mac: tv, profile: "voip-handset" }] });
    await home.pass(1);
    assert.equal(home.steering.answers.classOf(tv)?.profile, "voip-handset");
    assert.equal(home.row("gw", tv)?.bottom_lwm, defaultProfiles.get("voip-handset")?.columns.bottom_lwm);
    home.home = homeDocument({
      ...policy({ kind: "profile", profile: "laptop" }),
      devices: [{ mac: tv, profile: "voip-handset" }],
    });
    assert.equal(home.steering.answers.classOf(tv)?.profile, "laptop");
    home.home = homeDocument(policy({ kind: "profile", profile: "toaster" }));
    const refusals = home.steering.steering("gw")?.refusals ?? [];
    assert.equal(refusals.length, 1);
    assert.equal(refusals[0]?.stated, "policies[0]");
    assert.match(refusals[0]?.reason ?? "", /^there is no profile 'toaster'.*known: doorbell-camera/);
    assert.equal(home.steering.answers.classOf(tv)?.profile, "tv");
    await home.steering.stop();
  });

  it("reach clients by their network, and by the zone of their key also while they are away", async () => {
    const home = await stuckHome(bench.store, { mode: "recommend" });
    const scope = { kind: "zone", zone: "guest" };
    const keys = [{ id: "key", psk: "the family's key", zone: "guest" }];
    home.home = homeDocument({
      networks: [{ ssid: "Home", security: { mode: "wpa2", keys } }],
      policies: [{ id: "one", scope, action: { kind: "unsteered" } }],
    });
    await home.pass(1);
    assert.equal(home.steering.answers.classOf(tv)?.unsteered, true);
    assert.equal(home.row("gw", tv), undefined);
    home.put(tv, null);
    await home.pass(2);
    assert.equal(home.row("gw", tv), undefined);
    await home.restart();
    await home.pass(2);
    assert.equal(home.row("gw", tv), undefined);
    assert.match(home.steering.answers.explain(tv), /steered by nobody/);
    await home.steering.stop();
  });

  it("a band that the client does not know is no wish", async () => {
    const home = await stuckHome(bench.store, { mode: "recommend" });
    await home.pass(2);
    home.home = homeDocument(policy({ kind: "band", prefer: "6G", only: true }));
    await home.pass(1);
    assert.deepEqual([home.row("gw", tv)?.cs_mode, home.row("gw", tv)?.pref_6g], ["off", "never"]);
    await home.steering.stop();
  });
});
