/** What stations of the world say to their access points, as the frames that a driver receives. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import { channelNumber } from "@opensync-ts/target/channels";
import { type Action, buildActionFrame, toAccessPoint } from "@opensync-ts/target/ieee80211/action";
import { buildAssociationRequest } from "@opensync-ts/target/ieee80211/association-request";
import type { BeaconReport } from "@opensync-ts/target/ieee80211/beacon-report";
import type { BeaconRequest } from "@opensync-ts/target/ieee80211/beacon-request";
import { buildManagementFrame, managementSubtypes } from "@opensync-ts/target/ieee80211/management-frame";
import type { MeasurementReport } from "@opensync-ts/target/ieee80211/measurement";
import { frequenciesOfClass, operatingClass20Of } from "@opensync-ts/target/ieee80211/operating-class";
import type { BeaconAnswer, MeasuredBss } from "@opensync-ts/world/beacon-measurement";
import type { ClientMessage } from "@opensync-ts/world/requests";
import { type Akm, isSae } from "@opensync-ts/world/security";
import type { AirChannel } from "@opensync-ts/world/spectrum";
import type { TransitionCandidate } from "@opensync-ts/world/transition";
import { tokensOf } from "./frames-to-stations.ts";

export interface Sender {
  readonly station: Mac;
  readonly bssid: Mac;
}

export interface MessageContext {
  /** The channel of a BSS on the air. */
  readonly channelOf: (bssid: Mac) => AirChannel | null;
  /** What a beacon report answers; `null`: it is not known any more. */
  readonly asked: BeaconRequest | null;
}

export function messageFrame(message: ClientMessage, sender: Sender, context: MessageContext): Uint8Array {
  return buildActionFrame(toAccessPoint(sender.station, sender.bssid), actionOf(message, context));
}

/** The first frame of an authentication (IEEE 802.11-2020 §9.3.3.11): by which algorithm a client comes. */
export function authenticationFrame({ station, bssid }: Sender, akm: Akm | null, fast: boolean): Uint8Array {
  const algorithm = fast ? algorithms.fastTransition : akm !== null && isSae(akm) ? algorithms.sae : algorithms.open;
  return buildManagementFrame({
    ...toAccessPoint(station, bssid),
    subtype: managementSubtypes.authentication,
    duration: 60,
    // Algorithm, transaction 1, status 0.
    body: Uint8Array.of(algorithm, 0, 1, 0, 0, 0),
  });
}

/** How a client asks to be let in once it is authenticated; `from`: it comes from that access point. */
export function associationFrame({ station, bssid }: Sender, from: Mac | null, elements: Uint8Array): Uint8Array {
  return buildAssociationRequest(toAccessPoint(station, bssid), {
    // ESS, privacy, short slot time.
    capability: 0x0411,
    listenInterval: 10,
    ...(from === null ? {} : { currentAp: from }),
    elements,
  });
}

const algorithms = { open: 0, fastTransition: 2, sae: 3 } as const;

function actionOf(message: ClientMessage, context: MessageContext): Action {
  switch (message.kind) {
    case "transition answer": {
      const { token, status, target, candidates } = message.answer;
      return {
        kind: "btm-response",
        token,
        status,
        terminationDelay: 0,
        ...(target === null ? {} : { target }),
        candidates: neighborsOf(candidates, context),
      };
    }
    case "transition query": {
      const { token, reason, candidates } = message;
      return { kind: "btm-query", token, reason, candidates: neighborsOf(candidates, context) };
    }
    case "neighbor request":
      return { kind: "neighbor-report-request", token: message.token, ssid: new TextEncoder().encode(message.ssid) };
    case "beacon report":
      return {
        kind: "measurement-report",
        token: tokensOf(message.answer.token).dialog,
        reports: reportsOf(message.answer, context.asked),
      };
  }
}

/** Those that have gone off the air in the meantime are left out. */
function neighborsOf(candidates: readonly TransitionCandidate[], { channelOf }: MessageContext) {
  return candidates.flatMap(({ bssid, preference }) => {
    const channel = channelOf(bssid);
    const opClass = channel && class20Of(channel);
    if (!channel || opClass === null) return [];
    return {
      bssid,
      bssidInfo: 0,
      opClass,
      channel: channelNumber(channel.control),
      phyType: 0,
      ...(preference === null ? {} : { preference }),
    };
  });
}

/** One for each BSS; nothing heard, or nothing measured, is a report without one. */
function reportsOf({ token, outcome, bsses }: BeaconAnswer, asked: BeaconRequest | null): readonly MeasurementReport[] {
  const common = {
    token: tokensOf(token).element,
    late: false,
    incapable: outcome === "incapable",
    refused: outcome === "refused",
  };
  const reports = bsses.flatMap((bss) => beaconReport(bss, asked) ?? []);
  if (reports.length === 0) return [{ ...common, measurement: { kind: "beacon" } }];
  return reports.map((report, index) => {
    const last = asked?.lastIndication ? { last: index === reports.length - 1 } : {};
    return { ...common, measurement: { kind: "beacon", report: { ...report, ...last } } };
  });
}

function beaconReport(
  { bssid, channel, rcpi, rsni, at }: MeasuredBss,
  asked: BeaconRequest | null,
): BeaconReport | null {
  const inClass = asked && frequenciesOfClass(asked.opClass).includes(channel.control) ? asked.opClass : null;
  const opClass = inClass ?? class20Of(channel);
  if (opClass === null) return null;
  const microseconds = Math.round(at * 1000);
  return {
    opClass,
    channel: channelNumber(channel.control),
    startTime: BigInt(microseconds),
    duration: asked?.mode === "table" ? 0 : (asked?.duration ?? 0),
    phyType: unknownPhy,
    frameType: "beacon",
    rcpi,
    rsni,
    bssid,
    antenna: 1,
    parentTsf: microseconds % 2 ** 32,
  };
}

const unknownPhy = 0;

function class20Of({ control }: AirChannel): number | null {
  return operatingClass20Of({ control, width: 20, center0: control, center1: 0, puncture: 0 });
}
