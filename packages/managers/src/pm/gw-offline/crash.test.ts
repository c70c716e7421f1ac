import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storeName } from "./keys.ts";
import { configureHome, Gateway, portsOf, vifsByRadio } from "./testing/home.ts";
import { Power } from "./testing/power.ts";

/** What the home of `configureHome` looks like; `null`: there is no LAN. */
function homeOf({ bench }: Gateway): object | null {
  const vifs = bench.rows("Wifi_VIF_Config").map(({ if_name, ssid }) => `${if_name} ${ssid}`);
  const lan = bench.row("Wifi_Inet_Config", ({ if_name }) => if_name === "br-home");
  const reserved = bench.rows("DHCP_reserved_IP").map(({ ip_addr }) => ip_addr);
  if (vifs.length + reserved.length === 0 && lan.inet_addr === null) return null;
  return { vifs: vifs.sort(), lan: lan.inet_addr, reserved, radios: vifsByRadio(bench), ports: portsOf(bench) };
}

function home(ssid: string, subnet: number): object {
  return {
    vifs: [`home-ap-24 ${ssid}`, `home-ap-50 ${ssid}`],
    lan: `192.168.${subnet}.1`,
    reserved: [`192.168.${subnet}.50`],
    radios: { wifi0: ["home-ap-24"], wifi1: ["home-ap-50"] },
    ports: ["br-home", "home-ap-24", "home-ap-50"],
  };
}

/** New network name, subnet and reservation: several keys of the store at once. */
async function change(gateway: Gateway): Promise<void> {
  await gateway.change((transaction) => {
    transaction.update("Wifi_VIF_Config", [["bridge", "==", "br-home"]], { ssid: "New" });
    transaction.update("Wifi_Inet_Config", [["if_name", "==", "br-home"]], { inet_addr: "192.168.41.1" });
    transaction.update("DHCP_reserved_IP", [], { ip_addr: "192.168.41.50" });
  });
  await gateway.quiet();
}

const oldHome = home("Home", 40);
const newHome = home("New", 41);

/** A story, told once with power and then with a cut before each write that PM makes in it. */
async function cutEverywhere(
  prepare: (gateway: Gateway) => Promise<void>,
  story: (gateway: Gateway) => Promise<void>,
  check: (gateway: Gateway, cutBefore: number) => Promise<void> | void,
): Promise<number> {
  for (let cutBefore = 0; ; cutBefore++) {
    const gateway = new Gateway();
    await prepare(gateway);
    gateway.power = new Power(cutBefore);
    await story(gateway);
    const { isCut } = gateway.power;
    await gateway.recover();
    await check(gateway, cutBefore);
    await gateway.stop();
    if (!isCut) return cutBefore;
  }
}

/** Boots the gateway that is configured on, with whatever power there is. */
async function configuredAgain(gateway: Gateway): Promise<void> {
  await gateway.boot();
  await gateway.set("gw_offline_mon", "true");
  await gateway.change(configureHome);
  await change(gateway);
}

describe("a power cut between any two writes", () => {
  it("while a change is saved leaves the old or the new configuration whole", async () => {
    const seen: object[] = [];
    const cuts = await cutEverywhere(
      (gateway) => gateway.configured(),
      configuredAgain,
      async (gateway) => {
        await gateway.set("gw_offline", "true");
        assert.equal(gateway.state(), "active");
        seen.push(homeOf(gateway) ?? {});
      },
    );
    assert.ok(cuts > 2, `${cuts} cuts`);
    const flip = seen.findIndex((each) => JSON.stringify(each) === JSON.stringify(newHome));
    assert.ok(flip > 0, "some cut was too early");
    assert.deepEqual(
      seen.slice(0, flip),
      seen.slice(0, flip).map(() => oldHome),
    );
    assert.deepEqual(
      seen.slice(flip),
      seen.slice(flip).map(() => newHome),
    );
  });

  it("while the feature is switched on leaves it off, on, or on with everything stored", async () => {
    const states = new Set<string | undefined>();
    await cutEverywhere(
      async () => {},
      async (gateway) => {
        await gateway.boot();
        await gateway.set("gw_offline_cfg", "true", true);
        await gateway.set("gw_offline_mon", "true");
        await gateway.change(configureHome);
        await gateway.quiet();
      },
      async (gateway) => {
        const before = gateway.state();
        states.add(before);
        await gateway.set("gw_offline", "true");
        assert.deepEqual(homeOf(gateway), before === "ready" ? oldHome : null);
      },
    );
    assert.deepEqual([...states], [undefined, "enabled", "ready"]);
  });

  it("while it is switched off leaves it on and whole, or off and erased", async () => {
    await cutEverywhere(
      (gateway) => gateway.configured(),
      async (gateway) => {
        await gateway.boot();
        await gateway.set("gw_offline_cfg", "false", true);
      },
      async (gateway) => {
        const { length } = gateway.storage.open(storeName).keys();
        assert.equal(gateway.state(), length === 0 ? undefined : "ready");
        await gateway.set("gw_offline", "true");
        assert.deepEqual(homeOf(gateway), length === 0 ? null : oldHome);
      },
    );
  });

  it("while the LAN is restored restores nothing, or all of it with the status; the next boot tries again", async () => {
    await cutEverywhere(
      (gateway) => gateway.configured(),
      async (gateway) => {
        await gateway.boot();
        await gateway.set("gw_offline", "true");
        const active = gateway.state() === "active";
        assert.deepEqual(homeOf(gateway), active ? oldHome : null);
        assert.deepEqual(gateway.tag(), active ? [" "] : null);
      },
      async (gateway) => {
        await gateway.set("gw_offline", "true");
        assert.deepEqual([gateway.state(), homeOf(gateway)], ["active", oldHome]);
      },
    );
  });

  it("never shows anybody a LAN that is restored in part", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.boot();
    const seen: (object | null)[] = [];
    gateway.bench.database.onCommit(() => seen.push(homeOf(gateway)));
    await gateway.set("gw_offline", "true");
    assert.ok(seen.length >= 2);
    for (const each of seen) assert.ok(each === null || JSON.stringify(each) === JSON.stringify(oldHome));
    await gateway.stop();
  });
});
