import assert from "node:assert/strict";
import { it } from "node:test";
import { aDocument, aLocation, alice, bob, unused } from "../testing/locations.ts";
import { describeStores } from "../testing/stores.ts";
import { readAudit } from "./audit.ts";
import { claimNodes, releaseNode } from "./claims.ts";
import { StoreRefusal } from "./errors.ts";
import { createLocation, removeLocation } from "./locations.ts";
import { findNode, nodesOf, registerNodes } from "./nodes.ts";
import { applyVersion, saveDraft } from "./versions.ts";

const refusal = (code: StoreRefusal["code"], message: RegExp) => (error: unknown) =>
  error instanceof StoreRefusal && error.code === code && message.test(error.message);

const serial = () => unused("SN").replace(" ", "-");

describeStores("nodes", (bench) => {
  it("are claimed by serial number, whether their maker has told of them or not", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    const [known, unknown] = [serial(), serial()];
    await registerNodes(store, [{ serialNumber: known, model: "M1" }], alice);
    await claimNodes(store, id, { serialNumber: known }, alice);
    await claimNodes(store, id, { serialNumber: unknown }, alice);
    const nodes = await nodesOf(store, id);
    assert.deepEqual(
      nodes.map(({ serialNumber, model, claimedBy }) => [serialNumber, model, claimedBy]),
      [
        [known, "M1", "user:alice"],
        [unknown, null, "user:alice"],
      ],
    );
    assert.equal((await findNode(store, known))?.location, id);
    assert.equal(await findNode(store, "nobody's"), undefined);
  });

  it("are claimed as a pack", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    const pack = serial();
    const serials = [serial(), serial(), serial()].sort();
    await registerNodes(
      store,
      serials.map((serialNumber) => ({ serialNumber, packId: pack })),
      alice,
    );
    const { nodes } = await claimNodes(store, id, { packId: pack }, alice);
    assert.deepEqual(
      nodes.map(({ serialNumber }) => serialNumber),
      serials,
    );
    await assert.rejects(
      claimNodes(store, id, { packId: "none" }, alice),
      refusal("not-found", /nobody has registered a pack none/),
    );
  });

  it("are refused to a second location, which is told who of its own tenant has them, until they are released", async () => {
    const { store } = bench;
    const mine = await aLocation(store);
    const yours = await createLocation(store, mine.tenant, unused("location"), alice);
    const stranger = await aLocation(store);
    const [pack, one, two] = [serial(), serial(), serial()];
    await registerNodes(
      store,
      [
        { serialNumber: one, packId: pack },
        { serialNumber: two, packId: pack },
      ],
      alice,
    );
    await claimNodes(store, mine.id, { serialNumber: one }, alice);
    const taken = refusal(
      "claimed",
      new RegExp(`^node ${one} belongs to location '${mine.name}'; it has to be released there first$`),
    );
    await assert.rejects(claimNodes(store, yours.id, { serialNumber: one }, bob), taken);
    await assert.rejects(claimNodes(store, yours.id, { packId: pack }, bob), taken);
    const foreign = refusal("claimed", new RegExp(`^node ${one} belongs to another tenant; `));
    await assert.rejects(claimNodes(store, stranger.id, { serialNumber: one }, bob), foreign);
    assert.deepEqual(await nodesOf(store, yours.id), []);
    await assert.rejects(releaseNode(store, yours.id, one, bob), refusal("not-found", /has no node/));
    await releaseNode(store, mine.id, one, alice);
    assert.equal((await claimNodes(store, yours.id, { packId: pack }, bob)).nodes.length, 2);
    const trail = (await readAudit(store, { location: yours.id, actor: "user:bob" })).map(
      ({ action, outcome }) => `${action} ${outcome}`,
    );
    assert.deepEqual(trail, ["node.claim done", "node.release refused", "node.claim refused", "node.claim refused"]);
  });

  it("go to one of two who claim at the same time", async () => {
    const { store } = bench;
    const locations = [await aLocation(store), await aLocation(store)];
    const serialNumber = serial();
    const both = await Promise.allSettled(locations.map(({ id }) => claimNodes(store, id, { serialNumber }, bob)));
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const reason = both.find((result) => result.status === "rejected")?.reason;
    assert.ok(refusal("claimed", /belongs to/)(reason));
  });

  it("are claimed again by who has them, without a trace", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    const serialNumber = serial();
    await claimNodes(store, id, { serialNumber }, alice);
    const before = (await readAudit(store, { location: id })).length;
    const again = await claimNodes(store, id, { serialNumber }, bob);
    assert.equal(again.nodes[0]?.claimedBy, "user:alice");
    assert.equal((await readAudit(store, { location: id })).length, before);
  });

  it("of another location keep a document that names them from being applied", async () => {
    const { store } = bench;
    const [mine, yours] = [await aLocation(store), await aLocation(store)];
    const serialNumber = serial();
    await claimNodes(store, mine.id, { serialNumber }, alice);
    const document = aDocument({ nodes: [{ id: "gateway", role: "gateway", serialNumber }] });
    await saveDraft(store, yours.id, document, { basedOn: 0 }, bob);
    await assert.rejects(applyVersion(store, yours.id, 1, bob), refusal("claimed", new RegExp(serialNumber)));
    await removeLocation(store, mine.id, alice);
    assert.equal((await applyVersion(store, yours.id, 1, bob)).state, "applied");
  });

  it("have numbers that can stand on a label", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    for (const serialNumber of ["", "with space", "x".repeat(65), "nul\u0000"]) {
      await assert.rejects(claimNodes(store, id, { serialNumber }, alice), refusal("invalid", /^serialNumber/));
    }
    const many = Array.from({ length: 65 }, () => ({ serialNumber: serial(), packId: "large" }));
    await assert.rejects(registerNodes(store, many, alice), refusal("limit", /more than 64 nodes; is it one/));
  });
});
