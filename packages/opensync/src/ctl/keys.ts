/** `ctl` commands for the keys of networks. */

import { UserError } from "@opensync-ts/base/errors";
import { type AtLocation, listed, locationOf } from "./places.ts";
import { Ctl, type CtlOptions } from "./session.ts";
import { moment, textColumn } from "./tables.ts";

/** Without passphrases. */
export async function listKeys(named: string | undefined, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, name } = await locationOf(ctl, named);
  const { items } = await ctl.ask("GET /locations/:location/keys", { params: { location: id } });
  ctl.list(
    items,
    [
      textColumn("NETWORK", ({ ssid }) => ssid),
      textColumn("KEY", ({ key }) => key),
      textColumn("LABEL", ({ label }) => label),
      textColumn("ZONE", ({ zone }) => zone ?? "home"),
      textColumn("EXPIRES", ({ expires }) => moment(expires)),
    ],
    `location '${name}' has no key in the version that holds`,
  );
}

/** With the passphrase, which the trail then has as shown. */
export async function showKey(ssid: string, key: string, options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const location = (await locationOf(ctl, options.location)).id;
  // First without, so that nothing is shown for a name that is wrong.
  const { items } = await ctl.ask("GET /locations/:location/keys", { params: { location } });
  if (!items.some((entry) => entry.ssid === ssid && entry.key === key)) {
    const known = listed(items.map((entry) => `${entry.key} of '${entry.ssid}'`));
    throw new UserError(`there is no key '${key}' of '${ssid}'${known === "" ? "" : `; known: ${known}`}`);
  }
  const asked = { params: { location }, query: { secrets: true } };
  const { document } = await ctl.ask("GET /locations/:location/document", asked);
  const network = document.networks.find((entry) => entry.ssid === ssid);
  const found = network?.security.keys.find(({ id }) => id === key);
  if (!found) throw new UserError(`key '${key}' of '${ssid}' has just been taken away`);
  ctl.tell({ ssid, key, psk: found.psk }, () => [`passphrase: ${found.psk}`]);
}

export interface KeyOptions extends AtLocation {
  readonly label?: string;
  readonly zone?: "home" | "guest" | "internet-only";
  readonly expires?: string;
}

/** Tells the passphrase that the cloud has made up. */
export async function addKey(ssid: string, { label, zone, expires, ...options }: KeyOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const params = { location: (await locationOf(ctl, options.location)).id };
  const body = { ssid, ...(label && { label }), ...(zone && { zone }), ...(expires && { expires }) };
  const added = await ctl.ask("POST /locations/:location/keys", { params, body });
  const end = added.expires === null ? "" : `, until ${moment(added.expires)}`;
  ctl.tell(added, () => [
    `${added.key} of '${added.ssid}', zone ${added.zone ?? "home"}${end} (version ${added.version})`,
    `passphrase: ${added.psk}`,
  ]);
}

export async function removeKey(ssid: string, key: string, options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const params = { location: (await locationOf(ctl, options.location)).id, ssid, key };
  const answer = await ctl.ask("DELETE /locations/:location/networks/:ssid/keys/:key", { params });
  ctl.tell(answer, () => [`${key} of '${ssid}' is gone (version ${answer.version})`]);
}
