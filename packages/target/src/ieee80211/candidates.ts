/** What stands at the end of the BTM frames: candidates, elements of others, and the element of Wi-Fi Agile Multiband. */

import { type Mbo, mboElement, readMbo, vendorElementId } from "./mbo.ts";
import { type NeighborReport, neighborReportElement, neighborReportId, readNeighborReport } from "./neighbor-report.ts";
import { present } from "./octets.ts";
import { readSubelements, type Subelement, subelementOctets } from "./subelements.ts";

export interface CandidateElements {
  readonly candidates: readonly NeighborReport[];
  readonly mbo?: Mbo;
  readonly others?: readonly Subelement[];
}

export function candidateOctets({ candidates, mbo, others = [] }: CandidateElements): number[] {
  return [
    ...candidates.flatMap(neighborReportElement),
    ...others.flatMap(subelementOctets),
    ...(mbo ? mboElement(mbo) : []),
  ];
}

/** Throws `Unreadable` where an element, or the fixed part of a candidate, is cut short. */
export function readCandidates(octets: Uint8Array): CandidateElements {
  const candidates: NeighborReport[] = [];
  const others: Subelement[] = [];
  let mbo: Mbo | undefined;
  for (const each of readSubelements(octets)) {
    if (each.id === neighborReportId) {
      candidates.push(readNeighborReport(each.body));
      continue;
    }
    const found = each.id === vendorElementId && !mbo ? readMbo(each.body) : undefined;
    if (found) mbo = found;
    else others.push(each);
  }
  return present({ candidates, mbo, others: others.length > 0 ? others : undefined });
}
