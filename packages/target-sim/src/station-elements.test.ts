import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { elementsOf } from "@opensync-ts/target/elements";
import { clientCapabilities } from "@opensync-ts/target/ieee80211/client-capabilities";
import { readStationCapabilities, supportsBtm } from "@opensync-ts/target/ieee80211/station-capabilities";
import { deviceOf } from "@opensync-ts/world/device";
import { deviceClassNames } from "@opensync-ts/world/device-classes";
import type { Band } from "@opensync-ts/world/spectrum";
import { associationElements } from "./station-elements.ts";
import { bench, channel, homeNetwork, phone, wpa2 } from "./testing/observer.ts";
import { openBss } from "./testing/open-bss.ts";

const open = { akm: null, pairwise: null, pmf: false } as const;
const controls = { "2.4G": 2437, "5G": 5180, "6G": 6135 } as const;
const channels = { "2.4G": channel("2.4G", 6, 20), "5G": channel("5G", 36, 160), "6G": channel("6G", 37, 160) };

function elements(device: string, band: Band, links = 1) {
  const control = controls[band];
  const bss = { ...openBss("gw"), channel: { band, control, segments: [control] }, mobilityDomain: 0xa1b2 };
  return associationElements(deviceOf({ ...phone, device }, {}), bss, open, links);
}

describe("the elements of an association", () => {
  it("of each class and band say what the class can do", () => {
    for (const name of deviceClassNames) {
      const device = deviceOf({ ...phone, device: name }, {});
      for (const band of device.bands) {
        const read = readStationCapabilities(elements(name, band));
        const known = clientCapabilities(read, channels[band]);
        assert.equal(known.btm, device.transition !== null, name);
        assert.equal(known.maxStreams, device.streams, name);
        assert.deepEqual(
          [known.band2G, known.band5G, known.band6G],
          (["2.4G", "5G", "6G"] as const).map((each) => device.bands.includes(each)),
          name,
        );
        const modes = device.measurement?.modes ?? [];
        assert.deepEqual(
          [known.rrmBeaconPassive, known.rrmBeaconActive, known.rrmBeaconTable],
          (["passive", "active", "table"] as const).map((mode) => modes.includes(mode)),
          name,
        );
        assert.equal(known.maxTxPowerDbm, device.power);
        assert.deepEqual(
          [read.ht, read.vht, read.he, read.eht].map((each) => each !== undefined),
          [
            band !== "6G" && device.generation !== "legacy",
            band === "5G" && ["ac", "ax", "be"].includes(device.generation),
            ["ax", "be"].includes(device.generation),
            device.generation === "be",
          ],
          `${name} ${band}`,
        );
      }
    }
  });

  it("name the width, as far as the access point goes along", () => {
    const width = (name: string, band: Band) =>
      clientCapabilities(readStationCapabilities(elements(name, band)), channels[band]).maxWidth;
    assert.deepEqual(
      [width("iot", "2.4G"), width("voip-handset", "5G"), width("tv", "5G"), width("laptop", "5G")],
      [0, 1, 2, 3],
    );
    assert.equal(readStationCapabilities(elements("laptop-wifi7", "6G")).eht?.width320, true);
  });

  it("tell the mobility domain with fast transition only, and the multi-link device with several links only", () => {
    const ids = (octets: Uint8Array) => [...elementsOf(octets)].map(({ id }) => id);
    assert.ok(!ids(elements("modern-phone", "5G")).includes(54));
    const bss = { ...openBss("gw"), mobilityDomain: 0xa1b2 };
    const device = deviceOf({ ...phone, device: "modern-phone" }, {});
    const fast = associationElements(device, bss, { akm: "ft_psk", pairwise: "ccmp", pmf: true }, 1);
    const domain = [...elementsOf(fast)].find(({ id }) => id === 54)?.body;
    assert.deepEqual([...(domain ?? [])], [0xb2, 0xa1, 0]);
    assert.equal(readStationCapabilities(elements("laptop-wifi7", "5G", 2)).mldAddr, mac(phone.mac));
    assert.equal(readStationCapabilities(elements("laptop-wifi7", "5G", 1)).mldAddr, undefined);
  });

  it("come with the state of a station", async () => {
    const { clock, observer, request } = bench({ clients: [{ ...phone, device: "older-phone" }] });
    request("wifi0", [homeNetwork]);
    await clock.advance(5000);
    const ies = observer.station("home-ap-24", mac(phone.mac))?.assocIes;
    assert.ok(ies && supportsBtm(readStationCapabilities(ies)));
    const [ssid] = elementsOf(ies);
    assert.equal(new TextDecoder().decode(ssid?.body), "home");
  });
});

describe("a station of a multi-link device", () => {
  it("is one of each of its links, and tells that they belong together", async () => {
    const mlds = { "home-ap-50": { ifName: "mld0" }, "home-ap-60": { ifName: "mld0" } };
    const { clock, observer, request } = bench({
      clients: [{ ...phone, device: "laptop-wifi7", networks: [{ ssid: "home", psk: "correct-horse" }] }],
      radio: { mlds, generation: "be" },
    });
    for (const [phy, name] of [
      ["wifi1", "home-ap-50"],
      ["wifi2", "home-ap-60"],
    ] as const) {
      const ap = { ...homeNetwork.ap, wpa: { ...wpa2, akm: ["sae" as const], pmf: "required" as const } };
      request(phy, [{ name, enabled: true, ap }]);
    }
    await clock.advance(10_000);
    const station = mac(phone.mac);
    for (const vif of ["home-ap-50", "home-ap-60"]) {
      const state = observer.station(vif, station);
      assert.equal(state?.mldAddr, station, vif);
      assert.equal(readStationCapabilities(state?.assocIes ?? new Uint8Array()).mldAddr, station);
    }
  });
});
