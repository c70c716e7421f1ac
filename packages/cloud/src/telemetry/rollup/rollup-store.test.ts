import assert from "node:assert/strict";
import { it } from "node:test";
import { emptyReport } from "@opensync-ts/telemetry/report";
import { sql } from "kysely";
import { unused } from "../../testing/locations.ts";
import { describeStores } from "../../testing/stores.ts";
import { writeBatch } from "../batch.ts";
import * as limits from "../limits.ts";
import { defaultPolicy } from "../policy.ts";
import { clientRecord, clientsReport, surveyReport } from "../testing/served.ts";
import { Accumulator } from "./accumulator.ts";
import { Condenser } from "./condenser.ts";
import { NodeMeter } from "./node-meter.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 5, 10, 12);
const tv = "02:00:00:00:00:01";

describeStores("rows of measurements", (bench) => {
  const write = (writer: string, number: number, accumulator: Accumulator) =>
    writeBatch(bench.store, writer, { number, rollups: accumulator.take(1e6), notes: [] });

  /** One report of a client per minute, `bytes` each. */
  function minutes(location: string, from: number, to: number, bytes = 100): Accumulator {
    const accumulator = new Accumulator();
    const meter = new NodeMeter("gw");
    for (let at = from + minute; at <= to; at += minute) {
      const clients = [clientsReport(at, [clientRecord(tv, { rxBytes: bytes, snrDb: 20 + ((at / minute) % 10) })])];
      const surveys = [surveyReport(at, { busyPercent: 50, channel: at < to ? 36 : 40 })];
      const { contributions } = meter.take({ ...emptyReport("gw"), clients, surveys }, at);
      for (const contribution of contributions) accumulator.add(location, contribution);
    }
    return accumulator;
  }

  const rowsOf = (location: string, step: number) =>
    bench.store.run("look", (transaction) =>
      transaction
        .selectFrom("rollup_clients")
        .selectAll()
        .where("location_id", "=", location)
        .where("step", "=", step)
        .orderBy("at")
        .execute(),
    );
  const sum = (rows: readonly { readonly rx_bytes: number }[]) => rows.reduce((all, row) => all + row.rx_bytes, 0);

  async function condenser(): Promise<Condenser> {
    const made = new Condenser(bench.store);
    await made.prepare(now);
    return made;
  }

  it("merge with what is there, and a batch that is tried again adds nothing", async () => {
    const location = unused("telemetry");
    const writer = unused("writer");
    const half = () => minutes(location, now, now + minute);
    assert.equal(await write(writer, 1, half()), true);
    assert.equal(await write(writer, 1, half()), false);
    assert.equal(await write(writer, 2, half()), true);
    // Another process, after a restart.
    assert.equal(await write(unused("writer"), 1, half()), true);
    const [row, ...others] = await rowsOf(location, 60);
    assert.equal(others.length, 0);
    assert.deepEqual(
      [row?.rx_bytes, row?.reports, row?.snr_min, row?.ssid],
      [300, 3, 20 + ((now / minute + 1) % 10), "Home"],
    );
  });

  it("become rows of longer steps, which are the same however often they are made", async () => {
    const location = unused("telemetry");
    await write(unused("writer"), 1, minutes(location, now - 3 * hour, now));
    const made = await condenser();
    await made.run(now, true);
    await made.run(now, true);
    await (await condenser()).run(now, true);
    for (const [step, count] of [
      [60, 180],
      [900, 12],
      [3_600, 3],
      [86_400, 1],
    ] as const) {
      const rows = await rowsOf(location, step);
      assert.equal(rows.length, count, String(step));
      assert.equal(sum(rows), 18_000, String(step));
    }
    const [first] = await rowsOf(location, 3_600);
    assert.deepEqual([first?.snr_min, first?.snr_max, first?.snr_count, first?.connected_ms], [20, 29, 60, hour]);
    const [radio] = await bench.store.run("look", (transaction) =>
      transaction
        .selectFrom("rollup_radios")
        .selectAll()
        .where("location_id", "=", location)
        .where("step", "=", 86_400)
        .execute(),
    );
    assert.deepEqual([radio?.channel, radio?.busy_max, (radio?.busy_ms ?? 0) / (radio?.listen_ms ?? 1)], [40, 50, 0.5]);
  });

  it("take up what comes late, and what belongs to a bucket that has begun", async () => {
    const location = unused("telemetry");
    const writer = unused("writer");
    const made = await condenser();
    const add = async (number: number, from: number, to: number) => {
      await write(writer, number, minutes(location, from, to));
      made.touched("clients", from);
      await made.run(now, true);
    };
    await add(1, now, now + 5 * minute);
    await add(2, now + 5 * minute, now + 10 * minute);
    await add(3, now - 2 * hour, now - 2 * hour + 10 * minute);
    for (const step of [60, 900, 3_600, 86_400]) assert.equal(sum(await rowsOf(location, step)), 2_000, String(step));
  });

  it("go when they are old, by whole buckets, and leave what was made of them", async () => {
    const location = unused("telemetry");
    const old = now - 3 * day;
    await write(unused("writer"), 1, minutes(location, old, old + hour));
    const made = await condenser();
    made.touched("clients", old);
    await made.run(now, true);
    await made.prune(now, defaultPolicy);
    assert.deepEqual(await rowsOf(location, 60), []);
    assert.equal(sum(await rowsOf(location, 900)), 6_000);
    assert.equal(made.takes("clients", old), false);
    await made.run(now, true);
    await (await condenser()).run(now, true);
    assert.equal(sum(await rowsOf(location, 86_400)), 6_000);
    await made.prune(now + 400 * day, defaultPolicy);
    for (const step of [900, 3_600, 86_400]) assert.deepEqual(await rowsOf(location, step), [], String(step));
  });

  it("go when they are too many, the finest and oldest first", async () => {
    const { store } = bench;
    await store.run("empty", (transaction) => sql`delete from rollup_clients`.execute(transaction));
    const location = unused("telemetry");
    await write(unused("writer"), 1, minutes(location, now - 5 * hour, now));
    const made = await condenser();
    await made.run(now, true);
    await made.prune(now, { ...defaultPolicy, rowsPerTable: 200 });
    const left = await rowsOf(location, 60);
    assert.ok(left.length > 150 && left.length <= 200, String(left.length));
    assert.equal((left[0]?.at ?? 1) % 900_000, 0);
    assert.equal(sum(await rowsOf(location, 900)), 30_000);
  });

  it("are as many as there is room for while they wait; the oldest go", () => {
    const accumulator = minutes("home", now, now + 40 * minute);
    const before = accumulator.size;
    accumulator.trim(before - 10);
    assert.equal(accumulator.dropped, 10);
    assert.equal(accumulator.take(1e6).flatMap(({ rows }) => rows)[0]?.at, now + 5 * minute);
    assert.ok(limits.bufferedRows > 0);
  });
});
