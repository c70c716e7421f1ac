import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Ability, leastAbility, mostRate } from "./rates.ts";

const accessPoint: Ability = { generation: "ax", streams: 4, width: 80 };

describe("what the rate of a link shows of both ends", () => {
  for (const [mbps, ability, width, expected] of [
    [6, accessPoint, 80, "legacy 1 20"],
    [72.2, accessPoint, 80, "n 1 20"],
    [807, accessPoint, 80, "ac 2 80"],
    [1201, accessPoint, 80, "ax 2 80"],
    [1e9, accessPoint, 80, undefined],
    [287, { generation: "be", streams: 2, width: 20 }, 20, "ax 2 20"],
  ] as const) {
    it(`is ${expected ?? "nothing, as no such link has it"}, of ${mbps} Mbit/s in ${width} MHz`, () => {
      const found = leastAbility(mbps, ability);
      assert.equal(found && `${found.generation} ${found.streams} ${found.width}`, expected);
      if (found) assert.ok(mostRate(found) >= mbps * 0.95);
    });
  }
});
