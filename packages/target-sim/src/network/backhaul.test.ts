import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import type { VifRequest } from "@opensync-ts/target/driver";
import type { ClientSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import { createSimTarget, type SimTarget } from "../sim-target.ts";
import { wpa2 } from "../testing/observer.ts";
import { Fabric } from "./fabric.ts";
import { dhcp, fixed, link, plain, range } from "./testing/net-bench.ts";

const root = mkdtempSync(join(tmpdir(), "opensync-backhaul-"));
after(() => rmSync(root, { recursive: true, force: true }));

const psks = [{ keyId: 1, psk: "correct-horse" }];
const home = (bridge = "br-home", more: object = {}): VifRequest => ({
  name: "home-ap-24",
  enabled: true,
  ap: { ssid: "home", wpa: wpa2, psks, bridge, ...more },
});
const parent = (more: object = {}): VifRequest => ({
  name: "bhaul-ap-24",
  enabled: true,
  ap: { ssid: "backhaul", wpa: wpa2, psks, bridge: "", ...more },
});
const child = (more: object = {}): VifRequest => ({
  name: "bhaul-sta-24",
  enabled: true,
  sta: {
    operation: "connect",
    networks: [
      {
        ssid: "backhaul",
        psk: "correct-horse",
        bssid: null,
        bridge: "",
        priority: 1,
        wpa: wpa2,
        multiAp: false,
        ...more,
      },
    ],
  },
});

const phone = (name: string, x: number): ClientSpec => ({
  name,
  mac: `02:00:00:00:00:0${name === "near" ? 1 : 2}`,
  place: { x, y: 0 },
  bands: ["2.4G"],
  networks: [{ ssid: name === "near" ? "home" : "upstairs", psk: "correct-horse" }],
  device: "modern-phone",
  // It always looks for something better.
  habits: { roamBelow: -20, roamHysteresis: 3, stickiness: 0, scanInterval: 5 },
});

function setUp(clients: readonly ClientSpec[] = []) {
  const clock = new VirtualClock();
  const world = new World({ clock, seed: 3, spec: { clients } });
  const fabric = new Fabric({ clock, world, seed: 3 });
  const boot = (id: string, x: number, uplink: undefined | null) =>
    createSimTarget({
      ...{ world, clock, fabric },
      random: new SeededRandom(id),
      node: { id, place: { x, y: 0 }, model: uplink === null ? "extender" : "gateway" },
      directory: join(root, id),
      ...(uplink === null ? { uplink } : {}),
    });
  const request = (target: SimTarget, ...vifs: VifRequest[]) =>
    target.radio.requestConfig({ phys: [{ name: "wifi0", vifs }] });
  const host = (name: string) => fabric.hosts().find((each) => each.name === name);
  return { clock, world, fabric, boot, request, host };
}

describe("clients of access points", () => {
  it("are hosts: they get addresses where their network is bridged, and have device classes", async () => {
    const { clock, fabric, boot, request, host } = setUp([phone("near", 2)]);
    const gateway = boot("gw", 0, undefined);
    gateway.network.renewAddress("eth0");
    assert.deepEqual(host("near"), {
      ...{ name: "near", mac: "02:00:00:00:00:01", linked: false },
      ...{ address: null, gateway: null, dns: [], since: null },
    });
    request(gateway, home());
    await clock.advance(10_000);
    assert.equal(host("near")?.address, "192.168.40.2");
    assert.equal(fabric.reaches("near", "internet"), true);
    assert.deepEqual(
      gateway.network.leases().map(({ hostname, vendorClass, fingerprint }) => [hostname, vendorClass, fingerprint]),
      [["near", "android-dhcp-14", "1,3,6,15,26,28,51,58,59,43"]],
    );
    assert.deepEqual(gateway.network.learned(), [
      { bridge: "br-home", port: "home-ap-24", mac: "02:00:00:00:00:01", vlan: 0 },
    ]);
    assert.equal(link(gateway.network, "home-ap-24").carrier, true);
  });

  it("have a link and no address where their network is in no bridge", async () => {
    const { clock, boot, request, host } = setUp([phone("near", 2)]);
    request(boot("gw", 0, undefined), home(""));
    await clock.advance(60_000);
    assert.deepEqual([host("near")?.linked, host("near")?.address], [true, null]);
  });

  it("do not hear each other through an access point that isolates them", async () => {
    const { clock, fabric, boot, request, host } = setUp([
      phone("near", 2),
      { ...phone("far", 3), networks: phone("near", 2).networks },
    ]);
    const gateway = boot("gw", 0, undefined);
    request(gateway, home());
    await clock.advance(10_000);
    const other = host("far")?.address ?? "";
    assert.equal(fabric.reaches("near", other), true);
    request(gateway, home("br-home", { isolated: true }));
    await clock.advance(10_000);
    assert.equal(fabric.reaches("near", other), false);
    assert.equal(fabric.reaches("near", "gateway"), true);
  });

  it("ask for their old address when they come back, and have it after a reboot of the gateway", async () => {
    const { clock, fabric, boot, request, host } = setUp([
      phone("near", 2),
      { ...phone("far", 3), networks: phone("near", 2).networks },
    ]);
    const first = boot("gw", 0, undefined);
    first.network.renewAddress("eth0");
    request(first, home());
    await clock.advance(10_000);
    const before = [host("near")?.address, host("far")?.address];
    const connection = fabric.connect("near", "internet");
    assert.equal(connection.stands, true);
    first.close();
    assert.deepEqual([host("near")?.linked, host("near")?.address], [false, null]);
    const again = boot("gw", 0, undefined);
    again.network.renewAddress("eth0");
    request(again, home());
    await clock.advance(60_000);
    assert.deepEqual([host("near")?.address, host("far")?.address], before);
    assert.deepEqual([connection.stands, connection.reason], [false, "translation"]);
    first.close();
    assert.equal(fabric.reaches("near", "internet"), true);
  });
});

describe("a backhaul over Wi-Fi", () => {
  /** As the cloud sets it up: a network of its own between the two, and a tunnel through it that joins their LANs. */
  async function tunnelled() {
    const all = setUp([phone("near", 2), phone("far", 40)]);
    const { clock, boot, request } = all;
    const gateway = boot("gw", 0, undefined);
    const extender = boot("ext", 20, null);
    gateway.network.renewAddress("eth0");
    gateway.network.configure(
      "bhaul-ap-24",
      plain("vif", {
        ipv4: fixed("169.254.6.129", "255.255.255.128"),
        dhcpServer: range("169.254.6.130", "169.254.6.254", { options: new Map([[26, "1600"]]) }),
      }),
    );
    request(gateway, home(), parent());
    extender.network.configure("bhaul-sta-24", plain("vif", { ipv4: { scheme: "dhcp", options: [1] } }));
    extender.network.configure("br-home", plain("bridge", { ipv4: dhcp }));
    request(extender, child());
    await clock.advance(10_000);
    const local = link(extender.network, "bhaul-sta-24").address ?? "";
    const up = () =>
      extender.network.configure(
        "g-bhaul-sta-24",
        plain("gre", { gre: { parent: "bhaul-sta-24", local, remote: "169.254.6.129" } }),
      );
    const down = () =>
      gateway.network.configure(
        "pgd6-130",
        plain("gre", { mtu: 1562, gre: { parent: "bhaul-ap-24", local: "169.254.6.129", remote: local } }),
      );
    gateway.network.setBridgePorts("br-home", ["eth1", "pgd6-130"]);
    extender.network.setBridgePorts("br-home", ["eth1", "g-bhaul-sta-24"]);
    const probe = async () => {
      const { signal } = new AbortController();
      const answer = extender.network.probe("g-bhaul-sta-24", "tunnel", "ipv4", { fast: true, signal });
      await clock.advance(2000);
      return answer;
    };
    return { ...all, gateway, extender, local, up, down, probe };
  }

  it("carries a LAN through a tunnel whose ends name each other, and nothing without one", async () => {
    const { clock, fabric, request, host, gateway, extender, local, up, down, probe } = await tunnelled();
    assert.equal(local, "169.254.6.130");
    assert.deepEqual(
      gateway.network.leases().flatMap(({ link: by, mac }) => (by === "bhaul-ap-24" ? [mac] : [])),
      [link(extender.network, "bhaul-sta-24").mac],
    );
    assert.equal(extender.network.wayOut.obstacle({ purpose: "cloud" }), "unreachable");
    up();
    assert.equal(await probe(), false);
    down();
    assert.equal(await probe(), true);
    extender.network.renewAddress("br-home");
    await clock.advance(1000);
    assert.match(link(extender.network, "br-home").address ?? "", /^192\.168\.40\./);
    assert.equal(extender.network.wayOut.obstacle({ purpose: "cloud" }), null);
    request(extender, home("br-home", { ssid: "upstairs" }));
    await clock.advance(60_000);
    assert.match(host("far")?.address ?? "", /^192\.168\.40\./);
    assert.equal(fabric.reaches("far", host("near")?.address ?? ""), true);
    const ports = gateway.network.learned().filter(({ mac }) => mac === host("far")?.mac);
    assert.deepEqual(
      ports.map(({ port }) => port),
      ["pgd6-130"],
    );
  });

  it("goes with the radio link under it, with an end that names another address, and with the gateway", async () => {
    const { clock, request, gateway, extender, up, down, probe } = await tunnelled();
    up();
    down();
    assert.equal(await probe(), true);
    gateway.network.configure(
      "pgd6-130",
      plain("gre", { gre: { parent: "bhaul-ap-24", local: "169.254.6.129", remote: "169.254.6.131" } }),
    );
    assert.equal(await probe(), false);
    down();
    assert.equal(await probe(), true);
    request(gateway, { name: "bhaul-ap-24", enabled: false });
    await clock.advance(1000);
    assert.deepEqual([link(extender.network, "bhaul-sta-24").carrier, await probe()], [false, false]);
    assert.equal(link(extender.network, "g-bhaul-sta-24").carrier, false);
    assert.equal(link(extender.network, "bhaul-sta-24").address, null);
    request(gateway, { name: "bhaul-ap-24", enabled: true });
    await clock.advance(60_000);
    assert.equal(await probe(), true);
    gateway.close();
    assert.equal(await probe(), false);
    assert.notEqual(extender.network.wayOut.obstacle({ purpose: "cloud" }), null);
  });

  it("with four addresses carries the LAN itself; without, a station is no port of a bridge", async () => {
    for (const multiAp of [true, false]) {
      const { clock, boot, request } = setUp();
      const gateway = boot("gw", 0, undefined);
      const extender = boot("ext", 20, null);
      request(gateway, parent({ bridge: "br-home", multiAp: "backhaul_bss" }));
      request(extender, child({ multiAp, bridge: "br-home" }));
      extender.network.configure("br-home", plain("bridge", { ipv4: dhcp }));
      await clock.advance(60_000);
      assert.equal(link(extender.network, "bhaul-sta-24").carrier, true);
      assert.equal(link(extender.network, "br-home").address, multiAp ? "192.168.40.2" : null);
    }
  });

  it("lets a phone roam between gateway and extender with its address and its connections", async () => {
    const { clock, world, fabric, request, host, extender, up, down } = await tunnelled();
    up();
    down();
    request(extender, home());
    await clock.advance(60_000);
    const before = host("near");
    const connection = fabric.connect("near", "internet");
    assert.equal(connection.stands, true);
    const bssid = world.client(before?.mac ?? ("" as never))?.association?.bssid;
    world.moveClient(before?.mac ?? ("" as never), { x: 21, y: 0 });
    await clock.advance(300_000);
    assert.notEqual(world.client(before?.mac ?? ("" as never))?.association?.bssid, bssid);
    assert.deepEqual([host("near")?.address, host("near")?.since], [before?.address, before?.since]);
    assert.equal(connection.stands, true);
  });
});
