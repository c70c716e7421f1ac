import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { uplink } from "./testing/uplink-row.ts";
import { judgeUplink } from "./uplink.ts";

describe("the uplink's finding", () => {
  const cases: readonly [string, Parameters<typeof judgeUplink>[0], string, RegExp][] = [
    ["one that is well", [uplink({ bridge: "br-wan" })], "ok", /^eth0 \(eth\) is used, in bridge br-wan$/],
    ["none at all", [], "failed", /none is used: there are no candidates/],
    [
      "candidates of which none is used",
      [
        uplink({ is_used: false, has_L2: false }),
        uplink({ if_name: "eth1", is_used: null, has_L3: null }),
        uplink({ if_name: "eth2", is_used: false }),
      ],
      "failed",
      /eth0 \(no link: has_L2\), eth1 \(no DHCP: has_L3\), eth2 \(not chosen\)/,
    ],
    ["no link", [uplink({ has_L2: false })], "failed", /no link/],
    ["no address", [uplink({ has_L3: false })], "failed", /nothing by DHCP/],
    [
      "a router that does not answer",
      [uplink({ unreachable_router_counter: 3, unreachable_internet_counter: 2 })],
      "failed",
      /does not reach: router \(3 checks\), internet \(2 checks\)/,
    ],
  ];
  for (const [what, rows, status, found] of cases) {
    it(`says of ${what} what it is`, () => {
      const finding = judgeUplink(rows, false);
      assert.equal(finding.status, status);
      assert.match(finding.found, found);
    });
  }

  it("is no fault while the node has its cloud all the same", () => {
    assert.equal(judgeUplink([uplink({ unreachable_internet_counter: 1 })], true).status, "warning");
  });
});
