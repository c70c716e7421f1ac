/** What one may do, by the role that one has. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import type { Role, TokenRole } from "@opensync-ts/cloud/api/contract/roles";

export interface May {
  readonly allowed: boolean;
  /** Why not, for people; undefined: it is allowed. */
  readonly reason: string | undefined;
}

export interface Asked {
  /** Undefined: not known yet. */
  readonly me: Pick<AnswerTo<"GET /session">, "role" | "tenant"> | undefined;
  readonly role: Role;
  /** Left out: of a tenant will do. */
  readonly onCloud?: boolean | undefined;
  /** What is shown is not what is now. */
  readonly isPast: boolean;
}

/** Each may do what those before it may. */
const ranks: Readonly<Record<TokenRole, number>> = { scrape: 0, viewer: 1, operator: 2, admin: 3, owner: 4 };

const yes: May = { allowed: true, reason: undefined };

export function mayOf({ me, role, onCloud = false, isPast }: Asked): May {
  if (!me) return no("It is not known yet who you are.");
  if (ranks[me.role] < ranks[role]) return no(`This needs the role ${role}; yours is ${me.role}.`);
  if (onCloud && me.tenant !== null)
    return no(`This needs the role ${role} of the whole cloud; yours is of one tenant.`);
  if (isPast) return no("This is how it was. Go back to now to change something.");
  return yes;
}

function no(reason: string): May {
  return { allowed: false, reason };
}
