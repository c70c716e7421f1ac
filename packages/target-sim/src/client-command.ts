/**
 * What somebody at a simulated device, on its own page say, does to its clients: `sim client list`, `sim client freeze MAC`,
 * `sim client unfreeze MAC`, `sim client name MAC NICKNAME…`, `sim client unname MAC`.
 */

import { UserError } from "@opensync-ts/base/errors";
import { parseMac } from "@opensync-ts/base/units";
import type { Clients } from "@opensync-ts/target/clients";

export const clientUsage =
  "client list | client freeze MAC | client unfreeze MAC | client name MAC NICKNAME… | client unname MAC";

/** The text to show. Throws a `UserError` for what is no such command, or no address. */
export function clientCommand({ frozen, nicknames }: Clients, args: readonly string[]): string {
  const [action, address, ...words] = args;
  if (action === "list" && address === undefined) return list({ frozen, nicknames });
  const mac = address === undefined ? undefined : parseMac(address);
  const does = { freeze: 0, unfreeze: 0, unname: 0, name: 1 }[action ?? ""];
  const isCommand = does !== undefined && address !== undefined && (does === 0) === (words.length === 0);
  if (!isCommand) throw new UserError(`sim client ${args.join(" ")}: use sim ${clientUsage}`);
  if (!mac) throw new UserError(`'${address}' is not a MAC address; write aa:bb:cc:dd:ee:ff`);
  switch (action) {
    case "freeze":
      frozen.set(mac, { source: "gw", type: "always" });
      return `${mac} has no Internet; unfreeze ends it\n`;
    case "unfreeze":
      frozen.set(mac, null);
      return `${mac} is not kept from the Internet\n`;
    case "name":
      nicknames.set(mac, words.join(" "));
      return `${mac} is called '${words.join(" ")}'\n`;
    default:
      nicknames.set(mac, null);
      return `${mac} has no nickname\n`;
  }
}

function list({ frozen, nicknames }: Clients): string {
  const macs = [...new Set([...frozen.entries().keys(), ...nicknames.entries().keys()])].sort();
  if (macs.length === 0) return "no client is frozen or has a nickname\n";
  const line = (mac: (typeof macs)[number]) => {
    const freeze = frozen.entries().get(mac);
    const name = nicknames.entries().get(mac);
    const by = freeze?.source === "cloud" ? "by the cloud" : "at the device";
    return [mac, ...(freeze ? [`frozen ${by}`] : []), ...(name === undefined ? [] : [`'${name}'`])].join("  ");
  };
  return macs.map((mac) => `${line(mac)}\n`).join("");
}
