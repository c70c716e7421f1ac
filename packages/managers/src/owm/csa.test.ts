import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Write } from "@opensync-ts/schema/opensync";
import { channelColumnsAfter } from "./csa.ts";
import { Device, twoRadios } from "./testing/device.ts";
import { channel, radioConfig, staVif } from "./testing/rows.ts";

describe("the channel columns after a switch of the parent", () => {
  const row = { channel: 36, ht_mode: "HT80" } as const;

  it("are those of the announced channel", () => {
    assert.deepEqual(channelColumnsAfter(radioConfig(row), channel(149, 40)), { channel: 149, ht_mode: "HT40" });
  });

  it("include the centre only where the row has one", () => {
    assert.deepEqual(channelColumnsAfter(radioConfig({ ...row, center_freq0_chan: 42 }), channel(149, 80)), {
      channel: 149,
      ht_mode: "HT80",
      center_freq0_chan: 155,
    });
  });

  it("stay as they are where the number is the same, or there is no opinion", () => {
    assert.equal(channelColumnsAfter(radioConfig(row), channel(36, 20)), null);
    assert.equal(channelColumnsAfter(radioConfig({ channel: null }), channel(149, 80)), null);
  });
});

describe("OWM", () => {
  let device = new Device();

  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
  });

  const radio: Write<"Wifi_Radio_Config"> = {
    if_name: "wifi1",
    freq_band: "5G",
    enabled: true,
    channel: 36,
    ht_mode: "HT80",
  };

  async function repeater(): Promise<() => unknown[]> {
    const radios = twoRadios();
    device = new Device({ ...radios, vifs: [...radios.vifs, staVif()] });
    await device.start();
    await device.configure(radio);
    return () => {
      const { channel, ht_mode, center_freq0_chan } = device.find("Wifi_Radio_Config", { if_name: "wifi1" });
      return [channel, ht_mode, center_freq0_chan];
    };
  }

  it("writes a parent's switch into the radio's configuration, a change of width with a warning", async () => {
    const columns = await repeater();
    device.driver.hearSwitch("bhaul-sta-50", channel(149, 80));
    await device.settle();
    assert.deepEqual(columns(), [149, "HT80", null]);
    assert.deepEqual(
      device.said("WARNING").filter((text) => text.includes("csa")),
      [],
    );
    device.driver.hearSwitch("bhaul-sta-50", channel(44, 40));
    await device.settle();
    assert.deepEqual(columns(), [44, "HT40", null]);
    assert.deepEqual(
      device.said("WARNING").filter((text) => text.includes("csa")),
      ["ow: csa: wifi1: the width changes with it: HT80 -> HT40"],
    );
  });

  it("leaves the configuration of a radio alone whose parent goes to another band", async () => {
    const columns = await repeater();
    device.driver.hearSwitch("bhaul-sta-50", channel(6));
    await device.settle();
    assert.deepEqual(columns(), [36, "HT80", null]);
  });
});
