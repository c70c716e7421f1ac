import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Write } from "@opensync-ts/schema/opensync";
import { Gateway, portsOf } from "./testing/home.ts";
import { isClientPort } from "./while-offline.ts";

const client = { if_type: "eth", is_used: false, has_L2: true, has_L3: false, loop: false, eth_client: true } as const;

describe("a wired port", () => {
  for (const [what, change, expected] of [
    ["with a client behind it", {}, true],
    ["that nobody has said is used", { is_used: null }, true],
    ["that is the uplink", { is_used: true }, false],
    ["without a cable", { has_L2: false }, false],
    ["that may still get an address", { has_L3: null }, false],
    ["with an address", { has_L3: true }, false],
    ["whose loop is not known", { loop: null }, false],
    ["in a loop", { loop: true }, false],
    ["with nobody known behind it", { eth_client: null }, false],
    ["with no client behind it", { eth_client: false }, false],
    ["that is none", { if_type: "vif" }, false],
  ] as const) {
    it(`${what} ${expected ? "joins" : "does not join"} the LAN`, () =>
      assert.equal(isClientPort({ ...client, ...change }), expected));
  }
});

async function offline(): Promise<Gateway> {
  const gateway = new Gateway();
  await gateway.configured();
  await gateway.boot();
  await gateway.set("gw_offline", "true");
  return gateway;
}

const uplink = (gateway: Gateway, if_name: string, row: Write<"Connection_Manager_Uplink">) =>
  gateway.change((transaction) => {
    const known = gateway.bench.rows("Connection_Manager_Uplink").some((each) => each.if_name === if_name);
    if (known) transaction.update("Connection_Manager_Uplink", [["if_name", "==", if_name]], row);
    else transaction.insert("Connection_Manager_Uplink", { if_type: "eth", ...row, if_name });
  });

const upnp = (gateway: Gateway, name: string) =>
  gateway.bench.row("Wifi_Inet_Config", ({ if_name }) => if_name === name).upnp_mode;

describe("Ethernet clients in offline mode", () => {
  it("join the LAN as soon as they are found, once, also in an outage without a reboot", async () => {
    for (const gateway of [await offline(), new Gateway()]) {
      if (gateway.state() === undefined) {
        await gateway.configured();
        await gateway.set("gw_offline", "true");
      }
      await uplink(gateway, "eth1", { has_L2: true });
      assert.deepEqual(portsOf(gateway.bench), ["br-home", "home-ap-24", "home-ap-50"]);
      await uplink(gateway, "eth1", client);
      assert.deepEqual(portsOf(gateway.bench), ["br-home", "eth1", "home-ap-24", "home-ap-50"]);
      const { _version } = gateway.bench.row("Bridge");
      await uplink(gateway, "eth1", { priority: 3 });
      assert.equal(gateway.bench.row("Bridge")._version, _version);
      assert.equal(gateway.bench.row("Interface", ({ name }) => name === "eth1").type, "");
      await gateway.stop();
    }
  });

  it("that were found before join at once, and stay when the cloud is back", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await uplink(gateway, "eth1", client);
    assert.ok(!portsOf(gateway.bench).includes("eth1"));
    await gateway.set("gw_offline", "true");
    assert.ok(portsOf(gateway.bench).includes("eth1"));
    await gateway.set("gw_offline", "false");
    assert.ok(portsOf(gateway.bench).includes("eth1"));
    await uplink(gateway, "eth2", client);
    assert.ok(!portsOf(gateway.bench).includes("eth2"));
    await gateway.stop();
  });

  it("are left where they are, and named, when they cannot join", async () => {
    const gateway = await offline();
    await gateway.change((transaction) => {
      const port = transaction.insert("Port", {
        name: "eth1",
        interfaces: [transaction.insert("Interface", { name: "eth1" })],
      });
      transaction.insertInto("Open_vSwitch", [], "bridges", [
        transaction.insert("Bridge", { name: "br-x", ports: [port] }),
      ]);
    });
    await uplink(gateway, "eth1", client);
    await uplink(gateway, "eth2;reboot", client);
    assert.deepEqual(portsOf(gateway.bench), ["br-home", "home-ap-24", "home-ap-50"]);
    assert.ok(gateway.logged("eth1: a client's port cannot join the LAN: it is a port of br-x"));
    assert.ok(gateway.logged("eth2;reboot: a client's port cannot join the LAN: this is no name of an interface"));
    await gateway.stop();
  });
});

describe("the uplink in offline mode", () => {
  it("gets its UPnP mode when it is used, and loses it when it is not", async () => {
    const gateway = await offline();
    assert.equal(upnp(gateway, "eth0"), null);
    await uplink(gateway, "eth0", { is_used: true });
    assert.equal(upnp(gateway, "eth0"), "external");
    await uplink(gateway, "eth0", { is_used: false });
    assert.equal(upnp(gateway, "eth0"), null);
    await uplink(gateway, "eth1", { is_used: true });
    assert.equal(upnp(gateway, "eth1"), "external");
    await gateway.stop();
  });

  it("joins the LAN in bridge mode once it has an address", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    const bridged = { ip_assign_scheme: "dhcp" } as const;
    await gateway.change((transaction) =>
      transaction.update("Wifi_Inet_Config", [["if_name", "==", "br-home"]], bridged),
    );
    await gateway.quiet();
    await gateway.boot();
    await gateway.set("gw_offline", "true");
    assert.equal(gateway.state(), "active");
    assert.ok(gateway.logged("bridge mode: no wired uplink is in use yet"));
    const state = { if_name: "eth0", inet_addr: "192.0.2.7", if_type: "eth" } as const;
    await gateway.change((transaction) => transaction.insert("Wifi_Inet_State", state));
    const bridge = () => gateway.bench.row("Connection_Manager_Uplink").bridge;
    await uplink(gateway, "eth0", { is_used: true });
    assert.equal(bridge(), "br-home");
    await gateway.stop();
  });
});
