/**
 * Who is moved where. A pure function of what is seen, how careful to be, and what is remembered: the same three give the
 * same decision, whenever it is played again. At most one client is asked at a time, so that the next decision sees what
 * became of the air.
 */

import type { Mac } from "@opensync-ts/base/units";
import * as limits from "../limits.ts";
import { type Alternative, assess, type Prospect, wanted } from "./assess.ts";
import { type Outcome, progress } from "./outcome.ts";
import type { OptimiserPolicy } from "./policy.ts";
import type { Snapshot, SnapshotClient } from "./snapshot.ts";
import { type ClientState, freshClient, type OptimiserState } from "./state.ts";
import { type View, viewOf } from "./view.ts";

export type Decision =
  | {
      readonly kind: "move";
      readonly mac: Mac;
      readonly present: Prospect;
      readonly target: Prospect;
      /** The next best. */
      readonly others: readonly Alternative[];
    }
  | ({ readonly kind: "outcome"; readonly mac: Mac; readonly failures: number; readonly notBefore: number } & Outcome)
  | {
      readonly kind: "stay";
      readonly mac: Mac;
      readonly why: Stay;
      readonly present: Prospect | null;
      readonly others: readonly Alternative[];
    };

export type Stay =
  | "switched off"
  | "its class is not moved"
  | "it walks"
  | "not known whether it walks"
  | "it is nowhere"
  | "its node is not claimed"
  | "the last report is too old"
  | "its signal is not known"
  | "being moved"
  | "it has just come"
  | "resting after the last move"
  | "it is in use"
  | "it is in use, and cannot be asked but thrown out only"
  | "not known whether it is in use"
  | "it has what it wants"
  | "no better place"
  | "others come first";

export interface Decided {
  readonly state: OptimiserState;
  /** One for each client, and one for each move that has ended; in order of addresses. */
  readonly decisions: readonly Decision[];
}

export function decide(snapshot: Snapshot, policy: OptimiserPolicy, state: OptimiserState): Decided {
  const view = viewOf(snapshot);
  const now = snapshot.at;
  const clients = new Map(snapshot.clients.map((client) => [client.mac, client]));
  const known = new Map(state.clients.map((each) => [each.mac, each]));
  for (const mac of clients.keys()) known.set(mac, { ...(known.get(mac) ?? freshClient(mac, now)), seenAt: now });
  const ended: Decision[] = [];
  for (const [mac, before] of known) {
    const { known: after, outcome } = progress(view, clients.get(mac), before, policy);
    known.set(mac, after);
    if (outcome) ended.push({ kind: "outcome", mac, ...outcome, failures: after.failures, notBefore: after.notBefore });
  }
  const considered = [...clients.values()].map((client) =>
    consider(view, client, known.get(client.mac) ?? freshClient(client.mac, now), policy),
  );
  const room = policy.movesAtOnce - [...known.values()].filter(({ move }) => move !== null).length;
  const chosen = room > 0 ? considered.filter(({ target }) => target !== null).sort(byNeed)[0] : undefined;
  if (chosen?.target && chosen.present) {
    const { mac } = chosen.client;
    const { present, target } = chosen;
    const move = {
      ...{ from: present.bssid, to: target.bssid, askedAt: now, arrivedAt: null },
      ...{ scoreBefore: present.scoreMbps, scorePredicted: target.scoreMbps, snrPredicted: target.rawDb },
    };
    known.set(mac, { ...(known.get(mac) ?? freshClient(mac, now)), move });
  }
  const decisions = [...ended, ...considered.map((each) => decisionOf(each, each === chosen))];
  decisions.sort((a, b) => (a.mac < b.mac ? -1 : a.mac > b.mac ? 1 : 0));
  return { decisions, state: { clients: remembered([...known.values()], now, policy) } };
}

interface Considered {
  readonly client: SnapshotClient;
  readonly stay: Stay | null;
  readonly present: Prospect | null;
  readonly target: Prospect | null;
  readonly others: readonly Alternative[];
}

function consider(view: View, client: SnapshotClient, known: ClientState, policy: OptimiserPolicy): Considered {
  const nothing = { client, present: null, target: null, others: [] };
  const stay = gate(view, client, known, policy);
  if (stay) return { ...nothing, stay };
  const { present, alternatives } = assess({ view, client, known, policy });
  if (!present) return { ...nothing, stay: "its signal is not known" };
  const [best, ...rest] = alternatives;
  const target = best?.fit ? best : null;
  const others = (target ? rest : alternatives).slice(0, limits.alternativesTold);
  const content = present.scoreMbps >= wanted(client);
  return {
    client,
    present,
    target,
    others,
    stay: target ? null : content ? "it has what it wants" : "no better place",
  };
}

/** Why nothing is to be done about a client, whatever there would be for it. */
function gate(
  { snapshot, bsses, nodes }: View,
  client: SnapshotClient,
  known: ClientState,
  policy: OptimiserPolicy,
): Stay | null {
  const now = snapshot.at;
  const bss = client.bssid === null ? undefined : bsses.get(client.bssid);
  if (!policy.enabled) return "switched off";
  if (client.eligible === "never") return "its class is not moved";
  if (client.eligible === "static" && client.mobility === "mobile") return "it walks";
  if (client.eligible === "static" && client.mobility === "unknown") return "not known whether it walks";
  if (known.move) return "being moved";
  if (!bss) return "it is nowhere";
  if (!nodes.get(bss.node)?.claimed) return "its node is not claimed";
  if (now - client.at > policy.staleMs || client.at > now) return "the last report is too old";
  if (now - client.since < policy.guardMs) return "it has just come";
  if (known.notBefore > now) return "resting after the last move";
  if (policy.idleOnly && client.idle === null) return "not known whether it is in use";
  if (policy.idleOnly && client.idle === false) return "it is in use";
  // Without 802.11v a move costs it up to a minute without service.
  if (!client.ability.btm && client.idle !== true) return "it is in use, and cannot be asked but thrown out only";
  return null;
}

/** Those first who have the least of what they want; then those who win most. */
function byNeed(a: Considered, b: Considered): number {
  const content = ({ client, present }: Considered) => (present?.scoreMbps ?? 0) / wanted(client);
  const won = ({ present, target }: Considered) => (target?.scoreMbps ?? 0) - (present?.scoreMbps ?? 0);
  return content(a) - content(b) || won(b) - won(a) || (a.client.mac < b.client.mac ? -1 : 1);
}

function decisionOf({ client: { mac }, stay, present, target, others }: Considered, isChosen: boolean): Decision {
  if (isChosen && present && target) return { kind: "move", mac, present, target, others };
  return {
    ...{ kind: "stay", mac, present },
    why: stay ?? "others come first",
    others: target ? [{ ...target, fit: true as const }, ...others].slice(0, limits.alternativesTold) : others,
  };
}

/** Who has not been seen for as long as anything is held against anybody is forgotten. */
function remembered(all: readonly ClientState[], now: number, { blockMs }: OptimiserPolicy): ClientState[] {
  return all
    .filter(({ move, seenAt }) => move !== null || now - seenAt <= blockMs)
    .sort(
      (a, b) => Number(b.move !== null) - Number(a.move !== null) || b.seenAt - a.seenAt || (a.mac < b.mac ? -1 : 1),
    )
    .slice(0, limits.clients)
    .sort((a, b) => (a.mac < b.mac ? -1 : 1));
}
