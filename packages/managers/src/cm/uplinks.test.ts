import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decideUplink, type Uplink } from "./uplinks.ts";

const unset = { loop: null, eth_client: null, ipv4: null, ipv6: null };

function uplink(name: string, rest: Partial<Uplink> = {}): Uplink {
  return {
    if_name: name,
    if_type: "eth",
    priority: null,
    has_L2: true,
    has_L3: true,
    is_used: null,
    ...unset,
    ...rest,
  };
}

describe("the choice of the uplink", () => {
  it("takes the highest priority of those with a link and an address, the first of equals", () => {
    const rows = [
      uplink("eth0", { has_L3: null }),
      uplink("vlan0", { if_type: "vlan" }),
      uplink("eth1"),
      uplink("eth2"),
    ];
    assert.equal(decideUplink(rows).used, "vlan0");
    assert.equal(decideUplink(rows.slice(2)).used, "eth1");
    assert.equal(decideUplink([]).used, null);
  });

  it("gives a priority to what has none once it has a link", () => {
    const { priorities } = decideUplink([uplink("eth0"), uplink("wwan0", { if_type: "lte", has_L2: false })]);
    assert.deepEqual([...priorities], [["eth0", 21]]);
  });

  it("keeps the used one until another is strictly better", () => {
    const used = uplink("eth1", { is_used: true });
    assert.equal(decideUplink([uplink("eth0"), used]).used, "eth1");
    assert.equal(decideUplink([uplink("eth0", { priority: 50 }), used]).used, "eth0");
  });

  it("keeps the used one while its address is being looked for, and leaves it when it has none", () => {
    assert.equal(decideUplink([uplink("eth0"), uplink("eth1", { is_used: true, has_L3: null })]).used, "eth1");
    assert.equal(decideUplink([uplink("eth0"), uplink("eth1", { is_used: true, has_L3: false })]).used, "eth0");
  });

  it("leaves one that lost its link, even for none", () => {
    assert.equal(decideUplink([uplink("eth0", { is_used: true, has_L2: false })]).used, null);
  });

  it("gives Wi-Fi the priority of its band", () => {
    const bands = new Map([
      ["g-a", "2.4G"],
      ["g-b", "5GU"],
      ["g-c", "6G"],
    ] as const);
    const rows = [...bands.keys()].map((name) => uplink(name, { if_type: "gre" }));
    assert.deepEqual([...decideUplink(rows, bands).priorities.values()], [7, 8, 9]);
    assert.deepEqual([...decideUplink(rows).priorities.values()], [3, 3, 3]);
    assert.equal(decideUplink(rows, bands).used, "g-c");
  });

  it("does not take a port with a client, or another device of ours, behind it", () => {
    assert.equal(decideUplink([uplink("eth0", { loop: true }), uplink("eth1", { eth_client: true })]).used, null);
    assert.equal(decideUplink([uplink("eth0", { is_used: true, loop: true }), uplink("eth1")]).used, "eth1");
  });

  it("leaves one that is blocked for one that leads out, and only then", () => {
    const blocked = uplink("eth0", { is_used: true, ipv4: "blocked" });
    assert.equal(decideUplink([blocked, uplink("lte0", { if_type: "lte" })]).used, "lte0");
    assert.equal(decideUplink([blocked, uplink("lte0", { if_type: "lte", ipv4: "inactive" })]).used, "eth0");
    const inactive = uplink("eth0", { is_used: true, ipv4: "inactive" });
    assert.equal(decideUplink([inactive, uplink("lte0", { if_type: "lte" })]).used, "eth0");
    const half = uplink("eth0", { is_used: true, ipv4: "blocked", ipv6: "active" });
    assert.equal(decideUplink([half, uplink("lte0", { if_type: "lte" })]).used, "eth0");
  });

  it("comes back to the better one when its block is over and it works", () => {
    const lte = uplink("lte0", { if_type: "lte", is_used: true, ipv4: "active" });
    assert.equal(decideUplink([uplink("eth0", { ipv4: "unblocking" }), lte]).used, "lte0");
    assert.equal(decideUplink([uplink("eth0", { ipv4: "active" }), lte]).used, "eth0");
  });

  it("takes one that does not lead out where there is no other", () => {
    assert.equal(decideUplink([uplink("eth0", { ipv4: "inactive" })]).used, "eth0");
  });
});
