import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Write } from "@opensync-ts/schema/opensync";
import { linkTimeout } from "./limits.ts";
import { Device, twoRadios } from "./testing/device.ts";
import { channel, staVif } from "./testing/rows.ts";

const uplink: Write<"Wifi_VIF_Config"> = {
  if_name: "bhaul-sta-50",
  mode: "sta",
  enabled: true,
  ssid: "backhaul",
  parent: "02:00:00:00:09:01",
  wpa: true,
  rsn_pairwise_ccmp: true,
  wpa_key_mgmt: ["wpa-psk"],
  wpa_psks: { key: "backhaul secret" },
};

const radio50: Write<"Wifi_Radio_Config"> = {
  if_name: "wifi1",
  freq_band: "5G",
  enabled: true,
  channel: 100,
  ht_mode: "HT80",
  fallback_parents: { "02:00:00:00:09:24": 6 },
};

const radio24: Write<"Wifi_Radio_Config"> = {
  if_name: "wifi0",
  freq_band: "2.4G",
  enabled: true,
  channel: 1,
  ht_mode: "HT20",
};

let device = new Device();

async function repeater(on = channel(100, 80), over: Write<"Wifi_Radio_Config"> = {}): Promise<Uuid | undefined> {
  const radios = twoRadios();
  const idle = { ...staVif({ status: "disconnected", channel: null }), name: "bhaul-sta-24", phy: "wifi0" };
  device = new Device({ ...radios, vifs: [...radios.vifs, staVif({ channel: on }), idle] });
  await device.start();
  await device.configure(radio24);
  const { vifs } = await device.configure({ ...radio50, ...over }, uplink);
  return vifs[0];
}

async function lose(on = channel(100, 80)): Promise<void> {
  device.driver.setVif(staVif({ status: "disconnected", channel: on }));
  await device.clock.advance(linkTimeout + 500);
}

const stas = () =>
  device
    .rows("Wifi_VIF_Config")
    .filter(({ mode }) => mode === "sta")
    .map(({ if_name, parent, ssid }) => [if_name, parent, ssid]);

const before = [["bhaul-sta-50", "02:00:00:00:09:01", "backhaul"]];

describe("fallback_parents", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
    assert.doesNotMatch(
      device.log
        .records()
        .map(({ text }) => text)
        .join("\n"),
      /backhaul secret/,
    );
  });

  it("are turned to when the uplink is lost where radar is watched for", async () => {
    await repeater();
    await lose();
    assert.deepEqual(stas(), [["bhaul-sta-24", "02:00:00:00:09:24", "backhaul"]]);
    const { channel: number, vif_configs } = device.find("Wifi_Radio_Config", { if_name: "wifi0" });
    const { _uuid, wpa_psks } = device.find("Wifi_VIF_Config", { if_name: "bhaul-sta-24" });
    assert.deepEqual([number, vif_configs, wpa_psks.get("key")], [6, [_uuid], "backhaul secret"]);
    const sta = device.driver.vif("bhaul-sta-24");
    assert.deepEqual(sta.type === "sta" && sta.sta.networks.map(({ ssid, bssid }) => [ssid, bssid]), [
      ["backhaul", "02:00:00:00:09:24"],
    ]);
    assert.equal(device.driver.vif("bhaul-sta-50").status, "disabled");
    const { length } = device.commits;
    await device.clock.advance(60_000);
    assert.equal(device.commits.length, length);
  });

  it("are not turned to when the link recovers, on any other channel, or without an uplink row", async () => {
    await repeater();
    device.driver.setVif(staVif({ status: "disconnected" }));
    await device.clock.advance(linkTimeout - 1_000);
    device.driver.setVif(staVif({ channel: channel(100, 80) }));
    await device.clock.advance(60_000);
    assert.deepEqual(stas(), before);
    await device.stop();
    await repeater(channel(36, 80));
    await lose(channel(36, 80));
    assert.deepEqual(stas(), before);
    await device.stop();
    const row = await repeater();
    if (row) await device.delete("Wifi_VIF_Config", row);
    await lose();
    assert.deepEqual(stas(), []);
  });

  it("that no radio can reach are told, once", async () => {
    await repeater(channel(100, 80), { fallback_parents: { "02:00:00:00:09:24": 14 } });
    await lose();
    await device.clock.advance(60_000);
    assert.deepEqual(stas(), before);
    assert.deepEqual(device.said("WARNING"), [
      "ow: dfs_backup: wifi1: the uplink is lost, radar is the likely reason; its fallback parent 02:00:00:00:09:24 cannot be turned to: no radio has channel 14",
    ]);
  });
});
