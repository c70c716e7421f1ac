/** What the owner wants of single devices, from the document to what they reach: the cloud, the node, its firewall. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { ClientSpec } from "@opensync-ts/world/spec";
import {
  CloudlessHome,
  guestKey,
  homeOf,
  minute,
  primaryKey,
  printerMac,
  residents,
  second,
} from "./testing/cloudless-home.ts";
import { homeKey, WirelessHome } from "./testing/wireless-home.ts";

const family = { ssid: "Home", psk: primaryKey };
const laptop: ClientSpec = {
  name: "laptop",
  mac: "02:00:00:00:00:02",
  place: { x: 4, y: 2 },
  networks: [family],
  bands: ["2.4G"],
  traffic: "video",
};
const guest: ClientSpec = {
  name: "guest",
  mac: "02:00:00:00:00:04",
  place: { x: 5, y: 3 },
  networks: [{ ssid: "Home", psk: guestKey }],
  bands: ["5G"],
  traffic: "video",
};
const keys = [
  { id: "key", psk: primaryKey },
  { id: "key-1", psk: guestKey, zone: "guest" },
];
const network = { ssid: "Home", security: { mode: "wpa2-wpa3", keys } };
const freeze = { id: "pause", scope: { kind: "device", mac: laptop.mac }, action: { kind: "freeze" } };

async function settledHome(parts: object, others: readonly ClientSpec[] = []): Promise<CloudlessHome> {
  const [printer] = residents;
  const clients = [...(printer ? [printer] : []), laptop, guest, ...others];
  const home = await CloudlessHome.start({ home: homeOf({ cloudless: undefined, ...parts }), clients });
  await home.settled();
  await home.until("all have addresses", () => clients.every(({ name }) => home.addressOf(name) !== null), 10 * minute);
  return home;
}

function reached(home: CloudlessHome, from: string, ...hosts: readonly string[]): readonly string[] {
  const to = (name: string) => (name === "internet" || name === "gateway" ? name : (home.addressOf(name) ?? "0.0.0.0"));
  return hosts.filter((name) => home.fabric.reaches(from, to(name)));
}

const kilobyte = 1000;

/** Bytes a second that the air carries for a client, both ways, in five minutes. */
async function moved(home: CloudlessHome, name: string): Promise<number> {
  const bytes = () => {
    const { down, up } = home.world.snapshot().clients.find((client) => client.name === name)?.delivered ?? {
      down: 0,
      up: 0,
    };
    return down + up;
  };
  const before = bytes();
  await home.pass(5 * minute);
  return (bytes() - before) / 300;
}

describe("a guest, by the key", () => {
  it("reaches the Internet and what is shared with guests; without 'zone' the whole home", async () => {
    await using home = await settledHome({ networks: [network], devices: [{ mac: printerMac, shared: true }] });
    const everybody = ["gateway", "internet", "printer", "laptop"];
    const held = ["gateway", "internet", "printer"];
    await home.until("the guest is held back", () => reached(home, "guest", "laptop").length === 0, minute);
    assert.deepEqual(reached(home, "guest", ...everybody), held);
    assert.deepEqual(reached(home, "laptop", "guest", "printer", "internet"), ["printer", "internet"]);
    const rules = await home.rows("Netfilter");
    assert.deepEqual([...new Set(rules.map(({ status }) => status))], ["enabled"]);
    const { status } = home.cloud.location
      .node("gateway")
      ?.rows.find(({ id }) => id === "Netfilter zone.guest.bridged") ?? { status: "?" };
    assert.equal(status, "proven");
    const open = homeOf({
      networks: [{ ...network, security: { ...network.security, keys: [keys[0], { ...keys[1], zone: undefined }] } }],
    });
    home.cloud.location.setHome(open);
    await home.until("no guest any more", () => reached(home, "guest", ...everybody).length === 4, minute);
  });
});

describe("a guest on the access point of a device of the home", () => {
  it("reaches it past the zone, until the network keeps those of one access point apart, all of them", async () => {
    const tablet: ClientSpec = { ...laptop, name: "tablet", mac: "02:00:00:00:00:05", bands: ["5G"] };
    const phone: ClientSpec = { ...tablet, name: "phone", mac: "02:00:00:00:00:06", place: { x: 6, y: 1 } };
    const home = await settledHome({ networks: [network] }, [tablet, phone]);
    await using _ = home;
    const both = ["tablet", "phone", "laptop", "internet"];
    await home.until("the guest is held back", () => reached(home, "guest", "laptop").length === 0, minute);
    assert.deepEqual(reached(home, "guest", ...both), ["tablet", "phone", "internet"]);
    const apart = homeOf({ cloudless: undefined, networks: [{ ...network, isolate: true }] });
    home.cloud.location.setHome(apart);
    await home.until("apart", () => reached(home, "guest", "tablet", "phone").length === 0, 10 * minute);
    await home.until("all are back", () => reached(home, "tablet", "laptop", "internet").length === 2, 10 * minute);
    assert.deepEqual(reached(home, "guest", ...both), ["internet"]);
    assert.deepEqual(reached(home, "tablet", "phone"), [], "it costs those of the home the same");
  });
});

describe("a guest on an extender", () => {
  const networks = [{ ...network, security: { ...network.security, keys: [{ id: "key", psk: homeKey }, keys[1]] } }];
  const late: ClientSpec = { ...guest, place: { x: 12, y: 2 }, bands: ["2.4G"] };
  const to = (home: WirelessHome, name: string) =>
    name === "internet" || name === "gateway"
      ? name
      : (home.fabric.hosts().find((host) => host.name === name)?.address ?? "0.0.0.0");
  const reachedBy = (home: WirelessHome, from: string) =>
    ["internet", "gateway", "near", "far", "nas", "pc"].filter((name) => home.fabric.reaches(from, to(home, name)));

  it("is held from the moment in which it joins, no cloud needed, also from those on a cable there", async () => {
    await using home = await WirelessHome.settled({ parts: { networks } });
    home.fabric.plugHost({ name: "nas", mac: mac("02:00:00:00:00:08"), port: { device: "gateway", port: "eth1" } });
    home.fabric.plugHost({ name: "pc", mac: mac("02:00:00:00:00:09"), port: { device: "extender", port: "eth1" } });
    const haveAddresses = () => home.fabric.hosts().every(({ address }) => address !== null);
    await home.until("all have addresses", haveAddresses, minute);
    await home.settled();
    await home.cloud.stop();
    home.world.addClient(late);
    const seen = new Set<string>();
    await home.until(
      "it has an address",
      () => {
        for (const name of reachedBy(home, "guest")) seen.add(name);
        return to(home, "guest") !== "0.0.0.0";
      },
      minute,
    );
    const servedBy = home.world.bss(home.world.client(late.mac as never)?.association?.bssid as never)?.site;
    assert.equal(servedBy, "extender");
    await home.pass(minute);
    for (const name of reachedBy(home, "guest")) seen.add(name);
    assert.deepEqual([...seen].sort(), ["gateway", "internet"]);
    assert.deepEqual(reachedBy(home, "near"), ["internet", "gateway", "near", "far", "nas", "pc"], "others as ever");
  });
});

describe("a frozen device", () => {
  it("has no Internet while the policy holds, and the cloud writes once each way", async () => {
    await using home = await settledHome({});
    const writes = () => home.cloud.location.node("gateway")?.counters.writes ?? 0;
    const before = writes();
    assert.ok((await moved(home, "laptop")) > 10 * kilobyte, "it has something to do");
    const { home: plain } = home.cloud.location;
    home.cloud.location.setHome(homeOf({ cloudless: undefined, policies: [freeze] }));
    await home.until("frozen", () => reached(home, "laptop", "internet").length === 0, minute);
    assert.deepEqual(reached(home, "laptop", "gateway", "printer"), ["gateway", "printer"]);
    assert.deepEqual(reached(home, "guest", "internet"), ["internet"]);
    // What is left are its own tries.
    const tries = await moved(home, "laptop");
    assert.ok(tries > 0 && tries < 2 * kilobyte, `${tries} bytes a second`);
    assert.ok((await moved(home, "guest")) > 10 * kilobyte);
    assert.equal(writes() - before, 1);
    assert.deepEqual(home.device.node?.target.clients?.frozen.entries().size, 1);
    // The whole table is the home's now, if only to be empty.
    home.cloud.location.setHome({ ...plain, policies: [] });
    await home.until("free again", () => reached(home, "laptop", "internet").length === 1, minute);
    assert.ok((await moved(home, "laptop")) > 10 * kilobyte);
    await home.pass(30 * second);
    assert.equal(writes() - before, 2);
  });
});
