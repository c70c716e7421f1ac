/** The tables of users, their sessions, and tokens. Of what proves who somebody is they hold hashes only. */

import type { Instant } from "../../store/json.ts";
import type { Role, TokenRole } from "../contract/roles.ts";

export interface UsersTable {
  readonly id: string;
  readonly name: string;
  /** `hashPassword` makes it. */
  readonly password: string;
  readonly role: Role;
  /** Null: on the whole cloud. */
  readonly tenant_id: string | null;
  readonly disabled: boolean;
  readonly created_at: Instant;
}

export interface SessionsTable {
  /** SHA-256 of the cookie's value. */
  readonly id: string;
  readonly user_id: string;
  readonly created_at: Instant;
  readonly used_at: Instant;
  readonly expires_at: Instant;
}

export interface TokensTable {
  readonly id: string;
  /** SHA-256 of its text. */
  readonly hash: string;
  readonly name: string;
  /** Null: nobody's. */
  readonly user_id: string | null;
  /** The token that it was made with; they go together. */
  readonly parent_id: string | null;
  readonly role: TokenRole;
  readonly tenant_id: string | null;
  readonly created_at: Instant;
  readonly expires_at: Instant | null;
  readonly used_at: Instant | null;
}

export interface AccessTables {
  readonly users: UsersTable;
  readonly sessions: SessionsTable;
  readonly tokens: TokensTable;
}
