import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { qrPath, wifiText } from "./wifi-text.ts";

describe("the text of a QR code for joining", () => {
  it("has name and passphrase, and that a network is hidden only where it is", () => {
    const parts = { ssid: "Home", psk: "open sesame", hidden: false };
    assert.equal(wifiText(parts), "WIFI:T:WPA;S:Home;P:open sesame;;");
    assert.equal(wifiText({ ...parts, hidden: true }), "WIFI:T:WPA;S:Home;P:open sesame;H:true;;");
  });

  it("escapes what would end a field, and nothing else", () => {
    const text = wifiText({ ssid: 'a;b,c:d"e\\f', psk: "p;P:x;;", hidden: false });
    assert.equal(text, 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\"e\\\\f;P:p\\;P\\:x\\;\\;;;');
    assert.equal(
      wifiText({ ssid: "<b>café ☕</b>", psk: "12345678", hidden: false }),
      "WIFI:T:WPA;S:<b>café ☕</b>;P:12345678;;",
    );
  });
});

describe("a QR code", () => {
  it("is a square with a quiet zone, and its dark modules as one path", () => {
    const { size, path } = qrPath(wifiText({ ssid: "Home", psk: "open sesame", hidden: false }));
    assert.equal((size - 8 - 17) % 4, 0, "a version of QR codes");
    // The finder in the corner, behind the quiet zone.
    assert.ok(path.startsWith("M4 4h7v1h-7z"), path.slice(0, 40));
    assert.ok(!/M[0-3] |M\d+ [0-3]h/.test(path));
  });

  it("holds the longest there is: 32 octets and 63 characters, all of them escaped", () => {
    assert.ok(qrPath(wifiText({ ssid: ";".repeat(32), psk: ";".repeat(63), hidden: true })).size > 40);
  });
});
