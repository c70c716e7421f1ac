import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BackhaulView, planBackhaul, type Station } from "./backhaul.ts";

const station: Station = { ifName: "bhaul-sta-50", wds: false, up: true, address: null, netmask: null };
const addressed: Station = { ...station, address: "169.254.2.17", netmask: "255.255.255.128" };

function view(change: Partial<BackhaulView> = {}): BackhaulView {
  return { stations: [], inetConfigs: [], uplinks: [], tunnelsUp: new Set(), lanBridge: "br-home", ...change };
}

type InetRow = BackhaulView["inetConfigs"][number];
const stationInet = {
  if_name: "bhaul-sta-50",
  if_type: "vif",
  enabled: true,
  network: true,
  ip_assign_scheme: "dhcp",
  mtu: null,
  gre_ifname: null,
  gre_local_inet_addr: null,
  gre_remote_inet_addr: null,
} as const satisfies InetRow;
const tunnelInet = {
  if_name: "g-bhaul-sta-50",
  if_type: "gre",
  enabled: true,
  network: true,
  ip_assign_scheme: "none",
  mtu: 1500,
  gre_ifname: "bhaul-sta-50",
  gre_local_inet_addr: "169.254.2.17",
  gre_remote_inet_addr: "169.254.2.1",
} as const satisfies InetRow;
const tunnelUplink = {
  if_name: "g-bhaul-sta-50",
  if_type: "gre",
  has_L2: true,
  has_L3: true,
  bridge: "br-home",
} as const;
const nothing = { inet: [], uplinks: [], deletedInet: [], deletedUplinks: [], complaints: [] };

describe("the way of a leaf to its uplink", () => {
  it("begins with a station that is associated: it asks for an address", () => {
    assert.deepEqual(planBackhaul(view({ stations: [{ ...station, up: false }] })), nothing);
    const { inet, uplinks } = planBackhaul(view({ stations: [station] }));
    const row = { if_name: "bhaul-sta-50", if_type: "vif", enabled: true, network: true, ip_assign_scheme: "dhcp" };
    assert.deepEqual([inet, uplinks], [[{ insert: true, row }], []]);
  });

  it("goes on with a tunnel to the first address of the station's network", () => {
    const { inet, uplinks } = planBackhaul(view({ stations: [addressed], inetConfigs: [stationInet] }));
    assert.deepEqual([inet, uplinks], [[{ insert: true, row: tunnelInet }], []]);
  });

  it("ends with the tunnel as an uplink that belongs into the LAN bridge", () => {
    const plan = planBackhaul(
      view({
        stations: [addressed],
        inetConfigs: [stationInet, tunnelInet],
        tunnelsUp: new Set(["g-bhaul-sta-50"]),
      }),
    );
    assert.deepEqual(plan, { ...nothing, uplinks: [{ insert: true, row: tunnelUplink }] });
  });

  it("asks for nothing where everything is there, and leaves the bridge that the cloud chose", () => {
    const all = view({
      stations: [addressed],
      inetConfigs: [stationInet, tunnelInet],
      uplinks: [{ ...tunnelUplink, bridge: "br-other" }],
      tunnelsUp: new Set(["g-bhaul-sta-50"]),
    });
    assert.deepEqual(planBackhaul(all), nothing);
  });

  it("is given up with the association, and with the address", () => {
    for (const lost of [{ ...addressed, up: false }, station]) {
      const plan = planBackhaul(
        view({ stations: [lost], inetConfigs: [stationInet, tunnelInet], uplinks: [tunnelUplink] }),
      );
      assert.deepEqual(plan, { ...nothing, deletedInet: ["g-bhaul-sta-50"], deletedUplinks: ["g-bhaul-sta-50"] });
    }
  });

  it("is given up with the station itself; tunnels that a cloud wants stay", () => {
    const cloudTunnel = { ...tunnelInet, if_name: "pgd1-7", gre_ifname: "br-home" };
    const plan = planBackhaul(view({ inetConfigs: [tunnelInet, cloudTunnel], uplinks: [tunnelUplink] }));
    assert.deepEqual(plan, { ...nothing, deletedInet: ["g-bhaul-sta-50"], deletedUplinks: ["g-bhaul-sta-50"] });
  });

  it("follows a new address", () => {
    const { inet } = planBackhaul(
      view({
        stations: [{ ...addressed, address: "169.254.9.200" }],
        inetConfigs: [stationInet, tunnelInet],
        tunnelsUp: new Set(["g-bhaul-sta-50"]),
        uplinks: [tunnelUplink],
      }),
    );
    assert.deepEqual(inet, [
      {
        insert: false,
        row: {
          if_name: "g-bhaul-sta-50",
          gre_local_inet_addr: "169.254.9.200",
          gre_remote_inet_addr: "169.254.9.129",
        },
      },
    ]);
  });

  it("needs no tunnel with four-address frames", () => {
    const { inet, uplinks } = planBackhaul(view({ stations: [{ ...station, wds: true }] }));
    assert.equal(inet[0]?.row.ip_assign_scheme, "none");
    assert.deepEqual(uplinks, [{ insert: true, row: { ...tunnelUplink, if_name: "bhaul-sta-50", if_type: "vif" } }]);
  });

  it("leads nowhere, and says why, from addresses that are none of backhaul, and with names that are too long", () => {
    const cases: readonly (readonly [Station, RegExp])[] = [
      [{ ...addressed, address: "192.168.1.7" }, /not in 169\.254\.0\.0\/16/],
      [{ ...addressed, address: "169.254.1" }, /no address/],
      [{ ...addressed, netmask: null }, /no address/],
      [{ ...addressed, ifName: "backhaul-sta-50" }, /longer than 15 characters/],
    ];
    for (const [each, message] of cases) {
      const { inet, complaints } = planBackhaul(view({ stations: [each] }));
      assert.equal(inet.filter(({ row }) => row.if_type === "gre").length, 0);
      assert.match(complaints.join(), message);
    }
  });
});
