/** What access points send to stations in frames, as what the stations of the world are asked. */

import type { Mac, Mhz } from "@opensync-ts/base/units";
import { channelNumber } from "@opensync-ts/target/channels";
import { parseActionFrame } from "@opensync-ts/target/ieee80211/action";
import { type BeaconRequest, wildcardBssid } from "@opensync-ts/target/ieee80211/beacon-request";
import { parseFarewell } from "@opensync-ts/target/ieee80211/deauthentication";
import { managementSubtypes } from "@opensync-ts/target/ieee80211/management-frame";
import { frequenciesOfClass } from "@opensync-ts/target/ieee80211/operating-class";
import type { RadioMeasurementRequest } from "@opensync-ts/target/ieee80211/radio-measurement";
import type { BeaconRequest as WorldRequest } from "@opensync-ts/world/beacon-measurement";
import type { World } from "@opensync-ts/world/world";
import { maxAskedMeasurements } from "./limits.ts";

export class FramesToStations {
  readonly #world: World;
  /** By BSS, station and token: what a report has to know of its request. */
  readonly #asked = new Map<string, BeaconRequest>();
  #unreadable = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Frames that no station could make sense of. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** A whole frame, on its way from one of our BSSs to one of its stations. */
  deliver(bssid: Mac, station: Mac, frame: Uint8Array): void {
    switch (((frame[0] ?? 0) >> 4) & 0x0f) {
      case managementSubtypes.deauthentication:
      case managementSubtypes.disassociation:
        if (parseFarewell(frame).ok) this.#world.deauthenticate(bssid, station);
        else this.#unreadable++;
        break;
      case managementSubtypes.action:
        this.#act(bssid, station, frame);
        break;
      default:
        break;
    }
  }

  /** The request that a report answers, once. */
  takeAsked(bssid: Mac, station: Mac, token: number): BeaconRequest | null {
    const key = keyOf(bssid, station, token);
    const request = this.#asked.get(key) ?? null;
    this.#asked.delete(key);
    return request;
  }

  #act(bssid: Mac, station: Mac, frame: Uint8Array): void {
    const parsed = parseActionFrame(frame);
    if (!parsed.ok) {
      this.#unreadable++;
      return;
    }
    const { action } = parsed.value;
    switch (action.kind) {
      case "btm-request": {
        const { token, candidates = [], abridged, disassociationImminent } = action;
        this.#world.requestTransition(bssid, station, {
          token,
          candidates: candidates.map(({ bssid: each, preference = null }) => ({ bssid: each, preference })),
          abridged,
          disassociationImminent,
        });
        break;
      }
      case "measurement-request":
        this.#measure(bssid, station, action);
        break;
      case "neighbor-report-response":
        this.#world.tellNeighbors(
          bssid,
          station,
          action.neighbors.map((neighbor) => neighbor.bssid),
        );
        break;
      default:
        break;
    }
  }

  #measure(bssid: Mac, station: Mac, { token: dialog, requests }: RadioMeasurementRequest): void {
    for (const { token: element, measurement } of requests) {
      if (measurement.kind === "malformed") this.#unreadable++;
      if (measurement.kind !== "beacon") continue;
      const token = tokenOf(dialog, element);
      const [oldest] = this.#asked.keys();
      if (oldest !== undefined && this.#asked.size >= maxAskedMeasurements) this.#asked.delete(oldest);
      this.#asked.set(keyOf(bssid, station, token), measurement.request);
      this.#world.requestBeaconReport(bssid, station, worldRequest(token, measurement.request));
    }
  }
}

/** A dialog may hold several measurements: both tokens are one for the world. */
export function tokenOf(dialog: number, element: number): number {
  return dialog * 256 + element;
}

export function tokensOf(token: number): { readonly dialog: number; readonly element: number } {
  return { dialog: Math.floor(token / 256), element: token % 256 };
}

/** All zeros is no address of a BSS; deployed access points mean any by it. */
const nobody = "00:00:00:00:00:00";

/** TU to ms. */
const timeUnit = 1.024;

function worldRequest(token: number, request: BeaconRequest): WorldRequest {
  const { mode, bssid, ssid, duration } = request;
  return {
    token,
    mode,
    band: null,
    controls: controlsOf(request),
    bssid: bssid === wildcardBssid || bssid === nobody ? null : bssid,
    // An SSID of no octets is the wildcard.
    ssid: ssid === undefined || ssid.length === 0 ? null : new TextDecoder().decode(ssid),
    duration: duration * timeUnit,
  };
}

/** None where the station does not know the class, or the channel is not in it: it hears nothing there. */
function controlsOf({ opClass, channel, apChannels = [] }: BeaconRequest): readonly Mhz[] {
  if (channel === 0) return frequenciesOfClass(opClass);
  const lists = channel === 255 ? apChannels : [{ opClass, channels: [channel] }];
  return [
    ...new Set(
      lists.flatMap((list) =>
        frequenciesOfClass(list.opClass).filter((mhz) => list.channels.includes(channelNumber(mhz))),
      ),
    ),
  ];
}

function keyOf(bssid: Mac, station: Mac, token: number): string {
  return `${bssid} ${station} ${token}`;
}
