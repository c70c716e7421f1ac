import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { sql } from "kysely";
import { aDocument, aLocation, alice, bob, unused } from "../testing/locations.ts";
import { describeStores } from "../testing/stores.ts";
import { readAudit } from "./audit.ts";
import { backup, backupToFile, restore, restoreFromFile } from "./backup.ts";
import { claimNodes } from "./claims.ts";
import { StoreRefusal } from "./errors.ts";
import { getLocation, listLocations } from "./locations.ts";
import { nodesOf } from "./nodes.ts";
import { appliedVersion, getVersion } from "./read-versions.ts";
import { getSetting, listSettings, setSetting } from "./settings.ts";
import type { Store } from "./store.ts";
import { backedUp, jsonColumns } from "./tables.ts";
import { getTenant } from "./tenants.ts";
import { exportLocation, exportTenant, importDraft, importLocation, importTenant } from "./transfer.ts";
import { applyVersion, saveDraft } from "./versions.ts";

const refusal = (code: StoreRefusal["code"], message: RegExp) => (error: unknown) =>
  error instanceof StoreRefusal && error.code === code && message.test(error.message);

const wan = [{ type: "pppoe", username: "u", password: "of the provider" }];

describeStores("an export", (bench) => {
  async function applied() {
    const location = await aLocation(bench.store);
    await claimNodes(bench.store, location.id, { serialNumber: unused("SN").replace(" ", "-") }, alice);
    await saveDraft(bench.store, location.id, aDocument({ wan }), { basedOn: 0 }, alice);
    await applyVersion(bench.store, location.id, 1, alice);
    return location;
  }

  it("has no secret unless they are asked for, and the trail says whether they were", async () => {
    const { id } = await applied();
    const without = await exportLocation(bench.store, id, { secrets: false }, alice);
    assert.ok(!/family's key|of the provider/.test(JSON.stringify(without)));
    const whole = await exportLocation(bench.store, id, { secrets: true }, bob);
    assert.match(JSON.stringify(whole), /family's key.*of the provider/);
    const trail = await readAudit(bench.store, { location: id, limit: 2 });
    assert.deepEqual(
      trail.map(({ by, details }) => [by.actor, details[0]]),
      [
        ["user:bob", "with secrets"],
        ["user:alice", "without secrets"],
      ],
    );
  });

  it("of a tenant goes into another store, nodes and all", async () => {
    const { id, tenant } = await applied();
    const data = JSON.parse(JSON.stringify(await exportTenant(bench.store, tenant, { secrets: true }, alice)));
    const other = await bench.another("own");
    const copy = await importTenant(other, data, bob);
    const [location] = await listLocations(other, { tenant: copy.id });
    assert.ok(location);
    const { document, state } = await getVersion(other, location.id, 1);
    assert.deepEqual([document, state], [(await getVersion(bench.store, id, 1)).document, "draft"]);
    const serials = async (store: Store, of: string) =>
      (await nodesOf(store, of)).map(({ serialNumber }) => serialNumber);
    const there = await serials(other, location.id);
    assert.deepEqual([there.length, there], [2, await serials(bench.store, id)]);
    await other.close();
  });

  it("goes back into its location without secrets, which are those of before", async () => {
    const { id } = await applied();
    const data = await exportLocation(bench.store, id, { secrets: false }, alice);
    const changed = { ...data, document: { ...data.document, cloudless: true } };
    const { document, number } = await importDraft(bench.store, id, 1, changed, alice);
    assert.deepEqual([number, document.cloudless], [2, true]);
    assert.equal(document.networks[0]?.security.keys[0]?.psk, "the family's key");
    assert.deepEqual(document.wan, wan);
  });

  it("is refused as a whole where a secret is missing, a node is another's, or it is none", async () => {
    const { id, tenant, name } = await applied();
    const { store } = bench;
    const renamed = { ...(await exportLocation(store, id, { secrets: true }, alice)), name: `${name} again` };
    const missing = await exportLocation(store, id, { secrets: false }, alice);
    await assert.rejects(
      importLocation(store, tenant, { ...missing, name: "x" }, bob),
      refusal("invalid", /^document: networks\[0\]\.security\.keys\[0\]\.psk \(and 1 more\): was left out/),
    );
    await assert.rejects(
      importLocation(store, tenant, renamed, bob),
      refusal("claimed", new RegExp(`belongs to location '${name}'`)),
    );
    for (const value of [null, [], {}, { ...renamed, version: 2 }, { ...renamed, nodes: [{}] }]) {
      await assert.rejects(importLocation(store, tenant, value, bob), refusal("invalid", /is not as an export has it/));
    }
    assert.equal((await listLocations(store, { tenant })).length, 1);
  });
});

describeStores("settings", (bench) => {
  it("are values by name, of the cloud, a tenant or a location", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    await setSetting(store, id, "alerts.offline-minutes", 10, alice);
    await setSetting(store, id, "alerts.offline-minutes", 10, alice);
    await setSetting(store, id, "list", ["a", { b: 1 }], alice);
    assert.deepEqual(await listSettings(store, id), { "alerts.offline-minutes": 10, list: ["a", { b: 1 }] });
    await setSetting(store, id, "list", undefined, alice);
    assert.equal(await getSetting(store, id, "list"), undefined);
    const [unset] = await readAudit(store, { limit: 1 });
    assert.deepEqual(unset?.details, ['list ["a",{"b":1}] -> unset']);
  });

  it("hold no secret, nor more than they are for", async () => {
    const { store } = bench;
    const set = (key: string, value: unknown) => () => setSetting(store, "cloud", key, value, bob);
    await assert.rejects(set("mail", { host: "h", password: "p" }), refusal("invalid", /holds a secret/));
    await assert.rejects(set("Not a name", 1), refusal("invalid", /^key/));
    await assert.rejects(set("store.key", "x"), refusal("invalid", /the store's own/));
    await assert.rejects(set("large", "x".repeat(70_000)), refusal("limit", /larger than/));
  });
});

describeStores("a backup", (bench) => {
  it("has every table of the store, with every column of JSON", async () => {
    const { rows } = await bench.store.run("look", (transaction) =>
      sql<{ table_name: string; column_name: string; data_type: string }>`
        select table_name, column_name, data_type from information_schema.columns
        where table_schema = 'public' and table_name not like 'kysely_%'`.execute(transaction),
    );
    assert.deepEqual([...new Set(rows.map((row) => row.table_name))].sort(), Object.keys(backedUp).sort());
    const json = rows
      .filter(({ data_type }) => data_type === "jsonb")
      .map((row) => `${row.table_name}.${row.column_name}`);
    const known = Object.entries(jsonColumns).flatMap(([table, columns]) =>
      columns.map((column) => `${table}.${column}`),
    );
    assert.deepEqual(json.sort(), known.sort());
  });

  it("brings everything back into an empty store with the same key", async () => {
    const { store } = bench;
    const location = await aLocation(store);
    await claimNodes(store, location.id, { serialNumber: unused("SN").replace(" ", "-") }, alice);
    await saveDraft(store, location.id, aDocument({ wan }), { basedOn: 0 }, alice);
    await applyVersion(store, location.id, 1, alice);
    await setSetting(store, location.id, "list", ["a", null], alice);
    const lines: string[] = [];
    const count = await backup(store, async (line) => void lines.push(line));
    assert.ok(!/family's key|of the provider/.test(lines.join()));
    const other = await bench.another("same");
    assert.equal(await restore(other, stream(lines)), count);
    assert.deepEqual(await getLocation(other, location.id), { ...location, head: 1, applied: 1 });
    assert.deepEqual(await appliedVersion(other, location.id), await appliedVersion(store, location.id));
    assert.deepEqual(await getTenant(other, location.tenant), await getTenant(store, location.tenant));
    assert.deepEqual(await nodesOf(other, location.id), await nodesOf(store, location.id));
    assert.deepEqual(await listSettings(other, location.id), { list: ["a", null] });
    assert.deepEqual(await readAudit(other, { limit: 500 }), await readAudit(store, { limit: 500 }));
    // What comes after finds its place behind what was restored.
    await aLocation(other);
    await assert.rejects(restore(other, stream(lines)), refusal("conflict", /not empty \(tenants\)/));
    await other.close();
  });

  it("is refused, and nothing of it is there, where it is damaged, cut off or of another key", async () => {
    await aLocation(bench.store);
    const lines: string[] = [];
    await backup(bench.store, async (line) => void lines.push(line));
    const other = await bench.another("own");
    await assert.rejects(restore(other, stream(lines)), refusal("invalid", /sealed with key [0-9a-f]{16}/));
    const head = JSON.stringify({ ...JSON.parse(lines[0] ?? ""), key: other.key.id });
    const mine = [head, ...lines.slice(1)];
    const cases: readonly [lines: string[], message: RegExp][] = [
      [mine.slice(0, -1), /the end is missing/],
      [mine.toSpliced(-2, 1), /rows instead of/],
      [mine.filter((line) => !line.includes('"table":"tenants"')), /rows of locations do not fit/],
      [mine.toSpliced(2, 1, "{"), /^line 3: not JSON/],
      [mine.toSpliced(2, 0, '{"table":"pg_authid","row":{}}'), /^line 3: neither a row/],
      [mine.slice(1), /^line 1: not the beginning/],
      [[...mine, "{}"], /after the last line/],
      [[], /the end is missing/],
      [[JSON.stringify({ ...JSON.parse(head), migration: "0000" }), ...mine.slice(1)], /step 0000/],
    ];
    for (const [damaged, message] of cases) {
      await assert.rejects(restore(other, stream(damaged)), refusal("invalid", message), String(message));
    }
    assert.deepEqual(await listLocations(other), []);
    await other.close();
  });

  it("is a file that only its owner can read, and whole or not there", async () => {
    const directory = mkdtempSync(join(tmpdir(), "opensync-backup-"));
    try {
      const file = join(directory, "backup.jsonl");
      await backupToFile(bench.store, file);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      truncateSync(file, statSync(file).size - 10);
      const other = await bench.another("same");
      await assert.rejects(restoreFromFile(other, file), refusal("invalid", /backup\.jsonl: line \d+: not JSON/));
      await assert.rejects(restoreFromFile(other, join(directory, "none")), /none: cannot be read/);
      await assert.rejects(backupToFile(bench.store, join(directory, "no", "where")), /ENOENT/);
      await other.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

async function* stream(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
