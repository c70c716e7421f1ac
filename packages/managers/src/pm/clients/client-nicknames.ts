/** `Client_Nickname_Config`: what people call their devices. Kept by the device, also across reboots. */

import type { PmModule } from "../pm-module.ts";
import { followClients } from "./follow-clients.ts";

export const clientNicknames: PmModule = {
  name: "client nicknames",
  start: (context) =>
    followClients<"Client_Nickname_Config", string>(context, {
      table: "Client_Nickname_Config",
      records: context.target.clients?.nicknames,
      purpose: "keep nicknames of clients",
      read: ({ nickname }) => nickname,
      write: (nickname) => ({ nickname }),
      isDevices: () => true,
      isSame: (a, b) => a === b,
      show: (nickname) => nickname,
    }),
};
