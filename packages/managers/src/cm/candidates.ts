/**
 * The addresses a name resolved to, and which of them comes next. Families alternate: each step passes over the
 * address just tried and prefers the other family.
 */

export type Family = "ipv4" | "ipv6";

export interface ResolvedAddresses {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

export interface Candidates {
  /** What is left of each family, the one to try first. */
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly preferred: Family;
  /** Some were there and have been tried. */
  readonly tried?: boolean;
}

export function currentCandidate(candidates: Candidates): string | undefined {
  return candidates[currentFamily(candidates)][0];
}

/** Without the address just tried. */
export function nextCandidates(candidates: Candidates): Candidates {
  const tried = currentFamily(candidates);
  return {
    ...candidates,
    [tried]: candidates[tried].slice(1),
    tried: true,
    preferred: tried === "ipv4" ? "ipv6" : "ipv4",
  };
}

function currentFamily({ preferred, ipv4, ipv6 }: Candidates): Family {
  if (preferred === "ipv6") return ipv6.length > 0 ? "ipv6" : "ipv4";
  return ipv4.length > 0 ? "ipv4" : "ipv6";
}
