import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBeacon } from "@opensync-ts/target/beacon-channel";
import { channelNumbers, channelOf, formatChannel } from "@opensync-ts/target/channels";
import { elementIds, elementsOf, extensionIds } from "@opensync-ts/target/elements";
import type { Channel, ChannelWidth } from "@opensync-ts/target/radio";
import type { HeardNetwork } from "@opensync-ts/world/hearing";
import { type Generation, generations } from "@opensync-ts/world/rates";
import { airChannel } from "./air-channel.ts";
import { beaconElements } from "./beacon.ts";

type Network = Omit<HeardNetwork, "rssi" | "bssid">;

const network: Omit<Network, "channel"> = {
  ssid: "home",
  hidden: false,
  generation: "be",
  streams: 4,
  security: { akms: ["psk", "sae"], pairwise: ["ccmp", "gcmp256"], pmf: "optional" },
};

function beacon(channel: Channel, more: Partial<Network> = {}): Uint8Array {
  return beaconElements({ ...network, channel: airChannel(channel), ...more }, channel);
}

function known(query: Parameters<typeof channelOf>[0]): Channel {
  const channel = channelOf(query);
  assert.ok(channel);
  return channel;
}

const widest: Readonly<Record<Generation, number>> = { legacy: 20, n: 40, ac: 160, ax: 160, be: 320 };

describe("the elements of a simulated beacon", () => {
  it("say the channel and the name, in every band, width and generation", () => {
    const widths: readonly ChannelWidth[] = [20, 40, 80, 160];
    const channels = (["2.4G", "5G", "6G"] as const).flatMap((band) =>
      channelNumbers[band].flatMap((number) => widths.flatMap((width) => channelOf({ band, number, width }) ?? [])),
    );
    for (const number of [1, 37, 61]) channels.push(known({ band: "6G", number, width: 320, center0: 31 }));
    channels.push(known({ band: "6G", number: 37, width: 320, center0: 63 }));
    let read = 0;
    for (const channel of channels) {
      for (const generation of generations) {
        // 802.11n and older do not exist on 6 GHz, 802.11ac not on 2.4 GHz either.
        if (channel.control > 5900 && generation !== "ax" && generation !== "be") continue;
        if (typeof channel.width !== "number" || channel.width > widest[generation]) continue;
        const { ssid, channel: found } = readBeacon(beacon(channel, { generation }), channel.control);
        assert.equal(Buffer.from(ssid ?? []).toString(), "home");
        assert.equal(found && formatChannel(found), formatChannel(channel), generation);
        read++;
      }
    }
    assert.ok(read > 400, String(read));
  });

  it("say punctures and second halves", () => {
    const channels = [
      known({ band: "5G", number: 36, width: 80, puncture: 0b0100 }),
      known({ band: "5G", number: 149, width: 80, puncture: 0b1000 }),
      known({ band: "5G", number: 52, width: 160, puncture: 0b11 }),
      known({ band: "6G", number: 37, width: 320, center0: 31, puncture: 0xf000 }),
      known({ band: "5G", number: 36, width: "80p80", center1: 155 }),
    ];
    for (const channel of channels) {
      const found = readBeacon(beacon(channel)).channel;
      assert.equal(found && formatChannel(found), formatChannel(channel));
    }
  });

  it("tell stations older than 802.11be of the part that is whole", () => {
    const punctured = known({ band: "5G", number: 36, width: 80, puncture: 0b0100 });
    const withoutEht = [...elementsOf(beacon(punctured))].filter(
      ({ extension }) => extension !== extensionIds.ehtOperation,
    );
    const octets = withoutEht.flatMap(({ id, extension, body }) => [
      id,
      body.length + (extension === null ? 0 : 1),
      ...(extension === null ? [] : [extension]),
      ...body,
    ]);
    assert.equal(readBeacon(Uint8Array.from(octets)).channel?.width, 40);
  });

  it("leave the name of a hidden network empty, and security out of an open one", () => {
    const channel = known({ band: "2.4G", number: 6, width: 20 });
    const open = { akms: [], pairwise: [], pmf: "disabled" as const };
    const hidden = [...elementsOf(beacon(channel, { hidden: true, security: open }))];
    assert.equal(hidden[0]?.id, elementIds.ssid);
    assert.equal(hidden[0]?.body.length, 0);
    assert.ok(!hidden.some(({ id }) => id === elementIds.rsn));
  });

  it("name ciphers, key managements and frame protection by their numbers", () => {
    const rsn = [...elementsOf(beacon(known({ band: "5G", number: 36, width: 80 })))].find(
      ({ id }) => id === elementIds.rsn,
    );
    assert.equal(
      Buffer.from(rsn?.body ?? []).toString("hex"),
      "0100" +
        "000fac04" +
        "0200" +
        "000fac04" +
        "000fac09" +
        "0200" +
        "000fac02" +
        "000fac08" +
        "8000" +
        "0000" +
        "000fac06",
    );
  });

  it("come in the lengths of the standard", () => {
    const lengths = (channel: Channel) =>
      new Map([...elementsOf(beacon(channel))].map(({ id, extension, body }) => [extension ?? id, body.length]));
    const five = lengths(known({ band: "5G", number: 36, width: 80 }));
    const expected = [
      [elementIds.htCapabilities, 26],
      [elementIds.htOperation, 22],
      [elementIds.vhtCapabilities, 12],
      [elementIds.vhtOperation, 5],
    ] as const;
    for (const [id, length] of expected) assert.equal(five.get(id), length, String(id));
    const six = lengths(known({ band: "6G", number: 37, width: 160 }));
    assert.ok(!six.has(elementIds.htOperation) && !six.has(elementIds.vhtOperation));
    // MAC, PHY, and a map of rates for up to 80 MHz; for 160 MHz another one.
    assert.equal(six.get(extensionIds.heCapabilities), 6 + 11 + 4 + 4);
    assert.equal(six.get(extensionIds.heOperation), 6 + 5);
  });
});
