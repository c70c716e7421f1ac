import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aNode, aRadio, aSimulation } from "./testing/simulations.ts";
import { troubles } from "./trouble.ts";

const timeOf = (at: string) => at.slice(11, 16);

describe("what is broken on purpose", () => {
  it("is nothing in a home that is whole", () => {
    assert.deepEqual(troubles(aSimulation(), timeOf), []);
  });

  it("is said with how it is mended, or why it cannot be", () => {
    const home = aSimulation({
      cloud: "down",
      nodes: [
        aNode({
          uplink: { kind: "cable", state: "cable", can: [] },
          radios: [aRadio({ jam: { channel: 36, airtimePercent: 90 }, closedChannels: [52, 56] })],
          faults: [
            { id: 3, scenario: "acl-limit", radio: "wifi1", interface: null, until: null },
            { id: 4, scenario: "slow-driver", radio: null, interface: null, until: "2026-08-01T18:05:00Z" },
          ],
        }),
        aNode({ node: "extender", power: "booting", uplink: null, radios: [] }),
      ],
    });
    const told = troubles(home, timeOf);
    assert.deepEqual(
      told.map(({ text, undo }) => [text, undo]),
      [
        ["The cloud refuses every node of this home.", { kind: "cloud" }],
        ["gateway: The cable is pulled.", { kind: "uplink", node: "gateway" }],
        [
          "gateway, wifi1: channel 36 is jammed for 90 % of the time.",
          { kind: "jam", node: "gateway", radio: "wifi1" },
        ],
        ["gateway, wifi1: radar was heard on channel 52, 56; by law it is closed for half an hour.", null],
        [
          "gateway: Access lists hold too few (wifi1, until it is cleared).",
          { kind: "fault", node: "gateway", fault: 3 },
        ],
        ["gateway: The driver is slow (everywhere, until 18:05).", { kind: "fault", node: "gateway", fault: 4 }],
        ["extender boots; it comes up by itself.", null],
      ],
    );
    assert.equal(new Set(told.map(({ id }) => id)).size, told.length);
  });
});
