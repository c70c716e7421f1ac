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
import { claimNodes } from "./store/claims.ts";
import { createLocation } from "./store/locations.ts";
import { createTenant } from "./store/tenants.ts";
import { applyVersion, saveDraft } from "./store/versions.ts";
import { homeText } from "./test-home.ts";

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

  it("is redirected, claimed and provisioned over mutual TLS, and left alone when it comes again", async () => {
    const log = Log.create({ name: "CLOUD", sink: nullSink, wallTime: () => clock.wallTime() });
    const remote = "pssl:0:127.0.0.1";
    const options = { directory, redirector: remote, controller: remote, clock, log };
    const cloud = await startCloud({ ...options, store: {}, random: new SystemRandom() });
    const { locations, store } = cloud;
    const tls = await cloud.certificates?.node("AP-0001");
    assert.ok(tls && store);

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
      transaction.insert("AWLAN_Node", { id: "AP-0001", serial_number: "SN-0001", model: "Lab AP" });
      transaction.insert("Wifi_Radio_Config", { if_name: "wifi0", freq_band: "2.4G" });
      const manager = transaction.insert("Manager", { target: cloud.redirectorAddress, inactivity_probe: 30_000 });
      transaction.insert("Open_vSwitch", { manager_options: [manager] });
    });
    const mirror = await client.replicate({ AWLAN_Node: {}, Wifi_VIF_Config: {}, Wifi_Radio_Config: {} });
    const holds = (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => condition() && resolve();
        mirror.onTransaction(look);
        locations.events.on("event", () => setImmediate(look));
        locations.events.on("home", () => setImmediate(look));
        look();
      });

    await holds(() => mirror.table("AWLAN_Node").find(() => true)?.manager_addr === cloud.controllerAddress);
    // What CM does on a node.
    const dial = (target: string) => client.transact((transaction) => transaction.update("Manager", [], { target }));
    await dial(cloud.controllerAddress);
    await holds(() => locations.callers.length === 1);
    const { id, serialNumber, model, commonName } = locations.callers[0] ?? {};
    assert.deepEqual([id, serialNumber, model, commonName], ["AP-0001", "SN-0001", "Lab AP", "AP-0001"]);
    assert.equal(mirror.table("Wifi_VIF_Config").rows.size, 0);

    const by = { actor: "user:lab" };
    const tenant = await createTenant(store, "Lab", by);
    const { id: lab } = await createLocation(store, tenant.id, "Lab", by);
    await claimNodes(store, lab, { serialNumber: "SN-0001" }, by);
    const nodes = [{ id: "AP-0001", serialNumber: "SN-0001", role: "gateway" }];
    const draft = await saveDraft(store, lab, JSON.parse(homeText({ nodes })), { basedOn: 0 }, by);
    await applyVersion(store, lab, draft.number, by);
    const node = () => locations.get(lab)?.node("AP-0001");
    await holds(() => node()?.counters.transactions === 1);
    await holds(() => {
      const vif = mirror.table("Wifi_VIF_Config").find((row) => row.if_name === "home-ap-24");
      const radio = mirror.table("Wifi_Radio_Config").find(() => true);
      return vif?.ssid === "Test" && radio?.vif_configs.join() === vif._uuid;
    });

    await dial("");
    await holds(() => node()?.connection === "absent");
    await dial(cloud.controllerAddress);
    await holds(() => node()?.state === "VERIFYING");
    assert.equal(node()?.counters.writes, 0);
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
