import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { channelFrequency, channelNumber } from "@opensync-ts/target/channels";
import type { ChannelState, ChannelWidth, DfsState, PhyState } from "@opensync-ts/target/radio";
import { limits } from "./limits.ts";
import { radarNextChannel } from "./radar-next-channel.ts";
import { apVif, channel, phyState } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";

const dfsStates: Readonly<Record<string, DfsState>> = {
  N: "non_dfs",
  C: "cac_completed",
  P: "cac_possible",
  I: "cac_in_progress",
  X: "nol",
};

/** `36-48N 100C`: N = no DFS, C = CAC completed, P = CAC possible, I = CAC in progress, X = radar was heard. */
function list(text: string): ChannelState[] {
  return text.split(" ").flatMap((entry) => {
    const [, first, last, letter] = /^(\d+)(?:-(\d+))?(\w)$/.exec(entry) ?? assert.fail(entry);
    const numbers = [];
    for (let number = Number(first); number <= Number(last ?? first); number += 4) numbers.push(number);
    const dfs = dfsStates[letter ?? ""] ?? assert.fail(entry);
    return numbers.map((number) => ({ control: channelFrequency("5G", number) ?? 0, dfs, nolRemaining: 0 }));
  });
}

const [lower, upper] = ["36-48N 52-64C", "36-48N 52-64C 100-128C"];

const vectors: readonly [operating: string, list: string, next: string | null][] = [
  ["52/40", lower, "36/40"],
  ["44/160", lower, "44/80"],
  ["120/160", upper, "36/160"],
  ["100/80", "100-120C 124-128P", "116/40"],
  ["112/80", "100-128C 149N", "116/80"],
  ["108/40", "100-128C 149-153N", "149/40"],
  ["100/40", "100C 104X 108C 112I 116P 120I", "108/20"],
  ["100/80", "100C 104X 108C 112X 116P 120C", "120/20"],
  ["100/80", "100-112C 116-128P", null],
  ["60/20", "36-48N 52-64C", "36/20"],
];

const parse = (text: string) => {
  const [number, width] = text.split("/");
  return channel("5G", Number(number), Number(width) as ChannelWidth);
};

describe("where to go after radar", () => {
  for (const [operating, states, next] of vectors) {
    it(`from ${operating} of ${states}: ${next ?? "nowhere"}`, () => {
      const { width } = parse(operating);
      const found = radarNextChannel({ operating: parse(operating), width, channelStates: list(states) });
      assert.deepEqual(found, next && parse(next));
    });
  }

  it("is as wide as is configured, whatever is in use", () => {
    const question = { operating: parse("100/20"), channelStates: list("36-48N 100C") };
    assert.deepEqual(radarNextChannel({ ...question, width: 80 }), parse("36/80"));
    assert.deepEqual(radarNextChannel({ ...question, width: "80p80" }), parse("36/20"));
  });
});

const phy = (over: Partial<PhyState> = {}): PhyState =>
  phyState("wifi1", { band: "5G", channelStates: list("36-48N 100-112C"), ...over });

async function rig(radio: PhyState, ...channels: string[]): Promise<Rig> {
  const vifs = channels.map((text, n) => apVif("wifi1", `ap-${n}`, { channel: parse(text) }));
  const rig = await startRig({ phys: [radio], vifs });
  await rig.settle();
  return rig;
}

/** Its number and width as the driver has it. */
function told({ driver, wireless }: Rig): string | null {
  assert.equal(wireless.confsync.settled, true);
  const next = driver.phy("wifi1")?.radarNextChannel ?? null;
  return next && `${channelNumber(next.control)}/${next.width}`;
}

describe("a radio", () => {
  it("on a channel where radar is watched for is told where to go", async () => {
    assert.equal(told(await rig(phy(), "100/80", "100/80")), "36/80");
  });

  it("on any other channel, without radar detection, or without access points is told nothing", async () => {
    const radarNextChannel = parse("36/20");
    assert.equal(told(await rig(phy({ radarNextChannel }), "36/80")), null);
    assert.equal(told(await rig(phy({ radarNextChannel, radar: "disabled" }), "100/80")), null);
    assert.equal(told(await rig(phy({ radarNextChannel }))), null);
  });

  it("whose access points are on different channels keeps what it was told for 5 s", async () => {
    const own = await rig(phy(), "100/80", "100/80");
    own.wireless.overrides.setVif("wifi1", "ap-0", { ap: { channel: parse("36/80") } });
    await own.clock.advance(limits.channelHold - 1_000);
    assert.equal(told(own), "36/80");
    await own.clock.advance(2_000);
    assert.equal(told(own), null);
  });
});
