import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Link } from "@opensync-ts/target/network";
import { Bench } from "../testing/bench.ts";
import { commonRows } from "./common-rows.ts";
import { mergePrepopulation, PrepopulationError, prepopulate } from "./prepopulation.ts";

const link: Link = {
  name: "br-home",
  type: "bridge",
  mac: mac("02:00:00:00:00:01"),
  carrier: true,
  address: null,
  netmask: null,
  gateway: null,
};

const common = commonRows({
  firewall: false,
  redirectorAddress: "ssl:redirector.example.com:443",
  versions: { firmware: "1.0" },
  services: [{ service: "cm", enable: true, otherConfig: {} }],
  links: [link, { ...link, name: "eth0", type: "eth" }],
});

describe("pre-population", () => {
  it("fills a fresh database with the node, its services, its bridge and its wired links", () => {
    const bench = new Bench();
    prepopulate(bench.database, [common]);
    assert.equal(bench.row("AWLAN_Node").redirector_addr, "ssl:redirector.example.com:443");
    assert.deepEqual(bench.row("Node_Services").service, "cm");
    assert.deepEqual(bench.row("Open_vSwitch").bridges, [bench.row("Bridge")._uuid]);
    assert.deepEqual(
      bench.rows("Wifi_Inet_Config").map((row) => [row.if_name, row.network]),
      [
        ["br-home", false],
        ["eth0", true],
      ],
    );
  });

  it("resolves names between rows, whatever their order", () => {
    const bench = new Bench();
    prepopulate(bench.database, [
      {
        Wifi_Radio_Config: [
          { if_name: "wifi0", freq_band: "2.4G", hw_config: ["map", []], vif_configs: ["set", [["named-uuid", "ap"]]] },
        ],
        Wifi_VIF_Config: [{ _uuid: ["named-uuid", "ap"], if_name: "home-ap-24" }],
      },
    ]);
    assert.deepEqual(bench.row("Wifi_Radio_Config").vif_configs, [bench.row("Wifi_VIF_Config")._uuid]);
  });

  it("merges what several sources say of the same thing, the later one wins", () => {
    const merged = mergePrepopulation(new Bench().database.schema, [
      common,
      {
        AWLAN_Node: [{ id: "x", version_matrix: ["map", [["target", "2"]]] }],
        Wifi_Inet_Config: [
          { if_name: "eth0", mtu: 1400 },
          { if_name: "eth1", if_type: "eth" },
        ],
      },
    ]);
    assert.equal(merged.AWLAN_Node?.length, 1);
    assert.deepEqual(merged.AWLAN_Node?.[0]?.version_matrix, [
      "map",
      [
        ["firmware", "1.0"],
        ["target", "2"],
      ],
    ]);
    const interfaces = merged.Wifi_Inet_Config?.map((row) => [row.if_name, row.mtu]);
    assert.deepEqual(interfaces, [
      ["br-home", undefined],
      ["eth0", 1400],
      ["eth1", undefined],
    ]);
  });

  it("names the table, row and column that is wrong, and writes nothing", () => {
    const bench = new Bench();
    const refused = (rows: Parameters<typeof prepopulate>[1][number], message: RegExp) => {
      assert.throws(
        () => prepopulate(bench.database, [common, rows]),
        (error: Error) => {
          assert.ok(error instanceof PrepopulationError);
          assert.match(error.message, message);
          return true;
        },
      );
    };
    refused({ Wifi_Radio: [] }, /no table 'Wifi_Radio'/);
    refused({ AW_Debug: [{ nane: "CM" }] }, /AW_Debug row 1: AW_Debug has no column 'nane'/);
    refused({ AW_Debug: [{ name: 7 }] }, /AW_Debug row 1: column 'name'/);
    refused({ AW_Debug: [{ _uuid: "x", name: "CM" }] }, /_uuid must be/);
    refused({ Node_Services: [{ service: "nm", status: "maybe" }] }, /Node_Services row 2: column 'status'/);
    refused(
      { Wifi_Radio_Config: [{ if_name: "wifi0", freq_band: "5G", vif_configs: ["named-uuid", "nowhere"] }] },
      /Wifi_Radio_Config row 1: column 'vif_configs': no row is named 'nowhere'/,
    );
    assert.equal(bench.rows("AWLAN_Node").length, 0);
  });
});
