/** What the cloud remembers of one client: what it is, whether it walks, and what it was last seen with. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import { type Classification, classify } from "../classify.ts";
import { type Evidence, type EvidenceSources, evidenceOf, homeBands, type RadioEvidence } from "../evidence.ts";
import { generations } from "../generations.ts";
import type { Sample } from "../mobility/day.ts";
import { addToHistory, closeDays, emptyHistory, type History, type Mobility, mobilityOf } from "../mobility/history.ts";
import { type Ability, mostRate } from "../optimiser/rates.ts";
import type { Profiles } from "../profiles.ts";

/** Plain JSON. Times are ms since 1970. */
export interface KnownClient {
  readonly mac: Mac;
  readonly seenAt: number;
  readonly evidence: Evidence;
  readonly classification: Classification;
  readonly history: History;
  readonly mobility: Mobility;
  /** The network that it was in last, and by which key. */
  readonly network: string | null;
  readonly key: string | null;
}

export function newClient(mac: Mac, at: number, profiles: Profiles): KnownClient {
  const evidence = evidenceOf({ mac });
  return {
    ...{ mac, seenAt: at, evidence, classification: classify(evidence, profiles) },
    ...{ history: emptyHistory, mobility: mobilityOf(emptyHistory), network: null, key: null },
  };
}

/** What it is called where nobody has given it a name; undefined: it has said nothing, and it cannot be told what it is. */
export function lastNameOf({ mac, evidence, classification }: KnownClient): string | undefined {
  const { hostname = "" } = evidence;
  if (hostname.trim() !== "" && parseMac(hostname) === undefined) return hostname;
  if (classification.class === "unknown") return undefined;
  // There may be several of a kind.
  const { class: kind } = classification;
  return `${shortNames[kind] ?? kind.replaceAll("-", " ")} ${mac.slice(-5)}`;
}

/** Of kinds of devices whose own are not for people. */
const shortNames: Readonly<Record<string, string>> = {
  ...{ iot: "smart device", tv: "television", "voip-handset": "telephone", "laptop-wifi7": "laptop" },
  ...{ "modern-phone": "phone", "older-phone": "phone", "doorbell-camera": "camera" },
};

/** What was said once holds until something else is said. */
export function withEvidence(client: KnownClient, sources: EvidenceSources, profiles: Profiles): KnownClient {
  const evidence = mergeEvidence(client.evidence, evidenceOf(sources));
  if (JSON.stringify(evidence) === JSON.stringify(client.evidence)) return client;
  return { ...client, evidence, classification: classify(evidence, profiles) };
}

/** `asked`: the cloud or its node has asked it to go where it is now. */
export function withSample(client: KnownClient, sample: Sample, zone: string, asked: boolean): KnownClient {
  return withHistory(client, addToHistory(client.history, sample, zone, asked));
}

/** The night's work. */
export function withDaysClosed(client: KnownClient, now: number, zone: string): KnownClient {
  const { history } = client;
  const closed = closeDays(history, now, zone);
  const same = closed.today === history.today && closed.days.length === history.days.length;
  return same ? client : withHistory(client, closed);
}

function withHistory(client: KnownClient, history: History): KnownClient {
  const mobility = history.days === client.history.days ? client.mobility : mobilityOf(history);
  return { ...client, history, mobility };
}

export function mergeEvidence(before: Evidence, fresh: Evidence): Evidence {
  return { ...before, ...fresh, radio: mergeRadio(before.radio, fresh.radio) };
}

/** Whether a link that it was seen to have says more than those before. */
export function isMore(shown: Ability | undefined, before: Ability | undefined): boolean {
  return shown !== undefined && (before === undefined || mostRate(shown) > mostRate(before));
}

/** What a device could once it can: an association with less says that its access point could no more. */
function mergeRadio(before: RadioEvidence, fresh: RadioEvidence): RadioEvidence {
  const bands = homeBands.filter((band) => before.bands?.includes(band) || fresh.bands?.includes(band));
  const newest = Math.max(
    ...[before, fresh].map(({ generation }) => (generation ? generations.indexOf(generation) : -1)),
  );
  const generation = generations[newest];
  const shown = isMore(fresh.shown, before.shown) ? fresh.shown : before.shown;
  return {
    ...{ ...before, ...fresh },
    ...most("streams", before, fresh),
    ...most("maxWidth", before, fresh),
    ...(shown && { shown }),
    ...(bands.length > 0 && { bands, bandsComplete: Boolean(before.bandsComplete || fresh.bandsComplete) }),
    ...(generation && { generation }),
  };
}

function most(name: "streams" | "maxWidth", before: RadioEvidence, fresh: RadioEvidence): RadioEvidence {
  const known = [before[name], fresh[name]].filter((value) => value !== undefined);
  return known.length === 0 ? {} : { [name]: Math.max(...known) };
}
