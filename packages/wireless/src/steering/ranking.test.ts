import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CandidateList } from "./candidates.ts";
import type { Bss, StationSnapshot } from "./model.ts";
import type { Move } from "./moves.ts";
import { offerOf, type Refusal } from "./ranking.ts";
import { ap24, ap50, far24, far50, StationRig } from "./testing/station-rig.ts";

interface Case {
  readonly bsses?: readonly Bss[];
  readonly snapshot?: Partial<StationSnapshot>;
  readonly refusals?: readonly Refusal[];
  readonly weak?: boolean;
  readonly moves?: readonly Move[];
  readonly band?: Bss["band"] | null;
  readonly filters?: boolean;
}

/** The last four digits of each, in order. */
function offered({
  bsses = [ap24, ap50, far24, far50],
  snapshot = {},
  refusals = [],
  weak = false,
  moves = [],
  band = null,
  filters = true,
}: Case) {
  const list = new CandidateList(bsses);
  list.finish();
  const offer = offerOf({
    candidates: list.all,
    snapshot: { ...new StationRig({ bsses }).snapshot, ...snapshot },
    settings: { filterByBeaconReport: filters, filterByBtmStatus: filters, betterBy: 3, reportAge: 15_000 },
    refusals,
    weak,
    band,
    holdsReturns: true,
    moves,
    now: 20_000,
  });
  return offer.offered.map(({ bss }) => bss.bssid.slice(-5));
}

const links = [{ address: ap24.bssid, vif: "home-ap-24", bssid: ap24.bssid, connectedAt: 0, snr: 20 }];
const report = ({ bssid }: Bss, rcpi: number, at = 20_000) => ({ bssid, rcpi, at });

describe("what is offered to a client", () => {
  const cases: readonly (readonly [string, Case, readonly string[]])[] = [
    ["never the BSS that it is on", { bsses: [ap24, ap50], snapshot: { links } }, ["00:50"]],
    ["neighbours by priority, the lowest number first; then ours", {}, ["99:50", "00:50", "00:24", "99:24"]],
    ["only those of the band that it is sent to", { band: "2.4G" }, ["00:24", "99:24"]],
    ["lower bands first to one whose signal is weak", { bsses: [ap50, ap24], weak: true }, ["00:24", "00:50"]],
    [
      "less loaded channels first",
      {
        bsses: [
          { ...ap50, load: 90 },
          { ...ap24, load: 10 },
        ],
      },
      ["00:24", "00:50"],
    ],
    [
      "first what it measured as 3 dB better than where it is",
      { snapshot: { links, beaconReports: [report(ap24, 100), report(ap50, 106), report(far50, 104)] } },
      ["00:50", "99:50", "99:24"],
    ],
    [
      "by priority where its report is older than 15 s",
      { snapshot: { links, beaconReports: [report(ap24, 100, 4_999), report(ap50, 106, 4_999)] } },
      ["99:50", "00:50", "99:24"],
    ],
    [
      "nothing that it hardly hears",
      { bsses: [ap24, ap50], snapshot: { links, beaconReports: [report(ap24, 100), report(ap50, 50)] } },
      [],
    ],
    [
      "that too without neighbor_list_filter_by_beacon_report",
      {
        bsses: [ap24, ap50],
        filters: false,
        snapshot: { links, beaconReports: [report(ap24, 100), report(ap50, 50)] },
      },
      ["00:50"],
    ],
    ["nothing that it refused lately", { bsses: [ap50], refusals: [{ bssid: ap50.bssid, until: 20_001 }] }, []],
    ["what it refused long ago", { bsses: [ap50], refusals: [{ bssid: ap50.bssid, until: 20_000 }] }, ["00:50"]],
    [
      "not where it came from less than five minutes ago",
      { snapshot: { links }, moves: [{ from: far24.bssid, to: ap24.bssid, at: -279_999 }] },
      ["99:50", "00:50"],
    ],
    [
      "where it came from five minutes ago",
      { snapshot: { links }, moves: [{ from: far24.bssid, to: ap24.bssid, at: -280_000 }] },
      ["99:50", "00:50", "99:24"],
    ],
    [
      "nothing where it is best off where it came from: asked to leave, it would go back",
      { snapshot: { links }, moves: [{ from: far50.bssid, to: ap24.bssid, at: 0 }] },
      [],
    ],
    [
      "where it came from, if it is hardly heard any more",
      {
        snapshot: { links: links.map((link) => ({ ...link, snr: 9 })) },
        moves: [{ from: far50.bssid, to: ap24.bssid, at: 0 }],
      },
      ["99:50", "00:50", "99:24"],
    ],
    [
      "where it went from, whatever way it took to come here",
      { snapshot: { links }, moves: [{ from: far50.bssid, to: far24.bssid, at: 0 }] },
      ["99:50", "00:50", "99:24"],
    ],
  ];
  for (const [title, example, expected] of cases) {
    it(`${title}`, () => {
      assert.deepEqual(offered(example), expected);
    });
  }
});
