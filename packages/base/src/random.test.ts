import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SystemRandom } from "./random.ts";

const version4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

for (const [name, random] of [
  ["the machine's randomness", new SystemRandom()],
  ["seeded randomness", new SeededRandom(1)],
] as const) {
  describe(name, () => {
    it("makes version 4 UUIDs, all different", () => {
      const uuids = Array.from({ length: 2000 }, () => random.uuid());
      for (const uuid of uuids) assert.match(uuid, version4);
      assert.equal(new Set(uuids).size, uuids.length);
    });

    it("uses every bit that a UUID leaves free", () => {
      const ones = new Array<number>(32).fill(0);
      for (let i = 0; i < 500; i++) {
        const digits = random.uuid().replaceAll("-", "");
        for (let at = 0; at < 32; at++) ones[at] = (ones[at] ?? 0) | Number.parseInt(digits.charAt(at), 16);
      }
      assert.deepEqual(
        ones,
        ones.map((_, at) => (at === 12 ? 4 : at === 16 ? 0xb : 0xf)),
      );
    });
  });
}
