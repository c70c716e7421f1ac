/**
 * `Client_Freeze_Config`: clients that the device keeps from the Internet. A row does so for as long as it is there, unless its `blocked`
 * is false; rows of before `blocked`, `source` and `type` were there have the address alone. Frozen at the device (`source` `gw`):
 * there is a row then, and the freeze ends with it.
 */

import type { Freeze } from "@opensync-ts/target/clients";
import type { PmModule } from "../pm-module.ts";
import { followClients } from "./follow-clients.ts";

export const clientFreeze: PmModule = {
  name: "client freeze",
  start: (context) =>
    followClients<"Client_Freeze_Config", Freeze>(context, {
      table: "Client_Freeze_Config",
      records: context.target.clients?.frozen,
      purpose: "keep clients from the Internet",
      read: ({ source, type, blocked }) => (blocked === false ? undefined : { source, type }),
      write: ({ source, type }) => ({ source, type, blocked: true }),
      isDevices: ({ source }) => source === "gw",
      isSame: (a, b) => a.source === b.source && a.type === b.type,
      show: ({ source, type }) => [source, type].filter((each) => each !== null).join(" "),
    }),
};
