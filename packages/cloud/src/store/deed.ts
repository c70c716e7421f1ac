/** Something that somebody does to what is in the store. */

/** Who does something, and why, in their own words. */
export interface By {
  /** `user:alice`, `token:ci`, `cloud` */
  readonly actor: string;
  readonly why?: string | null | undefined;
}

export interface Deed {
  /** `version.apply` */
  readonly action: string;
  readonly tenant?: string | null | undefined;
  readonly location?: string | null | undefined;
  /** What it is done to: `version 7`. */
  readonly target?: string | null | undefined;
}

/** A deed that is done and committed, as those who follow hear of it. */
export interface DoneDeed extends Deed {
  readonly by: By;
  /** What it has changed, in words without secrets: as the trail has it, cut to what fits into an event. */
  readonly details: readonly string[];
}
