/** `ctl` commands for single devices: no Internet, one band, a name. */

import { UserError } from "@opensync-ts/base/errors";
import { clock } from "../run.ts";
import { type AtLocation, listed, locationOf } from "./places.ts";
import { Ctl } from "./session.ts";
import { moment } from "./tables.ts";

export interface ForOptions extends AtLocation {
  /** Ms. */
  readonly for?: number;
}

export async function freeze(named: string, options: ForOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const params = await deviceAt(ctl, named, options);
  const { mac } = params;
  const until = options.for === undefined ? null : new Date(clock.wallTime() + options.for).toISOString();
  const answer = await ctl.ask("PUT /locations/:location/devices/:mac/freeze", { params, body: { until } });
  const words = until === null ? "until 'unfreeze'" : `until ${moment(until)}`;
  ctl.tell(answer, () => [`${mac} has no Internet ${words} (version ${answer.version})`]);
}

export async function unfreeze(named: string, options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const params = await deviceAt(ctl, named, options);
  const { mac } = params;
  const answer = await ctl.ask("DELETE /locations/:location/devices/:mac/freeze", { params });
  ctl.tell(answer, () => [`${mac} is not frozen (version ${answer.version})`]);
}

export const bands = ["2.4G", "5G", "6G", "any"] as const;

export async function band(named: string, only: (typeof bands)[number], options: ForOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const params = await deviceAt(ctl, named, options);
  const { mac } = params;
  if (only === "any") {
    const answer = await ctl.ask("DELETE /locations/:location/devices/:mac/band", { params });
    ctl.tell(answer, () => [`${mac} may use all bands (version ${answer.version})`]);
    return;
  }
  const body = { band: only, minutes: Math.ceil((options.for ?? 30 * 60_000) / 60_000) };
  const answer = await ctl.ask("PUT /locations/:location/devices/:mac/band", { params, body });
  ctl.tell(answer, () => [`${mac} is held to ${only} until ${moment(answer.until)} (version ${answer.version})`]);
}

/** Without a name: it has none. */
export async function nickname(named: string, name: string | undefined, options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const params = await deviceAt(ctl, named, options);
  const body = { nickname: name ?? null };
  const answer = await ctl.ask("PUT /locations/:location/devices/:mac", { params, body });
  const words = name === undefined ? "has no name" : `is '${name}'`;
  ctl.tell(answer, () => [`${params.mac} ${words} (version ${answer.version})`]);
}

/** A device by its address, or by the name that `clients` shows. */
export async function deviceAt(
  ctl: Ctl,
  named: string,
  options: AtLocation,
): Promise<{ readonly location: string; readonly mac: string }> {
  const { id: location, name } = await locationOf(ctl, options.location);
  if (/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(named)) {
    return { location, mac: named.toLowerCase().replaceAll("-", ":") };
  }
  const { items } = await ctl.ask("GET /locations/:location/devices", { params: { location } });
  const all = items.map(({ mac, nickname: given, now }) => ({ mac, name: given ?? now?.hostname ?? null }));
  const [found, another] = all.filter((device) => device.name?.toLowerCase() === named.toLowerCase());
  if (!found) {
    const known = listed(all.map((device) => device.name ?? device.mac));
    const hint = known === "" ? "" : `; known: ${known}`;
    throw new UserError(`'${name}' has no device '${named}'; give its address, as aa:bb:cc:dd:ee:ff, or a name${hint}`);
  }
  if (another) throw new UserError(`several devices of '${name}' are named '${named}'; give the address of one`);
  return { location, mac: found.mac };
}
