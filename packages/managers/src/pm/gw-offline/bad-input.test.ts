import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PersistentStorage, StorageDamage } from "@opensync-ts/target/storage";
import { MemoryStorage } from "../../testing/memory-storage.ts";
import { storeName } from "./keys.ts";
import { gwOfflineLimits } from "./limits.ts";
import { configureHome, extraPsk, Gateway, prepopulate, primaryPsk, vifsByRadio } from "./testing/home.ts";

/** A gateway that has been configured and boots with its store changed; the text of a key, or `null` for none. */
async function bootedWith(changes: { readonly [key: string]: string | null }): Promise<Gateway> {
  const gateway = new Gateway();
  await gateway.configured();
  gateway.storage.open(storeName).write(new Map(Object.entries(changes)));
  await gateway.boot();
  return gateway;
}

function edited(gateway: Gateway, key: string, edit: (rows: { [column: string]: unknown }[]) => unknown): string {
  return JSON.stringify(edit(gateway.stored(key) as { [column: string]: unknown }[]));
}

const ssids = (gateway: Gateway) => gateway.bench.rows("Wifi_VIF_Config").map(({ ssid }) => ssid);
const lan = (gateway: Gateway) =>
  gateway.bench.row("Wifi_Inet_Config", ({ if_name }) => if_name === "br-home").inet_addr;

describe("a stored configuration that cannot be used", () => {
  for (const key of ["vif_config", "inet_config", "radio_config", "radio_if_names"]) {
    it(`says error from the boot on where ${key} is cut off, and leaves the LAN alone`, async () => {
      const gateway = await bootedWith({ [key]: '[{"wpa_psks":["map",[["key","correct ho' });
      assert.equal(gateway.state(), "error");
      assert.ok(gateway.logged(`${storeName}: ${key}: no JSON, cut off or damaged`));
      await gateway.set("gw_offline", "true");
      assert.deepEqual([gateway.state(), ssids(gateway), lan(gateway), gateway.tag()], ["error", [], null, null]);
      assert.ok(!gateway.bench.ring.records().some(({ text }) => text.includes("correct ho")));
      await gateway.stop();
    });
  }

  it("is replaced by the next save, and works from then on", async () => {
    const gateway = await bootedWith({ vif_config: "[" });
    await gateway.set("gw_offline_mon", "true");
    await gateway.change(configureHome);
    await gateway.quiet();
    assert.equal(gateway.state(), "ready");
    await gateway.boot();
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), ssids(gateway)], ["active", ["Home", "Home"]]);
    await gateway.stop();
  });

  it("is restored but for a key that is damaged and not needed: error, with the reason", async () => {
    const gateway = await bootedWith({ dhcp_reserved_ip: '[{"ip_addr"' });
    assert.equal(gateway.state(), "ready");
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), ssids(gateway), gateway.tag()], ["error", ["Home", "Home"], [" "]]);
    assert.ok(gateway.logged("left out: dhcp_reserved_ip: no JSON"));
    await gateway.stop();
  });

  it("is restored on the radios that are left, in error, and not again when PM restarts", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.boot((transaction) => {
      prepopulate(transaction);
      transaction.delete("Wifi_Radio_Config", [["if_name", "==", "wifi1"]]);
    });
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), lan(gateway)], ["error", "192.168.40.1"]);
    assert.deepEqual(vifsByRadio(gateway.bench), { wifi0: ["home-ap-24"] });
    assert.ok(gateway.logged("left out: Wifi_Radio_Config wifi1: there is no such radio any more"));
    const { _uuid } = gateway.bench.row("Wifi_VIF_Config");
    await gateway.restartPm();
    assert.deepEqual([gateway.state(), gateway.bench.row("Wifi_VIF_Config")._uuid], ["error", _uuid]);
    await gateway.set("gw_offline", "false");
    assert.deepEqual([gateway.state(), gateway.tag()], ["ready", []]);
    await gateway.stop();
  });

  it("is not touched where no radio and no LAN of it is left", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    gateway.storage.open(storeName).set("inet_config", "[{}]");
    gateway.storage.open(storeName).set("radio_if_names", '["wifi8","wifi9"]');
    await gateway.boot();
    await gateway.change((transaction) => transaction.insert("Wifi_VIF_Config", { if_name: "there", ssid: "There" }));
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), ssids(gateway), gateway.tag()], ["error", ["There"], null]);
    assert.ok(gateway.logged("not restored: what is stored holds neither a LAN nor a network"));
    await gateway.stop();
  });

  it("is restored but for a row that the database refuses, in the same transaction", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.boot();
    const { database } = gateway.bench;
    // A server of another release, which knows one table less.
    const execute = database.execute.bind(database);
    database.execute = (operations, context) => {
      const index = operations.findIndex((each) => each.op === "insert" && each.table === "DHCP_reserved_IP");
      if (index < 0) return execute(operations, context);
      const results = operations.map((_, n) =>
        n === index ? { error: "unknown table", details: primaryPsk } : n < index ? {} : null,
      );
      return { kind: "failed", results };
    };
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), ssids(gateway), lan(gateway)], ["error", ["Home", "Home"], "192.168.40.1"]);
    assert.ok(gateway.logged("left out: DHCP_reserved_IP 1: refused by the database (unknown table)"));
    assert.ok(!gateway.bench.ring.records().some(({ text }) => text.includes(primaryPsk)));
    await gateway.stop();
  });

  it("is as it was before where the database refuses everything", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.boot();
    const { database } = gateway.bench;
    const execute = database.execute.bind(database);
    database.execute = (operations, context) =>
      operations.some((each) => "table" in each && each.table === "Wifi_VIF_Config")
        ? { kind: "failed", results: [...operations.map(() => ({})), { error: "I/O error", details: "disk full" }] }
        : execute(operations, context);
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), ssids(gateway), lan(gateway), gateway.tag()], ["error", [], null, null]);
    assert.ok(gateway.logged("not restored: refused by the database (I/O error)"));
    await gateway.stop();
  });
});

describe("a store that is damaged", () => {
  const damaged = (recovered: StorageDamage["recovered"], inner: PersistentStorage): PersistentStorage => ({
    open(name, options) {
      const damage = { store: name, file: "x", reason: "checksum differs", recovered };
      return Object.assign(inner.open(name, options), name === storeName ? { damage } : {});
    },
    erase: (name, options) => inner.erase(name, options),
    eraseAll: (options) => inner.eraseAll(options),
    stores: () => inner.stores(),
  });

  it("is told, and the last good version is used", async () => {
    const first = new Gateway();
    await first.configured();
    await first.stop();
    const gateway = new Gateway({}, damaged("previous version", first.storage) as MemoryStorage);
    await gateway.boot();
    assert.equal(gateway.state(), "ready");
    assert.ok(gateway.logged("is damaged (checksum differs); in its place: previous version"));
    await gateway.stop();
  });

  it("is an error where nothing of it is left, until the cloud configures the node again", async () => {
    const gateway = new Gateway({}, damaged("nothing", new MemoryStorage()) as MemoryStorage);
    await gateway.boot();
    assert.equal(gateway.state(), "error");
    await gateway.set("gw_offline", "true");
    assert.equal(gateway.state(), "error");
    await gateway.set("gw_offline_cfg", "true", true);
    assert.equal(gateway.state(), "enabled");
    await gateway.stop();
  });

  it("is an error where the flag cannot be read", async () => {
    const gateway = await bootedWith({ gw_offline_cfg: '{"value":"tr' });
    assert.equal(gateway.state(), "error");
    assert.ok(gateway.logged("gw_offline_cfg: no row of Node_Config; the feature stays off"));
    await gateway.stop();
  });
});

describe("a store that takes nothing", () => {
  it("makes an error of a save, named once; what was stored stands, and the next change tries again", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    const before = gateway.stored("vif_config");
    gateway.storage.refuse = new Error("no space left on device");
    for (const ssid of ["One", "Two"]) {
      await gateway.change((transaction) => transaction.update("Wifi_VIF_Config", [], { ssid }));
      await gateway.quiet();
    }
    assert.deepEqual([gateway.state(), gateway.stored("vif_config")], ["error", before]);
    const lines = gateway.bench.ring.records().filter(({ text }) => text.includes("no space left on device"));
    assert.equal(lines.length, 1);
    assert.ok(ssids(gateway).includes("Two"), "the LAN is untouched");
    gateway.storage.refuse = undefined;
    await gateway.change((transaction) => transaction.update("Wifi_VIF_Config", [], { ssid: "Three" }));
    await gateway.quiet();
    assert.equal(gateway.state(), "ready");
    assert.notDeepEqual(gateway.stored("vif_config"), before);
    await gateway.stop();
  });

  it("is tried again after a while, though nothing changes any more", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    gateway.storage.refuse = new Error("no space left on device");
    await gateway.change((transaction) => transaction.update("Wifi_VIF_Config", [], { ssid: "One" }));
    await gateway.quiet();
    await gateway.bench.clock.advance(3 * gwOfflineLimits.storeRetryMs);
    assert.equal(gateway.state(), "error");
    gateway.storage.refuse = undefined;
    await gateway.bench.clock.advance(gwOfflineLimits.storeRetryMs);
    assert.equal(gateway.state(), "ready");
    assert.ok(JSON.stringify(gateway.stored("vif_config")).includes('"One"'));
    await gateway.stop();
  });

  it("is tried again also with what it did not erase, and with the flag", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.set("gw_offline_mon", "false");
    gateway.storage.refuse = new Error("read-only file system");
    await gateway.set("gw_offline_cfg", "false", true);
    assert.equal(gateway.state(), "error");
    gateway.storage.refuse = undefined;
    await gateway.bench.clock.advance(gwOfflineLimits.storeRetryMs);
    assert.deepEqual([gateway.state(), gateway.storage.open(storeName).keys()], ["disabled", []]);
    gateway.storage.refuse = new Error("read-only file system");
    await gateway.set("gw_offline_cfg", "true", true);
    assert.equal(gateway.state(), "error");
    gateway.storage.refuse = undefined;
    await gateway.bench.clock.advance(gwOfflineLimits.storeRetryMs);
    assert.deepEqual([gateway.state(), gateway.storage.open(storeName).keys()], ["enabled", ["gw_offline_cfg"]]);
    await gateway.stop();
  });

  it("makes an error of the flag, which the next save takes along", async () => {
    const gateway = new Gateway();
    await gateway.boot();
    gateway.storage.refuse = new Error("read-only file system");
    await gateway.set("gw_offline_cfg", "true", true);
    assert.deepEqual([gateway.state(), gateway.state("gw_offline_cfg")], ["error", "true"]);
    gateway.storage.refuse = undefined;
    await gateway.set("gw_offline_mon", "true");
    await gateway.change(configureHome);
    await gateway.quiet();
    await gateway.boot();
    assert.equal(gateway.state(), "ready");
    await gateway.stop();
  });

  it("makes an error of switching the feature off, and does not hinder offline mode where nothing has to be written", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    gateway.storage.refuse = new Error("read-only file system");
    await gateway.boot();
    await gateway.set("gw_offline", "true");
    assert.equal(gateway.state(), "active");
    await gateway.set("gw_offline_cfg", "false", true);
    assert.equal(gateway.state(), "error");
    assert.ok(gateway.logged("what is stored is not erased: read-only file system"));
    await gateway.stop();
  });
});

describe("a setting that is neither true nor false", () => {
  for (const value of ["TRUE", "yes", "1", " true", "true\n", "falsE"]) {
    it(`${JSON.stringify(value)} counts as off and makes an error, named by its key`, async () => {
      for (const key of ["gw_offline_cfg", "gw_offline_mon", "gw_offline"] as const) {
        const gateway = new Gateway();
        await gateway.configured();
        await gateway.boot();
        const stored = gateway.storage.open(storeName).keys();
        await gateway.set(key, value);
        assert.deepEqual([gateway.state(), ssids(gateway)], ["error", []], key);
        assert.ok(gateway.logged(`Node_Config PM/${key}: its value is neither 'true' nor 'false'`));
        assert.equal(gateway.state("gw_offline_cfg"), key === "gw_offline_cfg" ? "false" : "true");
        assert.deepEqual(gateway.storage.open(storeName).keys(), stored, "it is no order to erase");
        await gateway.set(key, key === "gw_offline_cfg" ? "true" : "false");
        assert.equal(gateway.state(), "ready");
        await gateway.stop();
      }
    });
  }

  it("ends offline mode where it is the trigger, and not where it is another", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.set("gw_offline", "true");
    await gateway.set("gw_offline_mon", "on");
    assert.equal(gateway.state(), "active");
    await gateway.set("gw_offline", "on");
    assert.deepEqual([gateway.state(), gateway.tag()], ["error", []]);
    await gateway.stop();
  });
});

describe("the configuration while it is monitored", () => {
  it("is an error while there is no home in it, and ready with one; what is stored stands meanwhile", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.boot();
    await gateway.set("gw_offline_mon", "true");
    await gateway.quiet();
    assert.equal(gateway.state(), "error");
    assert.ok(gateway.logged("not saved: no row of Wifi_VIF_Config is a network of br-home"));
    assert.equal((gateway.stored("vif_config") as unknown[]).length, 2);
    assert.ok(!gateway.dump().includes(extraPsk));
    await gateway.stop();
  });

  it("of a row that nobody could have written does not bring PM down", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    const edit = edited(gateway, "vif_config", (rows) => rows.map((row) => ({ ...row, if_name: "x\n".repeat(500) })));
    gateway.storage.open(storeName).set("vif_config", edit);
    await gateway.boot();
    await gateway.set("gw_offline", "true");
    assert.ok(["active", "error"].includes(gateway.state() ?? ""));
    assert.ok(gateway.bench.ring.records().every(({ text }) => text.length < 1_000 && !text.includes("\n")));
    await gateway.stop();
  });
});
