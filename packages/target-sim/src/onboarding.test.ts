import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deviceModels } from "./models.ts";
import { prepopulationOf } from "./prepopulation.ts";

const onboarding = { ssid: "Between", psk: "between the nodes" };

describe("a device that was told of a network for its stations", () => {
  it("has a station per radio that joins it, with an address by DHCP and room for the frames of a tunnel", () => {
    const rows = prepopulationOf(deviceModels.extender, { onboarding });
    const vifs = rows.Wifi_VIF_Config ?? [];
    assert.deepEqual(
      vifs.map(({ if_name, mode, enabled }) => [if_name, mode, enabled]),
      [
        ["bhaul-sta-24", "sta", true],
        ["bhaul-sta-50", "sta", true],
      ],
    );
    const [credential] = rows.Wifi_Credential_Config ?? [];
    assert.deepEqual([credential?.ssid, credential?.onboard_type], ["Between", "gre"]);
    for (const vif of vifs) assert.deepEqual(vif.credential_configs, ["set", [credential?._uuid]]);
    assert.deepEqual(
      rows.Wifi_Radio_Config?.map(({ vif_configs }) => vif_configs),
      vifs.map(({ _uuid }) => ["set", [_uuid]]),
    );
    const inet = rows.Wifi_Inet_Config?.find(({ if_name }) => if_name === "bhaul-sta-50");
    assert.deepEqual(
      [inet?.if_type, inet?.ip_assign_scheme, inet?.mtu, inet?.dhcp_req],
      ["vif", "dhcp", 1600, ["set", [1]]],
    );
  });

  it("has none on 6 GHz, where the network for nodes does not exist, and leaves channels open", () => {
    const rows = prepopulationOf(deviceModels.gateway, { onboarding });
    assert.deepEqual(
      rows.Wifi_VIF_Config?.map(({ if_name }) => if_name),
      ["bhaul-sta-24", "bhaul-sta-50"],
    );
    assert.deepEqual(rows.Wifi_Radio_Config?.[2]?.vif_configs, ["set", []]);
    assert.ok(rows.Wifi_Radio_Config?.every((row) => !("channel" in row)));
  });

  it("knows nothing of it otherwise", () => {
    const rows = prepopulationOf(deviceModels.extender);
    assert.deepEqual([rows.Wifi_VIF_Config, rows.Wifi_Credential_Config], [undefined, undefined]);
    assert.ok(!JSON.stringify(rows).includes("bhaul-sta"));
  });
});
