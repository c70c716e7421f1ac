import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { channelHint, channelWrong, type KnownNode, widthWrong } from "./channel-words.ts";

const node = (name: string, allowed: readonly number[], closed: readonly number[] = [], band = "5G"): KnownNode => ({
  node: name,
  radios: [
    {
      band,
      channels: [
        ...allowed.map((channel) => ({ channel, allowed: true })),
        ...closed.map((channel) => ({ channel, allowed: false })),
      ],
    },
  ],
});
const nodes = [node("gateway", [36, 40, 100], [169, 173]), node("attic", [36, 100])];

describe("the channel of a radio setting", () => {
  it("is one that its nodes can use, else it is said which cannot", () => {
    assert.equal(channelWrong({ band: "5G", channel: 169 }, nodes), "gateway, attic cannot use channel 169 on 5 GHz.");
    assert.equal(channelWrong({ band: "5G", channel: 40 }, nodes), "attic cannot use channel 40 on 5 GHz.");
    assert.equal(channelWrong({ band: "5G", channel: 40, node: "gateway" }, nodes), undefined);
    assert.equal(channelWrong({ band: "5G" }, nodes), undefined);
  });

  it("is chosen among those that they have said", () => {
    assert.equal(channelHint({ band: "5G" }, nodes), "All can use 36, 100");
    assert.equal(channelHint({ band: "5G", node: "gateway" }, nodes), "It can use 36, 40, 100");
  });

  it("is one of a list that is short enough to be read", () => {
    const many = Array.from({ length: 59 }, (_, index) => 1 + 4 * index);
    assert.equal(channelHint({ band: "6G" }, [node("gateway", many, [], "6G")]), "It can use 1, 5, 9, 13 … 233");
  });

  it("is not judged while no node has said what it can", () => {
    assert.equal(channelWrong({ band: "6G", channel: 1 }, nodes), undefined);
    assert.equal(channelHint({ band: "6G" }, nodes), undefined);
    assert.equal(channelHint({ band: "5G" }, [node("new", [])]), undefined);
  });

  it("needs a width", () => {
    assert.match(widthWrong({ channel: 36 }) ?? "", /together with its width/);
    assert.deepEqual([widthWrong({ channel: 36, width: 80 }), widthWrong({})], [undefined, undefined]);
  });
});
