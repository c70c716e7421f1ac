/** Names that people gave to their devices (`Client_Nickname_Config`), as rows of the gateway. Pure. */

import type { Home } from "./home.ts";
import { type DesiredRow, rowId } from "./rows.ts";

export function nicknameRows(devices: NonNullable<Home["devices"]>): readonly DesiredRow[] {
  return devices.flatMap(({ mac, nickname }, index) => {
    if (nickname === undefined) return [];
    const key = { mac };
    return [
      {
        id: rowId("Client_Nickname_Config", key),
        table: "Client_Nickname_Config" as const,
        key,
        columns: { nickname },
        entries: {},
        references: null,
        initial: {},
        stated: `devices[${index}]`,
      },
    ];
  });
}
