import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askedPasspoint, passpointColumn, passpointOf } from "./passpoint.ts";
import { references, row, uuid, vifConfig } from "./testing/rows.ts";

const config = row("Passpoint_Config", {
  _uuid: uuid(7),
  enabled: true,
  hessid: "02:00:00:00:00:01",
  osu_ssid: "sign-up",
  adv_wan_status: true,
  access_network_type: 2,
  t_c_timestamp: 1_700_000_000,
  domain_name: ["example.com", "example.org"],
  nairealm_list: ["0,example.com,13[5:6]"],
  list_3gpp: ["001,01"],
  network_auth_type: [0, 2],
});
const rows = references({ passpoints: [config] });
const vif = vifConfig({ passpoint_config: uuid(7) });

describe("Passpoint_Config", () => {
  it("is taken over whole, unset columns as off or empty", () => {
    const { hs20, hessid, osuSsid, advWanStatus, osen, accessNetworkType, venueGroup, termsTimestamp, domainNames } =
      passpointOf(config);
    assert.deepEqual(
      { hs20, hessid, osuSsid, advWanStatus, osen, accessNetworkType, venueGroup, termsTimestamp, domainNames },
      {
        hs20: true,
        hessid: "02:00:00:00:00:01",
        osuSsid: "sign-up",
        advWanStatus: true,
        osen: false,
        accessNetworkType: 2,
        venueGroup: null,
        termsTimestamp: 1_700_000_000,
        domainNames: ["example.com", "example.org"],
      },
    );
    const { naiRealms, cellularNetworks, networkAuthTypes, venueNames } = passpointOf(config);
    assert.deepEqual(
      [naiRealms, cellularNetworks, networkAuthTypes, venueNames],
      [["0,example.com,13[5:6]"], ["001,01"], [0, 2], []],
    );
  });

  it("that is missing is named, and the access point goes without", () => {
    const problems: string[] = [];
    assert.equal(
      askedPasspoint(uuid(8), rows, (column, _, reason) => problems.push(`${column}: ${reason}`)),
      null,
    );
    assert.match(problems.join(), /passpoint_config: there is no such row in Passpoint_Config/);
    assert.equal(askedPasspoint(null, rows, assert.fail), null);
  });

  it("is referred to by the state once it is what runs", () => {
    assert.equal(passpointColumn(passpointOf(config), vif, rows), uuid(7));
    assert.equal(passpointColumn({ ...passpointOf(config), hs20: false }, vif, rows), null);
    assert.equal(passpointColumn(null, vif, rows), null);
    assert.equal(passpointColumn(passpointOf(config), null, rows), null);
  });
});
