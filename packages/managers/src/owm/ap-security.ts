/** What the security columns of an access point's row come to, worked out once for all rows of the mapping table. */

import type { Psk, Wpa } from "@opensync-ts/target/radio";
import type { Problem } from "./problems.ts";
import { psksOf } from "./psk.ts";
import type { VifConfig } from "./rows.ts";
import { apCryptoOf, securityOf } from "./security.ts";

export interface ApSecurity {
  /** `null`: no opinion, or none that makes sense. */
  readonly crypto: Omit<Wpa, "groupRekey"> | null;
  /** `null`: the security that is kept needs its keys. */
  readonly psks: readonly Psk[] | null;
  /** The row asks for security that nobody can make sense of; an open AP is not what was meant. */
  readonly unsafe: boolean;
  /** Fast transition is among the key management asked for. */
  readonly ft: boolean;
}

export function apSecurityOf(row: VifConfig, report: (problem: Problem) => void): ApSecurity {
  const security = securityOf(row);
  security.problems.forEach(report);
  const crypto = security.value && apCryptoOf(row.if_name, security.value);
  crypto?.problems.forEach(report);
  const unsafe = crypto ? crypto.value === null : security.problems.length > 0;
  const psks = psksOf(row.if_name, security.value?.wpa_psks ?? row.wpa_psks);
  psks.problems.forEach(report);
  return {
    crypto: crypto?.value ?? null,
    psks: unsafe && psks.value.length === 0 ? null : psks.value,
    unsafe,
    ft: crypto?.value?.akm.some((akm) => akm.startsWith("ft_")) ?? false,
  };
}
