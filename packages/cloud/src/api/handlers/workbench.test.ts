import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { NodeWire } from "../../node-wire.ts";
import { readAudit } from "../../store/audit.ts";
import type { DoneDeed } from "../../store/deed.ts";
import type { StoredLocation } from "../../store/locations.ts";
import { ApiBench } from "../../testing/api.ts";
import { aLocation } from "../../testing/locations.ts";
import { describeEmbedded } from "../../testing/stores.ts";
import { type WiredNode, wiredNode } from "../../testing/wired-node.ts";
import { Workbench } from "../../workbench/workbench.ts";
import type { LiveLocation } from "../host.ts";

describeEmbedded("the workbench of the API", (bench) => {
  let api: ApiBench;
  let wired: WiredNode;
  let workbench: Workbench;
  let home: StoredLocation;
  let viewer: string;
  let admin: string;
  let isRefusing: NodeWire | undefined;
  before(async () => {
    wired = await wiredNode();
    workbench = new Workbench({ clock: wired.cloud.clock });
    api = await ApiBench.open(bench.store, { workbench });
    home = await aLocation(bench.store);
    viewer = await api.token("viewer", home.tenant);
    admin = await api.token("admin", home.tenant);
    const { location } = wired.cloud;
    const live: LiveLocation = {
      ...{ id: home.id, tenant: home.tenant, version: 1, settled: true },
      get nodes() {
        return location.nodes;
      },
      home: location.home,
      session: (node) => {
        const session = location.session(node);
        return session && isRefusing ? { tables: session.tables, wire: isRefusing, wouldRepair: () => [] } : session;
      },
      node: (node) => location.node(node),
      description: (node) => location.description(node),
      look: () => location.look(),
      given: (node) => location.given(node),
      handWritten: (node, writes) => location.handWritten(node, writes),
      wouldWrite: (node, document) => location.wouldWrite(node, document),
    };
    api.locations.set(home.id, live);
  });
  after(async () => {
    workbench?.stop();
    await api?.[Symbol.asyncDispose]();
  });

  const at = (rest: string, node = "gateway") => `/locations/${home.id}/nodes/${node}/tables${rest}`;
  const table = async (name: string, query = "") =>
    (await api.call(`GET ${at(`/${name}${query}`)}`, { token: viewer })).body;
  const radio = async () => (await table("Wifi_Radio_Config")).rows[0];
  const edit = async (uuid: string, body: object, name = "Wifi_Radio_Config") =>
    api.call(`POST ${at(`/${name}/rows/${uuid}`)}?why=a+test`, { token: admin, body });

  it("lists the tables of a node's schema, those that are mirrored with their rows", async () => {
    const { body } = await api.call(`GET ${at("")}`, { token: viewer });
    const of = (name: string) => body.items.find((item: { name: string }) => item.name === name);
    assert.deepEqual(of("Wifi_Radio_Config"), { name: "Wifi_Radio_Config", mirrored: true, rows: 3 });
    assert.deepEqual(of("SSL"), { name: "SSL", mirrored: false, rows: null });
    assert.equal((await api.call(`GET ${at("", "nobody")}`, { token: viewer })).status, 404);
    assert.equal((await api.call(`GET ${at("/no-name")}`, { token: viewer })).status, 400);
    assert.equal((await api.call(`GET ${at("/Nonsense")}`, { token: viewer })).status, 404);
  });

  it("shows a table with its columns and rows, and no rows to who has them", async () => {
    const answer = await table("Wifi_VIF_Config");
    assert.equal(answer.rows.length, 3);
    const column = answer.columns.find((each: { name: string }) => each.name === "wpa_psks");
    assert.deepEqual([column.shape, column.type, column.secret, column.mutable], ["map", "string", true, true]);
    assert.doesNotMatch(JSON.stringify(answer), /correct horse|family/);
    const again = await table("Wifi_VIF_Config", `?seen=${answer.revision}`);
    assert.deepEqual([again.rows, again.revision], [null, answer.revision]);
  });

  it("tells in a dry run what would be done, and does it then, as the trail says", async () => {
    const { uuid, cells } = await radio();
    const body = { set: { tx_power: 9 }, guard: { tx_power: cells.tx_power } };
    const deeds: DoneDeed[] = [];
    const stop = bench.store.deeds.on("done", (deed) => deeds.push(deed));
    const dry = await edit(uuid, { ...body, dryRun: true });
    assert.deepEqual([dry.status, dry.body.written], [200, false]);
    assert.deepEqual(
      dry.body.operations.map(({ op }: { op: string }) => op),
      ["wait", "update"],
    );
    assert.equal(wired.node.all("Wifi_Radio_Config").filter(({ tx_power }) => tx_power === 9).length, 0);
    const done = await edit(uuid, body);
    assert.deepEqual([done.status, done.body.written], [200, true], JSON.stringify(done.body));
    assert.equal(wired.node.all("Wifi_Radio_Config").filter(({ tx_power }) => tx_power === 9).length, 1);
    const [entry] = await readAudit(bench.store, { location: home.id });
    assert.deepEqual(
      [entry?.action, entry?.target, entry?.outcome, entry?.by.why, entry?.details],
      ["node.edit", `gateway Wifi_Radio_Config ${uuid}`, "done", "a test", ["tx_power: unset → 9"]],
    );
    assert.equal((await edit(uuid, { set: { tx_power: 9 } })).body.written, false);
    stop();
    assert.deepEqual(
      deeds.map(({ about }) => about),
      [{ words: `wrote ${cells.if_name} of Wifi_Radio_Config on gateway: tx_power`, node: "gateway" }],
    );
  });

  it("warns in a dry run of what the radio cannot do", async () => {
    const { uuid, cells } = await radio();
    const { body } = await edit(uuid, { set: { channel: 99 }, dryRun: true });
    assert.match(body.doubts.join(), new RegExp(`^channel 99 is not among those that ${cells.if_name} allows`));
  });

  it("lets the node say who wrote what its radio does not do, and how that is put back", async () => {
    const { uuid, cells } = await radio();
    const { client } = wired.node;
    const where = [["if_name", "==", String(cells.if_name)]] as const;
    await client.transact((transaction) =>
      transaction.update("Wifi_Radio_State", where, { channel: 6, allowed_channels: [1, 6, 11] }),
    );
    assert.equal((await edit(uuid, { set: { channel: 99 } })).status, 200);
    // The one that the node shows, as it obeys all that it is told.
    await client.transact((transaction) => transaction.update("Wifi_Radio_State", where, { channel: 6 }));
    const path = `/locations/${home.id}/nodes/gateway`;
    const faults = async () => (await api.call(`GET ${path}`, { token: viewer })).body.faults;
    for (let round = 0; round < 500 && (await faults()).length === 0; round++) await wired.cloud.clock.advance(1);
    const [fault] = await faults();
    assert.deepEqual([fault.text, fault.isLate], ["channel 99 asked for, 6 is on, and it may not use 99", true]);
    assert.match(fault.writer.name, /^token \d+$/);
    assert.deepEqual(fault.undo, { row: uuid, set: { channel: cells.channel }, guard: { channel: 99 } });
    const told = (await api.call(`GET ${path}/radios`, { token: viewer })).body.radios;
    assert.deepEqual(told.find((each: { ifName: string }) => each.ifName === cells.if_name).fault, fault);
    const { set, guard } = fault.undo;
    assert.deepEqual((await edit(uuid, { set, guard })).body.written, true);
    for (let round = 0; round < 500 && (await faults()).length > 0; round++) await wired.cloud.clock.advance(1);
    assert.deepEqual(await faults(), []);
  });

  it("answers 409 with what is there where the row has changed", async () => {
    const { uuid } = await radio();
    const { status, body } = await edit(uuid, { set: { tx_power: 1 }, guard: { tx_power: 2 } });
    assert.deepEqual([status, body.error.code], [409, "conflict"]);
    assert.equal(body.error.fields[0].path, "body.guard.tx_power");
  });

  it("keeps secrets out of answers and of the trail", async () => {
    const { rows } = await table("Wifi_VIF_Config");
    const body = { set: { wpa_psks: { "key--1": "hunter2 hunter2" } } };
    const { status, body: answer } = await edit(rows[0].uuid, body, "Wifi_VIF_Config");
    assert.deepEqual([status, answer.written], [200, true]);
    const trail = await readAudit(bench.store, { location: home.id });
    assert.deepEqual(trail[0]?.details, ['wpa_psks: {"key":"****"} → {"key--1":"****"}']);
    assert.doesNotMatch(JSON.stringify([answer, trail]), /hunter2/);
  });

  it("cuts the cloud off only where that is confirmed", async () => {
    const { rows } = await table("AWLAN_Node");
    const body = { set: { manager_addr: "ssl:192.0.2.9:1" } };
    const refused = await edit(rows[0].uuid, body, "AWLAN_Node");
    assert.deepEqual([refused.status, refused.body.error.fields[0].path], [422, "body.confirm"]);
    const confirmed = await edit(rows[0].uuid, { ...body, confirm: true }, "AWLAN_Node");
    assert.deepEqual([confirmed.status, confirmed.body.written], [200, true]);
  });

  it("records a refusal of the node in the trail, with what the node says", async () => {
    const { uuid } = await radio();
    const real = wired.cloud.location.session("gateway")?.wire;
    assert.ok(real);
    const refusal = [{}, { error: "constraint violation", details: "not today" }];
    isRefusing = {
      request: async (method, params, options) =>
        JSON.stringify(params).includes('"update"') ? refusal : real.request(method, params, options),
      observe: (observer) => real.observe(observer),
      ...{ peerCertificate: undefined, lastReceived: 0, closed: real.closed },
    };
    const { status, body } = await edit(uuid, { set: { tx_power: 3 } });
    isRefusing = undefined;
    assert.deepEqual([status, body.error.code], [422, "invalid"], JSON.stringify(body));
    assert.match(body.error.message, /the node refuses it: constraint violation: not today/);
    const [entry] = await readAudit(bench.store, { location: home.id });
    assert.deepEqual([entry?.action, entry?.outcome], ["node.edit", "refused"]);
  });

  it("tells operators what goes over the connection, what is published, and what can be checked", async () => {
    const token = await api.token("operator", home.tenant);
    const of = async (what: string, query = "") =>
      (await api.call(`GET /locations/${home.id}/nodes/gateway/${what}${query}`, { token })).body;
    const { log, items } = await of("messages");
    assert.deepEqual(items, []);
    await radio();
    await wired.cloud.clock.advance(1_000);
    await radio();
    const messages = (await of("messages", `?after=0&log=${log}`)).items;
    assert.ok(messages.some(({ method, kind }: Record<string, string>) => method === "transact" && kind === "reply"));
    const last = messages.at(-1).number;
    assert.deepEqual((await of("messages", `?after=${last}&log=${log}`)).items, []);
    assert.equal((await of("messages", `?after=${last}&log=another`)).items.length, messages.length);
    assert.deepEqual((await of("reports")).items, []);
    assert.deepEqual(
      (await of("checks")).items.map(({ id, status }: Record<string, string>) => `${id} ${status}`),
      ["certificate unknown", "clock unknown", "schema good", "rows good"],
    );
  });

  it("says of a node that is not connected that it is not", async () => {
    wired.hangUp();
    await wired.cloud.clock.advance(0);
    const { status, body } = await api.call(`GET ${at("")}`, { token: viewer });
    assert.deepEqual([status, body.error.code], [503, "unreachable"]);
  });
});
