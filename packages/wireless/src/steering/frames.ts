/** Steering's frames: the requests that it sends, and what it makes of those that stations send (IEEE 802.11-2020 §9.6.6, §9.6.13). */

import type { Mac } from "@opensync-ts/base/units";
import { buildActionFrame, parseActionFrame, toStation } from "@opensync-ts/target/ieee80211/action";
import { parseAssociationRequest } from "@opensync-ts/target/ieee80211/association-request";
import { sameNetwork } from "@opensync-ts/target/ieee80211/bssid-info";
import { managementSubtypes, parseManagementFrame } from "@opensync-ts/target/ieee80211/management-frame";
import type { SteeringAction } from "./decide.ts";
import type { BtmChannel } from "./executor.ts";
import type { Link, SteeringInput } from "./model.ts";

/** TU. */
const measurementDuration = 100;

export function btmFrame(action: Extract<SteeringAction, { type: "btm" }>, { address, bssid }: Link): Uint8Array {
  const { token, candidates, abridged, disassocImminent, disassocTimer, validInterval, bssTermination } = action;
  return buildActionFrame(toStation(address, bssid), {
    kind: "btm-request",
    ...{ token, abridged, disassociationImminent: disassocImminent, disassociationTimer: disassocTimer },
    validityInterval: validInterval,
    ...(bssTermination > 0 && { termination: { tsf: 0n, minutes: bssTermination } }),
    ...(candidates.length > 0 && {
      candidates: candidates.map((candidate) => ({ ...candidate, bssidInfo: sameNetwork, phyType: 0 })),
    }),
  });
}

export function beaconRequestFrame(
  {
    token,
    channels,
    ssid,
  }: { readonly token: number; readonly channels: readonly BtmChannel[]; readonly ssid: string },
  { address, bssid }: Link,
): Uint8Array {
  return buildActionFrame(toStation(address, bssid), {
    ...{ kind: "measurement-request", token, repetitions: 0 },
    requests: channels.map(({ opClass, channel }, index) => ({
      token: index + 1,
      mode: 0,
      measurement: {
        kind: "beacon",
        request: {
          ...{ opClass, channel, randomizationInterval: 0, duration: measurementDuration, mode: "active" },
          bssid: anyBssid,
          ssid: new TextEncoder().encode(ssid).slice(0, 32),
          reporting: { condition: 0, threshold: 0 },
          detail: "none",
        },
      },
    })),
  });
}

const anyBssid = "ff:ff:ff:ff:ff:ff" as Mac;

/** What a frame from a station means to steering. */
export type Heard =
  | { readonly type: "auth" }
  /** `from`: it says that it is on this access point. */
  | { readonly type: "association"; readonly elements: Uint8Array; readonly from: Mac | null }
  | Extract<SteeringInput, { type: "btm response" }>
  | { readonly type: "beacon reports"; readonly reports: readonly { readonly bssid: Mac; readonly rcpi: number }[] };

export interface HeardFrame {
  readonly station: Mac;
  readonly bssid: Mac;
  readonly heard: Heard;
}

/** `null`: nothing to steering. A text: it would be something, and is broken. */
export function readFrame(octets: Uint8Array): HeardFrame | string | null {
  const frame = parseManagementFrame(octets);
  if (!frame.ok) return null;
  const { subtype, transmitter: station, receiver: bssid } = frame.value;
  switch (subtype) {
    case managementSubtypes.authentication:
      return { station, bssid, heard: { type: "auth" } };
    case managementSubtypes.associationRequest:
    case managementSubtypes.reassociationRequest: {
      const request = parseAssociationRequest(octets);
      if (!request.ok) return request.reason;
      const { elements, currentAp = null } = request.value;
      return { station, bssid, heard: { type: "association", elements, from: currentAp } };
    }
    case managementSubtypes.action: {
      const action = parseActionFrame(octets);
      if (!action.ok) return action.reason;
      const heard = heardOf(action.value.action);
      return heard && { station, bssid, heard };
    }
    default:
      return null;
  }
}

type Parsed = Extract<ReturnType<typeof parseActionFrame>, { ok: true }>["value"]["action"];

function heardOf(action: Parsed): Heard | null {
  if (action.kind === "btm-response") {
    const { token, status, target = null, candidates } = action;
    const listed = candidates.map(({ bssid, preference = 255 }) => ({ bssid, preference }));
    return { type: "btm response", token, status, target, candidates: listed };
  }
  if (action.kind !== "measurement-report") return null;
  const reports = action.reports.flatMap(({ measurement }) =>
    measurement.kind === "beacon" && measurement.report ? [measurement.report] : [],
  );
  return { type: "beacon reports", reports: reports.map(({ bssid, rcpi }) => ({ bssid, rcpi })) };
}
