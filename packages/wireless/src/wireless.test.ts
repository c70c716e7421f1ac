import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Mutator } from "./mutators.ts";
import { apVif, macNumber, phyState, station } from "./testing/fixtures.ts";
import { startRig } from "./testing/rig.ts";

describe("the wireless core", () => {
  it("runs mutators between the opinions and the limits of the hardware", async () => {
    const hideAll: Mutator = {
      name: "hide_all",
      mutate(tree) {
        for (const phy of tree.values()) {
          for (const vif of phy.vifs.values()) if (vif.type === "ap") vif.ap = { ...vif.ap, ssidHidden: true };
        }
      },
    };
    const rig = await startRig({
      phys: [phyState("wifi0")],
      vifs: [apVif("wifi0", "home-ap-24")],
      mutators: [hideAll],
    });
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { ssidHidden: false } });
    await rig.settle();
    const vif = rig.wireless.state.vifs.get("home-ap-24");
    assert.equal(vif?.type === "ap" && vif.ap.ssidHidden, true);
  });

  it("dumps intent and state, without secrets, the same each time", async () => {
    const rig = await startRig({
      phys: [phyState("wifi0", { channelStates: [{ control: 2412, dfs: "non_dfs", nolRemaining: 0 }] })],
      vifs: [apVif("wifi0", "home-ap-24", { psks: [{ keyId: 1, psk: "old secret" }] })],
      prepare: (driver) => driver.setStation(station("wifi0", "home-ap-24", { mac: macNumber(7) })),
    });
    rig.driver.applies = false;
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", {
      ap: { ssid: "new", psks: [{ keyId: 1, psk: "a new secret" }] },
    });
    await rig.settle();
    const whole = rig.wireless.dump();
    assert.doesNotMatch(whole + rig.log().join(), /secret/);
    assert.equal(whole, rig.wireless.dump());
    const [dump, history] = whole.split("history:\n");
    assert.match(
      history ?? "",
      /Z request: wifi0\/home-ap-24: ssid, psk_list\n.*Z REQUESTING -> WAITING: requested\n$/,
    );
    assert.equal(
      dump,
      `confsync: WAITING unsettled
  unsettled:
    wifi0/home-ap-24: ssid
    wifi0/home-ap-24: psk_list
  differences:
    wifi0/home-ap-24: ssid: "home" -> "new"
    wifi0/home-ap-24: psk_list: [1:10chars] -> [1:12chars]
phy wifi0: 2.4G 02:00:00:00:00:01 driver=dummy
  enabled: true
  tx_chainmask: 0x3
  radar: unsupported
  radar_next_channel: none
  reg_domain: US
  zero_wait_dfs: unsupported
  channels non_dfs: 2412
  vif home-ap-24: ap 02:00:00:00:01:01
    enabled: true
    tx_power_dbm: 20
    bridge_if_name: "br-home"
    channel: 2412 (20/2412 0) 0x0
    mode: wnm_bss_trans+rrm_neighbor_report+wmm+wmm_uapsd+ht+he
    ssid: "home", intended "new"
    wpa: rsn akm=psk pairwise=ccmp pmf=disabled
    psk_list: [1:10chars], intended [1:12chars]
    station 0a:00:00:00:00:07: key_id=0 akm=psk pairwise=ccmp pmf=false
`,
    );
  });
});
