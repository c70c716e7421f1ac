/** Which location, tenant, user or token is meant: by id or name; a location or tenant by none where there is only one. */

import { UserError } from "@opensync-ts/base/errors";
import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import type { Ctl, CtlOptions } from "./session.ts";

export interface AtLocation extends CtlOptions {
  readonly location?: string;
}

export interface OfTenant extends CtlOptions {
  readonly tenant?: string;
}

export type LocationView = AnswerTo<"GET /locations/:location">;
type TenantView = AnswerTo<"GET /tenants/:tenant">;

/** Throws a `UserError` with what there is. */
export async function locationOf(ctl: Ctl, named: string | undefined): Promise<LocationView> {
  // Of very many it is found without going through them.
  const found = isId(named) && (await ctl.find("GET /locations/:location", { params: { location: named } }));
  return found || chosen("location", await ctl.all("GET /locations", {}), named, "location add NAME");
}

/** One of `all`; throws a `UserError` with what there is. `make`: how one is made, after `opensync cloud ctl`. */
export function namedOne<T extends Named>(what: string, all: readonly T[], named: string, make: string): T {
  return chosen(what, all, named, make);
}

interface Named {
  readonly id: string;
  readonly name: string;
}

export async function tenantOf(ctl: Ctl, named: string | undefined): Promise<TenantView> {
  return chosen("tenant", await ctl.all("GET /tenants", {}), named, "tenant add NAME");
}

/** Of what somebody may do: the name of a tenant by its id, or the cloud (null). */
export async function tenantWords(ctl: Ctl): Promise<(tenant: string | null) => string> {
  const names = new Map((await ctl.all("GET /tenants", {})).map(({ id, name }) => [id, name]));
  return (tenant) => (tenant === null ? "the cloud" : `tenant '${names.get(tenant) ?? tenant}'`);
}

function isId(named: string | undefined): named is string {
  return named !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(named);
}

function chosen<T extends Named>(what: string, all: readonly T[], named: string | undefined, make: string): T {
  const meant = named === undefined ? all : all.filter(({ id, name }) => id === named || name === named);
  const [one, another] = meant;
  if (one && !another) return one;
  if (all.length === 0) throw new UserError(`there is no ${what} yet; make one with 'opensync cloud ctl ${make}'`);
  if (one && named !== undefined) {
    throw new UserError(
      `${what} '${named}': there are ${meant.length} of that name; name one by its id: ${ids(meant)}`,
    );
  }
  const names = listed(all.map(({ name }) => `'${name}'`));
  if (named === undefined) throw new UserError(`there are ${all.length} ${what}s; name one: ${names}`);
  throw new UserError(`there is no ${what} '${named}'; known: ${names}`);
}

function ids(all: readonly { readonly id: string }[]): string {
  return listed(all.map(({ id }) => id));
}

/** The first of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
