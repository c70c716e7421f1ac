import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { parseLogLevels } from "@opensync-ts/base/log";
import { mac } from "@opensync-ts/base/units";
import type { Write } from "@opensync-ts/schema/opensync";
import { limits } from "@opensync-ts/wireless/limits";
import { removedVifs, repairDelay, writeDeadline, writeRetry } from "./limits.ts";
import { Device, twoRadios } from "./testing/device.ts";
import { apVif, channel, phyState, station, staVif } from "./testing/rows.ts";

const radio24: Write<"Wifi_Radio_Config"> = {
  if_name: "wifi0",
  freq_band: "2.4G",
  enabled: true,
  channel: 6,
  ht_mode: "HT20",
  hw_mode: "11ax",
};

const home24: Write<"Wifi_VIF_Config"> = {
  if_name: "home-ap-24",
  mode: "ap",
  enabled: true,
  ssid: "home",
  ssid_broadcast: "enabled",
  bridge: "br-home",
  wpa: true,
  rsn_pairwise_ccmp: true,
  wpa_key_mgmt: ["wpa-psk"],
  wpa_psks: { key: "password-1", "key-2": "password-2" },
  wpa_oftags: { "key-2": "guests" },
  mac_list_type: "none",
};

const phone = mac("02:00:00:00:0a:01");
const onHome24 = { mac: phone, vif: "home-ap-24", phy: "wifi0" } as const;

let device = new Device();

async function start(prepare?: (device: Device) => Promise<unknown>, radios = twoRadios()): Promise<void> {
  device = new Device(radios);
  await prepare?.(device);
  await device.start();
}

describe("OWM", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
  });

  it("shows its radios before anything is configured", async () => {
    await start();
    assert.deepEqual(
      device.rows("Wifi_Radio_State").map(({ if_name, freq_band, enabled, mac }) => [if_name, freq_band, enabled, mac]),
      [
        ["wifi0", "2.4G", true, "02:00:00:00:00:00"],
        ["wifi1", "5G", true, "02:00:00:00:01:00"],
      ],
    );
    assert.deepEqual(device.rows("Wifi_VIF_State"), []);
    assert.deepEqual(
      device.commits.map(({ comment }) => comment),
      ["OWM - update Wifi_Radio_State"],
    );
  });

  it("takes a network from configuration rows to the driver and back to state rows", async () => {
    await start();
    const { radio, vifs } = await device.configure(radio24, home24);
    const { ssid, enabled, mode, vif_config, channel, wpa_key_mgmt, wpa_psks, bridge, _uuid } =
      device.vifState("home-ap-24");
    assert.deepEqual(
      { ssid, enabled, mode, channel, wpa_key_mgmt, bridge, vif_config },
      {
        ssid: "home",
        enabled: true,
        mode: "ap",
        channel: 6,
        wpa_key_mgmt: ["wpa-psk"],
        bridge: "br-home",
        vif_config: vifs[0],
      },
    );
    assert.deepEqual(Object.fromEntries(wpa_psks), { key: "password-1", "key-2": "password-2" });
    const state = device.radioState("wifi0");
    assert.deepEqual([state.channel, state.ht_mode, state.hw_mode, state.radio_config], [6, "HT20", "11ax", radio]);
    assert.deepEqual(state.vif_states, [_uuid]);
    assert.deepEqual(device.said("WARNING"), []);
  });

  it("applies configuration that is there before it starts", async () => {
    await start((device) => device.configure(radio24, home24));
    assert.equal(device.vifState("home-ap-24").ssid, "home");
  });

  it("follows a channel change", async () => {
    await start();
    const { radio } = await device.configure(radio24, home24);
    await device.update("Wifi_Radio_Config", radio, { channel: 11 });
    assert.equal(device.radioState("wifi0").channel, 11);
    assert.equal(device.vifState("home-ap-24").channel, 11);
    assert.equal(device.driver.ap("home-ap-24").channel?.control, 2462);
  });

  it("never shows a vif without the radio that refers to it", async () => {
    device = new Device();
    await device.configure(radio24, home24);
    device.database.onCommit(() => {
      const referred = device.rows("Wifi_Radio_State").flatMap(({ vif_states }) => vif_states);
      for (const { _uuid } of device.rows("Wifi_VIF_State")) assert.ok(referred.includes(_uuid));
      const clients = device.rows("Wifi_VIF_State").flatMap(({ associated_clients }) => associated_clients);
      for (const { _uuid } of device.rows("Wifi_Associated_Clients")) assert.ok(clients.includes(_uuid));
    });
    device.driver.join(station(onHome24));
    await device.start();
    assert.equal(device.rows("Wifi_VIF_State").length, 1);
    assert.equal(device.rows("Wifi_Associated_Clients").length, 1);
  });

  it("writes nothing, and asks nothing of the driver, when the same configuration comes again", async () => {
    await start();
    const { radio, vifs } = await device.configure(radio24, home24);
    await device.clock.advance(60_000);
    const before = [device.commits.length, device.driver.requests.length];
    await device.update("Wifi_Radio_Config", radio, radio24);
    if (vifs[0]) await device.update("Wifi_VIF_Config", vifs[0], home24);
    await device.clock.advance(60_000);
    assert.deepEqual([device.commits.length, device.driver.requests.length], before);
  });

  it("puts right what drifts away in the driver", async () => {
    await start();
    await device.configure(radio24, home24);
    device.driver.changeAp("home-ap-24", { ssid: "not-home" });
    await device.settle();
    assert.equal(device.driver.ap("home-ap-24").ssid, "home");
    assert.equal(device.vifState("home-ap-24").ssid, "home");
  });

  it("shows in the state what the driver does not do", async () => {
    await start();
    const { vifs } = await device.configure(radio24, home24);
    device.driver.deaf = true;
    if (vifs[0]) await device.update("Wifi_VIF_Config", vifs[0], { ssid: "renamed" });
    assert.equal(device.vifState("home-ap-24").ssid, "home");
    device.driver.deaf = false;
    await device.clock.advance(120_000);
    assert.equal(device.vifState("home-ap-24").ssid, "renamed");
  });

  it("disables a vif whose row is removed, and takes its state row away", async () => {
    await start();
    const { vifs } = await device.configure(radio24, home24);
    if (vifs[0]) await device.delete("Wifi_VIF_Config", vifs[0]);
    assert.equal(device.driver.vif("home-ap-24").status, "disabled");
    assert.deepEqual(device.rows("Wifi_VIF_State"), []);
    assert.deepEqual(device.radioState("wifi0").vif_states, []);
    await device.configure({ ...radio24, if_name: "wifi0" });
  });

  it("leaves a vif alone whose row is only taken off the radio", async () => {
    await start();
    const { radio, vifs } = await device.configure(radio24, home24);
    await device.update("Wifi_Radio_Config", radio, { vif_configs: [] });
    if (vifs[0]) await device.update("Wifi_VIF_Config", vifs[0], { ssid: "without effect" });
    assert.equal(device.driver.vif("home-ap-24").status, "enabled");
    assert.equal(device.vifState("home-ap-24").ssid, "home");
    assert.match(device.said("NOTICE").join("\n"), /home-ap-24': _uuid .* no Wifi_Radio_Config row refers to it/);
  });

  it("remembers so many vifs whose row was removed while no driver had them, and no more", async () => {
    await start();
    const name = (n: number) => `vif-${n}`;
    for (let from = 0; from <= removedVifs; from += 128) {
      await device.client.transact((builder) => {
        for (let n = from; n < from + 128; n++) builder.insert("Wifi_VIF_Config", { if_name: name(n), mode: "ap" });
      });
      await device.client.transact((builder) => builder.delete("Wifi_VIF_Config", []));
    }
    const [first, last] = [name(0), name(removedVifs + 127)];
    for (const vif of [first, last]) device.driver.setVif(apVif({ name: vif, status: "enabled" }));
    await device.settle();
    assert.deepEqual(
      device.rows("Wifi_VIF_State").map(({ if_name }) => if_name),
      [first],
    );
  });

  it("keeps what was applied last when a column is unset", async () => {
    await start();
    const { radio } = await device.configure(radio24, home24);
    await device.update("Wifi_Radio_Config", radio, { channel: null, ht_mode: null });
    assert.equal(device.radioState("wifi0").channel, 6);
  });

  it("warns once of what cannot be, and applies the rest of the row", async () => {
    await start();
    await device.configure({ ...radio24, ht_mode: "HT80", bcn_int: 200 }, { ...home24, mac_list: ["printer"] });
    await device.clock.advance(10_000);
    assert.deepEqual(device.said("WARNING"), [
      "ow: conf: Wifi_Radio_Config 'wifi0': channel '6': no HT80 channel on 2.4G; the channel in use is kept",
      "ow: conf: Wifi_VIF_Config 'home-ap-24': mac_list 'printer': not a MAC address (aa:bb:cc:dd:ee:ff); it is left out",
    ]);
    assert.equal(device.radioState("wifi0").bcn_int, 200);
    assert.equal(device.vifState("home-ap-24").ssid, "home");
  });

  it("names some entries of a long list, and counts them all", async () => {
    await start();
    const mac_list = ["1", "2", "3", "4", "5", "6"];
    await device.configure(radio24, { ...home24, mac_list });
    assert.match(device.said("WARNING").join(), /mac_list '1 2 3 4 5 …': 6 entries are no MAC addresses/);
  });

  it("names rows for what no driver has, once, and applies the others", async () => {
    const ghost = { ...home24, if_name: "home-ap-42" };
    await start((device) => device.configure({ ...radio24, if_name: "wifi7" }, ghost));
    await device.configure(radio24, home24, { ...ghost, if_name: "home-ap-2" });
    await device.clock.advance(60_000);
    assert.equal(device.vifState("home-ap-24").ssid, "home");
    assert.deepEqual(
      device.said("WARNING").map((text) => text.replace(/ \(there.*\)/, "")),
      [
        "ow: conf: Wifi_Radio_Config 'wifi7': if_name 'wifi7': no driver has this radio; the row has no effect",
        "ow: conf: Wifi_VIF_Config 'home-ap-2': if_name 'home-ap-2': no driver has this interface; the row has no effect",
      ],
    );
    assert.match(device.said("WARNING")[1] ?? "", /there are bhaul-ap-24, bhaul-ap-50, home-ap-24, home-ap-50/);
  });

  it("settles on a channel that cannot be as on none: the one asked for before stays", async () => {
    await start();
    const { radio } = await device.configure({ ...radio24, channel: 11 });
    await device.update("Wifi_Radio_Config", radio, { channel: 200 });
    assert.equal(device.radioState("wifi0").channel, 11, "no vif");
    const vif = await device.insert("Wifi_VIF_Config", home24);
    await device.update("Wifi_Radio_Config", radio, { vif_configs: [vif] });
    assert.equal(device.radioState("wifi0").channel, 11, "a vif");
    assert.match(device.said("WARNING").join("\n"), /channel '200': no HT20 channel on 2.4G/);
    assert.equal(device.said("WARNING").length, 1);
  });

  it("does not keep a channel that was asked for before it was known which band the radio is of", async () => {
    await start(async (device) => {
      await device.configure(
        { if_name: "wifi1", freq_band: "2.4G", channel: 13, ht_mode: "HT20" },
        {
          ...home24,
          if_name: "home-ap-50",
        },
      );
    });
    await device.clock.advance(60_000);
    assert.equal(device.vifState("home-ap-50").channel, 36);
    assert.match(device.said("WARNING").join("\n"), /freq_band '2.4G': wifi1 is a 5G radio/);
    assert.equal(device.said("WARNING").length, 1);
  });

  it("says nothing of the references that vanish with a deleted row", async () => {
    await start();
    const { radio, vifs } = await device.configure(radio24, home24);
    if (vifs[0]) await device.delete("Wifi_VIF_Config", vifs[0]);
    await device.delete("Wifi_Radio_Config", radio);
    assert.doesNotMatch(device.said("NOTICE").join("\n"), /changed by somebody else/);
    assert.equal(device.radioState("wifi0").radio_config, null);
  });

  it("takes one of two rows for the same vif, says so, and goes on", async () => {
    await start();
    await device.configure(radio24, home24, { ...home24, ssid: "other" });
    assert.equal(device.said("WARNING").length, 1);
    assert.match(device.said("WARNING")[0] ?? "", /home-ap-24.*another row has this if_name/);
    assert.equal(device.rows("Wifi_VIF_State").length, 1);
  });

  it("says what it knows in its dump, without keys", async () => {
    await start();
    await device.configure(radio24, home24);
    assert.match(device.dump(), /vif home-ap-24: bound to wifi0/);
    assert.doesNotMatch(device.dump(), /password/);
    assert.doesNotMatch(
      device.log
        .records()
        .map(({ text }) => text)
        .join("\n"),
      /password/,
    );
  });

  it("tells at debug level which columns of which row have changed, and not to what", async () => {
    await start(async (device) => {
      device.levels = parseLogLevels("Debug");
    });
    await device.configure(radio24, home24);
    const { _uuid } = device.find("Wifi_VIF_Config", { if_name: "home-ap-24" });
    const wpa_psks = new Map([["key", "a new secret"]]);
    await device.update("Wifi_VIF_Config", _uuid, { ssid: "renamed", wpa_psks });
    const lines = device.log.records().map(({ text }) => text);
    assert.ok(lines.includes("ow: conf: Wifi_VIF_Config 'home-ap-24': modify of ssid, wpa_psks"), lines.join("\n"));
    assert.doesNotMatch(lines.join(), /a new secret/);
  });

  it("starts again where it stopped: nothing is asked of the driver", async () => {
    await start();
    await device.configure(radio24, home24);
    await device.stop();
    const before = device.driver.requests.length;
    await device.start();
    await device.clock.advance(60_000);
    assert.equal(device.vifState("home-ap-24").ssid, "home");
    assert.equal(device.driver.requests.length, before);
  });

  it("takes a STA to the network of its credentials", async () => {
    const radios = twoRadios();
    const sta = staVif({ status: "disconnected", bssid: null, ssid: "", channel: null });
    await start(undefined, { ...radios, vifs: [...radios.vifs, { ...sta, status: "disabled" }] });
    const credential = await device.insert("Wifi_Credential_Config", {
      ssid: "onboard",
      enabled: true,
      security: { key: "password-9" },
    });
    await device.configure(
      { if_name: "wifi1", freq_band: "5G", enabled: true },
      { if_name: "bhaul-sta-50", mode: "sta", enabled: true, credential_configs: [credential] },
    );
    const vif = device.driver.vif("bhaul-sta-50");
    assert.deepEqual(vif.type === "sta" && vif.sta.networks.map(({ ssid, psk }) => [ssid, psk]), [
      ["onboard", "password-9"],
    ]);
    if (vif.type === "sta") {
      const link = { ...vif.sta.link, status: "connected", ssid: "onboard", bssid: mac("02:00:00:00:09:01") } as const;
      device.driver.setVif({ ...vif, sta: { ...vif.sta, link } });
    }
    await device.settle();
    const { ssid, parent, wpa_psks } = device.vifState("bhaul-sta-50");
    assert.deepEqual([ssid, parent, wpa_psks.get("key")], ["onboard", "02:00:00:00:09:01", "password-9"]);
  });

  it("gives up when its connection to the database is lost", async () => {
    await start();
    device.disconnect();
    await device.settle();
    assert.match(device.failures[0]?.message ?? "", /connection to the database lost/);
    device.failures.length = 0;
  });
});

describe("ACL", () => {
  afterEach(() => device.stop());

  it("goes to the driver and comes back as it was spelled, without what was put there by others", async () => {
    await start();
    const { vifs } = await device.configure(radio24, {
      ...home24,
      mac_list_type: "blacklist",
      mac_list: ["02:00:00:00:00:0A", "02:00:00:00:00:0b"],
    });
    assert.deepEqual(device.driver.ap("home-ap-24").acl, ["02:00:00:00:00:0a", "02:00:00:00:00:0b"]);
    const { mac_list, mac_list_type } = device.vifState("home-ap-24");
    assert.deepEqual([mac_list, mac_list_type], [["02:00:00:00:00:0A", "02:00:00:00:00:0b"], "blacklist"]);
    if (vifs[0]) await device.update("Wifi_VIF_Config", vifs[0], { mac_list: [] });
    assert.deepEqual(device.driver.ap("home-ap-24").acl, []);
    assert.deepEqual(device.vifState("home-ap-24").mac_list, []);
  });
});

describe("ACL and stations that are in already", () => {
  afterEach(() => device.stop());

  for (const [mac_list_type, mac_list] of [
    ["blacklist", [phone.toUpperCase()]],
    ["whitelist", ["02:00:00:00:0f:0f"]],
  ] as const) {
    it(`a ${mac_list_type} throws out whom it bans`, async () => {
      await start();
      const { vifs } = await device.configure(radio24, home24);
      device.driver.join(station(onHome24));
      await device.settle();
      assert.equal(device.rows("Wifi_Associated_Clients").length, 1);
      if (vifs[0]) await device.update("Wifi_VIF_Config", vifs[0], { mac_list_type, mac_list });
      assert.deepEqual(device.rows("Wifi_Associated_Clients"), []);
    });
  }
});

describe("associated clients", () => {
  afterEach(() => device.stop());

  const clients = () => device.rows("Wifi_Associated_Clients");

  it("appear with their key and tag, and go", async () => {
    await start((device) => device.insert("Openflow_Tag", { name: "guests", device_value: ["02:00:00:00:0f:0f"] }));
    await device.configure(radio24, home24);
    device.driver.join(station({ ...onHome24, keyId: 2 }));
    await device.settle();
    assert.deepEqual(
      clients().map(({ mac, key_id, oftag, state }) => [mac, key_id, oftag, state]),
      [[phone, "key-2", "guests", "active"]],
    );
    assert.deepEqual(device.vifState("home-ap-24").associated_clients, [clients()[0]?._uuid]);
    const tagged = () => device.find("Openflow_Tag", { name: "guests" }).device_value;
    assert.deepEqual(tagged(), [phone, "02:00:00:00:0f:0f"]);

    device.driver.leave("home-ap-24", phone);
    await device.settle();
    assert.deepEqual(clients(), []);
    assert.deepEqual(device.vifState("home-ap-24").associated_clients, []);
    assert.deepEqual(tagged(), ["02:00:00:00:0f:0f"]);
  });

  it("that roam get a row of their own on the new vif", async () => {
    await start();
    await device.configure(radio24, home24, { ...home24, if_name: "bhaul-ap-24" });
    device.driver.join(station({ ...onHome24, connectedAt: 1_000 }));
    await device.settle();
    const before = clients()[0]?._uuid;
    device.driver.join(station({ ...onHome24, vif: "bhaul-ap-24", connectedAt: 5_000 }));
    await device.settle();
    assert.equal(clients().length, 1);
    assert.notEqual(clients()[0]?._uuid, before);
    assert.deepEqual(device.vifState("home-ap-24").associated_clients, []);
    assert.deepEqual(device.vifState("bhaul-ap-24").associated_clients, [clients()[0]?._uuid]);
  });

  it("are tagged anew when the tags of the keys change", async () => {
    await start();
    const { vifs } = await device.configure(radio24, home24);
    device.driver.join(station({ ...onHome24, keyId: 2 }));
    await device.settle();
    if (vifs[0]) await device.update("Wifi_VIF_Config", vifs[0], { wpa_oftags: { "key-2": "friends" } });
    assert.equal(clients()[0]?.oftag, "friends");
  });

  it("stay referred to when their vif's row changes", async () => {
    await start();
    const { vifs } = await device.configure(radio24, home24);
    device.driver.join(station(onHome24));
    await device.settle();
    if (vifs[0]) await device.update("Wifi_VIF_Config", vifs[0], { ssid: "renamed" });
    assert.equal(device.vifState("home-ap-24").ssid, "renamed");
    assert.equal(device.vifState("home-ap-24").associated_clients.length, 1);
  });
});

describe("port state", () => {
  afterEach(() => device.stop());

  const master = { if_type: "vif", if_uuid: "00000000-0000-0000-0000-000000000000" as never } as const;

  it("of a vif follows it, in rows that exist", async () => {
    await start((device) => device.insert("Wifi_Master_State", { ...master, if_name: "home-ap-24" }));
    const portState = () => device.find("Wifi_Master_State", { if_name: "home-ap-24" }).port_state;
    assert.equal(portState(), "inactive");
    const { vifs } = await device.configure(radio24, home24);
    assert.equal(portState(), "active");
    if (vifs[0]) await device.update("Wifi_VIF_Config", vifs[0], { enabled: false });
    assert.equal(portState(), "inactive");
    assert.equal(device.rows("Wifi_Master_State").length, 1);
  });

  it("of an uplink that moved to another AP blips, so that CM looks again", async () => {
    const radios = twoRadios();
    await start((device) => device.insert("Wifi_Master_State", { ...master, if_name: "bhaul-sta-50" }), {
      ...radios,
      vifs: [...radios.vifs, staVif()],
    });
    const seen: unknown[] = [];
    device.database.onCommit(({ delta }) => {
      for (const { new: row } of delta.get("Wifi_Master_State")?.values() ?? []) seen.push(row?.port_state);
    });
    device.driver.setVif(staVif({ bssid: mac("02:00:00:00:09:02") }));
    await device.settle();
    assert.deepEqual(seen, ["inactive", "active"]);
  });

  it("of a multi-link device goes with the last of its links, and comes with the first", async () => {
    const radios = twoRadios();
    const one = staVif();
    const link = { ...one, sta: { ...one.sta, mld: { addr: mac("02:00:00:00:02:00"), ifName: "bhaul-mld" } } };
    await start((device) => device.insert("Wifi_Master_State", { ...master, if_name: "bhaul-mld" }), {
      ...radios,
      vifs: [...radios.vifs, link],
    });
    const portState = () => device.find("Wifi_Master_State", { if_name: "bhaul-mld" }).port_state;
    assert.equal(portState(), "active");
    device.driver.removeVif("bhaul-sta-50");
    await device.settle();
    assert.equal(portState(), "inactive");
    device.driver.setVif(link);
    await device.settle();
    assert.equal(portState(), "active");
  });
});

describe("writing state", () => {
  afterEach(() => device.stop());

  it("starts from empty tables, whatever a former life left", async () => {
    await start(async (device) => {
      await device.insert("Wifi_Radio_State", { if_name: "wifi9" });
      await device.insert("Wifi_VIF_State", { if_name: "ghost" });
      await device.insert("Wifi_Associated_Clients", { mac: phone, oftag: "guests" });
      await device.insert("Openflow_Tag", { name: "guests", device_value: [phone] });
    });
    assert.deepEqual(
      device.rows("Wifi_Radio_State").map(({ if_name }) => if_name),
      ["wifi0", "wifi1"],
    );
    assert.deepEqual(device.rows("Wifi_VIF_State"), []);
    assert.deepEqual(device.rows("Wifi_Associated_Clients"), []);
    assert.deepEqual(device.find("Openflow_Tag", { name: "guests" }).device_value, []);
  });

  it("waits for the drivers to come to rest, but not for ever", async () => {
    await start();
    await device.configure(radio24, home24);
    const release = device.driver.stall();
    device.driver.join(station(onHome24));
    device.driver.changeAp("bhaul-ap-24", { beaconInterval: 300 });
    const { _uuid } = device.find("Wifi_VIF_Config", { if_name: "home-ap-24" });
    await device.update("Wifi_VIF_Config", _uuid, { vif_radio_idx: 3 });
    assert.equal(device.vifState("home-ap-24").vif_radio_idx, null);
    await device.clock.advance(writeDeadline);
    assert.equal(device.vifState("home-ap-24").vif_radio_idx, 3);
    release();
    await device.settle();
    assert.equal(device.rows("Wifi_Associated_Clients").length, 1);
  });

  it("puts several changes of one moment into one transaction", async () => {
    await start();
    await device.configure(radio24, home24);
    const before = device.commits.length;
    for (let n = 1; n <= 5; n++) device.driver.join(station({ ...onHome24, mac: mac(`02:00:00:00:0a:0${n}`) }));
    await device.settle();
    assert.equal(device.rows("Wifi_Associated_Clients").length, 5);
    assert.equal(device.commits.length, before + 1);
  });

  it("leaves out a row that the database refuses, and tries it again", async () => {
    await start();
    await device.configure(radio24, home24);
    // The table is full: maxRows is 256.
    await device.client.transact((transaction) => {
      for (let n = 0; n < 255; n++) transaction.insert("Wifi_VIF_State", { if_name: `filler${n}` });
    });
    device.driver.join(station(onHome24));
    await device.configure(
      { if_name: "wifi1", freq_band: "5G", enabled: true },
      { if_name: "home-ap-50", mode: "ap", enabled: true, ssid: "home" },
    );
    assert.equal(device.rows("Wifi_Associated_Clients").length, 1, "others are not held up");
    assert.equal(
      device.rows("Wifi_VIF_State").some(({ if_name }) => if_name === "home-ap-50"),
      false,
    );
    assert.match(device.said("WARNING").join("\n"), /Wifi_VIF_State 'home-ap-50': not written: .*trying again in 5 s/);
    await device.clock.advance(10 * writeRetry);
    const told = device.said("WARNING").filter((text) => text.includes("not written"));
    assert.equal(told.length, 1, "once, however often it is tried");
    await device.client.transact((transaction) => {
      transaction.delete("Wifi_VIF_State", [["if_name", "==", "filler0"]]);
    });
    await device.clock.advance(writeRetry);
    assert.equal(device.vifState("home-ap-50").ssid, "home");
  });

  it("puts right what somebody else wrote or deleted", async () => {
    await start();
    await device.configure(radio24, home24);
    device.driver.join(station(onHome24));
    await device.settle();
    await device.update("Wifi_VIF_State", device.vifState("home-ap-24")._uuid, { ssid: "forged", channel: 1 });
    await device.clock.advance(repairDelay);
    assert.deepEqual([device.vifState("home-ap-24").ssid, device.vifState("home-ap-24").channel], ["home", 6]);

    await device.delete("Wifi_Radio_State", device.radioState("wifi0")._uuid);
    await device.delete("Wifi_VIF_State", device.vifState("home-ap-24")._uuid);
    await device.clock.advance(repairDelay);
    assert.deepEqual(device.radioState("wifi0").vif_states, [device.vifState("home-ap-24")._uuid]);
    assert.equal(device.vifState("home-ap-24").associated_clients.length, 1);
  });

  for (const [what, forge] of [
    ["wrote", (device) => device.update("Wifi_VIF_State", device.vifState("home-ap-24")._uuid, { ssid: "forged" })],
    ["deleted", (device) => device.delete("Wifi_VIF_State", device.vifState("home-ap-24")._uuid)],
  ] as const satisfies readonly (readonly [string, (device: Device) => Promise<void>])[]) {
    for (const when of ["inserted", "updated"]) {
      it(`puts right what somebody else ${what} the moment it was ${when}`, async () => {
        await start();
        if (when === "updated") await device.configure(radio24, home24);
        let forged: Promise<void> | undefined;
        const stop = device.database.onCommit(({ comment, delta }) => {
          if (comment.startsWith("OWM") && delta.has("Wifi_VIF_State")) forged ??= forge(device);
        });
        if (when === "inserted") await device.configure(radio24, home24);
        else device.driver.changeAp("home-ap-24", { maxSta: 7 });
        await device.settle();
        await forged;
        stop();
        await device.clock.advance(repairDelay);
        assert.equal(device.vifState("home-ap-24").ssid, "home");
      });
    }
  }

  it("bridges APs that disagree about the channel with the last they agreed on", async () => {
    await start();
    await device.configure(radio24, home24, { ...home24, if_name: "bhaul-ap-24", ssid: "backhaul" });
    device.driver.deaf = true;
    device.driver.changeAp("home-ap-24", { channel: channel(1) });
    await device.settle();
    assert.equal(device.radioState("wifi0").channel, 6);
    assert.equal(device.vifState("home-ap-24").channel, 1);
    await device.clock.advance(limits.channelHold);
    assert.equal(device.radioState("wifi0").channel, null);
  });

  it("follows a radio that comes and a vif that goes", async () => {
    await start();
    await device.configure(radio24, home24);
    device.driver.setPhy(phyState({ name: "wifi2", mac: mac("02:00:00:00:02:00") }));
    device.driver.removeVif("home-ap-24");
    await device.settle();
    assert.equal(device.radioState("wifi2").enabled, true);
    assert.deepEqual(device.rows("Wifi_VIF_State"), []);
  });
});
