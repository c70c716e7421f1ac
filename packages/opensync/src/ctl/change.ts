/** `ctl` commands that change something of a location at once: claims, devices, keys. */

import { clock } from "../run.ts";
import { locationOf } from "./places.ts";
import { Ctl, type CtlOptions } from "./session.ts";
import { moment } from "./tables.ts";

export interface AtLocation extends CtlOptions {
  readonly location?: string;
}

export interface ClaimOptions extends AtLocation {
  readonly role?: "gateway" | "extender";
  readonly id?: string;
  readonly pack?: string;
}

/** By serial number, or by the id under which a node has called. */
export async function claim(named: string | undefined, options: ClaimOptions): Promise<void> {
  const { pack, role, id } = options;
  const ctl = Ctl.open(options);
  const location = await locationOf(ctl, options.location);
  const params = { location: location.id };
  const route = "POST /locations/:location/claims";
  const one = async () => ({
    serialNumber: await serialOf(ctl, named ?? ""),
    ...(role && { role }),
    ...(id && { id }),
  });
  const claimed =
    pack === undefined
      ? await ctl.ask(route, { params, body: await one() })
      : await ctl.ask(route, { params, body: { packId: pack } });
  ctl.tell(claimed, () =>
    claimed.items.map(
      (node) => `${node.serialNumber} is ${node.role} '${node.id}' of '${location.name}' (version ${claimed.version})`,
    ),
  );
}

/** Whoever may not see callers names nodes by their serial number. */
async function serialOf(ctl: Ctl, named: string): Promise<string> {
  const callers = (await ctl.find("GET /callers", {}))?.items ?? [];
  if (callers.some(({ serialNumber }) => serialNumber === named)) return named;
  return callers.find(({ id }) => id === named)?.serialNumber ?? named;
}

/** By serial number, or by the id that the document gives it. */
export async function release(named: string, options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const location = await locationOf(ctl, options.location);
  const params = { location: location.id };
  const held = await ctl.find("GET /locations/:location/document", { params });
  const nodes = (held?.document.nodes ?? []) as readonly { readonly id: string; readonly serialNumber?: string }[];
  const serialNumber = nodes.find(({ id }) => id === named)?.serialNumber ?? named;
  const released = await ctl.ask("DELETE /locations/:location/claims/:serialNumber", {
    params: { ...params, serialNumber },
  });
  const version = released.version === null ? "" : ` (version ${released.version})`;
  ctl.tell(released, () => [`${serialNumber} is no longer a node of '${location.name}'${version}`]);
}

export interface ForOptions extends AtLocation {
  /** Ms. */
  readonly for?: number;
}

export async function freeze(mac: string, options: ForOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const params = { location: (await locationOf(ctl, options.location)).id, mac };
  const until = options.for === undefined ? null : new Date(clock.wallTime() + options.for).toISOString();
  const answer = await ctl.ask("PUT /locations/:location/devices/:mac/freeze", { params, body: { until } });
  const words = until === null ? "until 'unfreeze'" : `until ${moment(until)}`;
  ctl.tell(answer, () => [`${mac} has no Internet ${words} (version ${answer.version})`]);
}

export async function unfreeze(mac: string, options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const params = { location: (await locationOf(ctl, options.location)).id, mac };
  const answer = await ctl.ask("DELETE /locations/:location/devices/:mac/freeze", { params });
  ctl.tell(answer, () => [`${mac} is not frozen (version ${answer.version})`]);
}

export const bands = ["2.4G", "5G", "6G", "any"] as const;

export async function band(mac: string, only: (typeof bands)[number], options: ForOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const params = { location: (await locationOf(ctl, options.location)).id, mac };
  if (only === "any") {
    const answer = await ctl.ask("DELETE /locations/:location/devices/:mac/band", { params });
    ctl.tell(answer, () => [`${mac} may use all bands (version ${answer.version})`]);
    return;
  }
  const body = { band: only, minutes: Math.ceil((options.for ?? 30 * 60_000) / 60_000) };
  const answer = await ctl.ask("PUT /locations/:location/devices/:mac/band", { params, body });
  ctl.tell(answer, () => [`${mac} is held to ${only} until ${moment(answer.until)} (version ${answer.version})`]);
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
