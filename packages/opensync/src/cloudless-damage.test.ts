/** What is stored for a home without its cloud has come to harm, on the flash of a whole gateway. */

import assert from "node:assert/strict";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { decodeStore, encodeStore } from "@opensync-ts/target/store-file";
import { CloudlessHome, hour, minute } from "./testing/cloudless-home.ts";

const store = "pm_gw_offline_store";

/** The gateway of a home that was renamed, whose flash somebody has laid hands on while it was off; 20 minutes after its boot. */
async function booted(harm: (file: string) => void): Promise<CloudlessHome> {
  const home = await CloudlessHome.start();
  await home.settled();
  await home.until("it is stored", async () => (await home.status()) === "ready", 2 * minute);
  home.rename("Renamed");
  await home.settled();
  await home.pass(minute);
  home.wanDown();
  home.device.events.on("down", () => harm(home.storeFile(store)));
  await home.reboot("powerCut");
  await home.pass(20 * minute);
  return home;
}

/** Changes what is stored under a key, with a checksum that is right. */
function edit(file: string, key: string, change: (value: unknown) => unknown): void {
  const values = decodeStore(readFileSync(file, "utf8"));
  values.set(key, JSON.stringify(change(JSON.parse(values.get(key) ?? "null"))));
  writeFileSync(file, encodeStore(values));
}

const vifNames = async (home: CloudlessHome) =>
  (await home.rows("Wifi_VIF_Config")).map(({ if_name }) => if_name).sort();
const logged = (home: CloudlessHome, pattern: RegExp) => home.log.records().some(({ text }) => pattern.test(text));

describe("a gateway whose stored configuration is damaged", () => {
  it("serves the home with the version before, whole, where the file is cut off", async () => {
    await using home = await booted((file) => truncateSync(file, 4_000));
    assert.equal(await home.status(), "active");
    await home.restored("Home");
    assert.ok(logged(home, /pm_gw_offline_store is damaged .*previous version/));
  });

  it("says error, and applies nothing, where the version before is damaged, too", async () => {
    await using home = await booted((file) => {
      truncateSync(file, 4_000);
      truncateSync(`${file}.previous`, 10);
    });
    assert.deepEqual(await vifNames(home), []);
    assert.equal(await home.status(), "error");
    assert.ok(logged(home, /pm_gw_offline_store is damaged .*nothing/));
  });

  it("says error where the version before is of a time when nothing was stored yet", async () => {
    await using home = await booted((file) => {
      const flag = decodeStore(readFileSync(file, "utf8")).get("gw_offline_cfg") ?? "";
      writeFileSync(`${file}.previous`, encodeStore(new Map([["gw_offline_cfg", flag]])));
      truncateSync(file, 4_000);
    });
    assert.equal(await home.status(), "error");
    assert.deepEqual(await vifNames(home), []);
    home.wanUp();
    await home.until(
      "the cloud is back, and what the home needs stored",
      async () => (await home.status()) === "ready",
      hour,
    );
  });

  it("says error, and serves the home on the radios that are left, where one has gone", async () => {
    await using home = await booted((file) => {
      const renamed = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll("wifi2", "wifi9"));
      edit(file, "radio_config", renamed);
      edit(file, "radio_if_names", renamed);
    });
    assert.equal(await home.status(), "error");
    assert.deepEqual(await vifNames(home), ["home-ap-24", "home-ap-50"]);
    assert.ok(logged(home, /left out: .*wifi9/));
    assert.ok(home.familyIsOn());
    assert.ok(home.familyHasAddresses());
  });

  it("is not restarted again and again because of that, and comes back when its cloud does", async () => {
    await using home = await booted((file) => edit(file, "radio_if_names", () => ["wifi0", "wifi1", "wifi9"]));
    const { losses } = home;
    await home.pass(3 * hour);
    assert.equal(home.losses, losses);
    home.wanUp();
    await home.until("all is well", async () => (await home.status()) === "ready", hour);
    await home.settled();
  });

  it("serves the home with rows of another release, without the columns that it does not know", async () => {
    await using home = await booted((file) =>
      edit(file, "vif_config", (rows) => (rows as object[]).map((row) => ({ ...row, quantum_tunnel: true }))),
    );
    assert.equal(await home.status(), "error");
    assert.ok(logged(home, /left out: .*quantum_tunnel/));
    await home.restored("Renamed");
  });

  it("leaves the LAN alone where what is stored is no configuration at all", async () => {
    await using home = await booted((file) => edit(file, "vif_config", () => "all your base"));
    assert.equal(await home.status(), "error");
    assert.deepEqual(await vifNames(home), []);
  });
});
