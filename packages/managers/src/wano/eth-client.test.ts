import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { decisionAt, type EthClient, type Heard, hear, passTime, quietPort } from "./eth-client.ts";
import { clientWait } from "./limits.ts";

const laptop = mac("02:00:00:00:00:0a");
const other = mac("02:00:00:00:00:0b");
const isNode = (vendorClass: string) => vendorClass === "OpenSync";

function heard(message: Heard["message"], from = laptop, vendorClass = "MSFT 5.0"): Heard {
  return { mac: from, message, vendorClass };
}

function after(...packets: readonly Heard[]): EthClient {
  return packets.reduce((state, packet, index) => hear(state, packet, index * 100, isNode), quietPort);
}

describe("who is plugged into a port", () => {
  const cases: readonly (readonly [string, readonly Heard[], EthClient["kind"]])[] = [
    ["nobody who speaks: not known", [], "quiet"],
    ["a machine that asks once: not known yet", [heard("discover")], "heard"],
    ["a machine that asks twice: not known yet", [heard("discover"), heard("request")], "heard"],
    ["a machine that asks three times: a client", [heard("discover"), heard("discover"), heard("request")], "client"],
    ["two machines that ask: a network", [heard("discover"), heard("discover", other)], "wan"],
    ["a server that offers: a network", [heard("offer", other)], "wan"],
    ["a machine, and a server that acknowledges: a network", [heard("request"), heard("ack", other)], "wan"],
    ["an OpenSync device", [heard("discover", laptop, "OpenSync")], "node"],
    [
      "a server where a client was found: a network",
      [...Array(3).fill(heard("discover")), heard("offer", other)],
      "wan",
    ],
    [
      "a second machine where a client was found: a client",
      [...Array(3).fill(heard("discover")), heard("discover", other)],
      "client",
    ],
    [
      "what is a network stays one",
      [heard("offer", other), heard("discover"), heard("discover", laptop, "OpenSync")],
      "wan",
    ],
  ];
  for (const [what, packets, kind] of cases) it(what, () => assert.equal(after(...packets).kind, kind));

  it("a machine that asks once and then waits is a client after five seconds, not before", () => {
    const state = hear(quietPort, heard("discover"), 1_000, isNode);
    assert.equal(decisionAt(state), 1_000 + clientWait);
    assert.equal(passTime(state, 1_000 + clientWait - 1), state);
    assert.deepEqual(passTime(state, 1_000 + clientWait), { kind: "client", mac: laptop });
    assert.equal(decisionAt(passTime(state, 1_000 + clientWait)), null);
  });
});
