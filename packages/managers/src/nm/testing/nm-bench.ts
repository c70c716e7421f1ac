/** NM at work on a bench, for tests. */

import type { Write } from "@opensync-ts/schema/opensync";
import type { RunningManager } from "../../manager.ts";
import { Bench } from "../../testing/bench.ts";
import { applyDebounce } from "../limits.ts";
import { nm } from "../nm.ts";

export type InetWrite = Write<"Wifi_Inet_Config">;

export interface NmBench {
  readonly bench: Bench;
  readonly nm: RunningManager;
}

/** NM on a device with `eth0`, `eth1` and a LAN bridge, with these rows. */
export async function startNm(
  rows: readonly InetWrite[] = [],
  prepare: (bench: Bench) => void = () => {},
): Promise<NmBench> {
  const bench = new Bench();
  bench.network.set("eth0", { speed: 1_000, duplex: "full" });
  bench.network.set("eth1", { carrier: false });
  bench.network.set("br-home", { type: "bridge" });
  prepare(bench);
  await bench.client.transact((transaction) => {
    for (const row of rows) transaction.insert("Wifi_Inet_Config", row);
  });
  const running = await bench.start(nm);
  await rest(bench);
  return { bench, nm: running };
}

/** Until everything that was changed has been made and shown. */
export async function rest(bench: Bench): Promise<void> {
  await bench.clock.advance(applyDebounce);
  await bench.clock.advance(applyDebounce);
}

export function complaints(bench: Bench): readonly string[] {
  return bench.ring
    .records()
    .filter(({ severity }) => severity === "WARNING")
    .map(({ text }) => text);
}

export const lan: InetWrite = {
  if_name: "br-home",
  if_type: "bridge",
  enabled: true,
  network: true,
  ip_assign_scheme: "static",
  inet_addr: "192.168.40.1",
  netmask: "255.255.255.0",
  dhcpd: new Map([
    ["start", "192.168.40.2"],
    ["stop", "192.168.40.254"],
    ["lease_time", "12h"],
  ]),
};

export const wan: InetWrite = {
  if_name: "eth0",
  if_type: "eth",
  enabled: true,
  network: true,
  NAT: true,
  ip_assign_scheme: "dhcp",
};
