import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { minute, second, WirelessHome } from "./testing/wireless-home.ts";

/** The demo home, when the cloud is satisfied. */
async function demo(): Promise<WirelessHome> {
  const home = await WirelessHome.demo();
  await home.settled(minute);
  return home;
}

/** The devices of people, which all have to get an address, and whether they reach the Internet from it. */
function served(home: WirelessHome): readonly { readonly name: string; readonly internet: boolean }[] {
  return home.fabric.hosts().map(({ name, address }) => ({
    name,
    internet: address !== null && home.fabric.reaches(name, "internet"),
  }));
}

async function allServed(home: WirelessHome, limit: number): Promise<void> {
  const without = () => served(home).filter(({ internet }) => !internet);
  assert.equal(served(home).length, 8);
  const names = () => without().map(({ name }) => name);
  await home
    .until("all have an address and the Internet", () => names().length === 0, limit)
    .catch((error) => {
      throw new Error(`${error.message}: not ${names().join(", ")}`);
    });
}

async function isBridged(home: WirelessHome): Promise<void> {
  assert.deepEqual(await home.ports("extender"), ["br-home", "eth0", "eth1"]);
  assert.equal(await home.address("extender", "eth0"), null);
  assert.match((await home.address("extender", "br-home")) ?? "", /^192\.168\.40\./);
}

/** Since the cloud's connection last changed it is satisfied, and stays so. */
async function staysSettled(home: WirelessHome): Promise<void> {
  const { sessions } = home.extender();
  await home.pass(3 * minute);
  assert.deepEqual([home.cloud.location.settled, home.extender().sessions], [true, sessions]);
}

describe("an extender on a cable", () => {
  it("passes the LAN on: everybody has an address, wherever they are", async () => {
    await using home = await demo();
    const settledAt = home.clock.now();
    await allServed(home, minute);
    await isBridged(home);
    assert.ok(settledAt <= 20 * second, `settled after ${settledAt / second} s`);
    await staysSettled(home);
    const gateway = await home.ports("gateway");
    assert.ok(!gateway.includes("eth0"), "the gateway's own uplink stays outside");
  });

  for (const id of ["gateway", "extender"] as const) {
    it(`passes the LAN on after a reboot of the ${id}`, async () => {
      await using home = await demo();
      await allServed(home, minute);
      const { sessions } = home.extender();
      await home.reboot(id);
      await home.until("the extender is back", () => home.extender().sessions > sessions, 3 * minute);
      await home.settled(2 * minute);
      await allServed(home, minute);
      await isBridged(home);
      await staysSettled(home);
    });
  }

  for (const how of ["cable", "line"] as const) {
    it(`passes the LAN on when its ${how} was dead for a while`, async () => {
      await using home = await demo();
      await allServed(home, minute);
      const { wan } = home.target("extender").network;
      const { sessions } = home.extender();
      wan.set(how);
      await home.until("the cloud has lost it", () => !home.extenderIsOn(), 3 * minute);
      await home.pass(2 * minute);
      wan.set("ok");
      await home.until("the extender is back", () => home.extender().sessions > sessions, 3 * minute);
      await home.settled(2 * minute);
      await allServed(home, minute);
      await isBridged(home);
    });
  }

  for (const seconds of [3, 12, 40]) {
    it(`passes the LAN on when its cable was out for ${seconds} s`, async () => {
      await using home = await demo();
      await allServed(home, minute);
      const { wan } = home.target("extender").network;
      wan.set("cable");
      await home.pass(seconds * second);
      wan.set("ok");
      await home.pass(5 * second);
      await allServed(home, 30 * second);
      await isBridged(home);
      await staysSettled(home);
    });
  }

  it("passes the LAN on when its managers have been restarted", async () => {
    await using home = await demo();
    await allServed(home, minute);
    const { sessions } = home.extender();
    home.device("extender").control.restartManagers("the owner wants it");
    await home.until("the extender is back", () => home.extender().sessions > sessions, 3 * minute);
    await home.settled(2 * minute);
    await allServed(home, minute);
    await isBridged(home);
  });

  it("stays in the home when the gateway has no Internet", async () => {
    await using home = await demo();
    await allServed(home, minute);
    const { wan } = home.target("gateway").network;
    wan.set("line");
    await home.pass(5 * minute);
    assert.ok(home.fabric.hosts().every(({ address }) => address !== null));
    wan.set("ok");
    await home.settled(3 * minute);
    await allServed(home, minute);
    await isBridged(home);
  });
});
