/** For tests: what OWM reports of a home access point. */

import type { TestNode } from "../test-node.ts";

/** `clients`: address and key id of each. */
export async function homeAp(
  node: TestNode,
  ifName: string,
  ssid: string,
  clients: readonly (readonly [mac: string, key: string])[],
): Promise<void> {
  await node.client.transact((transaction) => {
    transaction.delete("Wifi_VIF_State", [["if_name", "==", ifName]]);
    const associated_clients = clients.map(([mac, key_id]) =>
      transaction.insert("Wifi_Associated_Clients", { mac, key_id, state: "active" }),
    );
    transaction.insert("Wifi_VIF_State", { if_name: ifName, ssid, mode: "ap", enabled: true, associated_clients });
  });
}
