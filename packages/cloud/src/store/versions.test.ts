import assert from "node:assert/strict";
import { it } from "node:test";
import { sql } from "kysely";
import * as limits from "../limits.ts";
import { aDocument, aLocation, alice, bob, unused } from "../testing/locations.ts";
import { describeStores } from "../testing/stores.ts";
import { readAudit } from "./audit.ts";
import type { DoneDeed } from "./deed.ts";
import { StoreRefusal } from "./errors.ts";
import { createLocation, getLocation, listLocations, removeLocation, renameLocation } from "./locations.ts";
import { appliedVersion, diffVersions, getVersion, listVersions } from "./read-versions.ts";
import { createTenant, getTenant, listTenants, removeTenant, renameTenant } from "./tenants.ts";
import { applyVersion, discardDraft, editApplied, markProven, revert, saveDraft } from "./versions.ts";

const refusal = (code: StoreRefusal["code"], message: RegExp) => (error: unknown) =>
  error instanceof StoreRefusal && error.code === code && message.test(error.message);

describeStores("versions of a location", (bench) => {
  const states = async (id: string) =>
    (await listVersions(bench.store, id)).map(({ number, state }) => `${number} ${state}`).reverse();

  it("go from draft to applied to proven", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    const draft = await saveDraft(store, id, aDocument(), { basedOn: 0 }, alice);
    assert.deepEqual([draft.number, draft.state, draft.author, draft.why], [1, "draft", "user:alice", "because"]);
    assert.equal(await appliedVersion(store, id), undefined);
    await applyVersion(store, id, 1, alice);
    assert.deepEqual((await appliedVersion(store, id))?.document, draft.document);
    await markProven(store, id, 1, { actor: "cloud" });
    await markProven(store, id, 1, { actor: "cloud" });
    const location = await getLocation(store, id);
    assert.deepEqual([location.head, location.applied, location.proven], [1, 1, 1]);
    const proven = await getVersion(store, id, 1);
    assert.ok(proven.state === "proven" && proven.provenAt && proven.appliedAt);
    const trail = (await readAudit(store, { location: id })).map(
      ({ by, action, outcome }) => `${by.actor} ${action} ${outcome}`,
    );
    assert.deepEqual(trail, [
      "cloud version.prove done",
      "user:alice version.apply done",
      "user:alice version.draft done",
      "user:alice location.create done",
    ]);
  });

  it("are compared in words and as paths, and passphrases are shown nowhere", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    await saveDraft(store, id, aDocument(), { basedOn: 0 }, alice);
    await applyVersion(store, id, 1, alice);
    await saveDraft(store, id, aDocument({ cloudless: true }, "another passphrase"), { basedOn: 1 }, alice);
    const changes = await diffVersions(store, id, 1, 2);
    assert.deepEqual(
      changes.map(({ path, words }) => [path, words]),
      [
        ["networks[0].security.keys[0].psk", "network 'Test', key 'key': psk changed"],
        ["cloudless", "cloudless unset -> true"],
      ],
    );
    await applyVersion(store, id, 2, alice);
    const trail = await readAudit(store, { location: id });
    assert.deepEqual(
      trail[0]?.details,
      changes.map(({ words }) => words),
    );
    const shown = JSON.stringify([trail, changes, await diffVersions(store, id, 0, 2), await listVersions(store, id)]);
    assert.ok(!/another passphrase|family's key/.test(shown));
  });

  it("tell those who follow what an edit has changed, and no more of it than fits into an event", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    await saveDraft(store, id, aDocument(), { basedOn: 0 }, alice);
    await applyVersion(store, id, 1, alice);
    const told: DoneDeed[] = [];
    const stop = store.deeds.on("done", (deed) => told.push(deed));
    const freeze = { id: "night", scope: { kind: "everybody" }, action: { kind: "freeze" } };
    await editApplied(store, id, (document) => ({ ...document, policies: [freeze] }), alice);
    const macs = Array.from({ length: 30 }, (_, index) => `02:00:00:00:00:${index.toString().padStart(2, "0")}`);
    await editApplied(store, id, (document) => ({ ...document, devices: macs.map((mac) => ({ mac })) }), alice);
    stop();
    assert.deepEqual(
      [told[0]?.action, told[0]?.target, told[0]?.details],
      ["version.edit", "version 2", ["policies: stated from now on", "rule “Everybody has no Internet, always” added"]],
    );
    assert.deepEqual([told[1]?.details.length, told[1]?.details.at(-1)], [limits.toldDetails + 1, "and 11 more"]);
    assert.equal((await readAudit(store, { location: id }))[0]?.details.length, 31);
  });

  it("have their passphrases sealed in the database", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    const backhaul = { ssid: "Between", psk: "between the nodes" };
    const wan = [{ type: "pppoe", username: "u", password: "of the provider" }];
    await saveDraft(store, id, aDocument({ backhaul, wan }), { basedOn: 0 }, alice);
    const { rows } = await store.run("look", (transaction) =>
      sql<{ text: string }>`select document::text as text from versions where location_id = ${id}`.execute(transaction),
    );
    const text = rows[0]?.text ?? "";
    assert.ok(text.includes('"ssid": "Between"') && !/family's key|between the nodes|of the provider/.test(text));
    assert.equal(text.match(/sealed:1:/g)?.length, 3);
    assert.equal((await getVersion(store, id, 1)).document.backhaul?.psk, "between the nodes");
  });

  it("refuse the slower of two people, tell who was faster, and keep what that one did", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    await saveDraft(store, id, aDocument(), { basedOn: 0 }, alice);
    const both = await Promise.allSettled([
      saveDraft(store, id, aDocument({ cloudless: true }), { basedOn: 1 }, alice),
      saveDraft(store, id, aDocument({ cloudless: false }), { basedOn: 1 }, bob),
    ]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const late = both.find((result) => result.status === "rejected")?.reason;
    assert.ok(refusal("conflict", /^version 1 is not the newest \(version 2 by user:(alice|bob), /)(late));
    assert.equal((await getLocation(store, id)).head, 2);
    const refused = (await readAudit(store, { location: id })).filter(({ outcome }) => outcome === "refused");
    assert.deepEqual(
      refused.map(({ action, reason }) => [action, reason]),
      [["version.draft", late.message]],
    );
  });

  it("refuse a document that is not one, with field and reason", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    const draft = (document: unknown) => () => saveDraft(store, id, document, { basedOn: 0 }, alice);
    await assert.rejects(
      draft(aDocument({}, "short")),
      refusal("invalid", /^document: networks\[0\]\.security\.keys\[0\]\.psk: is not usable/),
    );
    for (const document of [null, undefined, 7, "text", [], () => 1]) {
      await assert.rejects(draft(document), refusal("invalid", /document/));
    }
    let nested: object = {};
    for (let depth = 0; depth < 5_000; depth++) nested = { nested };
    await assert.rejects(draft(aDocument({ simulation: nested })), refusal("invalid", /nested deeper than/));
    await assert.rejects(draft(aDocument({ simulation: "x".repeat(1_100_000) })), refusal("invalid", /larger than/));
    await assert.rejects(draft(aDocument({ name: "nul \u0000" })), refusal("invalid", /cannot be stored/));
    assert.deepEqual(await states(id), []);
  });

  it("add nothing where nothing has changed, and replace a draft by a newer one", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    await saveDraft(store, id, aDocument(), { basedOn: 0 }, alice);
    assert.equal((await saveDraft(store, id, aDocument(), { basedOn: 1 }, bob)).author, "user:alice");
    await saveDraft(store, id, aDocument({ cloudless: true }), { basedOn: 1 }, alice);
    assert.deepEqual(await states(id), ["1 discarded", "2 draft"]);
    await assert.rejects(applyVersion(store, id, 1, alice), refusal("conflict", /not the newest/));
    await discardDraft(store, id, 2, alice);
    await assert.rejects(applyVersion(store, id, 2, alice), refusal("conflict", /version 2 is discarded/));
    await saveDraft(store, id, aDocument({ cloudless: true }), { basedOn: 2 }, alice);
    assert.deepEqual(await states(id), ["1 discarded", "2 discarded", "3 draft"]);
  });

  it("are reverted by a new one that equals an old one and holds at once", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    const first = await saveDraft(store, id, aDocument(), { basedOn: 0 }, alice);
    await applyVersion(store, id, 1, alice);
    await markProven(store, id, 1, alice);
    await saveDraft(store, id, aDocument({ cloudless: true }), { basedOn: 1 }, alice);
    await applyVersion(store, id, 2, alice);
    await saveDraft(store, id, aDocument({ cloudless: false }), { basedOn: 2 }, alice);
    await assert.rejects(revert(store, id, 1, { basedOn: 2 }, bob), refusal("conflict", /not the newest/));
    await assert.rejects(revert(store, id, 3, { basedOn: 3 }, bob), refusal("conflict", /has never held/));
    await assert.rejects(revert(store, id, 2, { basedOn: 3 }, bob), refusal("conflict", /holds already/));
    const back = await revert(store, id, 1, { basedOn: 3 }, bob);
    assert.deepEqual([back.number, back.state, back.restores, back.document], [4, "applied", 1, first.document]);
    assert.deepEqual(await states(id), ["1 proven", "2 reverted", "3 discarded", "4 applied"]);
    const { head, applied, proven } = await getLocation(store, id);
    assert.deepEqual([head, applied, proven], [4, 4, 1]);
    await markProven(store, id, 2, alice);
    assert.equal((await getVersion(store, id, 2)).state, "reverted");
  });

  it("are not there where nobody made them", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    await assert.rejects(getVersion(store, id, 1), refusal("not-found", /no version 1/));
    await assert.rejects(listVersions(store, "nowhere"), refusal("not-found", /no location nowhere/));
    await assert.rejects(
      saveDraft(store, "nowhere", aDocument(), { basedOn: 0 }, bob),
      refusal("not-found", /nowhere/),
    );
  });
});

describeStores("tenants and locations", (bench) => {
  it("have names of their own, which can be changed", async () => {
    const { store } = bench;
    const [one, two] = [unused("tenant"), unused("tenant")];
    const tenant = await createTenant(store, one, alice);
    await assert.rejects(createTenant(store, one, bob), refusal("conflict", /already/));
    await assert.rejects(createTenant(store, " x", bob), refusal("invalid", /name/));
    await renameTenant(store, tenant.id, two, alice);
    assert.equal((await getTenant(store, tenant.id)).name, two);
    assert.ok((await listTenants(store)).some(({ id }) => id === tenant.id));
    const home = await createLocation(store, tenant.id, "Home", alice);
    await assert.rejects(createLocation(store, tenant.id, "Home", bob), refusal("conflict", /already/));
    await assert.rejects(createLocation(store, "nobody", "Home", bob), refusal("not-found", /no tenant/));
    const shed = await createLocation(store, tenant.id, "Shed", alice);
    await assert.rejects(renameLocation(store, shed.id, "Home", bob), refusal("conflict", /already/));
    assert.equal((await renameLocation(store, shed.id, "Barn", alice)).name, "Barn");
    const found = await listLocations(store, { tenant: tenant.id });
    assert.deepEqual(found.map(({ name }) => name).sort(), ["Barn", "Home"]);
    const [first] = found;
    assert.equal((await listLocations(store, { tenant: tenant.id, after: first?.id ?? "" })).length, 1);
    assert.equal((await getLocation(store, home.id)).tenant, tenant.id);
  });

  it("are removed only from the bottom, and the trail remembers them", async () => {
    const { store } = bench;
    const { id, tenant } = await aLocation(store);
    await saveDraft(store, id, aDocument(), { basedOn: 0 }, alice);
    await assert.rejects(removeTenant(store, tenant, alice), refusal("conflict", /has locations, such as/));
    await removeLocation(store, id, alice);
    await removeTenant(store, tenant, alice);
    await assert.rejects(getLocation(store, id), refusal("not-found", /no location/));
    await assert.rejects(getTenant(store, tenant), refusal("not-found", /no tenant/));
    const trail = (await readAudit(store, { tenant })).map(({ action, outcome }) => `${action} ${outcome}`);
    assert.deepEqual(trail, [
      "tenant.remove done",
      "location.remove done",
      "tenant.remove refused",
      "version.draft done",
      "location.create done",
      "tenant.create done",
    ]);
  });

  it("are not changed for a reason of endless length", async () => {
    const endless = { actor: "user:bob", why: "x".repeat(501) };
    await assert.rejects(createTenant(bench.store, unused("tenant"), endless), refusal("invalid", /^why: is longer/));
  });
});
