/**
 * Steering as SIGUSR1 shows it: the sections and labels of deployed devices, in a stable order. What they have and this has
 * not is left out (docs/deviations.md).
 */

import { policyNames } from "../policy-names.ts";
import { field, render, type Tree } from "./lines.ts";
import {
  bssMapTrees,
  bssTrees,
  clientTrees,
  type DumpedStation,
  type DumpedSteering,
  groupTrees,
  neighborTrees,
  stationTrees,
  vifTrees,
} from "./objects.ts";
import { policyTrees, preferenceText } from "./policies.ts";

export function dumpSteering(steering: DumpedSteering): readonly string[] {
  const sections: readonly Tree[] = [
    ["neighbors:", ...neighborTrees(steering)],
    ["vifs:", ...vifTrees(steering)],
    ["clients:", ...clientTrees(steering)],
    ["groups:", ...groupTrees(steering)],
    ["bsses:", ...bssTrees(steering)],
    ["stas:", ...stationTrees(steering)],
  ];
  return [
    ...render("ow: steer: bm: ", sections),
    "ow: steer: stas:",
    ...steering.stations.flatMap(stationLines),
    ...render("osw: bss_map: ", [["bss_tree:", ...bssMapTrees(steering)]]),
  ];
}

function stationLines(station: DumpedStation): readonly string[] {
  const { snapshot, explanation } = station;
  const prefix = `ow: steer: bm: ${shortId(snapshot.group)}: sta: ${snapshot.station}: `;
  const candidates = explanation.candidates.map(({ bssid, preference, by, reason }): Tree => {
    const why = by === "default" ? by : reason;
    return ["candidate:", field("bssid", bssid), `preference: ${preferenceText(preference)} (${why})`];
  });
  const stack = policyNames.flatMap((name): readonly Tree[] => [
    [`policy_stack: ${name}`, ...policyTrees[name](station)],
  ]);
  return render(prefix, ["sta:", ["candidate_list:", ...candidates], ...stack]);
}

/** The first and last four characters of a UUID. */
function shortId(id: string): string {
  return id.length > 8 ? `${id.slice(0, 4)}~${id.slice(-4)}` : id;
}
