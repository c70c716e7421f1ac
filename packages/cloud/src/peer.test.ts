/** The cloud and a node that is not ours: Debian's ovsdb-server with the OpenSync schema. */

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { connect } from "@opensync-ts/ovsdb/connect";
import { openSync } from "@opensync-ts/schema/opensync";
import { openSyncSchemaJson } from "@opensync-ts/schema/schema-json";
import { startCloud } from "./start-cloud.ts";
import { testHome } from "./test-node.ts";

const clock = new RealClock();
const absent = spawnSync("ovsdb-server", ["--version"]).status !== 0 && "Open vSwitch is not installed";

describe("Debian's ovsdb-server as a node", { skip: absent }, () => {
  let directory: string;
  let server: ChildProcess | undefined;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "opensync-peer-"));
  });
  after(() => {
    server?.kill();
    rmSync(directory, { recursive: true });
  });

  it("is redirected, provisioned over mutual TLS, and left alone when it comes again", async () => {
    const log = Log.create({ name: "CLOUD", sink: nullSink, wallTime: () => clock.wallTime() });
    const remote = "pssl:0:127.0.0.1";
    const options = { directory, home: testHome(), redirector: remote, controller: remote, clock, log };
    const cloud = await startCloud({ ...options, random: new SystemRandom() });
    const { location } = cloud;
    const tls = await cloud.certificates?.node("gateway");
    assert.ok(tls);

    const path = (name: string) => join(directory, name);
    writeFileSync(path("schema.json"), JSON.stringify(openSyncSchemaJson()));
    execFileSync("ovsdb-tool", ["create", path("conf.db"), path("schema.json")]);
    server = spawn(
      "ovsdb-server",
      [
        path("conf.db"),
        `--remote=punix:${path("db.sock")}`,
        "--remote=db:Open_vSwitch,Open_vSwitch,manager_options",
        `--private-key=${tls.privateKey}`,
        `--certificate=${tls.certificate}`,
        `--ca-cert=${tls.caCert}`,
        `--unixctl=${path("ctl.sock")}`,
        "--no-chdir",
      ],
      { stdio: "ignore" },
    );
    const client = await retry(() => connect(`unix:${path("db.sock")}`, openSync, { clock }));
    await client.transact((transaction) => {
      transaction.insert("AWLAN_Node", { id: "gateway" });
      transaction.insert("Wifi_Radio_Config", { if_name: "wifi0", freq_band: "2.4G" });
      const manager = transaction.insert("Manager", { target: cloud.redirectorAddress, inactivity_probe: 30_000 });
      transaction.insert("Open_vSwitch", { manager_options: [manager] });
    });
    const mirror = await client.replicate({ AWLAN_Node: {}, Wifi_VIF_Config: {}, Wifi_Radio_Config: {} });
    const holds = (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => condition() && resolve();
        mirror.onTransaction(look);
        location.events.on("event", () => setImmediate(look));
        look();
      });

    await holds(() => mirror.table("AWLAN_Node").find(() => true)?.manager_addr === cloud.controllerAddress);
    const dial = (target: string) => client.transact((transaction) => transaction.update("Manager", [], { target }));
    await dial(cloud.controllerAddress);
    await holds(() => location.node("gateway")?.counters.transactions === 1);
    await holds(() => {
      const vif = mirror.table("Wifi_VIF_Config").find((row) => row.if_name === "home-ap-24");
      const radio = mirror.table("Wifi_Radio_Config").find(() => true);
      return vif !== undefined && radio?.vif_configs.join() === vif._uuid;
    });

    await dial("");
    await holds(() => location.node("gateway")?.connection === "absent");
    await dial(cloud.controllerAddress);
    await holds(() => location.node("gateway")?.state === "VERIFYING");
    assert.equal(location.node("gateway")?.counters.writes, 0);
    client.close();
    await cloud.stop();
  });
});

/** Until the server listens. */
async function retry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 100; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await clock.sleep(20);
    }
  }
}
