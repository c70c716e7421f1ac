/** A home without its cloud, seen by those who live in it: what they must not notice, and what they cannot help noticing. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { CloudlessHome, hour, minute, printerAddress, residents } from "./testing/cloudless-home.ts";

/** The home, settled and stored. */
async function home(options: Parameters<typeof CloudlessHome.start>[0] = {}): Promise<CloudlessHome> {
  const started = await CloudlessHome.start(options);
  await started.settled();
  await started.until("the family has its addresses", () => started.familyHasAddresses(), 5 * minute);
  await started.until("it is stored", async () => (await started.status()) === "ready", 2 * minute);
  return started;
}

const addresses = (of: CloudlessHome) => residents.map(({ name }) => of.addressOf(name));

/** Identities of the rows: what is replaced has another. */
async function identities(of: CloudlessHome): Promise<readonly string[]> {
  return (await of.rows("Wifi_VIF_Config")).map(({ _uuid }) => _uuid).sort();
}

async function offline(of: CloudlessHome): Promise<void> {
  await of.until("it is in offline mode", async () => (await of.status()) === "active", hour);
}

describe("a home whose cloud is gone", () => {
  it("goes on as it is for hours: no association is lost, addresses stay, connections to the Internet stand", async () => {
    await using of = await home();
    const { losses } = of;
    const before = addresses(of);
    const rows = await identities(of);
    const films = of.fabric.connect("laptop", "internet");
    const print = of.fabric.connect("phone", printerAddress);
    of.fabric.cloud = "down";
    await offline(of);
    await of.pass(3 * hour);
    assert.deepEqual([of.losses - losses, addresses(of)], [0, before]);
    assert.deepEqual(await identities(of), rows, "nothing is restored over what is in force");
    assert.deepEqual([films.stands, print.stands], [true, true]);
    assert.ok(of.associated().includes("guest"), "also the guests' key is still there");
    of.fabric.cloud = "ok";
    await of.until("the cloud is back", async () => (await of.status()) === "ready", 30 * minute);
    await of.settled();
    assert.deepEqual([of.losses - losses, addresses(of), films.stands], [0, before, true]);
    assert.deepEqual(await identities(of), rows);
  });
});

describe("a home whose Internet is gone", () => {
  it("keeps its LAN until the twelve hours are over: nobody is thrown off, everybody reaches everybody", async () => {
    await using of = await home();
    const { losses } = of;
    const before = addresses(of);
    const print = of.fabric.connect("phone", printerAddress);
    const outages: string[] = [];
    of.device.events.on("down", ({ outage }) => outages.push(outage));
    const start = of.clock.now();
    of.wanDown();
    await offline(of);
    await of.pass(start + 11 * hour - of.clock.now());
    assert.deepEqual([of.losses - losses, addresses(of), outages], [0, before, []]);
    assert.ok(print.stands);
    assert.ok(!of.fabric.reaches("laptop", "internet"));
    assert.ok(of.fabric.reaches("laptop", "gateway"));
    // Protection against a node that stays in a state that nobody expects for ever.
    await of.until("the managers are restarted", () => outages.length > 0, 3 * hour);
    const hours = (of.clock.now() - start) / hour;
    assert.deepEqual(outages, ["restart of managers"]);
    assert.ok(hours > 11.5 && hours < 12.7, `after ${hours.toFixed(2)} h`);
    await offline(of);
    await of.until("the family is back", () => of.familyIsOn(), 5 * minute);
    await of.restored("Home");
    await of.pass(2 * minute);
    assert.deepEqual(addresses(of), before);
  });

  it("does not notice a short outage at all, and is not in offline mode after it", async () => {
    await using of = await home();
    const { losses } = of;
    of.wanDown();
    await of.pass(3 * minute);
    of.wanUp();
    await of.until(
      "it is connected again",
      async () => (await of.rows("Manager")).some((row) => row.is_connected),
      hour,
    );
    await of.settled();
    await of.pass(10 * minute);
    assert.equal(of.losses, losses);
    assert.notEqual(await of.pm("Node_Config", "gw_offline"), "true");
    assert.equal(await of.status(), "ready");
  });

  it("is served the same after a second outage and a second power cut", async () => {
    await using of = await home();
    for (let night = 0; night < 2; night++) {
      of.wanDown();
      await of.reboot("powerCut");
      await offline(of);
      await of.until("the family is on", () => of.familyIsOn(), 5 * minute);
      await of.restored("Home");
      of.wanUp();
      await of.until("the cloud is back", async () => (await of.status()) === "ready", 30 * minute);
      await of.settled();
    }
    const view = of.node.target.storage.stores().find(({ name }) => name === "pm_gw_offline_store");
    assert.equal(view?.writes, 0, "since the boot");
  });

  it("takes in who is plugged into its LAN port meanwhile", async () => {
    await using of = await home({ lanPort: "free" });
    of.wanDown();
    await of.reboot("powerCut");
    await offline(of);
    of.fabric.plugHost({
      name: "desktop",
      mac: mac("02:00:00:00:00:77"),
      port: { device: "gateway", port: "eth1" },
    });
    await of.until("it has an address of the LAN", () => of.addressOf("desktop") !== null, 15 * minute);
    assert.match(of.addressOf("desktop") ?? "", /^192\.168\.40\./);
    const uplink = (await of.rows("Connection_Manager_Uplink")).find(({ if_name }) => if_name === "eth1");
    assert.deepEqual([uplink?.eth_client, uplink?.has_L3, uplink?.loop], [true, false, false]);
    await of.until("the family has its addresses, too", () => of.familyHasAddresses(), 5 * minute);
    assert.ok(of.fabric.reaches("desktop", printerAddress));
  });

  it("has one outage in its log, and one write of flash, however often its uplink is switched off and on meanwhile", async () => {
    await using of = await home();
    // Checks of the uplink begin in earnest.
    await of.pass(2 * minute);
    const writes = () => of.node.target.storage.stores().find(({ name }) => name === "uplink_event")?.writes ?? 0;
    const types = async () =>
      (await of.rows("Uplink_Events")).map(({ type, connected }) => `${type} ${connected ? "back" : "lost"}`);
    of.wan.set("internet");
    await of.pass(2 * hour);
    assert.deepEqual([await types(), writes()], [["IPALL_INTERNET lost"], 1]);
    of.wanUp();
    await of.until("the cloud is back", async () => (await of.status()) === "ready", 30 * minute);
    await of.pass(2 * minute);
    assert.deepEqual([(await types()).sort(), writes()], [["IPALL_INTERNET back", "IPALL_INTERNET lost"], 2]);
  });

  it("is ready again soon after somebody has written nonsense where CM asks for offline mode", async () => {
    await using of = await home();
    await of.node.client.transact((transaction) =>
      transaction.insert("Node_Config", { module: "PM", key: "gw_offline", value: "perhaps" }),
    );
    await of.until("it is an error", async () => (await of.status()) === "error", minute);
    await of.until("it is in order", async () => (await of.status()) === "ready", 2 * minute);
    assert.equal(await of.pm("Node_Config", "gw_offline"), "false");
  });

  it("is served by the values of release 7.0 three minutes after the first failure, where the profile says so", async () => {
    await using of = await home({ profile: "opensync-7" });
    of.wanDown();
    await of.reboot("powerCut");
    await offline(of);
    const minutes = of.sinceBoot() / minute;
    assert.ok(minutes >= 3 && minutes <= 8, `${minutes.toFixed(1)} min after the boot`);
    await of.until("the family is on", () => of.familyIsOn(), 5 * minute);
  });
});
