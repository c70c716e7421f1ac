import assert from "node:assert/strict";
import { it } from "node:test";
import { Log, LogRing } from "@opensync-ts/base/log";
import { StoreUnavailable } from "../store/errors.ts";
import type { Store } from "../store/store.ts";
import { unused } from "../testing/locations.ts";
import { describeStores } from "../testing/stores.ts";
import * as limits from "./limits.ts";
import { Condenser } from "./rollup/condenser.ts";
import type { Contribution } from "./rollup/rollups.ts";
import { Writer } from "./writer.ts";

const now = Date.UTC(2026, 6, 1, 12);
const minute = 60_000;

const contribution = (at: number): Contribution => ({
  rollup: "nodes",
  at,
  keys: { node_id: "gw" },
  measures: { reports: 1, last_ms: at },
});

describeStores("what waits for the store", (bench) => {
  let ring: LogRing;
  const log = () => {
    ring = new LogRing(100);
    return Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 });
  };
  const lines = () => ring.records().map(({ text }) => text);

  /** A store whose operations fail: `before` they are done, or after, when only the answer is lost. */
  function failing(store: Store, how: { fail: "before" | "after" | null }): Store {
    const run: Store["run"] = async (what, work, options) => {
      if (how.fail === "before") throw new StoreUnavailable(`the store cannot ${what} now: gone`);
      const result = await store.run(what, work, options);
      if (how.fail === "after") throw new StoreUnavailable(`the store cannot ${what} now: no answer`);
      return result;
    };
    return Object.create(store, { run: { value: run }, random: { value: store.random } });
  }

  const rows = (location: string) =>
    bench.store.run("look", (transaction) =>
      transaction.selectFrom("rollup_nodes").selectAll().where("location_id", "=", location).execute(),
    );

  async function writer(how: { fail: "before" | "after" | null }) {
    const condenser = new Condenser(bench.store);
    await condenser.prepare(now);
    return new Writer(failing(bench.store, how), condenser, log());
  }

  it("is written when the store is back, once, and told once", async () => {
    const location = unused("telemetry");
    const how: { fail: "before" | "after" | null } = { fail: "before" };
    const made = await writer(how);
    for (let each = 0; each < 5; each++) {
      made.add(location, contribution(now + each * minute));
      await made.flush();
    }
    assert.deepEqual(await rows(location), []);
    assert.equal(made.counters.waiting, 5);
    how.fail = null;
    await made.flush();
    assert.equal((await rows(location)).length, 5);
    assert.deepEqual(
      lines().map((line) => /gone; .* rows are kept meanwhile|is back/.exec(line)?.[0].slice(-7)),
      ["anwhile", "is back"],
    );
  });

  it("is not added twice where only the answer was lost", async () => {
    const location = unused("telemetry");
    const how: { fail: "before" | "after" | null } = { fail: "after" };
    const made = await writer(how);
    made.add(location, contribution(now));
    await made.flush();
    made.add(location, contribution(now));
    await made.flush();
    how.fail = null;
    await made.flush();
    const [row] = await rows(location);
    assert.equal(row?.reports, 2);
    assert.deepEqual([made.counters.written, made.counters.waiting], [2, 0]);
  });

  it("is dropped, the oldest first and counted, where there is no room", async () => {
    const location = unused("telemetry");
    const made = await writer({ fail: "before" });
    for (let each = 0; each < limits.bufferedRows + 100; each++) made.add(location, contribution(now + each * minute));
    assert.deepEqual([made.counters.waiting, made.counters.dropped], [limits.bufferedRows, 100]);
    const note = {
      id: "x",
      location_id: location,
      kind: "stranger",
      node_id: null,
      client: null,
      text: "",
      details: "{}",
    };
    for (let each = 0; each < limits.bufferedNotes * 3; each++) {
      made.note({ table: "events", row: { ...note, at: new Date(now) } });
    }
    assert.ok(made.counters.waiting <= limits.bufferedRows + limits.bufferedNotes);
    assert.equal(lines().filter((line) => /more happens than is written/.test(line)).length, 1);
  });

  it("that the store refuses costs only itself", async () => {
    const location = unused("telemetry");
    const made = await writer({ fail: null });
    const row = { id: unused("event"), location_id: location, kind: "stranger", node_id: null, client: null };
    made.note({ table: "events", row: { ...row, at: new Date(now), text: "\u0000", details: "{}" } });
    await made.flush();
    made.add(location, contribution(now));
    await made.flush();
    assert.match(lines()[0] ?? "", /1 rows are lost: the store refuses them/);
    assert.equal((await rows(location)).length, 1);
  });
});
