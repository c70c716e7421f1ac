/** `ctl` commands for users. */

import { UserError } from "@opensync-ts/base/errors";
import { newPassphrase } from "@opensync-ts/cloud/api/access/secrets";
import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import type { Role } from "@opensync-ts/cloud/api/contract/roles";
import { namedOne, type OfTenant, tenantOf, tenantWords } from "./places.ts";
import { Ctl, type CtlOptions, textOf } from "./session.ts";
import { moment, textColumn } from "./tables.ts";

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

export async function listUsers(options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const of = await tenantWords(ctl);
  ctl.list(
    await ctl.all("GET /users", {}),
    [
      textColumn("USER", ({ name }) => name),
      textColumn("ROLE", ({ role }) => role),
      textColumn("OF", ({ tenant }) => of(tenant)),
      textColumn("LOGS IN", ({ disabled }) => (disabled ? "no, disabled" : "yes")),
      textColumn("MADE", ({ createdAt }) => moment(createdAt)),
    ],
    "there is no user; make one with 'opensync cloud ctl user add NAME --role ROLE'",
  );
}

export interface ChangeUserOptions extends OfTenant {
  readonly role?: Role;
  /** Of the cloud from now on, and not of a tenant. */
  readonly wholeCloud?: boolean;
  readonly passwordFile?: string;
  /** One that is made up, and told once. */
  readonly newPassword?: boolean;
  readonly disable?: boolean;
  readonly enable?: boolean;
}

/** What is wrong with the options together; undefined: nothing. */
export function changeProblem(options: ChangeUserOptions): string | undefined {
  const { role, tenant, wholeCloud, passwordFile, newPassword, disable, enable } = options;
  if (tenant !== undefined && wholeCloud) return "--tenant and --whole-cloud are one or the other";
  if (passwordFile !== undefined && newPassword) return "--password-file and --new-password are one or the other";
  if (disable && enable) return "--disable and --enable are one or the other";
  const any = [role, tenant, wholeCloud, passwordFile, newPassword, disable, enable].some(
    (given) => given !== undefined,
  );
  return any
    ? undefined
    : "say what to change: --role, --tenant, --whole-cloud, --new-password, --password-file, --disable, --enable";
}

/** The user's sessions end where role or password change. */
export async function changeUser(name: string, given: ChangeUserOptions): Promise<void> {
  const { role, wholeCloud, passwordFile, newPassword, disable, enable, ...options } = given;
  const ctl = Ctl.open(options);
  const user = await userOf(ctl, name);
  const tenant = options.tenant === undefined ? undefined : (await tenantOf(ctl, options.tenant)).id;
  const made = newPassword ? newPassphrase() : undefined;
  const password = made ?? (passwordFile === undefined ? undefined : textOf(passwordFile));
  const body = {
    ...(role && { role }),
    ...(wholeCloud ? { tenant: null } : tenant !== undefined && { tenant }),
    ...(password !== undefined && { password }),
    ...(disable ? { disabled: true } : enable && { disabled: false }),
  };
  const changed = await ctl.ask("PATCH /users/:user", { params: { user: user.id }, body });
  const of = await tenantWords(ctl);
  ctl.tell(made === undefined ? changed : { ...changed, password: made }, () => [
    `user '${changed.name}': ${changed.role} of ${of(changed.tenant)}${changed.disabled ? ", may not log in" : ""}`,
    ...(made === undefined ? [] : [`password: ${made}`]),
  ]);
}

/** With all sessions and tokens. */
export async function removeUser(name: string, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const user = await userOf(ctl, name);
  await ctl.ask("DELETE /users/:user", { params: { user: user.id } });
  ctl.tell(user, () => [`user '${user.name}' is gone, with all sessions and tokens`]);
}

type UserView = AnswerTo<"GET /users/:user">;

async function userOf(ctl: Ctl, named: string): Promise<UserView> {
  const all = await ctl.all("GET /users", {});
  if (all.length === 0) throw new UserError(`there is no user '${named}', and no other`);
  return namedOne("user", all, named, "user add NAME --role ROLE");
}
