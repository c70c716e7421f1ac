/** How long a configuration row takes to show as state: the way from the socket through OWM and the driver and back. */

import type { Clock } from "@opensync-ts/base/clock";
import type { JsonValue } from "@opensync-ts/ovsdb/json";

interface Rpc {
  request(method: string, params: readonly JsonValue[]): Promise<JsonValue>;
}

/**
 * Moves a 2.4 GHz radio back and forth between channels, `rounds` times; each sample is the time in ms from sending the update
 * to reading the new channel in `Wifi_Radio_State` (an OVSDB `wait`, so nothing is polled).
 */
export async function configToState(rpc: Rpc, clock: Clock, rounds: number): Promise<number[]> {
  const radio = ["if_name", "==", "wifi0"];
  const database = "Open_vSwitch";
  const transact = async (...operations: JsonValue[]) => {
    const results = (await rpc.request("transact", [database, ...operations])) as ({
      error?: string;
      details?: string;
    } | null)[];
    const failed = results.find((result) => result?.error);
    if (failed) throw new Error(`${failed.error}: ${failed.details}`);
  };
  await prepareAccessPoint(transact);
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const channel = round % 2 === 0 ? 1 : 11;
    const start = clock.now();
    await transact({ op: "update", table: "Wifi_Radio_Config", where: [radio], row: { channel } });
    await transact({
      op: "wait",
      table: "Wifi_Radio_State",
      where: [radio],
      columns: ["channel"],
      until: "==",
      rows: [{ channel }],
      timeout: 5000,
    });
    samples.push(clock.now() - start);
  }
  return samples;
}

/** A radio has a channel only where an access point runs on it. */
async function prepareAccessPoint(transact: (...operations: JsonValue[]) => Promise<void>): Promise<void> {
  const vif = {
    if_name: "home-ap-24",
    mode: "ap",
    enabled: true,
    ssid: "bench",
    bridge: "br-home",
    wpa: true,
    wpa_key_mgmt: "wpa-psk",
    rsn_pairwise_ccmp: true,
    pmf: "optional",
    wpa_psks: ["map", [["key", "bench-only-key"]]],
  };
  await transact(
    { op: "insert", table: "Wifi_VIF_Config", row: vif, "uuid-name": "ap" },
    {
      op: "mutate",
      table: "Wifi_Radio_Config",
      where: [["if_name", "==", "wifi0"]],
      mutations: [["vif_configs", "insert", ["set", [["named-uuid", "ap"]]]]],
    },
    {
      op: "update",
      table: "Wifi_Radio_Config",
      where: [["if_name", "==", "wifi0"]],
      row: { enabled: true, ht_mode: "HT20", channel: 6 },
    },
  );
  await transact({
    op: "wait",
    table: "Wifi_VIF_State",
    where: [["if_name", "==", "home-ap-24"]],
    columns: ["ssid", "enabled"],
    until: "==",
    rows: [{ ssid: "bench", enabled: true }],
    timeout: 5000,
  });
}
