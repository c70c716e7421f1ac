import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nothingCalled } from "./lists.ts";
import { formWords } from "./value-words.ts";

describe("a value in the words of the form", () => {
  for (const [path, value, words] of [
    [["networks", 0, "security", "keys", 1, "zone"], undefined, "Everything"],
    [["networks", 0, "security", "keys", 1, "zone"], "guest", "Internet and shared devices"],
    [["networks", 0, "security", "mode"], "wpa2-wpa3", "WPA2 and WPA3"],
    [["networks", 0, "security", "mode"], "toString", undefined],
    [["networks", 0, "bands"], ["2.4G", "5G"], "2.4 GHz, 5 GHz"],
    [["networks", 0, "bands"], undefined, "all that can be"],
    [["networks", 0, "security", "keys", 1, "expires"], undefined, "never"],
    [["networks", 0, "security", "keys", 1, "label"], "Guests", undefined],
    [["networks", 0, "ssid"], "Home", undefined],
    [["lan"], { bridge: "br-home", address: "192.168.40.1" }, "the gateway is 192.168.40.1"],
    [["radios", 0, "width"], 80, "80 MHz"],
    [["radios", 0, "width"], undefined, undefined],
    [["radios", 0, "power"], 20, "20 dBm"],
    [["stats"], { enabled: true }, "set here"],
  ] as const) {
    it(`${path.at(-1)} ${value} is ${words ?? "as it is"}`, () =>
      assert.equal(formWords(path, value, nothingCalled), words));
  }
});
