/** RCPI (IEEE 802.11-2020 §9.4.2.37) and RSNI (§9.4.2.40): signal power, and its ratio to noise and interference, in half decibels. */

import type { Db, Dbm } from "@opensync-ts/base/units";

/** RCPI and RSNI of somebody who has not measured. */
export const notMeasured = 255;

/** `null`: it is one of the reserved values, 221 to 254, or was not measured. 0 is -110 dBm and all below, 220 is 0 dBm and all above. */
export function dbmOfRcpi(rcpi: number): Dbm | null {
  return Number.isInteger(rcpi) && rcpi >= 0 && rcpi <= maxRcpi ? rcpi / 2 - 110 : null;
}

/** Of any power; `NaN` is not measured. */
export function rcpiOfDbm(dbm: Dbm): number {
  return halves(dbm + 110, maxRcpi);
}

/** `null`: not measured. 0 is -10 dB, 254 is 117 dB. */
export function dbOfRsni(rsni: number): Db | null {
  return Number.isInteger(rsni) && rsni >= 0 && rsni <= maxRsni ? rsni / 2 - 10 : null;
}

export function rsniOfDb(db: Db): number {
  return halves(db + 10, maxRsni);
}

const maxRcpi = 220;
const maxRsni = 254;

function halves(value: number, max: number): number {
  return Number.isNaN(value) ? notMeasured : Math.min(max, Math.max(0, Math.floor(value * 2)));
}
