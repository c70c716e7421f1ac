/**
 * The life of a gateway that can do without its cloud, in the seventeen numbered steps in which OpenSync's design page tells it:
 * what happens in each, and what must hold then.
 */

import assert from "node:assert/strict";
import { type CloudlessHome, homeOf, minute, second } from "./cloudless-home.ts";

export interface Step {
  readonly number: number;
  /** What happens. */
  readonly title: string;
  readonly act: (home: CloudlessHome) => Promise<void>;
  /** Throws an `AssertionError` where it is not so; gives what is seen, for people. */
  readonly check: (home: CloudlessHome) => Promise<readonly string[]>;
}

/** The owner renames the network in step 3: the configuration before and after. */
export const oldSsid = "Home";
export const newSsid = "Home Sweet Home";

const store = "pm_gw_offline_store";
const oldWishes = (parts: object = {}) => homeOf({ cloudless: false, ...parts });
const wishes = (parts: object = {}) => homeOf(withSsid(newSsid, parts));

function withSsid(ssid: string, parts: object): object {
  const [network] = homeOf().networks;
  return { networks: [{ ...network, ssid }], ...parts };
}

/** The home before step 1: on its cloud's hands, and not to go on without it. */
export const atFirst = oldWishes();

export const steps: readonly Step[] = [
  {
    number: 1,
    title: "the cloud enables gw_offline_cfg, as the owner wants it, and gw_offline_mon at the same time",
    async act(home) {
      home.cloud.location.setHome(homeOf());
      await home.until(
        "PM acknowledges",
        async () => (await home.pm("Node_State", "gw_offline_cfg")) === "true",
        minute,
      );
    },
    async check(home) {
      const rows = await home.rows("Node_Config");
      const flag = rows.find(({ key }) => key === "gw_offline_cfg");
      assert.equal(flag?.value, "true");
      assert.equal(flag?.persist, true);
      assert.equal(await home.pm("Node_Config", "gw_offline_mon"), "true");
      assert.equal(await home.pm("Node_State", "gw_offline_status"), "enabled");
      return [await settings(home)];
    },
  },
  {
    number: 2,
    title: "PM collects what it needs and writes it to flash, once",
    async act(home) {
      await home.until("it is stored", async () => (await home.status()) === "ready", minute);
    },
    async check(home) {
      const view = stored(home);
      assert.equal(view?.writes, 2, "the flag, and the configuration as one");
      const vifs = read(home, "vif_config") as { if_name: string; ssid: string }[];
      assert.deepEqual(vifs.map(({ if_name }) => if_name).sort(), ["home-ap-24", "home-ap-50", "home-ap-60"]);
      assert.deepEqual(
        read(home, "radio_if_names"),
        vifs.map(({ if_name }) => radioOf(if_name)),
      );
      assert.ok(!JSON.stringify(read(home, "vif_config")).includes("_uuid"));
      return [await settings(home), `flash: ${view?.keys} keys, ${view?.bytes} bytes, ${view?.writes} writes`];
    },
  },
  {
    number: 3,
    title: "PM watches the configuration: the owner renames the network, and that is stored, too",
    async act(home) {
      home.rename(newSsid);
      await home.settled();
      await home.pass(30 * second);
    },
    async check(home) {
      const vifs = read(home, "vif_config") as { ssid: string }[];
      assert.ok(vifs.every(({ ssid }) => ssid === newSsid));
      const view = stored(home);
      assert.equal(view?.writes, 3);
      await home.pass(60 * minute);
      assert.equal(stored(home)?.writes, 3, "an hour in which nothing changes costs no write");
      return [`flash: network ${JSON.stringify(newSsid)} stored, ${view?.writes} writes; an hour later: no more`];
    },
  },
  {
    number: 4,
    title: "the power is cut",
    act: (home) => home.reboot("powerCut"),
    async check(home) {
      const boots = await home.rows("Reboot_Status");
      const last = boots.toSorted((a, b) => a.count - b.count).at(-1);
      assert.equal(last?.type, "POWER_CYCLE");
      return [`Reboot_Status: ${last?.count} ${last?.type}`];
    },
  },
  {
    number: 5,
    title: "PM comes up with gw_offline_cfg as it was saved, and without gw_offline_mon",
    async act(home) {
      await home.until("PM is up", async () => (await home.status()) !== undefined, minute);
    },
    async check(home) {
      assert.equal(await home.pm("Node_Config", "gw_offline_cfg"), "true");
      assert.notEqual(await home.pm("Node_Config", "gw_offline_mon"), "true");
      assert.equal(await home.status(), "ready");
      return [await settings(home)];
    },
  },
  {
    number: 6,
    title: "CM reaches the controller, so that gw_offline is never set",
    async act(home) {
      await home.until("it is connected", () => home.cloud.location.node("gateway")?.state !== undefined, 5 * minute);
    },
    async check(home) {
      assert.notEqual(await home.pm("Node_Config", "gw_offline"), "true");
      return ["Manager: connected to the controller; Node_Config PM/gw_offline: none"];
    },
  },
  {
    number: 7,
    title: "the cloud sets gw_offline_mon, and configures SSID, PSK, LAN",
    act: (home) => home.settled(),
    async check(home) {
      assert.equal(await home.pm("Node_Config", "gw_offline_mon"), "true");
      const vifs = await home.rows("Wifi_VIF_State");
      const up = vifs.filter(({ enabled, ssid }) => enabled && ssid === newSsid).map(({ if_name }) => if_name);
      assert.deepEqual(up.sort(), ["home-ap-24", "home-ap-50", "home-ap-60"]);
      return [await settings(home), `on the network: ${home.associated().join(", ")}`];
    },
  },
  {
    number: 8,
    title: "PM finds that nothing differs from what is stored, and leaves the flash alone",
    act: (home) => home.pass(minute),
    async check(home) {
      assert.equal(stored(home)?.writes, 0, "since the boot");
      assert.equal(await home.status(), "ready");
      return ["flash: 0 writes since the boot"];
    },
  },
  {
    number: 9,
    title: "the power is cut, and the Internet is gone, too",
    async act(home) {
      home.wanDown();
      await home.reboot("powerCut");
    },
    async check(home) {
      assert.deepEqual(home.associated(), []);
      return ["on the network: nobody"];
    },
  },
  {
    number: 10,
    title: "PM comes up with gw_offline_cfg as it was saved, and without gw_offline_mon",
    async act(home) {
      await home.until("PM is up", async () => (await home.status()) !== undefined, minute);
    },
    async check(home) {
      assert.equal(await home.pm("Node_Config", "gw_offline_cfg"), "true");
      assert.notEqual(await home.pm("Node_Config", "gw_offline_mon"), "true");
      assert.equal(await home.status(), "ready");
      return [await settings(home)];
    },
  },
  {
    number: 11,
    title: "CM waits for the controller in vain, skips the restart of managers three times, and sets gw_offline",
    async act(home) {
      const asked = async () => (await home.pm("Node_Config", "gw_offline")) === "true";
      await home.until("CM asks for it", asked, 20 * minute);
    },
    async check(home) {
      const minutes = home.sinceBoot() / minute;
      assert.ok(minutes >= 3 && minutes <= 7, `${minutes} min after the boot`);
      return [`Node_Config PM/gw_offline=true, ${minutes.toFixed(1)} min after the boot`];
    },
  },
  {
    number: 12,
    title: "PM applies the stored configuration, and the home is back",
    async act(home) {
      await home.until("it is active", async () => (await home.status()) === "active", minute);
      await home.until("the family is on the network", () => home.familyIsOn(), 3 * minute);
    },
    async check(home) {
      await home.restored(newSsid);
      return [
        await settings(home),
        `on the network: ${home.associated().join(", ")} (the guest's key is not restored)`,
        `the printer has ${home.addressOf("printer")}, as reserved`,
      ];
    },
  },
  {
    number: 13,
    title: "the Internet is back: CM reaches the controller, and sets gw_offline to false",
    async act(home) {
      home.wanUp();
      const asked = async () => (await home.pm("Node_Config", "gw_offline")) === "false";
      await home.until("CM lets go", asked, 10 * minute);
    },
    async check(home) {
      assert.equal(await home.pm("Node_Config", "gw_offline"), "false");
      return [await settings(home)];
    },
  },
  {
    number: 14,
    title: "PM does nothing: the cloud overwrites the rows, and nobody is thrown off",
    async act(home) {
      const before = home.losses;
      await home.settled();
      assert.equal(home.losses, before, "associations of the family");
      await home.pass(minute);
    },
    async check(home) {
      assert.equal(await home.status(), "ready");
      assert.equal(stored(home)?.writes, 0);
      assert.ok(home.associated().includes("guest"));
      return [await settings(home), `on the network: ${home.associated().join(", ")}`];
    },
  },
  {
    number: 15,
    title: "the owner does not want it any more: the cloud sets gw_offline_cfg to false",
    async act(home) {
      home.cloud.location.setHome(wishes({ cloudless: false }));
      const off = async () => (await home.pm("Node_Config", "gw_offline_cfg")) === "false";
      await home.until("the row says so", off, minute);
    },
    async check(home) {
      return [await settings(home)];
    },
  },
  {
    number: 16,
    title: "PM takes that over, for good",
    async act(home) {
      await home.until("PM acknowledges", async () => (await home.status()) === "disabled", minute);
    },
    async check(home) {
      assert.equal(await home.pm("Node_State", "gw_offline_cfg"), "false");
      return [await settings(home)];
    },
  },
  {
    number: 17,
    title: "PM removes what it had stored: a boot without Internet restores nothing",
    async act(home) {
      assert.equal(home.node.target.storage.open(store).keys().length, 0);
      home.wanDown();
      await home.reboot("powerCut");
      await home.pass(20 * minute);
    },
    async check(home) {
      assert.deepEqual(await home.rows("Wifi_VIF_Config"), []);
      assert.notEqual(await home.status(), "active");
      assert.deepEqual(home.associated(), []);
      return ["flash: nothing stored; 20 min after the boot: no access point"];
    },
  },
];

/** What the tables say of it, in a line. */
async function settings(home: CloudlessHome): Promise<string> {
  const config = (await home.rows("Node_Config"))
    .filter(({ module }) => module === "PM")
    .map(({ key, value, persist }) => `${key}=${value}${persist ? " (persist)" : ""}`)
    .sort();
  const state = (await home.rows("Node_State"))
    .filter(({ module, key }) => module === "PM" && key.startsWith("gw_offline"))
    .map(({ key, value }) => `${key}=${value}`)
    .sort();
  return `Node_Config PM: ${config.join(", ") || "none"}; Node_State PM: ${state.join(", ") || "none"}`;
}

function stored(home: CloudlessHome) {
  return home.node.target.storage.stores().find(({ name }) => name === store);
}

function read(home: CloudlessHome, key: string): unknown {
  const text = home.node.target.storage.open(store).get(key);
  return text === undefined ? undefined : JSON.parse(text.replace(/\0$/, ""));
}

function radioOf(vif: string): string {
  return { "24": "wifi0", "50": "wifi1", "60": "wifi2" }[vif.slice(-2)] ?? "";
}
