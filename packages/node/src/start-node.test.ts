import assert from "node:assert/strict";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import { createNullTarget } from "@opensync-ts/target/null-target";
import type { TargetPlace } from "./start-node.ts";
import { NodeBench, rowsOf, rowWhere } from "./testing/bench.ts";

const homeAp = {
  if_name: "home-ap-24",
  mode: "ap",
  enabled: true,
  ssid: "Home",
  bridge: "br-home",
  wpa: true,
  wpa_key_mgmt: ["wpa2-psk"],
  wpa_psks: { key: "a-key-of-the-test" },
} as const;

/** Virtual time passes until `promise` has its result. */
async function within<T>(bench: NodeBench, promise: Promise<T>, limitMs = 60_000): Promise<T> {
  let done = false;
  const settled = () => {
    done = true;
  };
  promise.then(settled, settled);
  await (bench.clock as VirtualClock).runUntil(() => done, limitMs);
  return promise;
}

describe("a node's boot", () => {
  it("fills Wifi_Radio_State before anybody asks for anything, and has no SSID", async () => {
    await using bench = new NodeBench();
    const { client } = await bench.start();
    await within(
      bench,
      rowWhere(client, "Wifi_Radio_State", (row) => row.if_name === "wifi2"),
    );
    const radios = await rowsOf(client, "Wifi_Radio_State");
    assert.deepEqual(radios.map((row) => row.if_name).sort(), ["wifi0", "wifi1", "wifi2"]);
    assert.deepEqual(await rowsOf(client, "Wifi_VIF_Config"), []);
    assert.ok((await rowsOf(client, "Wifi_VIF_State")).every((row) => !row.enabled));
  });

  it("says who it is, which services run, and where its redirector is", async () => {
    await using bench = new NodeBench();
    const node = await bench.start({ redirector: "ssl:redirector.example.com:443", id: "GW1" });
    const [identity] = await rowsOf(node.client, "AWLAN_Node");
    assert.deepEqual([identity?.id, identity?.redirector_addr], ["GW1", "ssl:redirector.example.com:443"]);
    assert.deepEqual(
      (await rowsOf(node.client, "Node_Services")).map((row) => [row.service, row.status]),
      ["nm", "nfm", "wano", "cm", "owm", "pm", "qm", "sm"].map((service) => [service, "enabled"]),
    );
    assert.deepEqual(
      (await rowsOf(node.client, "Bridge")).map((row) => row.name),
      ["br-home"],
    );
  });

  it("refuses a device that is not the one asked for", async () => {
    await using bench = new NodeBench();
    await assert.rejects(bench.start({ id: "OTHER" }), /asked for node 'OTHER', but the device is 'GW1'/);
    await bench.start({ id: "GW1" });
  });

  it("works without radios or network as well", async () => {
    await using bench = new NodeBench();
    const node = await bench.startNull({ profile: "native" });
    assert.equal(node.id, "NULL1");
    assert.deepEqual(await rowsOf(node.client, "Wifi_Radio_State"), []);
    const services = await rowsOf(node.client, "Node_Services");
    assert.equal(services.find((row) => row.service === "cm")?.status, "disabled");
  });

  it("goes on when its persistent storage is full", async () => {
    await using bench = new NodeBench();
    const refuse = () => {
      throw new Error("ENOSPC: no space left on device");
    };
    const node = await bench.startNull({
      target: ({ directory }) => {
        const target = createNullTarget({ id: "NULL1", storageDirectory: join(directory, "ps") });
        const open = (name: string) => ({
          ...target.storage.open(name),
          get: () => undefined,
          keys: () => [],
          set: refuse,
          delete: refuse,
          write: refuse,
          erase: refuse,
        });
        return { ...target, storage: { open, erase: refuse, eraseAll: refuse, stores: () => [] } };
      },
    });
    assert.equal((await rowsOf(node.client, "Reboot_Status")).length, 1);
    assert.ok(bench.logged(/record will not survive the next one: ENOSPC/));
  });
});

describe("a node at work", () => {
  it("brings a radio's configuration to its state", async () => {
    await using bench = new NodeBench();
    const { client, ...node } = await bench.start();
    await client.transact((transaction) => {
      const vif = transaction.insert("Wifi_VIF_Config", homeAp);
      const radio = [["if_name", "==", "wifi0"]] as const;
      transaction.update("Wifi_Radio_Config", radio, { channel: 6, ht_mode: "HT20", enabled: true });
      transaction.mutate("Wifi_Radio_Config", radio, [["vif_configs", "insert", [vif]]]);
    });
    const vif = await within(
      bench,
      rowWhere(client, "Wifi_VIF_State", (row) => row.ssid === "Home" && row.enabled === true),
    );
    assert.equal(vif.if_name, "home-ap-24");
    await client.transact((transaction) =>
      transaction.update("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], { channel: 11 }),
    );
    await within(
      bench,
      rowWhere(client, "Wifi_Radio_State", (row) => row.if_name === "wifi0" && row.channel === 11),
    );
    assert.match(node.dump(), /confsync: \w+/);
  });

  it("stops and starts a manager as Node_Services says", async () => {
    await using bench = new NodeBench();
    const { client, ...node } = await bench.start();
    const enable = (enabled: boolean) =>
      client.transact((transaction) =>
        transaction.update("Node_Services", [["service", "==", "owm"]], { enable: enabled }),
      );
    await enable(false);
    await within(
      bench,
      rowWhere(client, "Node_Services", (row) => row.service === "owm" && row.status === "disabled"),
    );
    assert.equal(node.services().find(({ service }) => service === "owm")?.phase, "STOPPED");
    await enable(true);
    await within(
      bench,
      rowWhere(client, "Node_Services", (row) => row.service === "owm" && row.status === "enabled"),
    );
  });

  it("says what of its persistent storage is damaged, and goes on with the version before", async () => {
    await using bench = new NodeBench();
    const target = ({ directory, onDamage }: TargetPlace) =>
      createNullTarget({ id: "NULL1", storageDirectory: join(directory, "ps"), onDamage });
    const first = await bench.startNull({ target });
    first.target.storage.open("kept").set("key", "1");
    first.target.storage.open("kept").set("key", "2");
    await first.stop();
    writeFileSync(join(bench.directory, "ps", "kept.json"), "");
    const second = await bench.startNull({ target });
    assert.equal(second.target.storage.open("kept").get("key"), "1");
    assert.ok(bench.logged(/persistent storage: 'kept' is damaged: the file is empty; the version before stands in/));
  });

  it("dumps every manager, the same way each time", async () => {
    await using bench = new NodeBench();
    const node = await bench.start();
    await within(
      bench,
      rowWhere(node.client, "Connection_Manager_Uplink", (row) => row.is_used === true),
    );
    await (bench.clock as VirtualClock).advance(1_000);
    const dump = node.dump();
    for (const section of ["dm", "cm", "nm", "nfm", "owm", "pm", "qm", "sm", "wano", "database", "storage"])
      assert.ok(dump.includes(`== ${section}\n`));
    assert.match(dump, /== storage\n(.*\n)*reboot \(preserved\): 1 key in \d+ bytes, 1 write, \d+ bytes\n/);
    assert.equal(node.dump(), dump);
  });

  it("logs to its file, and a manager's severity follows AW_Debug", async () => {
    await using bench = new NodeBench();
    const { client, directory } = await bench.start();
    await client.transact((transaction) => transaction.insert("AW_Debug", { name: "CM", log_severity: "DEBUG" }));
    await client.transact((transaction) =>
      transaction.update("AWLAN_Node", [], { redirector_addr: "ssl:192.0.2.1:443" }),
    );
    await within(
      bench,
      rowWhere(client, "Manager", (row) => row.target === "ssl:[192.0.2.1]:443"),
    );
    assert.match(readFileSync(directory.log, "utf8"), /CM .*<DEBUG>.* state OVS_INIT -> TRY_RESOLVE/);
  });
});

describe("a node's second start", () => {
  const mark = { module: "test", key: "mark", value: "1" } as const;

  it("boots: the database starts anew, persistent storage stays", async () => {
    await using bench = new NodeBench();
    const first = await bench.startNull();
    await first.client.transact((transaction) => {
      transaction.insert("Node_Config", mark);
      transaction.insert("AW_Debug", { name: "CM", log_severity: "DEBUG" });
    });
    await (bench.clock as VirtualClock).advance(0);
    await first.stop();
    const second = await bench.startNull();
    assert.ok(second.booted);
    assert.deepEqual(await rowsOf(second.client, "Node_Config"), []);
    assert.equal((await rowsOf(second.client, "AW_Debug"))[0]?.log_severity, "DEBUG");
    assert.deepEqual(
      (await rowsOf(second.client, "Reboot_Status")).map((row) => row.type),
      ["COLD_BOOT", "POWER_CYCLE"],
    );
  });

  it("with resume goes on with the rows it had, and is no boot", async () => {
    await using bench = new NodeBench();
    const first = await bench.startNull({ resume: true });
    await first.client.transact((transaction) => transaction.insert("Node_Config", mark));
    await first.stop();
    const second = await bench.startNull({ resume: true });
    assert.ok(!second.booted);
    assert.equal((await rowsOf(second.client, "Node_Config"))[0]?.value, "1");
    assert.equal((await rowsOf(second.client, "Reboot_Status")).length, 1);
    assert.equal((await rowsOf(second.client, "AWLAN_Node")).length, 1);
  });

  it("is refused while the first is running, and says so", async () => {
    await using bench = new NodeBench();
    const first = await bench.startNull();
    await assert.rejects(bench.startNull({ resume: true }), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /another node is at work in this directory; stop it/);
      return true;
    });
    await first.client.transact((transaction) => transaction.insert("Node_Config", mark));
    await first.stop();
    await bench.startNull();
  });

  it("with resume on a damaged database says where it is damaged and what to do, and boots without", async () => {
    await using bench = new NodeBench();
    const first = await bench.startNull();
    await first.stop();
    const { database } = first.directory;
    const bytes = readFileSync(database);
    bytes[bytes.indexOf("\nOVSDB JSON") + 120] = 0;
    writeFileSync(database, bytes);
    await assert.rejects(bench.startNull({ resume: true }), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /conf\.db.*\d+.*start without --resume/s);
      return true;
    });
    const second = await bench.startNull();
    assert.ok(second.booted);
  });

  it("with resume on a file that a crash cut off goes on with what was whole", async () => {
    await using bench = new NodeBench();
    const first = await bench.startNull();
    await first.client.transact((transaction) => transaction.insert("Node_Config", mark));
    await first.stop();
    truncateSync(first.directory.database, readFileSync(first.directory.database).length - 3);
    const second = await bench.startNull({ resume: true });
    assert.ok(!second.booted);
    assert.ok(bench.logged(/last record is incomplete/));
  });

  it("with resume boots where there is nothing to go on with: no file, or one that a boot did not finish", async () => {
    await using bench = new NodeBench();
    const first = await bench.startNull({ resume: true });
    assert.ok(first.booted);
    await first.stop();
    for (const length of [500, 0]) {
      truncateSync(first.directory.database, length);
      const next = await bench.startNull({ resume: true });
      assert.ok(next.booted);
      await next.stop();
    }
  });

  it("keeps everything of a device in its directory", async () => {
    await using bench = new NodeBench();
    const node = await bench.startNull();
    assert.equal(node.socketPath, join(bench.directory, "run", "db.sock"));
    assert.equal(node.directory.certificates, join(bench.directory, "certs"));
  });
});

describe("many nodes in one process", () => {
  it("keep to themselves", async () => {
    const clock = new VirtualClock();
    await using one = new NodeBench(clock);
    await using two = new NodeBench(clock);
    const [first, second] = await Promise.all([one.startNull(), two.startNull()]);
    await first.client.transact((transaction) => transaction.insert("AW_Debug", { name: "CM", log_severity: "TRACE" }));
    await clock.advance(0);
    assert.deepEqual(await rowsOf(second.client, "AW_Debug"), []);
    await first.stop();
    assert.ok(second.services().every(({ phase }) => phase === "RUNNING" || phase === "STOPPED"));
  });
});
