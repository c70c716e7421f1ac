/** Does to stations what was decided. What cannot be done is counted and told. */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Mac } from "@opensync-ts/base/units";
import type { Wireless } from "../contract.ts";
import type { DropLog } from "../stats/drop-log.ts";
import type { SteeringAction } from "./decide.ts";
import { FrameSender } from "./frame-sender.ts";
import { beaconRequestFrame, btmFrame } from "./frames.ts";

interface PerformerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly wireless: Pick<Wireless, "state" | "blocks" | "transmit" | "deauth">;
  readonly drops: DropLog;
}

/** What became of a frame, by its dialog token. */
type Answer = (token: number, sent: boolean) => void;

export class Performer {
  readonly #options: PerformerOptions;
  readonly #sender: FrameSender;
  #refusedBlocks = 0;

  constructor(options: PerformerOptions) {
    this.#options = options;
    this.#sender = new FrameSender(options.clock, (frame) => options.wireless.transmit(frame));
  }

  /** Blocks for which access points had no room. */
  get refusedBlocks(): number {
    return this.#refusedBlocks;
  }

  perform(station: Mac, action: SteeringAction, answer: Answer): void {
    const { wireless, log, drops } = this.#options;
    switch (action.type) {
      case "block":
        if (wireless.blocks.setBlocked(action.vif, station, action.blocked)) return;
        this.#refusedBlocks++;
        drops.dropped(`blocks of stations: ${action.vif} has no room for more; they are not refused there`);
        return;
      case "btm":
        for (const link of action.links) this.#send(link.vif, action.token, () => btmFrame(action, link), answer);
        return;
      case "beacon request":
        for (const link of action.links) {
          const vif = wireless.state.vifs.get(link.vif);
          const ssid = vif?.type === "ap" ? vif.ap.ssid : "";
          this.#send(link.vif, action.token, () => beaconRequestFrame({ ...action, ssid }, link), answer);
        }
        return;
      case "deauth": {
        const { link, reason } = action;
        const phy = wireless.state.vifs.get(link.vif)?.phy;
        log.info(`ow: steer: ${station}: deauthenticated on ${link.vif}, reason ${reason}`);
        if (phy !== undefined) wireless.deauth(phy, link.vif, link.address, reason);
        return;
      }
    }
  }

  transmitted(token: number, sent: boolean): void {
    this.#sender.transmitted(token, sent);
  }

  stop(): void {
    this.#sender.stop();
  }

  #send(vif: string, token: number, build: () => Uint8Array, answer: Answer): void {
    const phy = this.#options.wireless.state.vifs.get(vif)?.phy;
    if (phy === undefined) return;
    try {
      this.#sender.send(phy, vif, build(), (sent) => answer(token, sent));
    } catch (error) {
      this.#options.drops.dropped(`frames to stations that cannot be built: ${messageOf(error)}; they are not sent`);
    }
  }
}
