import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { channelOf, widthOfHtMode } from "@opensync-ts/target/channels";
import { World } from "@opensync-ts/world/world";
import { deviceModels } from "./models.ts";
import { Fabric } from "./network/fabric.ts";
import { createSimTarget, type SimTargetOptions } from "./sim-target.ts";
import { homeNetwork, Observer, phone } from "./testing/observer.ts";

const root = mkdtempSync(join(tmpdir(), "opensync-sim-"));
after(() => rmSync(root, { recursive: true, force: true }));

function setUp() {
  const clock = new VirtualClock();
  const world = new World({ clock, seed: 1, spec: { clients: [phone] } });
  const boot = (node: Partial<SimTargetOptions["node"]> = {}, rest: Partial<SimTargetOptions> = {}) => {
    const id = node.id ?? "SIM-GW";
    const full = { id, place: { x: 0, y: 0 }, ...node };
    return createSimTarget({
      world,
      clock,
      random: new SeededRandom(id),
      node: full,
      directory: join(root, id),
      ...rest,
    });
  };
  return { clock, world, boot };
}

describe("a simulated device", () => {
  it("is the same device after a reboot: identity, addresses, storage", async () => {
    const { clock, boot } = setUp();
    const first = boot();
    first.storage.open("cm").set("key", "value");
    const macs = async (target: typeof first) => {
      const observer = new Observer(target.radio);
      await clock.advance(0);
      return [...observer.phys.values(), ...observer.vifs.values()].map((state) => state?.mac);
    };
    const wired = ({ network }: typeof first) =>
      network.links().flatMap(({ type, mac }) => (type === "vif" ? [] : [mac]));
    const addresses = [...(await macs(first)), ...wired(first)];
    assert.equal(new Set(addresses).size, addresses.length);
    first.close();
    first.close();
    const second = boot();
    assert.deepEqual([...(await macs(second)), ...wired(second)], addresses);
    assert.deepEqual(second.unit, first.unit);
    assert.equal(second.storage.open("cm").get("key"), "value");
  });

  it("starts on a channel that its country allows, whichever device it is", async () => {
    for (const country of ["US", "DE"]) {
      for (const model of Object.keys(deviceModels)) {
        const { clock, boot } = setUp();
        const observer = new Observer(boot({ model, country }).radio);
        await clock.advance(0);
        for (const vif of observer.vifs.values()) {
          if (vif?.type !== "ap") continue;
          const listed = observer.phys.get(vif.phy)?.channelStates.map(({ control }) => control) ?? [];
          assert.ok(listed.includes(vif.ap.channel?.control ?? 0), `${model} ${country} ${vif.name}`);
        }
      }
    }
  });

  it("states the limits it was built with", () => {
    const { boot } = setUp();
    const capabilities = (target: ReturnType<typeof boot>) => target.radio.phyState("wifi0")?.capabilities;
    assert.equal(capabilities(boot({ limits: { acl: 64 } }))?.aclLimit, 64);
    assert.equal(capabilities(boot())?.aclLimit, undefined);
  });

  it("takes its networks off the air when it is switched off", async () => {
    const { clock, world, boot } = setUp();
    const target = boot();
    target.radio.requestConfig({ phys: [{ name: "wifi0", vifs: [homeNetwork] }] });
    await clock.advance(1000);
    assert.ok(world.snapshot().clients[0]?.link);
    target.close();
    await clock.advance(60_000);
    assert.equal(world.snapshot().clients[0]?.link, null);
    assert.deepEqual(world.snapshot().bsses, []);
  });

  it("takes the faults that would have ended later with it", () => {
    const { boot } = setUp();
    const target = boot();
    target.faults.switchOn({ name: "vif-broken", faults: { broken: true }, duration: 3_600_000 });
    target.close();
    assert.deepEqual(target.faults.active(), []);
  });

  it("reaches the Internet by its uplink port, and an extender the gateway's LAN by a cable", async () => {
    const { clock, boot } = setUp();
    const gateway = boot();
    const extender = boot({ id: "SIM-EXT", model: "extender", place: { x: 9, y: 0 } }, { uplink: gateway.lan });
    for (const { network } of [gateway, extender]) network.renewAddress("eth0");
    await clock.advance(1000);
    const address = ({ network }: typeof gateway) => network.links().find(({ name }) => name === "eth0")?.address;
    assert.equal(address(gateway), "198.51.100.2");
    assert.equal(address(extender), "192.168.40.2");
    assert.equal(boot({ id: "ALONE" }, { uplink: null }).network.links()[0]?.carrier, false);
  });

  it("finds its cables, and what is wrong outside, where they were before it rebooted", async () => {
    const { clock, world, boot } = setUp();
    const fabric = new Fabric({ clock, world });
    const first = boot({}, { fabric });
    first.network.wan.set("cable");
    first.network.cloud.set("down");
    first.close();
    const second = boot({}, { fabric });
    assert.deepEqual([second.network.wan.state, second.network.cloud.state], ["cable", "down"]);
    second.network.wan.set("ok");
    second.network.renewAddress("eth0");
    await clock.advance(1000);
    assert.equal(second.network.wayOut.obstacle({ purpose: "cloud" }), "refused");
    first.close();
    assert.equal(second.network.wayOut.obstacle({ purpose: "dns" }), null);
  });

  it("has its LAN ports in the LAN bridge, or leaves that to others", () => {
    const { boot } = setUp();
    const ports = (lanPorts: "bridged" | "free") => {
      const { Port = [] } = boot({ id: lanPorts, lanPorts }).prepopulation;
      return Port.map((row) => row.name);
    };
    assert.deepEqual([ports("bridged"), ports("free")], [["br-home", "eth1"], []]);
  });

  it("starts its database with its radios without channel or network, its ports and its bridge", () => {
    const { boot } = setUp();
    for (const [name, model] of Object.entries(deviceModels)) {
      const { Wifi_Radio_Config: radios = [], Wifi_Inet_Config: inets = [] } = boot({
        id: name,
        model: name,
      }).prepopulation;
      assert.deepEqual(
        radios.map((row) => row.if_name),
        model.radios.map(({ phy }) => phy),
      );
      for (const [index, row] of radios.entries()) {
        assert.ok(!("channel" in row) && !("vif_configs" in row));
        const radio = model.radios[index];
        assert.ok(radio);
        const { band, channel } = radio;
        assert.equal(widthOfHtMode(String(row.ht_mode)), channel.width);
        assert.ok(channelOf({ band, ...channel }));
      }
      assert.deepEqual(
        inets.map((row) => row.if_name),
        ["br-home", "eth0", "eth1"],
      );
    }
  });

  it("has an LED and the temperatures of its radios, and a fan where its model has one", async () => {
    const { clock, boot } = setUp();
    const gateway = boot();
    const extender = boot({ id: "SIM-EXT", model: "extender" });
    assert.equal(gateway.commands?.get("sim")?.run(["led"]), "LED 0: dark\n");
    gateway.platform?.leds?.show(0, "locate", []);
    assert.equal(gateway.commands?.get("sim")?.run(["led"]), "LED 0: locate\n");
    const thermal = gateway.platform?.thermal;
    await thermal?.fan?.setRpm(4_000);
    await clock.advance(60_000);
    const { leds, ...cooling } = (await gateway.system?.readThermal?.()) ?? {};
    assert.deepEqual(cooling, { fanRpm: 4_000, targetRpm: 4_000, fanDutyCyclePercent: 80, thermalState: 2 });
    assert.deepEqual(leds, [{ position: 0, value: 7 }]);
    assert.deepEqual([thermal?.sources, (await thermal?.readTemperatures())?.length], [["wifi0", "wifi1", "wifi2"], 3]);
    assert.deepEqual(
      [extender.platform?.thermal?.fan, extender.system?.readThermal, extender.platform?.thermal?.steps[1]?.fanRpm],
      [undefined, undefined, null],
    );
    for (const each of [gateway, extender]) each.close();
  });

  it("is refused with what there is to choose from", () => {
    const { boot } = setUp();
    assert.throws(
      () => boot({ model: "toaster" }),
      /no simulated model 'toaster'; use one of gateway, gateway-5gl-5gu, extender/,
    );
    assert.throws(() => boot({ country: "XX" }), /country 'XX' is not known to the simulation; use one of US, CA, /);
    assert.throws(() => boot({ place: "attic" }), /device 'SIM-GW': there is no place 'attic'/);
  });
});
