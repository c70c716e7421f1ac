/** Why a client is where it is, as figures for people and the API: all the places it could be, with what speaks against each. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { HomeBand } from "../evidence.ts";
import {
  type Alternative,
  type Asked,
  assess,
  lacking,
  type Prospect,
  type Unfit,
  wanted,
} from "../optimiser/assess.ts";
import type { Decision, Stay } from "../optimiser/decide.ts";
import type { OptimiserPolicy } from "../optimiser/policy.ts";
import { signalAt } from "../optimiser/signal.ts";
import type { Snapshot, SnapshotBss, SnapshotClient } from "../optimiser/snapshot.ts";
import { type ClientState, freshClient } from "../optimiser/state.ts";
import { viewOf } from "../optimiser/view.ts";

/** An access point of the client's network. What is not known is null. */
export interface Candidate {
  readonly bssid: Mac;
  readonly node: string;
  readonly band: HomeBand;
  readonly channel: number;
  /** MHz. */
  readonly width: number;
  /** The client is there. */
  readonly isPresent: boolean;
  readonly snrDb: number | null;
  /**
   * Who measured it: the link itself, the client, the access point; or it is told from another band of the node. `earlier`: the link when
   * the client was there before, as nothing is reported of it since it is there now.
   */
  readonly heardBy: Prospect["by"] | "earlier" | null;
  /** What was measured at this very access point last, also where that is too old to count; `at`: ms since 1970. */
  readonly measured: { readonly snrDb: number; readonly at: number } | null;
  /** Of the radio link; end to end; and of that what it wants: Mbit/s. */
  readonly linkMbps: number | null;
  readonly capacityMbps: number | null;
  readonly scoreMbps: number | null;
  /** Of the air that bounds it, what others leave. */
  readonly freePercent: number | null;
  /** Which hop of the way to the gateway bounds it; 0: the client's own link. */
  readonly bottleneck: number | null;
  /** It would be moved there. */
  readonly fit: boolean;
  /** Why not. */
  readonly why: Unfit | null;
}

export interface ClientReasons {
  /** What would be decided on it now. */
  readonly decision: { readonly kind: "move" | "stay"; readonly why: Stay | null };
  /** At hand when it is used, Mbit/s; null: it is not seen at present. */
  readonly wantsMbps: number | null;
  /** Bands that it is known to use, and that it may be sent to by what the home says; empty: nothing is known, all. */
  readonly bands: readonly HomeBand[];
  readonly allowed: readonly HomeBand[];
  /** Bands of its network that its key does not open. */
  readonly closed: readonly HomeBand[];
  /** The one it is at first, then the best. */
  readonly candidates: readonly Candidate[];
}

export interface ReasonsInput {
  readonly snapshot: Snapshot;
  readonly policy: OptimiserPolicy;
  /** What is remembered of it. */
  readonly known: ClientState | undefined;
  /** As `decide` has them of this snapshot. */
  readonly decisions: readonly Decision[];
  readonly mac: Mac;
}

export function reasonsOf({ snapshot, policy, known, decisions, mac }: ReasonsInput): ClientReasons {
  const client = snapshot.clients.find((each) => each.mac === mac);
  const decided = decisions.find((each) => each.mac === mac && each.kind !== "outcome");
  const decision = {
    kind: decided?.kind === "move" ? ("move" as const) : ("stay" as const),
    why: decided?.kind === "stay" ? decided.why : decided ? null : ("it is nowhere" as const),
  };
  if (!client) return { decision, wantsMbps: null, bands: [], allowed: [], closed: [], candidates: [] };
  const asked: Asked = { view: viewOf(snapshot), client, known: known ?? freshClient(mac, snapshot.at), policy };
  return {
    decision,
    wantsMbps: wanted(client),
    bands: client.ability.bands,
    allowed: client.allowed,
    closed: client.closed ?? [],
    candidates: candidatesOf(asked),
  };
}

function candidatesOf(asked: Asked): readonly Candidate[] {
  const { view, client, known, policy } = asked;
  const here = client.bssid === null ? undefined : view.bsses.get(client.bssid);
  if (!here) return [];
  const { present, alternatives } = assess(asked);
  const measured = candidate(asked, here, present, { isPresent: true, fit: false, why: null });
  const first = present && client.snrDb === null ? { ...measured, heardBy: "earlier" as const } : measured;
  if (present) {
    return [first, ...alternatives.flatMap((other) => ofAlternative(asked, view.bsses.get(other.bssid), other))];
  }
  // Nothing can be compared with what it has; how it would be heard elsewhere is known all the same.
  const others = view.snapshot.bsses.filter(({ bssid, network }) => bssid !== here.bssid && network === here.network);
  return [
    first,
    ...others.map((bss) => {
      const signal = signalAt(view, client, bss, known, policy);
      const why = lacking(client, bss) ?? (signal ? null : "signal unknown");
      return candidate(asked, bss, signal, { isPresent: false, fit: false, why });
    }),
  ];
}

function ofAlternative(asked: Asked, bss: SnapshotBss | undefined, other: Alternative): readonly Candidate[] {
  // It stays within its network: the others are no places for it.
  if (!bss || (!other.fit && other.why === "another network")) return [];
  const { view, client, known, policy } = asked;
  // Where it may not go, how it would be heard decides nothing, and is known all the same.
  const heard = other.snrDb === undefined ? signalAt(view, client, bss, known, policy) : null;
  const said = { isPresent: false, fit: other.fit, why: other.fit ? null : other.why };
  return [candidate(asked, bss, { ...other, ...heard }, said)];
}

function candidate(
  { client }: Asked,
  { bssid, node, band, channel, width }: SnapshotBss,
  has: Partial<Prospect> | null,
  said: Pick<Candidate, "isPresent" | "fit" | "why">,
): Candidate {
  const { snrDb, by, linkMbps, capacityMbps, scoreMbps, free, bottleneck } = has ?? {};
  return {
    ...{ bssid, node, band, channel, width, ...said },
    ...{ snrDb: snrDb ?? null, heardBy: by ?? null, linkMbps: linkMbps ?? null },
    ...{ capacityMbps: capacityMbps ?? null, scoreMbps: scoreMbps ?? null, bottleneck: bottleneck ?? null },
    freePercent: free === undefined ? null : free * 100,
    measured: measuredAt(client, bssid),
  };
}

function measuredAt({ heard, ...client }: SnapshotClient, bssid: Mac): Candidate["measured"] {
  if (client.bssid === bssid && client.snrDb !== null) return { snrDb: client.snrDb, at: client.at };
  const found = heard.find((each) => each.bssid === bssid);
  return found ? { snrDb: found.snrDb, at: found.at } : null;
}
