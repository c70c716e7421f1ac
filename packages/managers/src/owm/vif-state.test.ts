import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { ApState, VifState } from "@opensync-ts/target/radio";
import { unsetVifState, type VifConfig, type VifStateRecord } from "./rows.ts";
import { type ApVif, apVif, openWpa, staVif, vifConfig, wpa2 } from "./testing/rows.ts";
import { hasStateRow, vifStateRecord } from "./vif-state.ts";

const apRecord = (ap: Partial<ApState> = {}, config: Partial<VifConfig> | null = null) =>
  vifStateRecord(apVif({}, ap), config && vifConfig(config));

describe("Wifi_VIF_State of an AP", () => {
  it("shows what the driver reports, every other column unset", () => {
    const expected: VifStateRecord = {
      ...unsetVifState,
      if_name: "home-ap-50",
      mode: "ap",
      mac: "02:00:00:00:01:01",
      enabled: true,
      ssid: "home",
      ssid_broadcast: "enabled",
      channel: 36,
      bridge: "br-home",
      ap_bridge: true,
      mcast2ucast: false,
      uapsd_enable: false,
      rrm: 1,
      btm: 1,
      dynamic_beacon: false,
      mac_list_type: "none",
      wpa: true,
      wpa_pairwise_tkip: false,
      wpa_pairwise_ccmp: false,
      rsn_pairwise_tkip: false,
      rsn_pairwise_ccmp: true,
      rsn_pairwise_ccmp256: false,
      rsn_pairwise_gcmp: false,
      rsn_pairwise_gcmp256: false,
      wpa_key_mgmt: ["wpa-psk"],
      pmf: "disabled",
      beacon_protection: false,
      wps: false,
      wps_pbc: false,
      mbo: false,
      max_sta: 0,
      multi_ap: "none",
      ft_mobility_domain: 0,
      ft_over_ds: false,
      ft_pmk_r1_push: false,
      ft_psk_generate_local: false,
      ft_pmk_r0_key_lifetime_sec: 0,
      ft_pmk_r1_max_key_lifetime_sec: 0,
    };
    assert.deepEqual(apRecord(), expected);
  });

  it("refers to its configuration", () => {
    const config = vifConfig({ vif_radio_idx: 2 });
    const record = vifStateRecord(apVif(), config);
    assert.equal(record.vif_config, config._uuid);
    assert.equal(record.vif_radio_idx, 2);
  });

  it("is neither enabled nor disabled where the driver contradicts itself", () => {
    const enabled = (status: ApVif["status"]) => vifStateRecord(apVif({ status }), null).enabled;
    assert.deepEqual((["enabled", "disabled", "broken", "unknown"] as const).map(enabled), [true, false, null, null]);
  });

  it("hides what the AP hides", () => {
    assert.equal(apRecord({ ssidHidden: true }).ssid_broadcast, "disabled");
    assert.equal(apRecord({ isolated: true }).ap_bridge, false);
    assert.equal(apRecord({ channel: null }).channel, null);
    assert.equal(apRecord({ wpa: { ...wpa2, groupRekey: 3600 } }).group_rekey, 3600);
  });
});

describe("multi-link devices in Wifi_VIF_State", () => {
  const mld = { addr: mac("02:00:00:00:02:00"), ifName: "bhaul-mld" };
  const sta = (link: Parameters<typeof staVif>[0], device: typeof mld | null) => {
    const vif = staVif(link);
    return vifStateRecord({ ...vif, sta: { ...vif.sta, mld: device } }, null);
  };

  it("are named on their links, the interface where it is its own", () => {
    assert.deepEqual([apRecord({ mld }).mld_addr, apRecord({ mld }).mld_if_name], ["02:00:00:00:02:00", "bhaul-mld"]);
    assert.equal(apRecord({ mld: { ...mld, ifName: "" } }).mld_if_name, null);
    assert.deepEqual([apRecord().mld_addr, apRecord().mld_if_name], [null, null]);
    assert.equal(sta({ status: "connecting" }, mld).mld_addr, "02:00:00:00:02:00");
  });

  it("take the link of a STA along, unless its traffic goes over another interface", () => {
    assert.equal(sta({ apMld: mac("02:00:00:00:09:00") }, mld).ssid, "backhaul");
    assert.equal(sta({ apMld: null }, mld).ssid, null, "over the interface of the device");
    assert.equal(sta({ apMld: null }, { ...mld, ifName: "" }).ssid, "backhaul");
  });
});

describe("RADIUS servers in the first generation of the security columns", () => {
  it("are shown where they were configured", () => {
    const security = new Map([
      ["encryption", "WPA-EAP"],
      ["mode", "2"],
      ["radius_server_ip", "192.0.2.1"],
      ["radius_server_port", "1645"],
      ["radius_server_secret", "radius-secret"],
    ]);
    const ap: Partial<ApState> = {
      wpa: { ...wpa2, akm: ["eap"] },
      radius: [{ server: "192.0.2.1", port: 1645, secret: "radius-secret" }],
    };
    const record = apRecord(ap, { security });
    assert.deepEqual(Object.fromEntries(record.security), Object.fromEntries(security));
    assert.deepEqual([record.radius_srv_addr, record.radius_srv_port, record.radius_srv_secret], [null, null, null]);
    assert.equal(apRecord({ ...ap, radius: [] }, { security }).security.has("radius_server_ip"), false);
  });
});

describe("ACL in Wifi_VIF_State", () => {
  const acl = ["02:00:00:00:00:0a", "02:00:00:00:00:0b"].map(mac);

  it("shows the entries that the configuration asked for, in its spelling, not those of steering", () => {
    const config = { mac_list: ["02:00:00:00:00:0B", "02:00:00:00:00:0c"], mac_list_type: "blacklist" } as const;
    const record = apRecord({ acl, aclPolicy: "deny" }, config);
    assert.deepEqual(record.mac_list, ["02:00:00:00:00:0B"]);
    assert.equal(record.mac_list_type, "blacklist");
    assert.deepEqual(apRecord({ acl, aclPolicy: "deny" }).mac_list, []);
  });

  it("takes an empty deny list and none as the same", () => {
    assert.equal(apRecord({ aclPolicy: "none" }, { mac_list_type: "blacklist" }).mac_list_type, "blacklist");
    assert.equal(apRecord({ aclPolicy: "deny" }, { mac_list_type: "none" }).mac_list_type, "none");
    assert.equal(apRecord({ aclPolicy: "allow" }, { mac_list_type: "none" }).mac_list_type, "whitelist");
    assert.equal(apRecord({ aclPolicy: "deny", acl }, { mac_list_type: "none" }).mac_list_type, "blacklist");
  });
});

describe("keys in Wifi_VIF_State", () => {
  const shown = (ap: Partial<ApState>, config: Partial<VifConfig> | null) =>
    Object.fromEntries(apRecord(ap, config).wpa_psks);

  it("are named by id, in the configuration's spelling", () => {
    const psks = [
      { keyId: 0, psk: "password-1" },
      { keyId: 3, psk: "password-3" },
    ];
    assert.deepEqual(shown({ psks }, null), { key: "password-1", "key-3": "password-3" });
    const wpa_psks = new Map([
      ["key-0", "password-1"],
      ["key-3", "password-3"],
    ]);
    assert.deepEqual(shown({ psks }, { rsn_pairwise_ccmp: true, wpa_psks }), {
      "key-0": "password-1",
      "key-3": "password-3",
    });
  });

  it("are the configured one where SAE has a single password, whatever its id", () => {
    const wpa = { ...wpa2, akm: ["sae"] as const };
    const config = {
      rsn_pairwise_ccmp: true,
      wpa_key_mgmt: ["sae"],
      wpa_psks: new Map([["key-5", "password-1"]]),
    } as const;
    assert.deepEqual(shown({ wpa, psks: [{ keyId: 0, psk: "password-1" }] }, config), { "key-5": "password-1" });
  });

  it("show what the driver has, not what was asked for", () => {
    const config = { rsn_pairwise_ccmp: true, wpa_psks: new Map([["key", "wanted-password"]]) };
    assert.deepEqual(shown({ psks: [{ keyId: 0, psk: "actual-password" }] }, config), { key: "actual-password" });
  });
});

describe("Wifi_VIF_State of a STA", () => {
  it("shows the link and the network behind it", () => {
    const bssid = mac("02:00:00:00:09:01");
    const network = { ssid: "backhaul", psk: "password-1", wpa: wpa2, bridge: "", multiAp: false, priority: 0 };
    const record = vifStateRecord(
      staVif({}, [
        { ...network, bssid: null, psk: "password-2", wpa: openWpa },
        { ...network, bssid },
      ]),
      null,
    );
    assert.equal(record.ssid, "backhaul");
    assert.equal(record.parent, bssid);
    assert.equal(record.channel, 36);
    assert.deepEqual(Object.fromEntries(record.wpa_psks), { key: "password-1" });
    assert.deepEqual(record.wpa_key_mgmt, ["wpa-psk"]);
    assert.deepEqual([record.multi_ap, record.wds, record.ssid_broadcast, record.rrm], ["none", false, "enabled", 0]);
  });

  it("shows what was negotiated as the offer it came from", () => {
    const offer = {
      wpa: true,
      wpa_pairwise_tkip: true,
      rsn_pairwise_ccmp: true,
      wpa_key_mgmt: ["sae", "wpa-psk"],
    } as const;
    const wpa = { ...wpa2, akm: ["sae"] as const };
    const network = { ssid: "backhaul", bssid: null, psk: "", wpa, bridge: "", multiAp: false, priority: 0 };
    const record = vifStateRecord(staVif({}, [network]), vifConfig({ mode: "sta", ...offer }));
    assert.deepEqual(record.wpa_key_mgmt, ["sae", "wpa-psk"]);
    assert.equal(record.wpa_pairwise_tkip, true);
    assert.equal(record.wpa_pairwise_ccmp, null);
  });

  it("says nothing of a link that is not there", () => {
    const record = vifStateRecord(staVif({ status: "connecting" }), null);
    assert.deepEqual([record.ssid, record.parent, record.channel, record.enabled], [null, null, null, true]);
  });
});

describe("a state row", () => {
  const vlan: VifState = {
    name: "home-ap-50.sta1",
    phy: "wifi1",
    mac: mac("02:00:00:00:01:03"),
    status: "disabled",
    txPower: 0,
    type: "ap_vlan",
    stations: [mac("02:00:00:00:0a:01")],
  };

  it("exists for what is configured, at work or in between", () => {
    assert.equal(hasStateRow(apVif({ status: "disabled" }), null), false);
    assert.equal(hasStateRow(apVif({ status: "disabled" }), vifConfig()), true);
    assert.equal(hasStateRow(apVif({ status: "enabled" }), null), true);
    assert.equal(hasStateRow(apVif({ status: "broken" }), null), true);
    assert.equal(hasStateRow(vlan, null), true);
  });

  it("of an AP_VLAN names its station", () => {
    const { mode, wds, ap_vlan_sta_addr } = vifStateRecord(vlan, null);
    assert.deepEqual(
      { mode, wds, ap_vlan_sta_addr },
      { mode: "ap_vlan", wds: true, ap_vlan_sta_addr: "02:00:00:00:0a:01" },
    );
  });
});
