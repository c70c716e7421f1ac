import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Lab, managerAddress } from "./testing/lab.ts";

const minutes = 60_000;
const hours = 60 * minutes;

async function connected(options: ConstructorParameters<typeof Lab>[0] = {}, boot = {}): Promise<Lab> {
  const lab = await new Lab(options).boot(boot);
  await lab.until("CONNECTED manager", 5_000);
  return lab;
}

describe("CM on a node that boots", () => {
  it("is at its manager within a second, and leaves no trace of trouble", async () => {
    const lab = await connected();
    assert.ok(lab.bench.clock.now() < 1_000);
    assert.deepEqual(lab.dialled, ["ssl:[192.0.2.1]:443", "ssl:[192.0.2.2]:6640"]);
    const { ipv4, unreachable_router_counter, unreachable_internet_counter, unreachable_cloud_counter, ntp_state } =
      lab.uplink;
    assert.deepEqual(
      [ipv4, unreachable_router_counter, unreachable_internet_counter, unreachable_cloud_counter, ntp_state],
      ["active", 0, 0, 0, true],
    );
    assert.deepEqual(lab.outages, []);
    assert.match(lab.dump, /device type: ROUTER/);
  });

  it("writes nothing while everything is as it was", async () => {
    const lab = await connected();
    await lab.advance(10 * minutes);
    let commits = 0;
    lab.bench.database.onCommit(() => commits++);
    await lab.advance(2 * hours);
    assert.equal(commits, 0);
    assert.deepEqual(
      lab.bench.storage.stores().map(({ writes }) => writes),
      [0],
    );
  });

  it("without a cable asks for gw_offline after six minutes, and ends it when the manager is back", async () => {
    const lab = new Lab();
    lab.world.cable = false;
    await lab.boot({ gwOffline: true });
    await lab.advance(6 * minutes - 1);
    assert.equal(lab.gwOffline, undefined);
    await lab.advance(1);
    assert.equal(lab.gwOffline, "true");
    await lab.set({ cable: true });
    await lab.until("CONNECTED manager", 1 * minutes);
    await lab.bench.settle();
    assert.equal(lab.gwOffline, "false");
    assert.deepEqual(lab.restarts, []);
  });

  it("stays offline at a redirector, unless that turns out to be all there is", async () => {
    const lab = new Lab();
    Object.assign(lab.world, { cable: false, hands: "" });
    await lab.boot({ gwOffline: true });
    await lab.advance(6 * minutes);
    await lab.set({ cable: true });
    await lab.until("CONNECTED redirector", 1 * minutes);
    await lab.advance(5 * minutes - 1_000);
    assert.equal(lab.gwOffline, "true");
    await lab.advance(1_000);
    assert.equal(lab.gwOffline, "false");
  });

  it("without a router asks for gw_offline after three minutes", async () => {
    const lab = new Lab();
    lab.world.router = false;
    await lab.boot({ gwOffline: true });
    assert.match(lab.state, /WAN_IP/);
    await lab.advance(3 * minutes);
    assert.equal(lab.gwOffline, "true");
    await lab.set({ router: true });
    await lab.until("CONNECTED manager", 10_000);
  });

  it("without a cable and without gw_offline restarts its managers", async () => {
    const lab = new Lab();
    lab.world.cable = false;
    await lab.boot();
    await lab.advance(2 * minutes);
    assert.equal(lab.restarts.length, 1);
    assert.match(lab.restarts[0] ?? "", /LINK_SEL has had its time; gw_offline is not enabled/);
  });

  it("says that nobody can restart its managers, and starts afresh", async () => {
    const lab = new Lab();
    lab.bench.control = undefined;
    lab.world.cable = false;
    await lab.boot();
    await lab.advance(2 * minutes);
    assert.equal(lab.logged(/starts afresh: LINK_SEL.*nobody here can restart/), 1);
    await lab.set({ cable: true });
    await lab.until("CONNECTED manager", 5_000);
  });
});

describe("CM on a node that had its manager", () => {
  it("notes that the cable was pulled, and is back as soon as it is plugged", async () => {
    const lab = await connected();
    await lab.set({ cable: false });
    assert.match(lab.state, /LINK_SEL/);
    const { is_used, ipv4, unreachable_router_counter } = lab.uplink;
    assert.deepEqual([is_used, ipv4, unreachable_router_counter], [false, null, null]);
    await lab.advance(30_000);
    await lab.set({ cable: true });
    await lab.until("CONNECTED manager", 5_000);
    assert.deepEqual(lab.outages, ["LINK lost", "LINK back"]);
    assert.deepEqual(lab.restarts, []);
  });

  it("goes offline without a restart when the WAN is lost, as a router, too", async () => {
    const lab = await connected({}, { gwOffline: true });
    await lab.set({ cable: false });
    await lab.advance(6 * minutes);
    assert.equal(lab.gwOffline, "true");
    await lab.set({ cable: true });
    await lab.until("CONNECTED manager", 5_000);
    await lab.bench.settle();
    assert.equal(lab.gwOffline, "false");
    // A second outage is as good as the first.
    await lab.set({ cable: false });
    await lab.advance(6 * minutes);
    assert.equal(lab.gwOffline, "true");
    assert.deepEqual(lab.restarts, []);
  });

  it("goes offline when only the cloud is gone, and never restarts for it without a stored configuration", async () => {
    const ready = await connected({}, { gwOffline: true });
    await ready.set({ redirector: false, controller: false });
    await ready.advance(15 * minutes);
    assert.equal(ready.gwOffline, "true");
    const plain = await connected();
    await plain.set({ redirector: false, controller: false });
    await plain.advance(24 * hours);
    assert.deepEqual(plain.restarts, []);
    assert.equal(plain.gwOffline, undefined);
    await plain.set({ redirector: true, controller: true });
    await plain.until("CONNECTED manager", 3 * minutes);
  });

  it("tries to mend an uplink whose router is silent, and sees it come back", async () => {
    const lab = await connected();
    const before = lab.bench.row("Wifi_Inet_Config", (row) => row.if_name === "eth0").dhcp_renew;
    await lab.set({ router: false });
    await lab.advance(10 * minutes);
    assert.ok(lab.bench.row("Wifi_Inet_Config", (row) => row.if_name === "eth0").dhcp_renew > before);
    assert.ok(lab.logged(/eth0: is switched off and on/) > 0);
    const isOn = () => lab.bench.row("Wifi_Inet_Config", (row) => row.if_name === "eth0").enabled;
    await lab.bench.clock.runUntil(isOn, 2_000, "an interface that is on");
    assert.equal(lab.uplink.ipv4, "inactive");
    assert.equal(lab.outages.at(-1), "IPALL_INTERNET lost");
    await lab.set({ router: true });
    await lab.until("CONNECTED manager", 3 * minutes);
    await lab.bench.settle();
    assert.deepEqual([lab.uplink.ipv4, lab.uplink.unreachable_router_counter], ["active", 0]);
    assert.equal(lab.outages.at(-1), "IPALL_INTERNET back");
    assert.deepEqual(lab.restarts, []);
  });

  it("survives an Internet that is gone for a day", async () => {
    const lab = await connected();
    await lab.set({ internet: false });
    await lab.advance(24 * hours);
    assert.ok((lab.uplink.unreachable_internet_counter ?? 0) > 6);
    assert.equal(lab.uplink.unreachable_router_counter, 0);
    assert.deepEqual(lab.restarts, []);
    await lab.set({ internet: true });
    await lab.until("CONNECTED manager", 3 * minutes);
  });

  it("waits for name servers that refuse, and for those that are silent", async () => {
    for (const dns of ["refuses", "silent"] as const) {
      const lab = await connected();
      await lab.set({ dns, controller: false });
      await lab.advance(30 * minutes);
      assert.doesNotMatch(lab.state, /CONNECTED/);
      assert.ok(lab.logged(/not resolved|resolver/) > 0);
      await lab.set({ dns: "answers", controller: true });
      await lab.until("CONNECTED manager", 5 * minutes);
    }
  });

  it("lives with a cable that flaps, and logs no more than it must", async () => {
    const lab = await connected();
    for (let i = 0; i < 200; i++) {
      await lab.set({ cable: i % 2 === 1 });
      await lab.advance(300);
    }
    await lab.until("CONNECTED manager", 10_000);
    assert.equal(lab.bench.rows("Uplink_Events").length, 64);
    assert.deepEqual(lab.restarts, []);
  });

  it("follows a Manager row that somebody removed or pointed elsewhere, and an SSL row that is gone", async () => {
    const lab = await connected();
    const { client } = lab.bench;
    await client.transact((transaction) => transaction.update("Open_vSwitch", [], { manager_options: [], ssl: null }));
    await lab.until("CONNECTED manager", 10_000);
    assert.equal(lab.bench.row("SSL").ca_cert, "/certs/ca.pem");
    await client.transact((transaction) => transaction.update("Manager", [], { target: "ssl:[203.0.113.9]:1" }));
    await lab.bench.settle();
    await lab.until("CONNECTED manager", 2 * minutes);
    assert.equal(lab.bench.row("Manager").target, "ssl:[192.0.2.2]:6640");
    assert.equal(lab.bench.rows("Manager").length, 1);
  });

  it("comes back by way of the redirector after a restart of CM alone", async () => {
    const lab = await connected({}, { gwOffline: true });
    await lab.set({ cable: false });
    await lab.advance(6 * minutes);
    await lab.stop();
    await lab.start();
    await lab.set({ cable: true });
    await lab.until("CONNECTED manager", 10_000);
    await lab.bench.settle();
    assert.equal(lab.gwOffline, "false");
    assert.equal(lab.outages.length, 2);
  });

  it("takes a new manager address once it is connected to the redirector again only", async () => {
    const lab = await connected();
    const { client } = lab.bench;
    await client.transact((transaction) =>
      transaction.update("AWLAN_Node", [], { manager_addr: "ssl:x.example.com:1" }),
    );
    await lab.bench.settle();
    assert.equal(lab.state, "CONNECTED manager");
  });
});

describe("CM and a redirector that hands out what is of no use", () => {
  for (const hands of [
    "ssl:nowhere.example.com:6640",
    "ssl:redirector.example.com:444",
    "ssl:controller.example.com:0",
    "",
  ]) {
    it(`${hands || "nothing"}: goes on asking, with pauses, and takes the right one in the end`, async () => {
      const lab = new Lab();
      lab.world.hands = hands;
      await lab.boot({ gwOffline: true });
      await lab.advance(1 * hours);
      assert.notEqual(lab.state, "CONNECTED manager", hands);
      const dialled = lab.dialled.length;
      assert.ok(dialled < 400, `${dialled} connections in an hour`);
      await lab.set({ hands: managerAddress });
      if (hands === "ssl:controller.example.com:0" || hands === "") {
        // The redirector writes when it is asked; here it is still connected.
        await lab.bench.client.transact((transaction) =>
          transaction.update("AWLAN_Node", [], { manager_addr: managerAddress }),
        );
      }
      await lab.until("CONNECTED manager", 5 * minutes);
    });
  }
});

describe("CM on an uplink with both families", () => {
  it("gets to an IPv4 cloud although IPv6 leads nowhere, at once and ever after", async () => {
    const lab = new Lab();
    lab.world.ipv6 = false;
    await lab.boot({ ipv6: true });
    await lab.until("CONNECTED manager", 5_000);
    assert.deepEqual(lab.dialled, ["ssl:[192.0.2.1]:443", "ssl:[192.0.2.2]:6640"]);
    await lab.set({ controller: false, redirector: false });
    await lab.advance(5 * minutes);
    await lab.set({ controller: true, redirector: true });
    await lab.until("CONNECTED manager", 3 * minutes);
    assert.ok(lab.bench.row("Manager").target.startsWith("ssl:[192"));
    // Nobody answered the race then; what had worked before went first.
    const rounds = lab.dialled.slice(3).filter((target) => target.endsWith(":443"));
    assert.equal(rounds[0], "ssl:[192.0.2.1]:443");
  });

  it("goes over to the other family when the one in use breaks", async () => {
    const lab = await connected({}, { ipv6: true });
    assert.match(lab.bench.row("Manager").target, /2001:db8::2/);
    await lab.set({ ipv6: false });
    await lab.until("CONNECTED manager", 1 * minutes);
    assert.match(lab.bench.row("Manager").target, /192\.0\.2\.2/);
    await lab.set({ ipv6: true, ipv4: false });
    await lab.until("CONNECTED manager", 3 * minutes);
    assert.match(lab.bench.row("Manager").target, /2001:db8::2/);
  });

  it("does without the race where nothing can be reached to decide it", async () => {
    const lab = new Lab({ reach: async () => false });
    await lab.boot({ ipv6: true });
    await lab.until("CONNECTED manager", 5_000);
  });
});

describe("twelve hours", () => {
  for (const broken of [{ cable: false }, { router: false }, { redirector: false, controller: false }]) {
    it(`with ${Object.keys(broken).join(" and ")} gone and gw_offline end in a restart of the managers`, async () => {
      const lab = await connected({}, { gwOffline: true });
      await lab.set(broken);
      await lab.advance(12 * hours - 1 * minutes);
      assert.deepEqual(lab.restarts, []);
      assert.equal(lab.gwOffline, "true");
      await lab.advance(30 * minutes);
      assert.equal(lab.restarts.length, 1, lab.dump);
      assert.match(lab.restarts[0] ?? "", /has been like this for too long/);
    });
  }

  it("do not in release 7.0, where it takes 24; gw_offline comes three minutes after the first failure there", async () => {
    const recovery = { offlineAfter: { ms: 180_000 }, restartAfter: { ms: 86_400_000 } } as const;
    const lab = await connected({ recovery }, { gwOffline: true });
    await lab.set({ cable: false });
    await lab.advance(5 * minutes - 1);
    assert.equal(lab.gwOffline, undefined);
    await lab.advance(1);
    assert.equal(lab.gwOffline, "true");
    await lab.advance(23 * hours);
    assert.deepEqual(lab.restarts, []);
    await lab.advance(2 * hours);
    assert.equal(lab.restarts.length, 1);
  });
});
