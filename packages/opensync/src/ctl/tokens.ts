/** `ctl` commands for the tokens of programs. */

import type { TokenRole } from "@opensync-ts/cloud/api/contract/roles";
import { namedOne, type OfTenant, tenantOf, tenantWords } from "./places.ts";
import { Ctl, type CtlOptions } from "./session.ts";
import { moment, textColumn } from "./tables.ts";

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

/** Those within reach of an admin, else the caller's own. */
export async function listTokens(options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const of = await tenantWords(ctl);
  ctl.list(
    await tokensOf(ctl),
    [
      textColumn("TOKEN", ({ name }) => name),
      textColumn("ROLE", ({ role }) => role),
      textColumn("OF", ({ tenant }) => of(tenant)),
      textColumn("MADE BY", ({ user }) => user),
      textColumn("EXPIRES", ({ expiresAt }) => moment(expiresAt)),
      textColumn("USED", ({ usedAt }) => moment(usedAt)),
      textColumn("ID", ({ id }) => id),
    ],
    "there is no token; make one with 'opensync cloud ctl token add NAME --role ROLE'",
  );
}

/** And with it those that were made with it. */
export async function removeToken(named: string, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const token = namedOne("token", await tokensOf(ctl), named, "token add NAME --role ROLE");
  await ctl.ask("DELETE /tokens/:token", { params: { token: token.id } });
  // The shell's own token is made anew when the cloud starts.
  const note =
    token.name === "control" && token.user === null ? "; this shell has a new one once the cloud is restarted" : "";
  ctl.tell(token, () => [`token '${token.name}' is no longer good for anything${note}`]);
}

async function tokensOf(ctl: Ctl) {
  const { role } = await ctl.ask("GET /session", {});
  return ctl.all("GET /tokens", { query: { all: role === "admin" || role === "owner" } });
}
