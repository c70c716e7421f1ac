import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { readAudit } from "../../store/audit.ts";
import type { StoredLocation } from "../../store/locations.ts";
import { appliedVersion } from "../../store/read-versions.ts";
import { applyVersion, saveDraft } from "../../store/versions.ts";
import { ApiBench } from "../../testing/api.ts";
import { aDocument, aLocation, alice } from "../../testing/locations.ts";
import { describeEmbedded } from "../../testing/stores.ts";
import type { SimulatedHome, SimulationView } from "../host.ts";
import { SimulationRefusal } from "../simulation-refusal.ts";

const came = "02:00:01:00:00:01";
const view: SimulationView = {
  walls: [],
  bounds: { left: 0, top: 0, right: 10, bottom: 10 },
  walkingSpeed: 1.4,
  cloud: "ok",
  nodes: [],
  clients: [],
};

const aClient: SimulationView["clients"][number] = {
  ...{ mac: came, name: "Ana", place: { x: 0, y: 0, z: 0 }, walkingTo: null, state: "searching", link: null },
  joined: { ssid: "Test", refused: null, refusedAt: null, reaches: null },
};

describeEmbedded("a simulated home at the API", (bench) => {
  let api: ApiBench;
  let home: StoredLocation;
  let real: StoredLocation;
  let token: string;
  let viewer: string;
  let clients: SimulationView["clients"] = [];
  const done: unknown[] = [];
  const note =
    (what: string) =>
    (...args: readonly unknown[]) => {
      done.push([what, ...args]);
    };
  const simulated: SimulatedHome = {
    view: () => ({ ...view, clients }),
    scenarios: () => [],
    walk: note("walk"),
    join: (order) => {
      note("join")(order);
      return { mac: came, hostname: order.name.replaceAll(/[^\w]/g, "") };
    },
    leave: note("leave"),
    setUplink: note("uplink"),
    setCloud: note("cloud"),
    power: note("power"),
    radar() {
      throw new SimulationRefusal("body.channel", "is closed already; wait half an hour");
    },
    jam: note("jam"),
    startFault: (...args) => {
      note("fault")(...args);
      return 7;
    },
    clearFault() {
      throw new SimulationRefusal("path.fault", "is not on");
    },
  };
  before(async () => {
    home = await aLocation(bench.store);
    real = await aLocation(bench.store);
    api = await ApiBench.open(bench.store, { simulation: (id) => (id === home.id ? simulated : undefined) });
    token = await api.token("operator", home.tenant);
    viewer = await api.token("viewer", home.tenant);
  });
  after(() => api?.[Symbol.asyncDispose]());

  const at = (method: string, rest = "") => `${method} /locations/${home.id}/simulation${rest}`;

  it("is told to who may see the home; of another one it is said that it is not simulated", async () => {
    assert.deepEqual((await api.call(at("GET"), { token: viewer })).body, view);
    assert.deepEqual((await api.call(at("GET", "/scenarios"), { token: viewer })).body, { items: [] });
    const owner = await api.token("owner");
    for (const { id } of [home, real]) {
      const { body } = await api.call(`GET /locations/${id}`, { token: owner });
      assert.equal(body.simulated, id === home.id);
    }
    const { status, body } = await api.call(`GET /locations/${real.id}/simulation`, { token: owner });
    assert.deepEqual([status, body.error.code], [404, "not-simulated"]);
    assert.match(body.error.message, /not simulated; 'opensync up' runs one/);
  });

  it("is changed by operators, each deed in the trail with what and why", async () => {
    const mac = "02:00:00:00:01:02";
    const calls = [
      [at("PUT", `/clients/${mac}/walk?why=a%20demo`), { to: { x: 1, y: 2 } }],
      [at("PUT", `/clients/${mac}/walk`), { to: { node: "extender" } }],
      [
        at("POST", "/clients"),
        { name: "Ana", ssid: "Test", passphrase: "a secret of guests", to: { node: "gateway" } },
      ],
      [at("DELETE", "/clients/02:00:01:00:00:01"), undefined],
      [at("PUT", "/nodes/gateway/uplink"), { state: "cable" }],
      [at("PUT", "/cloud"), { state: "down" }],
      [at("POST", "/nodes/gateway/power"), { event: "power-cut" }],
      [at("PUT", "/nodes/gateway/radios/wifi0/jam"), { channel: 6 }],
      [at("DELETE", "/nodes/gateway/radios/wifi0/jam"), undefined],
      [at("POST", "/nodes/gateway/faults"), { scenario: "acl-limit", values: { entries: "8" } }],
    ] as const;
    for (const [call, body] of calls) {
      const parts = body === undefined ? {} : { body };
      assert.equal((await api.call(call, { token: viewer, ...parts })).status, 403, call);
      const { status, body: answer } = await api.call(call, { token, ...parts });
      const expected = call.endsWith("/faults") ? 200 : call.endsWith("/clients") ? 201 : 204;
      assert.equal(status, expected, `${call}: ${JSON.stringify(answer)}`);
      if (call.endsWith("/clients")) assert.deepEqual(answer, { mac: "02:00:01:00:00:01" });
      if (call.endsWith("/faults")) assert.deepEqual(answer, { id: 7 });
    }
    assert.deepEqual(done, [
      ["walk", mac, { x: 1, y: 2 }],
      ["walk", mac, { node: "extender" }],
      ["join", { name: "Ana", ssid: "Test", passphrase: "a secret of guests", to: { node: "gateway" } }],
      ["leave", "02:00:01:00:00:01"],
      ["uplink", "gateway", "cable"],
      ["cloud", "down"],
      ["power", "gateway", "power-cut"],
      ["jam", "gateway", "wifi0", { channel: 6, airtimePercent: 90 }],
      ["jam", "gateway", "wifi0", null],
      ["fault", "gateway", { scenario: "acl-limit", values: { entries: "8" } }],
    ]);
    const trail = await readAudit(bench.store, { location: home.id });
    const told = trail
      .filter(({ action }) => action.startsWith("simulation."))
      .map((each) => [each.action, each.target]);
    assert.deepEqual(told.toReversed(), [
      ["simulation.walk", `client ${mac}`],
      ["simulation.walk", `client ${mac}`],
      ["simulation.join", "'Ana' on 'Test'"],
      ["simulation.leave", "client 02:00:01:00:00:01"],
      ["simulation.uplink", "node 'gateway': cable"],
      ["simulation.cloud", "down"],
      ["simulation.power-cut", "node 'gateway'"],
      ["simulation.jam", "node 'gateway', wifi0, channel 6, 90 %"],
      ["simulation.jam-end", "node 'gateway', wifi0"],
      ["simulation.fault", "node 'gateway', acl-limit"],
    ]);
    assert.ok(trail.some(({ by }) => by.why === "a demo"));
    assert.ok(!JSON.stringify([trail, api.logged]).includes("a secret of guests"));
  });

  it("keeps the name of who comes for people, where a host name cannot say it, as long as it is there", async () => {
    const nicknames = async () =>
      ((await appliedVersion(bench.store, home.id))?.document.devices ?? []).map(({ nickname }) => nickname);
    const join = (name: string) => {
      const body = { name, ssid: "Test", passphrase: "a secret of guests", to: { node: "gateway" } };
      return api.call(at("POST", "/clients"), { token, body });
    };
    assert.equal((await join("Bob's phone")).status, 201, "without a document that could have it");
    await saveDraft(bench.store, home.id, aDocument(), { basedOn: 0 }, alice);
    await applyVersion(bench.store, home.id, 1, alice);
    await join("Ana");
    assert.deepEqual(await nicknames(), [], "the host name says it");
    await join("Bob's phone");
    assert.deepEqual(await nicknames(), ["Bob's phone"]);
    clients = [{ ...aClient, mac: came, name: "Bob's phone" }];
    await api.call(at("DELETE", `/clients/${came.toUpperCase()}`), { token });
    assert.deepEqual(await nicknames(), []);
  });

  it("refuses with field and reason, and writes nothing down then", async () => {
    const before = (await readAudit(bench.store, { location: home.id })).length;
    const cases = [
      ["POST", "/nodes/gateway/radios/wifi1/radar", { channel: 52 }, 422, "body.channel", /^is closed already/],
      ["DELETE", "/nodes/gateway/faults/9", undefined, 404, "path.fault", /^is not on$/],
      ["PUT", "/clients/02:00:00:00:01:02/walk", { to: { x: "1", y: 2 } }, 400, "body.to", /^is no place; give/],
      [
        ...([
          "POST",
          "/clients",
          { name: "Ana", ssid: "Test", passphrase: "short", to: { node: "gateway" } },
          400,
        ] as const),
        ...(["body.passphrase", /^is not usable; a passphrase has 8 to 63/] as const),
      ],
      [
        ...([
          "POST",
          "/clients",
          { name: "A\n", ssid: "Test", passphrase: "long enough", to: { x: 1, y: 1 } },
          400,
        ] as const),
        ...(["body.name", /^has characters that are none of a name/] as const),
      ],
      ["PUT", "/cloud", { state: "away" }, 400, "body.state", /^is no state; use ok or down$/],
      ["PUT", "/nodes/gateway/radios/wifi1/jam", { channel: 0 }, 400, "body.channel", /^is no channel number$/],
    ] as const;
    for (const [method, path, body, expected, field, reason] of cases) {
      const parts = body === undefined ? {} : { body };
      const { status, body: answer } = await api.call(at(method, path), { token, ...parts });
      assert.equal(status, expected, JSON.stringify(answer));
      assert.equal(answer.error.fields[0].path, field);
      assert.match(answer.error.fields[0].reason, reason);
    }
    assert.equal((await readAudit(bench.store, { location: home.id })).length, before);
  });
});
