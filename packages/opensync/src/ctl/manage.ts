/** `ctl` commands for tenants, locations, users and tokens. */

import { newPassphrase } from "@opensync-ts/cloud/api/access/secrets";
import type { Role, TokenRole } from "@opensync-ts/cloud/api/contract/roles";
import { tenantOf } from "./places.ts";
import { Ctl, type CtlOptions, textOf } from "./session.ts";

export async function addTenant(name: string, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const made = await ctl.ask("POST /tenants", { body: { name } });
  ctl.tell(made, () => [`tenant '${made.name}': ${made.id}`]);
}

export interface OfTenant extends CtlOptions {
  readonly tenant?: string;
}

export async function addLocation(name: string, options: OfTenant): Promise<void> {
  const ctl = Ctl.open(options);
  const tenant = await tenantOf(ctl, options.tenant);
  const made = await ctl.ask("POST /tenants/:tenant/locations", { params: { tenant: tenant.id }, body: { name } });
  ctl.tell(made, () => [`location '${made.name}' of tenant '${tenant.name}': ${made.id}`]);
}

export interface UserOptions extends OfTenant {
  readonly role: Role;
  readonly passwordFile?: string;
}

/** Of the whole cloud unless a tenant is named. A password that is made up is told once. */
export async function addUser(name: string, { role, passwordFile, ...options }: UserOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const tenant = options.tenant === undefined ? null : await tenantOf(ctl, options.tenant);
  const password = passwordFile === undefined ? newPassphrase() : textOf(passwordFile);
  const body = { name, password, role, tenant: tenant?.id ?? null };
  const made = await ctl.ask("POST /users", { body });
  ctl.tell(passwordFile === undefined ? { ...made, password } : made, () => [
    `user '${made.name}': ${made.role} of ${tenant ? `tenant '${tenant.name}'` : "the cloud"}`,
    ...(passwordFile === undefined ? [`password: ${password}`] : []),
  ]);
}

export interface TokenOptions extends OfTenant {
  readonly role: TokenRole;
  readonly expires?: string;
}

/** Its text is told once. */
export async function addToken(name: string, { role, expires, ...options }: TokenOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const tenant = options.tenant === undefined ? null : await tenantOf(ctl, options.tenant);
  const body = { name, role, tenant: tenant?.id ?? null, expiresAt: expires ?? null };
  const made = await ctl.ask("POST /tokens", { body });
  ctl.tell(made, () => [
    `token '${made.name}': ${made.role} of ${tenant ? `tenant '${tenant.name}'` : "the cloud"}, id ${made.id}`,
    `text: ${made.secret}`,
  ]);
}
