import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Candidate } from "./candidate-words.ts";
import { type Explanation, isBeingMoved, stayText, whyThere } from "./why-there.ts";

const now = Date.parse("2026-08-01T18:00:00Z");
const mac = "02:00:00:00:00:01";
const spot = (node: string, band: string) => ({ bssid: `${node} ${band}`, node, band, channel: 36 });

function candidate(node: string, band: string, more: Partial<Candidate> = {}): Candidate {
  return {
    ...{ bssid: `${node} ${band}`, node, band, channel: 36, width: 80, isPresent: false, snrDb: 30, heardBy: "link" },
    ...{
      linkMbps: 200,
      capacityMbps: 100,
      scoreMbps: 30,
      freePercent: 60,
      bottleneck: 0,
      fit: false,
      why: "no better",
      measured: null,
    },
    ...more,
  };
}

const here = candidate("gateway", "2.4G", { isPresent: true, why: null, capacityMbps: 120, scoreMbps: 20 });

function explanation(more: Partial<Explanation> = {}): Explanation {
  return {
    ...{ mac, mode: "on", class: "tv", confidence: 1, mobility: "static", profile: "tv", profiles: ["tv"] },
    ...{ decision: { kind: "stay", why: "no better place" }, wantsMbps: 30, leastSnrDb: 18, bands: ["2.4G", "5G"] },
    ...{
      bandsComplete: true,
      allowed: [],
      closed: [],
      on: [],
      offAir: [],
      candidates: [here],
      moving: null,
      blocked: [],
      attempts: [],
      failures: 0,
    },
    ...{ policies: [], text: [], notBefore: null },
    ...more,
  } as Explanation;
}

const why = (of: Explanation | undefined, band: string | null = "2.4G") =>
  whyThere({ band, explanation: of, now, moment: (at) => new Date(at).toISOString().slice(11, 16) });

const policy = (more: Partial<Explanation["policies"][number]>) => ({
  ...{ id: "p", label: null, scope: { kind: "device" as const, name: mac }, until: null, stated: "policies[0]" },
  action: { kind: "band" as const, prefer: "2.4G", only: true },
  ...more,
});

const cases: readonly (readonly [name: string, of: Explanation | undefined, said: string])[] = [
  ["a client with one band", explanation({ bands: ["2.4G"] }), "It is on 2.4 GHz because it only has 2.4 GHz."],
  [
    "one that its owner holds there",
    explanation({
      policies: [policy({ id: "band-020000000001", until: "2026-08-01T18:30:00Z" })],
      candidates: [here, candidate("gateway", "5G", { why: "band not allowed" })],
    }),
    "It is on 2.4 GHz because you asked for 2.4 GHz until 18:30.",
  ],
  [
    "one that a rule of all holds there",
    explanation({ policies: [policy({ label: "Old things", scope: { kind: "everybody", name: null } })] }),
    "It is on 2.4 GHz because the rule “Old things” asks for 2.4 GHz.",
  ],
  [
    "one that cannot follow a rule",
    explanation({ bands: ["2.4G"], policies: [policy({ action: { kind: "band", prefer: "5G", only: true } })] }),
    "It is on 2.4 GHz because it only has 2.4 GHz.",
  ],
  [
    "one that would be slower elsewhere",
    explanation({ candidates: [here, candidate("gateway", "5G", { capacityMbps: 86 })] }),
    "It is on 2.4 GHz because 5 GHz at gateway would be slower: 86 instead of 120 Mbit/s.",
  ],
  [
    "one that has all it wants",
    explanation({ candidates: [{ ...here, scoreMbps: 30 }, candidate("gateway", "5G", { capacityMbps: 200 })] }),
    "It is on 2.4 GHz because it wants some 30 Mbit/s and can have 120 there, so that 5 GHz at gateway, with 200, would be no gain.",
  ],
  [
    "one that would gain too little",
    explanation({ candidates: [{ ...here, scoreMbps: 25 }, candidate("gateway", "5G", { capacityMbps: 200 })] }),
    "It is on 2.4 GHz because 5 GHz at gateway would not be enough of a gain to interrupt it: 30 instead of 25 Mbit/s of what it wants.",
  ],
  [
    "one that the cloud does not see there yet",
    explanation({ candidates: [], decision: { kind: "stay", why: "it is nowhere" } }),
    "It is on 2.4 GHz and looked at anew there: places are compared as soon as its node has reported how well it is heard.",
  ],
  [
    "one that is too far away",
    explanation({ candidates: [here, candidate("attic", "5G", { why: "too weak", snrDb: 12.3 })] }),
    "It is on 2.4 GHz because 5 GHz at attic is too weak where it stands: 12 dB, and 18 dB are needed.",
  ],
  [
    "one that nobody has heard elsewhere",
    explanation({ candidates: [here, candidate("gateway", "5G", { why: "signal unknown", capacityMbps: null })] }),
    "It is on 2.4 GHz because nobody has heard it on 5 GHz yet, so that nothing better is known.",
  ],
  [
    "one at whose node the better band is off the air as it listens for radar",
    explanation({
      offAir: [{ node: "gateway", band: "5G", why: "radar" }],
      candidates: [here, candidate("attic", "5G", { why: "signal unknown", capacityMbps: null })],
    }),
    "It is on 2.4 GHz because 5 GHz at gateway is not on the air now: it listens for radar before it may use its channel.",
  ],
  [
    "one of the same, which has just come and of which no place is compared yet",
    explanation({
      on: [{ bssid: "gateway 2.4G", node: "gateway", band: "2.4G", channel: 6 }],
      offAir: [{ node: "gateway", band: "5G", why: "off" }],
      candidates: [],
    }),
    "It is on 2.4 GHz because 5 GHz at gateway is not on the air now: it is off.",
  ],
  [
    "one that has not the band that is off the air",
    explanation({ bands: ["2.4G"], offAir: [{ node: "gateway", band: "5G", why: "off" }] }),
    "It is on 2.4 GHz because it only has 2.4 GHz.",
  ],
  [
    "one at another node than that which is off the air",
    explanation({
      offAir: [{ node: "attic", band: "5G", why: "radar" }],
      candidates: [here, candidate("gateway", "5G", { why: "signal unknown", capacityMbps: null })],
    }),
    "It is on 2.4 GHz because nobody has heard it on 5 GHz yet, so that nothing better is known.",
  ],
  [
    "one whose key does not open the better band",
    explanation({
      bands: ["2.4G", "5G", "6G"],
      candidates: [here, candidate("gateway", "6G", { why: "its key does not open the band" })],
    }),
    "It is on 2.4 GHz because its key does not open 6 GHz, where only the network’s first key works.",
  ],
  [
    "one that does not have the band that its key does not open",
    explanation({
      bands: ["2.4G", "5G"],
      bandsComplete: true,
      candidates: [
        here,
        candidate("gateway", "6G", { why: "its key does not open the band" }),
        candidate("attic", "2.4G", { capacityMbps: 86 }),
      ],
    }),
    "It is on 2.4 GHz because 2.4 GHz at attic would be slower: 86 instead of 120 Mbit/s.",
  ],
  [
    "one whose key does not open the best band, of the next one",
    explanation({
      candidates: [
        here,
        candidate("gateway", "6G", { why: "its key does not open the band" }),
        candidate("gateway", "5G", { why: "signal unknown", capacityMbps: null }),
      ],
    }),
    "It is on 2.4 GHz because nobody has heard it on 5 GHz yet, so that nothing better is known.",
  ],
  [
    "one that is to be on a band that its key does not open",
    explanation({
      closed: ["6G"],
      policies: [policy({ label: "Fast", action: { kind: "band", prefer: "6G", only: true } })],
    }),
    "It is on 2.4 GHz although the rule “Fast” asks for 6 GHz: its key does not open 6 GHz.",
  ],
  [
    "one that does as it likes",
    explanation({
      failures: 2,
      notBefore: "2026-08-01T18:40:00Z",
      attempts: [
        {
          ...{ askedAt: "2026-08-01T17:40:00Z", endedAt: "2026-08-01T17:43:00Z", result: "did not go" },
          ...{ from: spot("gateway", "2.4G"), to: spot("gateway", "5G"), before: 20, predicted: 30, after: null },
        },
      ],
    }),
    "It is on 2.4 GHz because it did not follow two requests to move to 5 GHz at gateway; asked again at 18:40 at the earliest.",
  ],
  [
    "one that is on its way",
    explanation({ moving: { to: spot("attic", "5G"), askedAt: "2026-08-01T17:59:00Z", arrivedAt: null } }),
    "It is on 2.4 GHz and has been asked at 17:59 to go to 5 GHz at attic.",
  ],
  [
    "one that is in use",
    explanation({
      decision: { kind: "stay", why: "it is in use" },
      candidates: [here, candidate("attic", "5G", { fit: true, why: null })],
    }),
    "It is on 2.4 GHz although 5 GHz at attic would be better (30 instead of 20 Mbit/s): it is in use, and is not interrupted.",
  ],
  [
    "one where the cloud only recommends",
    explanation({ mode: "recommend", candidates: [here, candidate("attic", "5G", { fit: true, why: null })] }),
    "It is on 2.4 GHz although 5 GHz at attic would be better (30 instead of 20 Mbit/s): the cloud only recommends here, and moves nobody.",
  ],
  [
    "one of a home without steering",
    explanation({ mode: "off" }),
    "It is on 2.4 GHz because it chose that itself: moving clients is switched off here.",
  ],
  [
    "one that nobody may move",
    explanation({ policies: [policy({ action: { kind: "unsteered" } })] }),
    "It is on 2.4 GHz because it chose that itself: a rule says that nobody moves it.",
  ],
  [
    "one that came back before",
    explanation({
      candidates: [here, candidate("attic", "5G", { why: "did not work out before" })],
      blocked: [{ from: spot("gateway", "2.4G"), to: spot("attic", "5G"), until: "2026-08-02T09:15:00Z" }],
    }),
    "It is on 2.4 GHz because moving it to 5 GHz at attic did not work out before; tried again after 09:15.",
  ],
  [
    "one that has come there just now",
    explanation({
      decision: { kind: "stay", why: "its signal is not known" },
      candidates: [
        { ...here, snrDb: null, capacityMbps: null },
        candidate("gateway", "5G", { why: null, capacityMbps: null, heardBy: "other band" }),
      ],
    }),
    "It is on 2.4 GHz and looked at anew there: places are compared as soon as its node has reported how well it is heard.",
  ],
  [
    "one alone with its node",
    explanation(),
    "It is on 2.4 GHz because it chose that itself, and there is no better place for it.",
  ],
  [
    "one that lacks the other bands, as far as anybody has seen",
    explanation({
      ...{ bands: ["2.4G"], bandsComplete: false },
      candidates: [here, candidate("gateway", "5G", { why: "cannot use the band" })],
    }),
    "It is on 2.4 GHz because that is the best band it has been seen to use.",
  ],
  [
    "one of which the cloud knows nothing",
    undefined,
    "It is on 2.4 GHz. Why is not known: the cloud has not seen enough of it yet.",
  ],
];

describe("why a client is where it is", () => {
  for (const [name, of, said] of cases) it(`is one sentence for ${name}`, () => assert.equal(why(of), said));

  it("tells of a hold that has ended as what has brought it there, with the one reason why it stays", () => {
    const said = (more: Partial<Explanation>) =>
      whyThere({
        ...{ band: "2.4G", explanation: explanation(more), held: { band: "2.4G", endedAt: now }, now },
        moment: () => "18:00",
      });
    assert.equal(
      said({ candidates: [{ ...here, scoreMbps: 30 }, candidate("gateway", "5G", { capacityMbps: 484 })] }),
      "It is on 2.4 GHz, where it was held until 18:00, and stays because it wants some 30 Mbit/s and can have 120 there, " +
        "so that 5 GHz at gateway, with 484, would be no gain.",
    );
    assert.equal(
      said({
        candidates: [here, candidate("gateway", "5G", { fit: true, why: null })],
        decision: { kind: "stay", why: "it has just come" },
      }),
      "It is on 2.4 GHz, where it was held until 18:00, and stays although 5 GHz at gateway would be better " +
        "(30 instead of 20 Mbit/s): it has just come, and is left alone for some minutes.",
    );
    assert.match(
      said({ candidates: [] }),
      /^It is on 2\.4 GHz, where it was held until 18:00, and looked at anew there: /,
    );
    assert.match(
      said({ mode: "off" }),
      /, and stays because moving clients is switched off here\.$/,
      "it chose nothing",
    );
    assert.match(said({}), /, and stays because there is no better place for it\.$/);
    assert.doesNotMatch(said({ policies: [policy({})] }), /was held/, "a rule holds it now");
  });

  it("is a rule also where 5 GHz is two bands", () => {
    const rule = policy({ label: "Fast", action: { kind: "band", prefer: "5G", only: true } });
    assert.match(why(explanation({ policies: [rule] }), "5GL"), /because the rule “Fast” asks for 5 GHz\.$/);
  });

  it("is that it is not connected, when it is not", () =>
    assert.equal(why(explanation(), null), "It is not connected."));

  it("has words for each reason to stay, and gives one it does not know as it is", () => {
    assert.match(stayText("it walks"), /carried around/);
    assert.equal(stayText("something new"), "something new");
    assert.equal(stayText(null), "nothing better is known");
  });
});

describe("a client that is to be elsewhere", () => {
  const until = "2026-08-01T18:30:00Z";
  const hold = policy({
    ...{ id: `band-${mac.replaceAll(":", "")}`, action: { kind: "band", prefer: "2.4G", only: true }, until },
  });

  it("is still where it was, and said to be moved, until it is there", () => {
    assert.equal(
      why(explanation({ policies: [hold] }), "5G"),
      "It is on 5 GHz still, and is being moved to 2.4 GHz, as you asked for 2.4 GHz until 18:30.",
    );
    assert.match(why(explanation({ policies: [hold] }), "2.4G"), /because you asked for 2\.4 GHz/);
  });

  it("was there when its node was heard of last, where that is not reached", () => {
    const at = Date.parse("2026-08-01T17:58:00Z");
    const moment = (time: number) => new Date(time).toISOString().slice(11, 16);
    assert.equal(
      whyThere({ band: "5G", lastKnown: { node: "gateway", at }, explanation: explanation(), now, moment }),
      "It was on 5 GHz at gateway at 17:58, when that node was heard of last; where it is now is not known.",
    );
  });

  it("is looked at more often until it is there", () => {
    const device = (band: string, lastKnownAt: string | null = null) =>
      ({ band: { prefer: "2.4G", only: true, until, told: true }, now: { band, lastKnownAt } }) as never;
    assert.equal(isBeingMoved(device("5G"), undefined), true);
    assert.equal(isBeingMoved(device("2.4G"), explanation()), false);
    assert.equal(isBeingMoved(device("5G", until), undefined), false, "nobody can tell");
    const moving = { to: spot("attic", "5G"), askedAt: until, arrivedAt: null };
    assert.equal(isBeingMoved(device("2.4G"), explanation({ moving })), true);
  });
});
