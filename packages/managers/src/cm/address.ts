/** Where the cloud is: `AWLAN_Node.redirector_addr` and `manager_addr`, as `PROTO:HOST:PORT`. */

export interface CloudAddress {
  readonly protocol: "ssl" | "tcp";
  readonly host: string;
  readonly port: number;
}

/**
 * Only `ssl` and `tcp`, a port from 1 to 65535. An IPv6 address stands in brackets, as in `Manager.target`.
 * Undefined where the text is no address.
 */
export function parseCloudAddress(text: string): CloudAddress | undefined {
  const match = /^(ssl|tcp):(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const port = Number(match[4]);
  const host = match[2] ?? match[3];
  if (host === undefined || port < 1 || port > 65535) return undefined;
  return { protocol: match[1] as "ssl" | "tcp", host, port };
}

/** `Manager.target` for one resolved address: in brackets, IPv4 as well as IPv6. */
export function managerTarget(address: CloudAddress, ip: string): string {
  return `${address.protocol}:[${ip}]:${address.port}`;
}

/** The IP family of such a target. */
export function targetFamily(target: string): "ipv4" | "ipv6" {
  return /\[[^\]]*:/.test(target) ? "ipv6" : "ipv4";
}
