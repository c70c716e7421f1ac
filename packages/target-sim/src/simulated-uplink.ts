/** The way out of a simulated device, as whoever plays a story switches it: a wire, or the stations of a wireless backhaul. */

import { UserError } from "@opensync-ts/base/errors";
import type { CloudState } from "./network/fabric.ts";
import type { SimWan, WanState } from "./network/wan.ts";

export interface SimulatedUplink {
  readonly wan: SimWan;
  /** It has no cable, but stations: its way out is the backhaul. */
  readonly wireless: boolean;
  /** Of its stations. */
  onAir: boolean;
  /** Of the whole home. */
  cloud: CloudState;
}

/** A wireless one is `ok`, or `line`: its stations are off the air. */
export function uplinkState({ wireless, onAir, wan }: SimulatedUplink): WanState {
  return wireless ? (onAir ? "ok" : "line") : wan.state;
}

/** Throws a `UserError` for what this uplink cannot be. */
export function setUplink(uplink: SimulatedUplink, state: WanState): void {
  if (state === "ok") uplink.onAir = true;
  if (!uplink.wireless) {
    uplink.wan.set(state);
    return;
  }
  if (state === "ok") return;
  if (state !== "line") {
    const instead = state === "cable" ? "use wan-down without it" : "use it at the gateway";
    throw new UserError(`wan-down ${state}: the uplink of this device is Wi-Fi, which has none; ${instead}`);
  }
  uplink.onAir = false;
}
