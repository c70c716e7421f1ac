import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StaLinkStatus, StaNetwork, Wpa } from "@opensync-ts/target/radio";
import { type StaOperation, sameNetworks, staOperation } from "./sta-operation.ts";
import { linkDown, macNumber, wpa2 } from "./testing/fixtures.ts";

const network: StaNetwork = {
  ssid: "backhaul",
  bssid: null,
  psk: "a secret of backhaul",
  wpa: wpa2,
  bridge: "br-home",
  multiAp: true,
  priority: 0,
};
const elsewhere = { ...network, ssid: "elsewhere" };

describe("what a STA vif does about its uplink", () => {
  // Wanted networks, link, networks the driver has, an AP of the phy changes its channel, what to do.
  const table: readonly [StaNetwork[], StaLinkStatus, StaNetwork[], boolean, StaOperation | null][] = [
    [[], "unknown", [], false, null],
    [[], "disconnected", [], false, null],
    [[], "connecting", [], false, "disconnect"],
    [[], "connected", [], false, "disconnect"],
    [[network], "unknown", [], false, null],
    [[network], "disconnected", [network], false, "connect"],
    [[network], "disconnected", [network], true, "disconnect"],
    [[network], "connecting", [network], false, null],
    [[network], "connecting", [elsewhere], false, "connect"],
    [[network], "connecting", [network], true, "disconnect"],
    [[network], "connected", [network], false, null],
    [[network], "connected", [network], true, null],
    [[elsewhere], "connected", [network], false, "disconnect"],
    [[elsewhere, network], "connected", [network], false, null],
  ];
  const { ssid, bridge, multiAp } = network;
  for (const [wanted, status, known, moves, expected] of table) {
    const names = wanted.map((one) => one.ssid).join("+") || "nothing";
    it(`wanting ${names}, ${status}${moves ? ", an AP moving" : ""}: ${expected ?? "nothing"}`, () => {
      const link = status === "connected" ? { ...linkDown, status, ssid, bridge, multiAp } : { ...linkDown, status };
      assert.equal(staOperation(wanted, { link, networks: known, mld: null }, moves), expected);
    });
  }

  it("a link matches by BSSID where the network names one", () => {
    const link = { ...linkDown, status: "connected", ssid, bridge, multiAp, bssid: macNumber(7) } as const;
    assert.equal(staOperation([{ ...network, bssid: macNumber(7) }], { link, networks: [], mld: null }, false), null);
    assert.equal(
      staOperation([{ ...network, bssid: macNumber(8) }], { link, networks: [], mld: null }, false),
      "disconnect",
    );
  });

  it("a link on another bridge, or of another kind, does not match", () => {
    const link = { ...linkDown, status: "connected", ssid, bridge: "br-wan", multiAp } as const;
    assert.equal(staOperation([network], { link, networks: [], mld: null }, false), "disconnect");
    assert.equal(
      staOperation([network], { link: { ...link, bridge, multiAp: false }, networks: [], mld: null }, false),
      "disconnect",
    );
  });
});

describe("the security of a link", () => {
  const { ssid, bridge, multiAp } = network;
  const operation = (wanted: Partial<Wpa>, linked: Partial<Wpa> | null) =>
    staOperation(
      [{ ...network, wpa: { ...wpa2, ...wanted } }],
      {
        link: { ...linkDown, status: "connected", ssid, bridge, multiAp, wpa: linked && { ...wpa2, ...linked } },
        networks: [],
        mld: null,
      },
      false,
    );
  // The network's security, the link's (null: the driver does not say), whether they match.
  const table: readonly [string, Partial<Wpa>, Partial<Wpa> | null, boolean][] = [
    ["the same", {}, {}, true],
    ["unknown", {}, null, true],
    ["a cipher in common", { pairwise: ["ccmp", "tkip"] }, { pairwise: ["ccmp"] }, true],
    ["no cipher in common", { pairwise: ["gcmp256"] }, { pairwise: ["ccmp"] }, false],
    ["WPA and RSN", { wpa: true, rsn: true }, { wpa: true, rsn: false }, true],
    ["WPA or RSN", { wpa: true, rsn: false }, { wpa: false, rsn: true }, false],
    ["one of the key managements", { akm: ["psk", "sae"], pmf: "optional" }, { akm: ["sae"], pmf: "required" }, true],
    ["another key management", { akm: ["sae"] }, { akm: ["psk"] }, false],
    ["802.1X on both sides", { akm: ["eap"] }, { akm: ["eap"] }, true],
    ["fast transition on both sides", { akm: ["ft_psk", "psk"] }, { akm: ["ft_psk"] }, true],
    ["management frames protected as may be", { pmf: "optional" }, { pmf: "required" }, true],
    ["management frames protected as must be", { pmf: "required" }, { pmf: "optional" }, true],
    ["management frames unprotected", { pmf: "required" }, { pmf: "disabled" }, false],
    ["management frames protected against the wish", { pmf: "disabled" }, { pmf: "required" }, false],
    ["another group rekey interval", { groupRekey: 600 }, { groupRekey: 60 }, true],
    ["open on both sides", { rsn: false }, { rsn: false }, true],
    ["open, and secured", { rsn: false }, {}, false],
    ["secured, and open", {}, { rsn: false }, false],
  ];
  for (const [name, wanted, linked, matches] of table) {
    it(`${name}: ${matches ? "stays" : "is left"}`, () =>
      assert.equal(operation(wanted, linked), matches ? null : "disconnect"));
  }
});

describe("STA networks", () => {
  it("are equal as sets, whatever the group rekey interval", () => {
    const rekeyed = { ...network, wpa: { ...wpa2, groupRekey: 600 } };
    assert.ok(sameNetworks([network, elsewhere], [elsewhere, rekeyed]));
    assert.ok(!sameNetworks([network], [network, elsewhere]));
    assert.ok(!sameNetworks([network], [{ ...network, psk: "another secret" }]));
    assert.ok(!sameNetworks([network], [{ ...network, priority: 1 }]));
  });
});
