import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Write } from "@opensync-ts/schema/opensync";
import { plainMode } from "@opensync-ts/target/plain-ap";
import { Device } from "./testing/device.ts";

const radio: Write<"Wifi_Radio_Config"> = { if_name: "wifi0", freq_band: "2.4G", enabled: true };

const home: Write<"Wifi_VIF_Config"> = {
  if_name: "home-ap-24",
  mode: "ap",
  enabled: true,
  ssid: "home",
  wpa: true,
  rsn_pairwise_ccmp: true,
  wpa_key_mgmt: ["wpa-psk"],
  wpa_psks: { key: "first secret", "key-2": "second secret" },
};

let device = new Device();

async function start(vif: Write<"Wifi_VIF_Config"> = {}): Promise<(row: Write<"Wifi_VIF_Config">) => Promise<void>> {
  device = new Device();
  device.driver.changeAp("home-ap-24", { mode: { ...plainMode, wps: true } });
  await device.start();
  const { vifs } = await device.configure(radio, { ...home, ...vif });
  const [uuid] = vifs;
  return (row) => device.update("Wifi_VIF_Config", uuid ?? assert.fail(), row);
}

const offered = () => device.driver.ap("home-ap-24").wpsCredentials;
const config = () => device.find("Wifi_VIF_Config", { if_name: "home-ap-24" });
const shown = () => {
  const { wps_pbc, wps_pbc_key_id } = device.vifState("home-ap-24");
  return [wps_pbc, wps_pbc_key_id];
};

describe("wps_pbc", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
    assert.doesNotMatch(
      device.log
        .records()
        .map(({ text }) => text)
        .join("\n") + device.dump(),
      /(first|second) secret/,
    );
  });

  it("presses the button for the named key, is cleared, and shows until a client has come", async () => {
    const update = await start();
    assert.deepEqual(shown(), [false, ""]);
    await update({ wps_pbc: true, wps_pbc_key_id: "key-2" });
    assert.equal(config().wps_pbc, null);
    assert.deepEqual(offered(), ["second secret"]);
    assert.deepEqual(shown(), [true, "key-2"]);
    device.driver.hearWps("home-ap-24", "success");
    await device.settle();
    assert.deepEqual(shown(), [false, ""]);
    assert.deepEqual(offered(), []);
    assert.deepEqual(device.said("WARNING"), []);
  });

  it("false releases it", async () => {
    const update = await start();
    await update({ wps_pbc: true, wps_pbc_key_id: "key" });
    await update({ wps_pbc: false });
    assert.equal(config().wps_pbc, null);
    assert.deepEqual(offered(), []);
    assert.deepEqual(shown(), [false, ""]);
    await update({ wps_pbc: false });
    assert.equal(config().wps_pbc, null);
  });

  it("true again starts anew, with another key", async () => {
    const update = await start();
    await update({ wps_pbc: true, wps_pbc_key_id: "key" });
    await device.clock.advance(60_000);
    await update({ wps_pbc: true, wps_pbc_key_id: "key-2" });
    assert.deepEqual(offered(), ["second secret"]);
    await device.clock.advance(100_000);
    assert.deepEqual(shown(), [true, "key-2"]);
    await device.clock.advance(30_000);
    assert.deepEqual(shown(), [false, ""]);
  });

  it("is obeyed when it comes with the row", async () => {
    await start({ wps_pbc: true, wps_pbc_key_id: "key" });
    assert.deepEqual(offered(), ["first secret"]);
    assert.equal(config().wps_pbc, null);
  });

  it("without a key of that name does nothing, says so, and is cleared", async () => {
    const update = await start();
    for (const wps_pbc_key_id of ["key-7", ""]) await update({ wps_pbc: true, wps_pbc_key_id });
    assert.deepEqual(offered(), []);
    assert.equal(config().wps_pbc, null);
    assert.deepEqual(
      device.said("WARNING"),
      ["key-7", ""].map(
        (key) =>
          `ow: ovsdb: wps: Wifi_VIF_Config 'home-ap-24': wps_pbc 'true': wps_pbc_key_id '${key}' names none of the keys in wpa_psks; nothing is done`,
      ),
    );
  });

  it("without a name offers the only key there is", async () => {
    const update = await start({ wpa_psks: { "key-1": "first secret" } });
    await update({ wps_pbc: true });
    assert.deepEqual(offered(), ["first secret"]);
    assert.deepEqual(shown(), [true, "key-1"]);
  });

  it("ends when its key is changed or taken away", async () => {
    const update = await start();
    await update({ wps_pbc: true, wps_pbc_key_id: "key-2" });
    await update({ wpa_psks: { key: "first secret" } });
    assert.deepEqual(offered(), []);
    assert.deepEqual(shown(), [false, ""]);
  });
});
