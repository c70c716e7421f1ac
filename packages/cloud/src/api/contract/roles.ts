/** Who may do what. A user or token has one role, on the whole cloud or on one tenant. */

/**
 * | role       | may                                                                  |
 * |------------|----------------------------------------------------------------------|
 * | `viewer`   | see everything but secrets                                           |
 * | `operator` | change locations, claim nodes                                        |
 * | `admin`    | see secrets, make and remove locations (of the cloud: tenants), manage users and tokens up to admin |
 * | `owner`    | manage owners                                                        |
 */
export const roles = ["viewer", "operator", "admin", "owner"] as const;
export type Role = (typeof roles)[number];

/** A token's may also be this: it reads metrics, and nothing else. */
export const scrape = "scrape";
export type TokenRole = Role | typeof scrape;

export interface Grant {
  readonly role: TokenRole;
  /** Null: the whole cloud. */
  readonly tenant: string | null;
}

export type Subject = "cloud" | "tenant" | "location" | "something";

/**
 * Of a route. `nobody`: it is open. `anybody`: who is known. `viewer of tenant`: of the tenant in the path; `… of location`: of the
 * location's tenant; `… of something`: of the cloud or any tenant; then the answer has only what the caller may see.
 */
export type Needs = "nobody" | "anybody" | `${Role} of ${Subject}`;

const ranks: Readonly<Record<TokenRole, number>> = { scrape: 0, viewer: 1, operator: 2, admin: 3, owner: 4 };

export function atLeast(role: TokenRole, other: TokenRole): boolean {
  return ranks[role] >= ranks[other];
}

export function lesser(a: TokenRole, b: TokenRole): TokenRole {
  return atLeast(a, b) ? b : a;
}

/** Whether it is of the cloud, or of this tenant. */
export function reaches({ tenant }: Grant, other: string | null): boolean {
  return tenant === null || tenant === other;
}

/** Whether it allows all that `other` does. */
export function covers(grant: Grant, other: Grant): boolean {
  return reaches(grant, other.tenant) && atLeast(grant.role, other.role);
}

export function partsOf(needs: Exclude<Needs, "nobody" | "anybody">): { readonly role: Role; readonly on: Subject } {
  const [role, on] = needs.split(" of ") as [Role, Subject];
  return { role, on };
}
