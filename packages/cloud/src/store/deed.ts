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
