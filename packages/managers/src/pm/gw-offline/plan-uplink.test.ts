import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planUplink, type UplinkInput } from "./plan-uplink.ts";

interface Given {
  readonly scheme?: string;
  readonly uplinks?: readonly object[];
  readonly inet?: readonly string[];
  readonly address?: string | null;
  readonly upnp?: string | undefined;
}

const eth0 = { if_name: "eth0", if_type: "eth", is_used: true };

function plan({ scheme = "static", uplinks = [eth0], inet = ["eth0"], address = "192.0.2.7", ...rest }: Given) {
  const faults: string[] = [];
  const notes: string[] = [];
  const upnp = "upnp" in rest ? rest.upnp : "external";
  const input = {
    stored: new Map(upnp === undefined ? [] : [["inet_config_uplink", [{ upnp_mode: upnp }]]]),
    rows: {
      Connection_Manager_Uplink: uplinks,
      Wifi_Inet_Config: inet.map((if_name) => ({ if_name })),
      Wifi_Inet_State: [{ if_name: "eth0", inet_addr: address }],
    },
    lanBridge: "br-home",
    lan: { name: "br-home", columns: { ip_assign_scheme: scheme } },
    faults,
    notes,
  } as unknown as UplinkInput;
  const operations = planUplink(input).map((each) => (each.op === "update" ? [each.table, each.row] : each));
  return { operations, told: { faults, notes } };
}

const bridged = ["Connection_Manager_Uplink", { bridge: "br-home" }];
const external = ["Wifi_Inet_Config", { upnp_mode: "external" }];

describe("the uplink of a restored LAN", () => {
  for (const [what, given, operations, expected] of [
    ["gets its UPnP mode back in router mode", {}, [external]],
    ["joins the LAN in bridge mode, where it has an address", { scheme: "dhcp" }, [bridged, external]],
    [
      "does not join it without an address",
      { scheme: "dhcp", address: "0.0.0.0" },
      [external],
      { notes: /no address yet/ },
    ],
    [
      "does not join it with no state at all",
      { scheme: "dhcp", address: null },
      [external],
      { notes: /no address yet/ },
    ],
    ["is not missed in router mode", { uplinks: [] }, []],
    ["is missed in bridge mode", { scheme: "dhcp", uplinks: [] }, [], { notes: /no wired uplink is in use yet/ }],
    ["is not known where two are in use", { uplinks: [eth0, { ...eth0, if_name: "eth1" }] }, []],
    ["is not looked after where it is wireless", { uplinks: [{ ...eth0, if_type: "vif" }] }, []],
    ["is left as it is where nothing is stored of it", { upnp: undefined }, []],
    ["is told where it has no row", { inet: [] }, [], { faults: /the uplink has no row/ }],
    ["is told where what is stored is no mode", { upnp: "sideways" }, [], { faults: /column upnp_mode/ }],
  ] as readonly (readonly [
    string,
    Given,
    readonly unknown[],
    { readonly faults?: RegExp; readonly notes?: RegExp }?,
  ])[]) {
    it(what, () => {
      const { operations: planned, told } = plan(given);
      assert.deepEqual(planned, operations);
      for (const kind of ["faults", "notes"] as const) {
        assert.equal(told[kind].length, expected?.[kind] ? 1 : 0, kind);
        assert.match(told[kind].join(), expected?.[kind] ?? /^$/);
      }
    });
  }
});
