import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { devicesOf } from "./devices.ts";
import { reportInterfaces, type SwitchInterface } from "./switch-state.ts";

const vif = { enabled: true, mac: mac("02:00:00:00:00:01") };

type Given = { readonly name: string } & Partial<Omit<SwitchInterface, "_uuid" | "name">>;

/** One bridge `br0` with a port for each interface; the reports by interface name. */
function reports(given: readonly Given[], devices: readonly string[]) {
  const named = given.map((row) => ({
    type: "",
    ofport: null,
    ofport_request: null,
    _uuid: row.name as Uuid,
    ...row,
  }));
  const rows = {
    bridges: [{ _uuid: "b" as Uuid, name: "br0", ports: named.map(({ _uuid }) => _uuid) }],
    ports: new Map(named.map(({ _uuid }) => [_uuid, { _uuid, interfaces: [_uuid] }])),
    interfaces: new Map(named.map((row) => [row._uuid, row])),
  };
  const vifs = devices.map((name) => ({ ...vif, if_name: name }));
  return reportInterfaces(rows, devicesOf([], vifs));
}

function ofports(given: readonly Given[]): { readonly [name: string]: number | null } {
  const found = reports(
    given,
    given.map(({ name }) => name),
  );
  return Object.fromEntries([...found].map(([name, report]) => [name, report.ofport as number | null]));
}

describe("the ports of a switch", () => {
  it("are numbered from 1, the bridge's own has the number of the local port", () => {
    assert.deepEqual(ofports([{ name: "eth1" }, { name: "br0", type: "internal" }, { name: "eth0" }]), {
      eth0: 1,
      eth1: 2,
      br0: 65534,
    });
  });

  it("keep their numbers while others come and go", () => {
    assert.deepEqual(ofports([{ name: "a" }, { name: "b", ofport: 2 }, { name: "c", ofport: 1 }]), {
      a: 3,
      b: 2,
      c: 1,
    });
  });

  it("get the number they ask for where it is free", () => {
    const given = [
      { name: "a", ofport_request: 7 },
      { name: "b", ofport: 3, ofport_request: 9 },
      { name: "c", ofport: 4, ofport_request: 5 },
      { name: "d", ofport: 5 },
    ];
    assert.deepEqual(ofports(given), { a: 7, b: 9, c: 4, d: 5 });
  });

  it("never share a number, whatever the rows say", () => {
    const numbers = Object.values(
      ofports([
        { name: "a", ofport: 1 },
        { name: "b", ofport: 1 },
        { name: "c", ofport: 0 },
      ]),
    );
    assert.equal(new Set(numbers).size, 3);
  });

  it("without a device have none, and say so in the words of ovs-vswitchd", () => {
    const report = reports([{ name: "eth7", ofport: 4 }], []).get("eth7" as Uuid);
    assert.deepEqual(report, {
      ofport: -1,
      error: "could not open network device eth7 (No such device)",
      mac_in_use: null,
      admin_state: null,
      link_state: null,
    });
  });

  it("of a type that the switch does not make have none either", () => {
    const report = reports([{ name: "vx0", type: "vxlan" }], []).get("vx0" as Uuid);
    assert.deepEqual(
      [report?.ofport, report?.error],
      [-1, "could not open network device vx0 (Address family not supported by protocol)"],
    );
  });
});
