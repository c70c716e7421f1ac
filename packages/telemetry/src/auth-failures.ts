/** Clients that did not get in. */

import type { ClientAuthFailsReport } from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import { type Band, bands } from "./names.ts";
import { uint32 } from "./numbers.ts";

/** Counts are those since the report before. The report has no time of its own. */
export interface AuthFailuresReport {
  readonly band: Band;
  readonly bsses: readonly {
    /** The vif. */
    readonly ifName: string;
    readonly clients: readonly {
      readonly mac: string;
      readonly authFails: number;
      /** Of them for a wrong passphrase. */
      readonly invalidPsk: number;
    }[];
  }[];
}

export function authFailuresMessage(report: AuthFailuresReport): Fields<ClientAuthFailsReport> {
  return {
    band: bands.value(report.band),
    bssList: report.bsses.map(({ ifName, clients }) => ({
      ifname: ifName,
      clientList: clients.map(({ mac, authFails, invalidPsk }) => ({
        macAddress: mac.toUpperCase(),
        authFails: uint32(authFails),
        invalidPsk: uint32(invalidPsk),
      })),
    })),
  };
}

export function authFailuresOf(message: ClientAuthFailsReport): AuthFailuresReport {
  return {
    band: bands.name(message.band),
    bsses: message.bssList.map(({ ifname, clientList }) => ({
      ifName: ifname,
      clients: clientList.map(({ macAddress, authFails, invalidPsk }) => ({ mac: macAddress, authFails, invalidPsk })),
    })),
  };
}
