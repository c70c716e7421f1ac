import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { type BridgedVif, bridgePorts } from "./bridge-ports.ts";

/** Bridges by name, with the interfaces that are their ports; `:type` behind a name: its type. */
function ports(
  bridges: { readonly [bridge: string]: readonly string[] },
  vifs: readonly BridgedVif[] = [],
  others: readonly string[] = [],
) {
  const members = Object.values(bridges).flat();
  const rows = {
    bridges: Object.entries(bridges).map(([name, names]) => ({ _uuid: name as Uuid, name, ports: names as Uuid[] })),
    ports: new Map(members.map((name) => [name as Uuid, { _uuid: name as Uuid, interfaces: [name as Uuid] }])),
    interfaces: new Map(
      members.map((member) => {
        const [name = "", type = ""] = member.split(":");
        return [member as Uuid, { _uuid: member as Uuid, name, type, ofport: null, ofport_request: null }];
      }),
    ),
  };
  const { ports: found, problems } = bridgePorts(rows, others, vifs);
  return { ...Object.fromEntries(found), problems };
}

const vif = (if_name: string, bridge: string | null, enabled = true): BridgedVif => ({ if_name, bridge, enabled });

describe("ports of bridges", () => {
  it("are those of its rows beside itself, sorted", () => {
    assert.deepEqual(ports({ "br-home": ["br-home:internal", "home-ap-24", "eth1:system"] }), {
      "br-home": ["eth1", "home-ap-24"],
      problems: [],
    });
  });

  it("are not those that only a switch has", () => {
    assert.deepEqual(ports({ br0: ["mgmt:internal", "p0:patch", "eth1"] })["br0" as never], ["eth1"]);
  });

  it("are VIFs that were brought up with the bridge, too, for as long as they are up", () => {
    assert.deepEqual(
      ports({ "br-home": ["eth1"] }, [
        vif("home-ap-24", "br-home"),
        vif("home-ap-50", "br-home", false),
        vif("bhaul-ap-24", null),
      ]),
      { "br-home": ["eth1", "home-ap-24"], problems: [] },
    );
  });

  it("are known of a bridge that only Wifi_Inet_Config names", () => {
    assert.deepEqual(ports({}, [vif("guest-24", "br-guest")], ["br-guest"]), {
      "br-guest": ["guest-24"],
      problems: [],
    });
  });

  it("are ports of one bridge only: that of the rows", () => {
    const found = ports({ "br-a": ["eth1"], "br-b": ["eth1"] }, [vif("eth1", "br-b")]);
    assert.deepEqual([found["br-a" as never], found["br-b" as never], found.problems.length], [["eth1"], [], 2]);
  });

  it("of a bridge that there is not are told", () => {
    assert.match(ports({}, [vif("home-ap-24", "br-home")]).problems.join(), /there is no bridge "br-home"/);
  });
});
