import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { UserError } from "@opensync-ts/base/errors";
import { deviceOf } from "./device.ts";
import { checkAbilities, parseDeviceClass, plainAbilities, willing } from "./device-class.ts";
import { deviceClass, deviceClassNames } from "./device-classes.ts";
import type { ClientSpec } from "./spec.ts";

const folder = join(import.meta.dirname, "../devices");
const phone = JSON.parse(readFileSync(join(folder, "modern-phone.json"), "utf8"));
const spec: ClientSpec = { name: "c", mac: "02:00:00:00:00:01", place: { x: 0, y: 0 }, networks: [] };

describe("device classes", () => {
  it("are the files in devices/, all of them, each as it should be", () => {
    const files = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
    assert.deepEqual(deviceClassNames.toSorted(), files.toSorted());
    assert.ok(files.length >= 12);
    for (const name of files) assert.equal(deviceClass(name, "test").name, name);
  });

  it("differ in what they can do: 802.11k, v and r, bands, links, sleep", () => {
    const of = (name: string) => deviceClass(name, "test");
    assert.deepEqual(of("older-phone").measurement?.modes, ["table"]);
    assert.equal(of("game-console").transition, null);
    assert.deepEqual(of("iot").bands, ["2.4G"]);
    assert.equal(of("laptop-wifi7").links, 2);
    assert.ok(of("voip-handset").habits.roamBelow > of("tv").habits.roamBelow);
    assert.ok((of("thermostat").sleep?.interval ?? 0) > 1000);
  });

  it("that cannot be are refused in one line: which, what of it, what it must be, what it is", () => {
    const bad: readonly (readonly [object, string])[] = [
      [{ streams: 2.5 }, "device class 'x': streams must be a whole number from 1 to 16, not 2.5"],
      [{ bands: [] }, "device class 'x': bands must be a list of some of 2.4G, 5G, 6G, not []"],
      [{ bands: ["5G", "5G"] }, `device class 'x': bands must be a list of some of 2.4G, 5G, 6G, not ["5G","5G"]`],
      [{ generation: "z" }, "device class 'x': generation must be one of legacy, n, ac, ax, be, not \"z\""],
      [
        { habits: { ...phone.habits, stickiness: 2 } },
        "device class 'x': habits.stickiness must be a number from 0 to 1, not 2",
      ],
      [{ sleep: 5 }, "device class 'x': sleep must be an object, not 5"],
      [{ sleep: undefined }, "device class 'x': sleep must be an object, not absent"],
      [
        { joining: { ...phone.joining, full: [80, 20] } },
        "device class 'x': joining.full must be two ascending numbers from 1 to 60000, not [80,20]",
      ],
      [
        { transition: { ...phone.transition, rejections: { "0": 1 } } },
        "device class 'x': there is no 'transition.rejections.0' (members: 1, 2, 3, 4, 5, 6, 7, 8)",
      ],
      [{ fastTransition: "yes" }, "device class 'x': fastTransition must be true or false, not \"yes\""],
      [
        { traffic: "gossip" },
        "device class 'x': traffic must be one of none, idle, web, voice, call, game, camera, video, bulk, not \"gossip\"",
      ],
    ];
    for (const [changed, message] of bad) {
      assert.throws(() => parseDeviceClass({ ...phone, ...changed }, "x"), { name: "UserError", message });
    }
    assert.throws(() => parseDeviceClass({ ...phone, colour: "red" }, "x"), /device class 'x': there is no 'colour'/);
    for (const value of [null, 5, [], "x", undefined]) {
      assert.throws(() => parseDeviceClass(value, "x"), UserError);
    }
  });
});

describe("a client of a class", () => {
  it("has what the class has, but for what its specification says", () => {
    const device = deviceOf(
      {
        ...spec,
        device: "modern-phone",
        streams: 1,
        habits: { roamBelow: -60, bandPreference: { "6G": 30 } },
        transition: { accept: 0.1 },
        traffic: "video",
        sleep: null,
      },
      {},
    );
    const of = deviceClass("modern-phone", "test");
    assert.deepEqual(
      [device.deviceClass, device.streams, device.generation, device.sleep],
      ["modern-phone", 1, "ax", null],
    );
    assert.deepEqual(device.habits, {
      ...of.habits,
      roamBelow: -60,
      bandPreference: { ...of.habits.bandPreference, "6G": 30 },
    });
    assert.deepEqual(device.transition, { ...of.transition, accept: 0.1 });
    assert.deepEqual(device.measurement, of.measurement);
    assert.deepEqual(device.security.akms, ["psk", "psk_sha256", "sae", "ft_psk", "ft_sae"]);
    assert.deepEqual(deviceOf({ ...spec, device: "voip-handset" }, {}).security.akms, ["psk", "psk_sha256", "ft_psk"]);
  });

  it("without a class takes no part in 802.11k, v and r, unless it is said to", () => {
    assert.deepEqual(checkAbilities(plainAbilities, "plain"), plainAbilities);
    const plain = deviceOf(spec, {});
    assert.deepEqual([plain.measurement, plain.transition, plain.fastTransition], [null, null, false]);
    assert.ok(!plain.security.akms.includes("ft_psk"));
    const able = deviceOf({ ...spec, transition: {}, measurement: { modes: ["table"] } }, {});
    assert.deepEqual(able.transition, willing.transition);
    assert.deepEqual(able.measurement, { ...willing.measurement, modes: ["table"] });
    assert.equal(deviceOf({ ...spec, device: "modern-phone", transition: null }, {}).transition, null);
  });

  it("is refused where there is no such class, or where what is said over it cannot be", () => {
    assert.throws(
      () => deviceOf({ ...spec, device: "fridge" }, {}),
      /client 'c': there is no device class 'fridge' \(classes: doorbell-camera, /,
    );
    assert.throws(
      () => deviceOf({ ...spec, habits: { scanInterval: 0 } }, {}),
      /client 'c': habits.scanInterval must be a number from 1 to 86400, not 0/,
    );
  });
});
