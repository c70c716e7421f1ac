/** A dummy driver with a client: it takes frames, answers them as the test likes, and has counters. */

import type { Clock } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { FrameToTransmit, StatisticsRequest } from "@opensync-ts/target/driver";
import { type Action, buildActionFrame, parseActionFrame, toAccessPoint } from "@opensync-ts/target/ieee80211/action";
import { stationElements } from "@opensync-ts/target/ieee80211/station-capabilities";
import { DummyDriver } from "../../testing/dummy-driver.ts";
import { apVif, channel, phyState, station } from "../../testing/fixtures.ts";

export const bssid24 = mac("02:00:00:00:00:24");
export const bssid50 = mac("02:00:00:00:00:50");
export const client = mac("0a:00:00:00:00:01");

const places = {
  "home-ap-24": { phy: "wifi0", bssid: bssid24 },
  "home-ap-50": { phy: "wifi1", bssid: bssid50 },
} as const;

type Vif = keyof typeof places;

export class SteeringDriver extends DummyDriver {
  readonly sent: { readonly vif: string; readonly action: Action }[] = [];
  /** What the client does about a frame. */
  onFrame: (action: Action) => void = () => {};
  snr = 40;
  framesPerSecond = 0;
  #vif: Vif | null = null;
  readonly #time: Clock;

  constructor(clock: Clock) {
    super({ clock });
    this.#time = clock;
    this.setPhy(phyState("wifi0"));
    this.setPhy(phyState("wifi1", { band: "5G" }));
    this.setVif(apVif("wifi0", "home-ap-24", { channel: channel("2.4G", 1) }, { mac: bssid24 }));
    this.setVif(apVif("wifi1", "home-ap-50", { channel: channel("5G", 36, 80) }, { mac: bssid50 }));
  }

  /** With BTM, active beacon measurement, and all of both bands. */
  connect(vif: Vif): void {
    this.leave();
    this.#vif = vif;
    const elements = stationElements({
      extended: [19],
      operatingClasses: { current: vif === "home-ap-24" ? 81 : 128, supported: [81, 115, 128] },
    });
    const connectedAt = this.#time.now();
    this.setStation(station(places[vif].phy, vif, { mac: client, connectedAt, assocIes: elements }));
  }

  leave(): void {
    if (this.#vif !== null) this.removeStation(places[this.#vif].phy, this.#vif, client);
    this.#vif = null;
  }

  /** From the client, or from whoever says so. */
  say(vif: Vif, action: Action, from: Mac = client): void {
    const { phy, bssid } = places[vif];
    this.events.frameReceived(phy, vif, buildActionFrame({ ...toAccessPoint(from, bssid) }, action));
  }

  probe(vif: Vif, snr = 40): void {
    this.events.probeRequest(places[vif].phy, vif, { station: client, snr, ssid: "" });
  }

  override requestDeauth(phy: string, vif: string, address: Mac, reason: number): void {
    super.requestDeauth(phy, vif, address, reason);
    if (vif === this.#vif) this.leave();
  }

  transmitFrame({ vif, frame, token }: FrameToTransmit): void {
    this.#time.setTimer(1, () => {
      this.events.frameTransmitted(token, "submitted");
      const parsed = parseActionFrame(frame);
      if (!parsed.ok) throw new Error(parsed.reason);
      this.sent.push({ vif, action: parsed.value.action });
      this.onFrame(parsed.value.action);
    });
  }

  requestStatistics({ phy }: StatisticsRequest): void {
    const vif = this.#vif;
    const at = this.#time.now();
    const frames = Math.floor((at / 1_000) * this.framesPerSecond);
    const counters = { txRetries: 0, txErrors: 0, rxRetries: 0, rxErrors: 0, txRate: 100, rxRate: 100 };
    const bytes = { txBytes: frames * 100, rxBytes: 0, txFrames: frames, rxFrames: 0 };
    const stations =
      vif !== null && places[vif].phy === phy ? [{ vif, station: client, snr: this.snr, ...bytes, ...counters }] : [];
    this.#time.setTimer(1, () => this.events.statistics({ phy, at, stations, survey: [] }));
  }
}
