import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HandWrites } from "./hand-writes.ts";
import * as limits from "./limits.ts";

describe("what was written by hand", () => {
  const place = { table: "Wifi_Radio_Config", column: "channel", name: "ana", at: 1000 };
  const of = (writes: HandWrites, row: string, value: number | null) =>
    writes.of(place.table, row, place.column, value)?.name;

  it("is known as long as that stands there", () => {
    const writes = new HandWrites();
    writes.add({ ...place, row: "wifi0", before: null, after: 99 }, true);
    assert.deepEqual(
      [of(writes, "wifi0", 99), of(writes, "wifi0", 98), of(writes, "wifi1", 99)],
      ["ana", undefined, undefined],
    );
    assert.equal(writes.endOf(place.table, "wifi0", place.column, null)?.name, "ana");
  });

  it("is forgotten where it was not written after all, and what was before is known again", () => {
    const writes = new HandWrites();
    writes.add({ ...place, row: "wifi0", before: null, after: 99 }, true);
    writes.add({ ...place, name: "ben", row: "wifi0", before: 99, after: 98 }, false)();
    assert.deepEqual([of(writes, "wifi0", 99), of(writes, "wifi0", 98)], ["ana", undefined]);
  });

  it("is kept of so many places only, the newest ones", () => {
    const writes = new HandWrites();
    for (let radio = 0; radio <= limits.handWrites; radio++)
      writes.add({ ...place, row: `wifi${radio}`, before: null, after: 99 }, true);
    assert.deepEqual([of(writes, "wifi0", 99), of(writes, "wifi1", 99)], [undefined, "ana"]);
  });
});
