/**
 * What a cloud writes to real nodes, row by row, when something happens to a home: no more than what has changed; and who of those in
 * the rooms notices it: nobody who is not concerned.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseHome } from "@opensync-ts/cloud/home";
import { Location } from "@opensync-ts/cloud/location";
import { SimWan } from "@opensync-ts/target-sim/network/wan";
import type { ClientSpec } from "@opensync-ts/world/spec";
import {
  gatewayAnew,
  homeAccessPoints,
  identities,
  nodes,
  sessions,
  state,
  story,
  transactions,
  tunnel,
  wellAgain,
} from "./testing/cloud-story.ts";
import { far, homeKey, minute, near, second, wirelessHome } from "./testing/wireless-home.ts";

const guestKey = "the visitor's key";
/** One beside each node. */
const guests: readonly ClientSpec[] = [near, far].map(({ name, place }, index) => ({
  name: `guest ${name}`,
  mac: `02:00:00:00:00:1${index}`,
  place,
  networks: [{ ssid: "Home", psk: guestKey }],
}));

describe("what drifts at a node", () => {
  it("is brought back by one write of that column; only who was on that access point has noticed", async () => {
    await using it = await story();
    const { home, ledger } = it;
    const before = await identities(home, "gateway");
    await home.device("gateway").node?.client.transact((transaction) => {
      transaction.update("Wifi_VIF_Config", [["if_name", "==", "home-ap-50"]], { ssid: "Mine", min_hw_mode: "11n" });
    });
    await wellAgain(it);
    assert.deepEqual(ledger.of("gateway"), [["update Wifi_VIF_Config home-ap-50: ssid"]]);
    assert.deepEqual([ledger.of("extender"), ledger.left, await identities(home, "gateway")], [[], ["near"], before]);
    assert.equal((await home.row("gateway", "Wifi_VIF_Config", "home-ap-50"))?.min_hw_mode, "11n");
  });

  it("is made again where it was deleted: the row, and the radio's reference to it", async () => {
    await using it = await story();
    const { home, ledger } = it;
    await home.device("extender").node?.client.transact((transaction) => {
      transaction.delete("Wifi_VIF_Config", [["if_name", "==", "home-ap-24"]]);
    });
    await wellAgain(it);
    assert.deepEqual(ledger.of("extender"), [
      ["insert Wifi_VIF_Config home-ap-24", "update Wifi_Radio_Config wifi0: vif_configs +1 -0"],
    ]);
    assert.deepEqual([ledger.of("gateway"), ledger.left], [[], []]);
  });

  it("is left alone where the home says nothing of it", async () => {
    await using it = await story();
    const { home, ledger } = it;
    await home.device("gateway").node?.client.transact((transaction) => {
      transaction.insert("Node_Config", { module: "ntp", key: "servers", value: "ntp.example.net" });
      transaction.update("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], { tx_power: 12 });
    });
    await wellAgain(it);
    assert.deepEqual([ledger.of("gateway"), ledger.of("extender"), ledger.left], [[], [], []]);
    assert.equal((await home.row("gateway", "Wifi_Radio_Config", "wifi0"))?.tx_power, 12);
  });
});

describe("a node that nobody has claimed", () => {
  it("is held and written nothing; once claimed it is given all in one transaction", async () => {
    const own = { nodes: [{ id: "gateway", role: "gateway" }], backhaul: undefined };
    await using it = await story({ extender: "by hand", parts: own });
    const { home, ledger } = it;
    const before = transactions(home);
    assert.ok(before > 0, "those for the gateway");
    await home.switchOnExtender("cable");
    const isKnown = () => home.cloud.locations.callers.some(({ id }) => id === "extender");
    await home.until("it has called", isKnown, 5 * minute);
    await home.pass(5 * minute);
    const [caller] = home.cloud.locations.callers;
    assert.match(caller?.reason ?? "", /'extender' is in no home/);
    const names = (await home.rows("extender", "Wifi_VIF_Config")).map(({ if_name }) => if_name);
    assert.ok(
      names.every((name) => !name.startsWith("home-ap-")),
      names.join(),
    );
    state(home, { ...own, nodes: [...own.nodes, { id: "extender", role: "extender" }] });
    await wellAgain(it);
    assert.deepEqual(ledger.of("extender"), [
      [...homeAccessPoints, "update Connection_Manager_Uplink eth0: bridge"].sort(),
    ]);
    assert.deepEqual([ledger.of("gateway"), ledger.left], [[], []]);
    assert.equal(home.cloud.locations.callers.length, 0);
  });

  it("is another location's as soon as that one states it, on the connection that it has", async () => {
    await using it = await story({ extender: "by hand", parts: { nodes: [{ id: "gateway", role: "gateway" }] } });
    const { home, ledger } = it;
    await home.switchOnExtender("cable");
    await home.until("it has called", () => home.cloud.locations.callers.length > 0, 5 * minute);
    await home.pass(minute);
    const networks = [
      { ssid: "Next door", security: { mode: "wpa2", keys: [{ id: "key", psk: "another family's" }] } },
    ];
    const nextDoor = parseHome(
      JSON.stringify({ name: "Next door", nodes: [{ id: "extender", role: "extender" }], networks }),
      "next door",
    );
    const other = new Location(nextDoor, { id: "next door", tenant: null, version: 1 });
    ledger.follow(other);
    home.cloud.locations.add(other);
    await home.until("it is provisioned", () => other.settled, minute);
    assert.deepEqual([ledger.of("extender").length, ledger.of("gateway")], [1, []]);
    assert.equal((await home.row("extender", "Wifi_VIF_Config", "home-ap-50"))?.ssid, "Next door");
  });
});

describe("a home that states something else", () => {
  it("has another name written to each access point, one transaction a node, and nothing else", async () => {
    await using it = await story();
    const { home, ledger } = it;
    const [network] = wirelessHome().networks;
    state(home, { networks: [{ ...network, ssid: "Home again" }] });
    for (const client of [near, far]) {
      home.world.teachClient(client.mac as never, [{ ssid: "Home again", psk: homeKey }]);
    }
    await wellAgain(it);
    const renamed = ["update Wifi_VIF_Config home-ap-24: ssid", "update Wifi_VIF_Config home-ap-50: ssid"];
    assert.deepEqual(
      nodes.map((node) => ledger.of(node)),
      [[renamed], [renamed]],
    );
    assert.deepEqual(ledger.left, ["far", "near"], "people, and not the extender");
  });

  it("writes nothing where the same is stated in other words", async () => {
    await using it = await story();
    const { home, ledger } = it;
    const [network] = wirelessHome().networks;
    const stated = { ...network, bands: ["5G", "2.4G"], hidden: false, enabled: true };
    state(home, { name: "The same home", networks: [stated] });
    await wellAgain(it);
    assert.deepEqual([ledger.of("gateway"), ledger.of("extender"), ledger.left], [[], [], []]);
  });

  it("takes a key away at the moment in which it expires: one write an access point, and only its holders leave", async () => {
    const expires = new Date(Date.UTC(2026, 0, 1, 0, 20)).toISOString();
    const keys = [
      { id: "key", psk: homeKey },
      { id: "key-1", psk: guestKey, expires },
    ];
    const networks = [{ ssid: "Home", security: { mode: "wpa2", keys } }];
    await using it = await story({ parts: { networks }, guests });
    const { home, ledger } = it;
    await home.pass(Date.parse(expires) - 1 - home.clock.wallTime());
    assert.deepEqual([ledger.of("gateway"), ledger.of("extender"), ledger.left], [[], [], []]);
    await home.pass(1 + second);
    const taken = ["update Wifi_VIF_Config home-ap-24: wpa_psks", "update Wifi_VIF_Config home-ap-50: wpa_psks"];
    assert.deepEqual(
      nodes.map((node) => ledger.of(node)),
      [[taken], [taken]],
    );
    assert.deepEqual(ledger.left, ["guest far", "guest near"]);
    await wellAgain(it, ["guest far", "guest near"]);
    assert.deepEqual(ledger.left, ["guest far", "guest near"]);
    const out = home.world.clients().filter(({ association }) => association === null);
    assert.deepEqual(out.map(({ device }) => device.name).sort(), ["guest far", "guest near"]);
  });

  it("freezes a device by one row on the gateway, also while it is the extender's, and lets it go at its hour", async () => {
    await using it = await story();
    const { home, ledger } = it;
    const instant = new Date(home.clock.wallTime() + 10 * minute).toISOString();
    const freeze = {
      id: "homework",
      scope: { kind: "device", mac: far.mac },
      schedule: { kind: "until", instant },
      action: { kind: "freeze" },
    };
    const internet = () => [near, far].map(({ name }) => home.fabric.reaches(name, "internet"));
    state(home, { policies: [freeze] });
    await home.pass(second);
    assert.deepEqual(internet(), [true, false]);
    assert.ok(home.fabric.reaches("far", "gateway"), "its LAN stays");
    await home.pass(10 * minute - second - 1);
    assert.deepEqual(internet(), [true, false]);
    assert.deepEqual(ledger.of("gateway"), [[`insert Client_Freeze_Config ${far.mac}`]]);
    const [row] = await home.rows("gateway", "Client_Freeze_Config");
    assert.deepEqual([row?.mac, row?.blocked, row?.source], [far.mac, true, "cloud"]);
    await home.pass(1);
    await wellAgain(it);
    assert.deepEqual(ledger.of("gateway").slice(1), [[`delete Client_Freeze_Config ${far.mac}`]]);
    assert.deepEqual([ledger.of("extender"), ledger.left], [[], []]);
  });
});

describe("an extender that joins", () => {
  it("over Wi-Fi is given its access points at once; the gateway a tunnel for each of its stations", async () => {
    await using it = await story({ extender: "by hand" });
    const { home, ledger } = it;
    await home.switchOnExtender("wifi");
    await wellAgain(it);
    assert.deepEqual(ledger.of("extender"), [homeAccessPoints]);
    assert.deepEqual([...ledger.of("gateway")].sort(), [tunnel("pgd2-2"), tunnel("pgd5-2")]);
    assert.deepEqual(ledger.left, []);
  });

  it("over a cable is given its access points and its bridge at once; the gateway nothing", async () => {
    await using it = await story({ extender: "by hand" });
    const { home, ledger } = it;
    await home.switchOnExtender("cable");
    await wellAgain(it);
    assert.deepEqual(ledger.of("extender"), [
      [...homeAccessPoints, "update Connection_Manager_Uplink eth0: bridge"].sort(),
    ]);
    assert.deepEqual([ledger.of("gateway"), ledger.left], [[], []]);
  });
});

describe("what costs nothing", () => {
  it("is a restart of the cloud: both nodes come again, are as stated, and nobody leaves", async () => {
    await using it = await story();
    const { home, ledger } = it;
    await home.restartCloud();
    ledger.follow(home.cloud.location);
    await wellAgain(it);
    assert.deepEqual(sessions(home), [1, 1]);
    assert.deepEqual([ledger.of("gateway"), ledger.of("extender"), ledger.left], [[], [], []]);
    for (const node of nodes) assert.equal(home.cloud.location.node(node)?.counters.writes, 0);
  });

  it("is a cloud that was away for half an hour", async () => {
    await using it = await story();
    const { home, ledger } = it;
    const before = sessions(home);
    new SimWan(home.fabric, "gateway", "eth0").set("internet");
    await home.pass(30 * minute);
    new SimWan(home.fabric, "gateway", "eth0").set("ok");
    const isBack = () => sessions(home).every((count, index) => (count ?? 0) > (before[index] ?? 0));
    await home.until("both have come again", isBack, 5 * minute);
    await wellAgain(it);
    assert.deepEqual([ledger.of("gateway"), ledger.of("extender"), ledger.left], [[], [], []]);
  });
});

describe("a node that reboots", () => {
  it("is given what it has lost, an extender in one transaction; the gateway nothing", async () => {
    await using it = await story();
    const { home, ledger } = it;
    await home.reboot("extender");
    await wellAgain(it);
    assert.deepEqual(ledger.of("extender"), [homeAccessPoints]);
    assert.deepEqual(ledger.of("gateway"), [], "its tunnels stand");
    assert.ok(!ledger.left.includes("near"));
  });

  it("is given what it has lost, a gateway in one transaction and one for each tunnel; its extender nothing", async () => {
    await using it = await story();
    const { home, ledger } = it;
    await home.reboot("gateway");
    await wellAgain(it);
    const [first, ...tunnels] = ledger.of("gateway");
    assert.deepEqual(first, gatewayAnew);
    assert.deepEqual([...tunnels].sort(), [tunnel("pgd2-2"), tunnel("pgd5-2")]);
    assert.deepEqual(ledger.of("extender"), []);
  });
});
