/** What a device hears of its world, as its driver's events. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import type { RadioDriverEvents } from "@opensync-ts/target/driver";
import { buildActionFrame, toStation } from "@opensync-ts/target/ieee80211/action";
import type { Client } from "@opensync-ts/world/client";
import { maxToldNeighbors } from "@opensync-ts/world/limits";
import type { ClientMessage } from "@opensync-ts/world/requests";
import { noiseFloor, sensitivity } from "@opensync-ts/world/spectrum";
import type { World } from "@opensync-ts/world/world";
import { channelFromAir } from "./air-channel.ts";
import { associationFrame, authenticationFrame, messageFrame } from "./frames-from-stations.ts";
import type { FramesToStations } from "./frames-to-stations.ts";
import type { SimRadio } from "./sim-radio.ts";
import type { SimVif } from "./sim-vif.ts";
import { associationElements } from "./station-elements.ts";

export interface Interface {
  readonly radio: SimRadio;
  readonly vif: SimVif;
}

export interface AirOptions {
  readonly world: World;
  readonly site: string;
  /** Ours with this address. */
  readonly find: (mac: Mac) => Interface | undefined;
  readonly frames: FramesToStations;
  readonly radios: () => Iterable<SimRadio>;
  /** Who listens now, if anybody. */
  readonly events: () => RadioDriverEvents | null;
  readonly stationCame: (bssid: Mac, station: Mac) => void;
  readonly stationLeft: (bssid: Mac, station: Mac) => void;
  /** The link of one of our own stations is about to change. */
  readonly linkChanging: () => void;
}

/** Ends with the last of what it returns. */
export function listenToAir(options: AirOptions): readonly Unsubscribe[] {
  const { world, find, events, stationCame, stationLeft } = options;
  return [
    world.events.on("associated", ({ bssid, mac, from, agreement }) => {
      const own = find(bssid);
      const bss = world.bss(bssid);
      const association = world.client(mac)?.association;
      if (own && bss && association) {
        const elements = associationElements(association.client.device, bss, agreement, association.links.length);
        const frame = associationFrame({ station: mac, bssid }, from, elements);
        events()?.frameReceived(own.radio.model.phy, own.vif.name, frame);
      }
      stationCame(bssid, mac);
    }),
    world.events.on("disassociated", ({ bssid, mac }) => stationLeft(bssid, mac)),
    world.events.on("probed", ({ client, ssid }) => probed(client, ssid, options)),
    world.events.on("clientMessage", ({ bssid, mac, message }) => said(message, mac, bssid, options)),
    world.events.on("authenticating", ({ bssid, mac, akm, fast }) => {
      const own = find(bssid);
      const frame = () => authenticationFrame({ station: mac, bssid }, akm, fast);
      if (own) events()?.frameReceived(own.radio.model.phy, own.vif.name, frame());
    }),
    world.events.on("switchAnnounced", ({ bssid, channel }) => {
      const target = channelFromAir(channel);
      for (const { client } of world.stations(bssid)) {
        const own = find(client.device.mac);
        if (!own || !target) continue;
        events()?.channelSwitchHeard(own.radio.model.phy, own.vif.name, target);
        options.linkChanging();
      }
    }),
    world.events.on("failed", ({ bssid, mac, reason }) => {
      const own = find(bssid);
      // An access point knows nothing of those whom it cannot hear.
      if (!own || (world.heardAt(bssid, mac) ?? Number.NEGATIVE_INFINITY) < sensitivity) return;
      const { radio, vif } = own;
      events()?.authFailed(radio.model.phy, vif.name, { station: mac, invalidPsk: reason === "wrong_key" });
    }),
    world.events.on("pushButton", ({ bssid, outcome }) => find(bssid)?.radio.buttonDone(bssid, outcome)),
    world.events.on("frameFromClient", ({ bssid, frame }) => {
      const own = find(bssid);
      if (own) events()?.frameReceived(own.radio.model.phy, own.vif.name, frame);
    }),
  ];
}

/**
 * Whether a management frame left: its vif is on the air, and its receiver a group, or a station of the vif. Who receives it acts on
 * it when it sees fit.
 */
export function sendFrame(world: World, frames: FramesToStations, vif: SimVif | undefined, frame: Uint8Array): boolean {
  if (vif?.type !== "ap" || !vif.onAir || frame.length < managementHeader) return false;
  const receiver = receiverOf(frame);
  if (((frame[receiverOffset] ?? 0) & 1) === 1) {
    for (const { client } of world.stations(vif.mac)) frames.deliver(vif.mac, client.device.mac, frame);
    return true;
  }
  if (!world.sendToClient(vif.mac, receiver, frame)) return false;
  frames.deliver(vif.mac, receiver, frame);
  return true;
}

/** Octets of the header of a management frame, and where its receiver stands (IEEE 802.11-2020 §9.3.3.1). */
const managementHeader = 24;
const receiverOffset = 4;

function receiverOf(frame: Uint8Array): Mac {
  const octets = [...frame.subarray(receiverOffset, receiverOffset + 6)];
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":") as Mac;
}

/** A station says something to one of our access points, which passes it on; neighbours it tells itself. */
function said(message: ClientMessage, station: Mac, bssid: Mac, { world, find, frames }: AirOptions): void {
  const own = find(bssid);
  if (own?.vif.type !== "ap") return;
  const asked = message.kind === "beacon report" ? frames.takeAsked(bssid, station, message.answer.token) : null;
  const channelOf = (mac: Mac) => world.bss(mac)?.channel ?? null;
  world.sendFromClient(station, messageFrame(message, { station, bssid }, { channelOf, asked }));
  const { mode, neighbors } = own.vif.ap;
  if (message.kind !== "neighbor request" || !mode.rrmNeighborReport || !own.vif.onAir) return;
  const { token } = message;
  sendFrame(
    world,
    frames,
    own.vif,
    buildActionFrame(toStation(station, bssid), {
      kind: "neighbor-report-response",
      token,
      neighbors: neighbors.slice(0, maxToldNeighbors),
    }),
  );
}

function probed(client: Client, ssid: string, { world, site, radios, events }: AirOptions): void {
  const listener = events();
  if (!listener || client.device.site === site) return;
  const { mac, bands } = client.device;
  for (const { model, vifs } of radios()) {
    if (!bands.includes(model.band)) continue;
    for (const vif of vifs.values()) {
      if (vif.type !== "ap" || !vif.onAir) continue;
      const rssi = world.heardAt(vif.mac, mac);
      if (rssi === null || rssi < sensitivity) continue;
      const snr = Math.max(0, Math.round(rssi - noiseFloor));
      listener.probeRequest(model.phy, vif.name, { station: mac, snr, ssid });
    }
  }
}
