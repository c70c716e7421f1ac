import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { channelFrequency, channelOf } from "@opensync-ts/target/channels";
import type { Channel, ChannelState, ChannelWidth, DfsState, PhyState } from "@opensync-ts/target/radio";
import { type Clipped, clipChannel } from "./dfs-chan-clip.ts";
import { limits } from "./limits.ts";
import { apVif, channel, phyState } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";

const dfsStates: Readonly<Record<string, DfsState>> = { N: "non_dfs", P: "cac_possible", X: "nol" };

/** `36N 52P 56X`: N = no DFS, P = CAC possible, X = radar was heard. */
function list(text: string): ChannelState[] {
  return text.split(" ").map((entry) => {
    const dfs = dfsStates[entry.slice(-1)] ?? assert.fail(entry);
    const control = channelFrequency("5G", Number(entry.slice(0, -1))) ?? assert.fail(entry);
    return { control, dfs, nolRemaining: dfs === "nol" ? 1_800 : 0 };
  });
}

/** `52/40`, `52/40 0x2`. */
function parse(text: string): Channel {
  const [, number, width, puncture] = /^(\d+)\/(\d+)(?: 0x(\d+))?$/.exec(text) ?? assert.fail(text);
  const found = channelOf({
    band: "5G",
    number: Number(number),
    width: Number(width) as ChannelWidth,
    puncture: Number.parseInt(puncture ?? "0", 16),
  });
  return found ?? assert.fail(text);
}

interface Vector {
  readonly list: string;
  readonly wanted: string;
  readonly state?: string;
  readonly puncture?: true;
  readonly postponed?: true;
  readonly result: string;
}

function clip({ list: states, wanted, state, puncture, postponed }: Vector): string {
  const { result, channel }: Clipped = clipChannel({
    wanted: parse(wanted),
    current: state === undefined ? null : parse(state),
    channelStates: list(states),
    punctureSupported: puncture ?? false,
    postponed: postponed ?? false,
  });
  if (channel === null) return result;
  const whole = parse(`${(channel.control - 5000) / 5}/${channel.width}`);
  assert.equal(channel.center0, whole.center0);
  const left = channel.puncture === 0 ? "" : ` 0x${channel.puncture.toString(16)}`;
  return `${result} ${(channel.control - 5000) / 5}/${channel.width}${left}`;
}

const mixed = "36N 40N 52P 56X";
const high = "100X 104X 108X 112X 116P";

const vectors: readonly Vector[] = [
  { list: mixed, wanted: "36/20", result: "ORIGINAL 36/20" },
  { list: mixed, wanted: "36/40", result: "ORIGINAL 36/40" },
  { list: mixed, wanted: "52/20", result: "ORIGINAL 52/20" },
  { list: mixed, wanted: "52/40", result: "NARROWED 52/20" },
  { list: mixed, wanted: "52/40", puncture: true, result: "PUNCTURED 52/40 0x2" },
  { list: mixed, wanted: "52/40 0x2", puncture: true, result: "ORIGINAL 52/40 0x2" },
  { list: mixed, wanted: "56/20", state: "36/40", result: "INHERITED_STATE 36/40" },
  { list: mixed, wanted: "56/40", state: "36/40", result: "INHERITED_STATE 36/40" },
  { list: mixed, wanted: "56/40", result: "LAST_RESORT_WIDEST 36/40" },
  { list: mixed, wanted: "56/80", result: "LAST_RESORT_WIDEST 36/40" },
  { list: mixed, wanted: "56/20", state: "52/40", result: "INHERITED_STATE_AND_NARROWED 52/20" },
  { list: mixed, wanted: "56/20", state: "52/40", puncture: true, result: "INHERITED_STATE_AND_PUNCTURED 52/40 0x2" },
  // Unlisted is no more usable than lost; it cannot be punctured, though.
  { list: mixed, wanted: "36/80", result: "NARROWED 36/40" },
  { list: mixed, wanted: "52/80", puncture: true, result: "NARROWED 52/40 0x2" },
  { list: mixed, wanted: "149/80", state: "36/40", result: "INHERITED_STATE 36/40" },
  { list: "52P 56X", wanted: "56/40", result: "LAST_RESORT_WIDEST 52/20" },
  { list: "52X 56X", wanted: "56/20", result: "DISABLED" },
  { list: "52X 56X", wanted: "56/20", state: "56/20", result: "DISABLED" },
  { list: "52X 56X", wanted: "56/20", state: "56/20", postponed: true, result: "INHERITED_STATE 56/20" },
  { list: "52X 56X", wanted: "56/20", state: "56/80", postponed: true, result: "INHERITED_STATE_AND_NARROWED 56/40" },
  { list: high, wanted: "108/80", state: "108/80", result: "LAST_RESORT_WIDEST 116/20" },
  { list: `${high} 120P`, wanted: "108/80", state: "108/80", result: "LAST_RESORT_WIDEST 116/40" },
];

describe("the channel next to the wanted one", () => {
  for (const vector of vectors) {
    const { list: states, wanted, state, puncture, postponed, result } = vector;
    const marks = [state && `on ${state}`, puncture && "puncturing", postponed && "postponed"].filter(Boolean);
    it(`${wanted} of ${states}${marks.map((mark) => `, ${mark}`).join("")}: ${result}`, () => {
      assert.equal(clip(vector), result);
    });
  }

  it("on 2.4 GHz, where wide channels overlap, is at the last any of 20 MHz", () => {
    const two = (number: number) => ({ control: 2407 + 5 * number, dfs: "non_dfs" as const, nolRemaining: 0 });
    const question = { current: null, punctureSupported: false, postponed: false, channelStates: [1, 2, 3].map(two) };
    const { result, channel: found } = clipChannel({ ...question, wanted: channel("2.4G", 13, 40) });
    assert.deepEqual([result, found], ["LAST_RESORT", channel("2.4G", 1)]);
  });
});

const wide = channel("5G", 100, 80);

function radarOn(phy: PhyState, ...frequencies: number[]): PhyState {
  const channelStates = phy.channelStates.map((state) =>
    frequencies.includes(state.control) ? { ...state, dfs: "nol" as const, nolRemaining: 1_800 } : state,
  );
  return { ...phy, channelStates };
}

const phy = phyState("wifi1", {
  band: "5G",
  channelStates: phyState("wifi1", { band: "5G" }).channelStates.map((state) => ({
    ...state,
    dfs: state.dfs === "cac_possible" ? "cac_completed" : state.dfs,
  })),
});

function rig(...names: string[]): Promise<Rig> {
  return startRig({ phys: [phy], vifs: names.map((name) => apVif("wifi1", name, { channel: wide })) });
}

const limitations = ({ wireless }: Rig) =>
  wireless.confsync.limitations.map(({ vif, attribute, asked, holds }) => `${vif} ${attribute} ${asked} ${holds}`);

const channelOn = ({ driver }: Rig, name: string) => {
  const vif = driver.vif("wifi1", name);
  return vif?.type === "ap" ? vif.ap.channel : null;
};

/** How often an access point was asked to change its channel. */
const moves = ({ driver }: Rig) =>
  driver.requests.flatMap(({ phys }) => phys.flatMap(({ vifs }) => vifs.filter(({ ap }) => ap?.channel))).length;

describe("radar", () => {
  it("on the wanted channel is told once the access points have said where they went, and moves nobody twice", async () => {
    const own = await rig("a", "b");
    const { wireless, driver, clock } = own;
    wireless.overrides.setPhy("wifi1", { ap: { channel: wide } });
    await clock.advance(1_000);
    driver.setPhy(radarOn(phy, 5500));
    await clock.advance(1_000);
    assert.equal(moves(own), 0);
    for (const name of ["a", "b"]) driver.setVif(apVif("wifi1", name, { channel: channel("5G", 36, 80) }));
    await clock.advance(60_000);
    assert.equal(moves(own), 0);
    assert.equal(wireless.confsync.settled, true);
    assert.deepEqual(limitations(own), ["a channel 100/HT80 36/HT80", "b channel 100/HT80 36/HT80"]);
    driver.setPhy(phy);
    await clock.advance(5_000);
    assert.deepEqual([channelOn(own, "a"), channelOn(own, "b")], [wide, wide]);
    assert.deepEqual(limitations(own), []);
  });

  it("makes a radio move that does not do so by itself, after 3 s", async () => {
    const own = await rig("a");
    own.driver.setPhy(radarOn(phy, 5500));
    await own.clock.advance(limits.clipPostpone - 100);
    assert.deepEqual(channelOn(own, "a"), wide);
    await own.clock.advance(1_000);
    assert.deepEqual(channelOn(own, "a"), channel("5G", 36, 80));
    await own.clock.advance(60_000);
    assert.deepEqual(channelOn(own, "a"), channel("5G", 36, 80));
    assert.equal(own.wireless.confsync.settled, true);
  });

  it("is not waited for again and again where the radio does not move", async () => {
    const own = await rig("a");
    own.driver.applies = false;
    own.driver.setPhy(radarOn(phy, 5500));
    await own.clock.advance(limits.clipPostpone + 1_000);
    for (let second = 0; second < 30; second++) {
      assert.equal(own.wireless.confsync.settled, false);
      await own.clock.advance(1_000);
    }
  });

  it("on a part of the channel leaves the rest", async () => {
    const own = await rig("a");
    own.wireless.overrides.setPhy("wifi1", { ap: { channel: wide } });
    own.driver.setPhy(radarOn(phy, 5540));
    await own.settle();
    assert.deepEqual(channelOn(own, "a"), channel("5G", 100, 40));
    assert.deepEqual(limitations(own), ["a channel 100/HT80 100/HT40"]);
  });

  it("everywhere switches the radio off, until a channel is free", async () => {
    const own = await rig("a");
    own.wireless.overrides.setPhy("wifi1", { enabled: true });
    own.wireless.overrides.setVif("wifi1", "a", { enabled: true });
    own.driver.setPhy(radarOn(phy, ...phy.channelStates.map(({ control }) => control)));
    await own.settle();
    assert.equal(own.driver.phy("wifi1")?.enabled, false);
    assert.equal(own.wireless.confsync.settled, true);
    assert.deepEqual(limitations(own), ["null enabled true false"]);
    const radio = own.driver.phy("wifi1") ?? assert.fail();
    own.driver.setPhy({ ...radio, channelStates: phy.channelStates });
    await own.settle();
    assert.equal(own.driver.phy("wifi1")?.enabled, true);
    assert.deepEqual(limitations(own), []);
  });
});

describe("an access point", () => {
  it("that the clip and the radio's width both narrow is told of once", async () => {
    const narrowRadio = { ...radarOn(phy, 5300), capabilities: { ...phy.capabilities, widths: [20, 40] as const } };
    const own = await startRig({ phys: [narrowRadio], vifs: [apVif("wifi1", "a", { channel: channel("5G", 36) })] });
    own.wireless.overrides.setPhy("wifi1", { ap: { channel: channel("5G", 36, 160) } });
    await own.settle();
    assert.deepEqual(limitations(own), ["a channel 36/HT160 36/HT40"]);
  });

  it("of a radio that lists no channels is let be", async () => {
    const own = await startRig({ phys: [{ ...phy, channelStates: [] }], vifs: [apVif("wifi1", "a")] });
    own.wireless.overrides.setPhy("wifi1", { ap: { channel: wide } });
    await own.settle();
    assert.deepEqual(channelOn(own, "a"), wide);
  });
});
