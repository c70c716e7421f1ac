import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { ApAttributes, FtNeighbor, VifState } from "@opensync-ts/target/radio";
import type { ApOverrides } from "./contract.ts";
import { buildConfig } from "./mutators.ts";
import { OverrideStore } from "./overrides.ts";
import { apVif, phyState, wpa2 } from "./testing/fixtures.ts";

const ft = { ...wpa2, akm: ["ft_psk", "psk"] as const };
const key = (n: number) => String(n).repeat(64).slice(0, 64);
const remote = (n: number): FtNeighbor => ({ bssid: address(n), nasIdentifier: `remote${n}`, key: key(n) });

function address(n: number): Mac {
  return mac(`02:00:00:00:00:0${n}`);
}

function own(n: number, name: string, over: Partial<ApAttributes> = {}, vif: Partial<VifState> = {}): VifState {
  const attributes = { wpa: ft, nasIdentifier: name, ftEncrKey: key(n), ...over };
  return apVif("wifi0", name, attributes, { mac: address(n), ...vif } as Partial<VifState>);
}

/** Whose keys each AP gets. */
function shared(vifs: readonly VifState[], opinions: Readonly<Record<string, ApOverrides>>) {
  const overrides = new OverrideStore(() => {});
  for (const [name, ap] of Object.entries(opinions)) overrides.setVif("wifi0", name, { ap });
  const state = { phys: new Map([["wifi0", phyState("wifi0")]]), vifs: new Map(vifs.map((vif) => [vif.name, vif])) };
  const { tree } = buildConfig(state, [overrides]);
  return Object.fromEntries(
    [...(tree.get("wifi0")?.vifs.values() ?? [])].map((vif) => [
      vif.name,
      vif.type === "ap" ? vif.ap.ftNeighbors.map(({ nasIdentifier }) => nasIdentifier) : [],
    ]),
  );
}

describe("keys for fast transition", () => {
  it("are shared among all of one SSID: those named for any of them, and our own, itself included", () => {
    const vifs = [own(1, "a"), own(2, "b"), own(3, "c", { ssid: "guests" })];
    const named = { a: { ftNeighbors: [remote(7)] }, b: { ftNeighbors: [] }, c: { ftNeighbors: [remote(8)] } };
    assert.deepEqual(shared(vifs, named), { a: ["a", "b", "remote7"], b: ["a", "b", "remote7"], c: ["c", "remote8"] });
  });

  it("follow the SSID that is wanted, not the one that is", () => {
    const vifs = [own(1, "a"), own(2, "b")];
    assert.deepEqual(shared(vifs, { a: { ftNeighbors: [], ssid: "other" }, b: { ftNeighbors: [] } }), {
      a: ["a"],
      b: ["b"],
    });
  });

  it("are not those of an AP that is down, has none, has no name, or does no fast transition", () => {
    const vifs = [
      own(1, "a"),
      own(2, "down", {}, { status: "disabled" }),
      own(3, "keyless", { ftEncrKey: "" }),
      own(4, "nameless", { nasIdentifier: "" }),
      own(5, "plain", { wpa: wpa2 }),
    ];
    assert.deepEqual(shared(vifs, { a: { ftNeighbors: [] }, plain: { ftNeighbors: [remote(7)] } }), {
      a: ["a", "remote7"],
      down: [],
      keyless: [],
      nameless: [],
      plain: [],
    });
  });

  it("of an address that is ours are ours, whatever somebody named for it", () => {
    const named = { a: { ftNeighbors: [{ ...remote(7), bssid: address(1) }] } };
    assert.deepEqual(shared([own(1, "a")], named), { a: ["a"] });
  });

  it("stay as they are where nobody has an opinion", () => {
    assert.deepEqual(shared([own(1, "a", { ftNeighbors: [remote(9)] })], {}), { a: ["remote9"] });
  });
});
