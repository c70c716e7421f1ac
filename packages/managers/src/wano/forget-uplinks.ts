/** What WANO takes away when it starts. */

import { withDeadline } from "@opensync-ts/base/clock";
import type { Row } from "@opensync-ts/schema/opensync";
import type { ManagerContext } from "../manager.ts";
import type { WanInterface } from "./interface-list.ts";
import { transactionDeadline } from "./limits.ts";

/** What was an uplink before says nothing about now; VLANs that a WANO before this one made go with their uplinks. */
export async function forgetUplinks(
  { client, clock }: ManagerContext,
  uplinks: Iterable<Pick<Row<"Connection_Manager_Uplink">, "if_name" | "if_type">>,
  interfaces: readonly WanInterface[],
): Promise<void> {
  const vlans = [...uplinks]
    .filter((row) => row.if_type === "vlan" && interfaces.some(({ name }) => row.if_name.startsWith(`${name}.`)))
    .map((row) => row.if_name);
  const written = client.transact(
    (transaction) => {
      transaction.delete("Connection_Manager_Uplink", []);
      for (const name of vlans) {
        transaction.delete("Wifi_Inet_Config", [
          ["if_name", "==", name],
          ["if_type", "==", "vlan"],
        ]);
      }
    },
    { comment: "WANO - delete Connection_Manager_Uplink" },
  );
  await withDeadline(clock, written, transactionDeadline, "WANO's start");
}
