import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { classificationText, classify } from "./classify.ts";
import { type Evidence, elementEvidence, evidenceOf, type RadioEvidence } from "./evidence.ts";
import { parseProfile } from "./profile.ts";
import { defaultProfiles } from "./profiles.ts";
import { isRandomMac, vendorOf } from "./vendors.ts";

const random = mac("da:a1:19:00:00:01");
const narrow: RadioEvidence = {
  ...{ bands: ["2.4G"], bandsComplete: true, generation: "n", streams: 1, maxWidth: 20, btm: false, rrm: false },
};
const phone: RadioEvidence = {
  ...{
    bands: ["2.4G", "5G", "6G"],
    bandsComplete: true,
    generation: "ax",
    streams: 2,
    maxWidth: 160,
    btm: true,
    rrm: true,
  },
};
const five: RadioEvidence = {
  ...{ bands: ["2.4G", "5G"], bandsComplete: true, generation: "ac", streams: 2, maxWidth: 80, btm: true, rrm: false },
};

const cases: readonly (readonly [string, Omit<Evidence, "mac"> & { readonly mac?: string }, string])[] = [
  [
    "a bulb with an Espressif radio",
    { vendor: "Espressif Inc.", hostname: "ESP_3A12F0", fingerprint: "1,3,28,6", radio: narrow },
    "iot",
  ],
  ["a thermostat by its maker and name", { vendor: "ecobee inc", hostname: "ecobee3", radio: narrow }, "thermostat"],
  [
    "a phone with a random address, by what it says of itself",
    { hostname: "Pixel-8", vendorClass: "android-dhcp-14", radio: phone },
    "modern-phone",
  ],
  [
    "a phone with a random address and no name, by DHCP and radio",
    { vendorClass: "android-dhcp-14", fingerprint: "1,3,6,15,26,28,51,58,59,43,114,108", radio: phone },
    "modern-phone",
  ],
  [
    "an old phone",
    { hostname: "android-51c2", vendorClass: "android-dhcp-9", radio: { ...five, streams: 1, rrm: true } },
    "older-phone",
  ],
  [
    "an iPad, told from an iPhone by its name",
    {
      hostname: "Annas-iPad",
      fingerprint: "1,121,3,6,15,108,114,119,252",
      radio: { ...five, generation: "ax", rrm: true },
    },
    "tablet",
  ],
  [
    "an iPhone, told from an iPad by its name",
    { hostname: "iPhone", fingerprint: "1,121,3,6,15,108,114,119,252", radio: phone },
    "modern-phone",
  ],
  [
    "a Windows laptop",
    {
      vendor: "Intel Corporate",
      hostname: "LAPTOP-4F2K",
      vendorClass: "MSFT 5.0",
      radio: { ...phone, bands: ["2.4G", "5G"] },
    },
    "laptop",
  ],
  [
    "a Wi-Fi 7 laptop",
    {
      vendor: "Intel Corporate",
      hostname: "LAPTOP-4F2K",
      vendorClass: "MSFT 5.0",
      radio: { ...phone, generation: "be", maxWidth: 320, multiLink: true },
    },
    "laptop-wifi7",
  ],
  ["a Roku", { vendor: "Roku, Inc.", hostname: "roku-living", radio: five }, "tv"],
  ["a Sonos", { vendor: "Sonos, Inc.", hostname: "Sonos-Kitchen", radio: { ...five, streams: 1 } }, "smart-speaker"],
  [
    "a PlayStation",
    { vendor: "Sony Interactive Entertainment Inc.", vendorClass: "PS5", radio: { ...five, btm: false } },
    "game-console",
  ],
  [
    "a doorbell",
    { vendor: "Ring LLC", hostname: "RingDoorbell-ab", radio: { ...narrow, btm: true } },
    "doorbell-camera",
  ],
  [
    "a Wi-Fi telephone",
    {
      vendor: "XIAMEN YEALINK NETWORK TECHNOLOGY CO.,LTD",
      hostname: "yealink-w1",
      radio: { ...five, streams: 1, generation: "n", maxWidth: 40, rrm: true },
    },
    "voip-handset",
  ],
  ["nothing known at all", { radio: {} }, "unknown"],
  ["a maker of everything, and nothing else", { vendor: "Samsung Electronics Co.,Ltd", radio: {} }, "unknown"],
  ["a name that promises a bulb, on a radio no bulb has", { hostname: "esp-desk", radio: phone }, "unknown"],
];

describe("classify", () => {
  for (const [what, { mac: address, ...evidence }, expected] of cases) {
    it(`takes ${what} for ${expected}`, () => {
      const result = classify({ mac: mac(address ?? random), ...evidence }, defaultProfiles);
      assert.equal(result.class, expected, classificationText(result));
      if (expected !== "unknown") assert.ok(result.confidence >= 0.5);
    });
  }

  it("gives its reasons, the weightiest first, and says that a random address says nothing", () => {
    const { reasons } = classify({ mac: random, hostname: "Pixel-8", radio: phone }, defaultProfiles);
    assert.equal(reasons[0]?.sign, "hostname");
    assert.ok(reasons.some(({ sign, value }) => sign === "address" && value.startsWith("random")));
  });

  it("says what it came closest to where it does not know", () => {
    const { next } = classify({ mac: random, hostname: "esp-desk", radio: phone }, defaultProfiles);
    assert.ok(next && next.confidence < 0.5);
  });

  it("is never sure beyond reason, whatever a device says of itself", () => {
    const text = fc.option(fc.string({ maxLength: 40 }), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ hostname: text, vendorClass: text, fingerprint: text }), (said) => {
        const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
        const result = classify({ mac: random, ...known, radio: {} }, defaultProfiles);
        assert.ok(result.confidence > 0 && result.confidence <= 1);
        assert.ok(defaultProfiles.has(result.class));
      }),
    );
  });
});

describe("evidence", () => {
  it("knows makers by the longest prefix registered, and none of random or unregistered addresses", () => {
    assert.match(vendorOf(mac("24:0a:c4:00:00:01")) ?? "", /^Espressif/);
    assert.equal(vendorOf(random), null);
    assert.ok(isRandomMac(random));
    // A block that is divided further: the registry itself made nothing.
    assert.notEqual(vendorOf(mac("00:1b:c5:ff:ff:ff")), "IEEE Registration Authority");
  });

  it("is gathered from rows and reports as nodes write them", () => {
    const evidence = evidenceOf({
      mac: mac("24:0a:c4:00:00:01"),
      lease: { _uuid: "u", hostname: "ESP_1", fingerprint: "1,3,28,6", vendor_class: "*" } as never,
      association: { _uuid: "u", capabilities: ["11n"], wpa_key_mgmt: "wpa-psk", mld_addr: null } as never,
      seenOn: ["2.4G", "2.4G"],
    });
    assert.match(evidence.vendor ?? "", /^Espressif/);
    assert.equal(evidence.vendorClass, undefined);
    assert.deepEqual(evidence.radio, { generation: "n", bands: ["2.4G"], bandsComplete: false });
  });

  it("reads generation, fast transition and multi-link off the elements of an association request", () => {
    const elements = (...ids: number[]) =>
      Uint8Array.from(ids.flatMap((id) => (id > 255 ? [255, 1, id - 256] : [id, 0])));
    assert.deepEqual(elementEvidence(elements(0, 1)), { generation: "legacy" });
    assert.deepEqual(elementEvidence(elements(45)), { generation: "n" });
    assert.deepEqual(elementEvidence(elements(45, 191, 256 + 35, 54)), { generation: "ax", fastTransition: true });
    assert.deepEqual(elementEvidence(elements(45, 256 + 108, 256 + 107)), { generation: "be", multiLink: true });
    assert.deepEqual(elementEvidence(Uint8Array.of(45, 200, 1)), { generation: "legacy" });
  });

  it("survives whatever bytes a client sends as elements", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void elementEvidence(bytes)));
  });
});

describe("profiles", () => {
  it("state every column, so that nodes with other defaults do the same", () => {
    const names = Object.keys(
      parseProfile({ description: "x", signs: null, columns: {}, optimiser: { move: "never", wants: 1 } }, "x").columns,
    );
    for (const { columns } of defaultProfiles.values())
      assert.deepEqual(Object.keys(columns).toSorted(), names.toSorted());
  });

  it("keep the marks in order, low below high, and ask nobody up who has no higher band", () => {
    for (const { name, columns, signs } of defaultProfiles.values()) {
      const { hwm, lwm, bottom_lwm } = columns;
      assert.ok(hwm === 0 || hwm >= lwm, name);
      assert.ok(lwm === 0 || lwm > bottom_lwm, name);
      if (signs && !signs.radio.bands.includes("5G")) assert.deepEqual([hwm, columns.pref_5g], [0, "never"], name);
    }
  });

  it("are refused with the place of each fault", () => {
    const bad = { description: "x", signs: null, columns: { hwm: -3, lvm: 3 }, optimiser: { move: "now", wants: 1 } };
    assert.throws(() => parseProfile(bad, "mine"), /profile mine: columns\.hwm[\s\S]*profile mine: .*optimiser\.move/);
  });
});
