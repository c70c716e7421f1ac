/** For tests: a home with real nodes and its cloud, where all is well when a story begins, and what the cloud writes until its end. */

import assert from "node:assert/strict";
import { minute, type NodeName, second, WirelessHome, type WirelessOptions, wirelessHome } from "./wireless-home.ts";
import { WriteLedger } from "./write-ledger.ts";

export const nodes = ["gateway", "extender"] as const;

export interface Story extends AsyncDisposable {
  readonly home: WirelessHome;
  readonly ledger: WriteLedger;
}

/** A home where all is well; what is written and who leaves from now on is in the ledger. */
export async function story(options: WirelessOptions = {}): Promise<Story> {
  const home = await WirelessHome.settled(options);
  const ledger = new WriteLedger(home.world);
  ledger.follow(home.cloud.location);
  await home.pass(minute);
  ledger.begin();
  return { home, ledger, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

/** Everybody who lives here has an address and the Internet; the names of others may be left out. */
function isOnline(home: WirelessHome, except: readonly string[] = []): boolean {
  const hosts = home.fabric.hosts().filter(({ name }) => !except.includes(name));
  return (
    hosts.length > 0 && hosts.every(({ name, address }) => address !== null && home.fabric.reaches(name, "internet"))
  );
}

/** All nodes come to be as stated, and stay so without another write; everybody (but some) is online. */
export async function wellAgain({ home, ledger }: Story, except: readonly string[] = []): Promise<void> {
  await home.pass(second);
  await home.settled();
  await home.until("everybody has the Internet", () => isOnline(home, except), 5 * minute);
  const written = () => nodes.map((node) => ledger.count(node));
  const before = written();
  await home.pass(2 * minute);
  assert.deepEqual(written(), before, "nothing more is written");
  for (const id of home.devices.keys()) assert.equal(home.cloud.location.node(id)?.pending, null);
  assert.ok(isOnline(home, except));
}

/** The home's file with other members, from now on. */
export function state(home: WirelessHome, parts: object): void {
  home.cloud.location.setHome(wirelessHome({ parts }));
}

/** A row that a write replaces, instead of changing it, has another identity. */
export async function identities(home: WirelessHome, id: NodeName): Promise<readonly string[]> {
  return (await home.rows(id, "Wifi_VIF_Config")).map(({ _uuid, if_name }) => `${if_name} ${_uuid}`).sort();
}

export function sessions(home: WirelessHome): readonly (number | undefined)[] {
  return nodes.map((node) => home.cloud.location.node(node)?.sessions);
}

/** A home access point on each of two bands, as one transaction. */
export const homeAccessPoints = [
  "insert Wifi_Inet_Config home-ap-24",
  "insert Wifi_Inet_Config home-ap-50",
  "insert Wifi_VIF_Config home-ap-24",
  "insert Wifi_VIF_Config home-ap-50",
  "update Wifi_Radio_Config wifi0: vif_configs +1 -0",
  "update Wifi_Radio_Config wifi1: vif_configs +1 -0",
];

export function tunnel(name: string): readonly string[] {
  const inserts = ["Interface", "Port", "Wifi_Inet_Config"].map((table) => `insert ${table} ${name}`);
  return [...inserts, "update Bridge br-home: ports +1 -0"];
}

/** The gateway of the home, from what it has after boot. */
export const gatewayAnew = [
  ...["bhaul-ap-24", "bhaul-ap-50", "home-ap-24", "home-ap-50"].flatMap((name) => [
    `insert Wifi_Inet_Config ${name}`,
    `insert Wifi_VIF_Config ${name}`,
  ]),
  "update Wifi_Inet_Config br-home: dhcpd",
  "update Wifi_Radio_Config wifi0: vif_configs +2 -0",
  "update Wifi_Radio_Config wifi1: vif_configs +2 -0",
].sort();

/** Transactions that the cloud has had accepted by whomever, claimed or not, as its log has it. */
export function transactions(home: WirelessHome): number {
  return home.log.records().filter(({ text }) => / wrote (insert|update|delete) /.test(text)).length;
}
