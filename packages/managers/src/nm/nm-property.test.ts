import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Bench } from "../testing/bench.ts";
import { applyDeadline } from "./limits.ts";
import { nm } from "./nm.ts";
import type { InetWrite } from "./testing/nm-bench.ts";

const names = ["eth0", "eth1", "br-home", "eth0.7", "pgd0-1", "ghost"] as const;
const addresses = ["192.168.40.1", "10.0.0.1", "0.0.0.0", "300.1.1.1", null] as const;

type Name = (typeof names)[number];

interface Settings {
  readonly enabled: boolean;
  readonly network: boolean;
  readonly NAT: boolean | null;
  readonly scheme: "none" | "static" | "dhcp" | null;
  readonly address: (typeof addresses)[number];
  readonly netmask: "255.255.255.0" | "255.0.255.0" | null;
}

type Edit =
  | { readonly kind: "set"; readonly name: Name; readonly settings: Settings }
  | { readonly kind: "delete"; readonly name: Name }
  | { readonly kind: "cable"; readonly plugged: boolean }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "restart" };

const settings: fc.Arbitrary<Settings> = fc.record({
  enabled: fc.boolean(),
  network: fc.boolean(),
  NAT: fc.constantFrom(true, false, null),
  scheme: fc.constantFrom("none", "static", "dhcp", null),
  address: fc.constantFrom(...addresses),
  netmask: fc.constantFrom("255.255.255.0", "255.0.255.0", null),
});

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("set" as const), name: fc.constantFrom(...names), settings }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), name: fc.constantFrom(...names) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cable" as const), plugged: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 500 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

/** The row of an interface, whose type follows from its name. */
function rowOf(name: Name, { scheme, address, ...rest }: Settings): InetWrite {
  const common = { if_name: name, ...rest, ip_assign_scheme: scheme, inet_addr: address };
  switch (name) {
    case "br-home":
      return { ...common, if_type: "bridge" };
    case "eth0.7":
      return { ...common, if_type: "vlan", vlan_id: 7, parent_ifname: "eth0" };
    case "pgd0-1":
      return {
        ...common,
        if_type: "gre",
        gre_ifname: "eth0",
        gre_local_inet_addr: "10.0.0.1",
        gre_remote_inet_addr: "10.0.0.2",
      };
    default:
      return { ...common, if_type: "eth" };
  }
}

/** What State has to show in the end, by the rows and the cable alone; `null`: nothing. */
function expected(name: Name, row: Settings, cable: boolean): readonly unknown[] | null {
  const isVirtual = !name.startsWith("eth") || name === "eth0.7";
  if (name === "ghost" || (isVirtual && !row.enabled)) return null;
  const isUp = row.enabled && row.network;
  const isUsable = ["192.168.40.1", "10.0.0.1"].includes(row.address ?? "") && row.netmask === "255.255.255.0";
  const isLeased = isUp && row.scheme === "dhcp" && (name !== "eth0" || cable);
  const isStatic = isUp && row.scheme === "static" && isUsable;
  const shown = isStatic ? row.address : isLeased ? "192.0.2.7" : "0.0.0.0";
  return [row.enabled, isUp, row.NAT === true, row.scheme ?? "none", shown];
}

async function play(edits: readonly Edit[]): Promise<void> {
  const bench = new Bench();
  for (const name of ["eth0", "eth1"]) bench.network.set(name);
  bench.network.set("br-home", { type: "bridge" });
  let running = await bench.start(nm);
  const rows = new Map<Name, Settings>();
  let cable = true;
  for (const one of edits) {
    switch (one.kind) {
      case "set": {
        const row = rowOf(one.name, one.settings);
        const isThere = rows.has(one.name);
        rows.set(one.name, one.settings);
        await bench.client.transact((transaction) => {
          if (isThere) transaction.update("Wifi_Inet_Config", [["if_name", "==", one.name]], row);
          else transaction.insert("Wifi_Inet_Config", row);
        });
        break;
      }
      case "delete":
        rows.delete(one.name);
        await bench.client.transact((transaction) =>
          transaction.delete("Wifi_Inet_Config", [["if_name", "==", one.name]]),
        );
        break;
      case "cable":
        cable = one.plugged;
        // Without a cable a lease is lost, a static address is not.
        bench.network.set("eth0", {
          carrier: cable,
          ...(!cable && bench.network.configs.get("eth0")?.ipv4.scheme === "dhcp"
            ? { address: null, netmask: null, gateway: null }
            : {}),
        });
        break;
      case "wait":
        await bench.clock.advance(one.ms);
        break;
      case "restart":
        await running.stop();
        running = await bench.start(nm);
        break;
    }
  }
  await bench.clock.advance(2 * applyDeadline);
  const shown = new Map(bench.rows("Wifi_Inet_State").map((row) => [row.if_name, row]));
  for (const name of names) {
    const row = rows.get(name);
    const wanted = row ? expected(name, row, cable) : null;
    const state = shown.get(name);
    const seen = state && [state.enabled, state.network, state.NAT, state.ip_assign_scheme, state.inet_addr];
    assert.deepEqual(seen ?? null, wanted, name);
  }
  let commits = 0;
  bench.database.onCommit(() => commits++);
  bench.network.set("eth0");
  await bench.clock.advance(60_000);
  assert.equal(commits, 0, "nothing changes, nothing is written");
  await running.stop();
}

describe("NM, whatever rows come", () => {
  it("shows in the end what the rows say, and then writes nothing", async () => {
    await fc.assert(fc.asyncProperty(fc.array(edit, { maxLength: 25 }), play), { numRuns: 150 });
  });
});
