/** Protected management frames, as far as key management decides on them. */

import type { Akm, Pmf } from "@opensync-ts/target/radio";

const saeAkms: ReadonlySet<Akm> = new Set(["sae", "sae_ext", "ft_sae", "ft_sae_ext"]);

export function usesSae(akm: readonly Akm[]): boolean {
  return akm.some((each) => saeAkms.has(each));
}

/**
 * SAE (WPA3) does without PMF in no case: a network of nothing else requires it, one that also admits older stations
 * offers it. Where more than that is asked for, it stays so.
 */
export function pmfFor(akm: readonly Akm[], wpa: boolean, asked: Pmf | null): Pmf {
  if (!usesSae(akm) || (asked !== null && asked !== "disabled")) return asked ?? "disabled";
  return wpa || akm.some((each) => !saeAkms.has(each)) ? "optional" : "required";
}
