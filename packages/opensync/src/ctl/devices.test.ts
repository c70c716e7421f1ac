import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deviceAt } from "./devices.ts";
import type { Ctl } from "./session.ts";

const tv = { mac: "02:00:00:00:00:01", nickname: "TV", now: { hostname: "android-7" } };
const phone = { mac: "02:00:00:00:00:02", nickname: null, now: { hostname: "phone" } };
const twin = { mac: "02:00:00:00:00:03", nickname: "phone", now: null };
const nameless = { mac: "02:00:00:00:00:04", nickname: null, now: null };

/** A location with these devices. */
function cloudOf(...items: readonly object[]): Ctl {
  const parts = { all: async () => [{ id: "home", name: "Home" }], ask: async () => ({ items }) };
  return parts as unknown as Ctl;
}

describe("a device", () => {
  const macOf = async (ctl: Ctl, named: string) => (await deviceAt(ctl, named, {})).mac;

  it("is meant by its address, known or not, as people write it", async () => {
    for (const named of ["02:00:00:00:0A:0b", "02-00-00-00-0a-0B"]) {
      assert.equal(await macOf(cloudOf(), named), "02:00:00:00:0a:0b");
    }
  });

  it("is meant by the name that is shown of it", async () => {
    assert.equal(await macOf(cloudOf(tv, phone), "tv"), tv.mac);
    assert.equal(await macOf(cloudOf(tv, phone), "Phone"), phone.mac);
  });

  it("has to be one that there is, and one alone", async () => {
    const message =
      "'Home' has no device 'android-7'; give its address, as aa:bb:cc:dd:ee:ff, or a name; known: TV, 02:00:00:00:00:04";
    await assert.rejects(macOf(cloudOf(tv, nameless), "android-7"), { message });
    await assert.rejects(macOf(cloudOf(), "02:00:00"), /has no device '02:00:00'; give its address, .* or a name$/);
    await assert.rejects(macOf(cloudOf(phone, twin), "phone"), /several devices of 'Home' are named 'phone'/);
  });
});
