/** The home LAN as a gateway's rows have it, as one text: two configurations are the same where these are. */

import type { OpenSyncTable, Row } from "@opensync-ts/schema/opensync";

export type RowsOf = <T extends OpenSyncTable>(table: T) => Iterable<Row<T>>;

export interface Configuration {
  /** Of what cloudless operation keeps; only the first key of each network. */
  readonly text: string;
  /** A network has further keys. */
  readonly hasGuests: boolean;
}

/** `null`: no home network is there. */
export function configurationOf(rows: RowsOf): Configuration | null {
  const radios = [...rows("Wifi_Radio_Config")].sort(by(({ if_name }) => if_name ?? ""));
  const vifs = [...rows("Wifi_VIF_Config")].filter(({ bridge }) => bridge === "br-home").sort(by((row) => row.if_name));
  if (vifs.length === 0) return null;
  const lan = [...rows("Wifi_Inet_Config")].filter(({ if_name }) => if_name === "br-home");
  const text = JSON.stringify({
    vifs: vifs.map((vif) => {
      const on = radios.filter(({ vif_configs }) => vif_configs.includes(vif._uuid)).map(({ if_name }) => if_name);
      return [vif.if_name, vif.ssid, vif.wpa_psks.get("key"), vif.enabled, on.join()];
    }),
    radios: radios.map(({ if_name, channel }) => [if_name, channel]),
    lan: lan.map((row) => [
      ...[row.inet_addr, row.netmask, row.ip_assign_scheme, row.enabled, row.network],
      ...[entries(row.dhcpd), entries(row.dns)],
    ]),
    reserved: [...rows("DHCP_reserved_IP")].map(({ hw_addr, ip_addr }) => `${hw_addr} ${ip_addr}`).sort(),
  });
  return { text, hasGuests: vifs.some(({ wpa_psks }) => wpa_psks.size > 1) };
}

/** What differs between two of them, for people. */
export function difference(a: string, b: string): string {
  const [one, other] = [JSON.parse(a), JSON.parse(b)] as [Record<string, unknown>, Record<string, unknown>];
  const parts = Object.keys(one).filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));
  return parts.map((key) => `${key} ${JSON.stringify(one[key])} instead of ${JSON.stringify(other[key])}`).join("; ");
}

function entries(map: ReadonlyMap<string, unknown>): readonly string[] {
  return [...map].map(([key, value]) => `${key}=${String(value)}`).sort();
}

function by<T>(nameOf: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => (nameOf(a) < nameOf(b) ? -1 : 1);
}
