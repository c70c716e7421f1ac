/** Something that somebody does to what is in the store. */

/** Who does something, and why, in their own words. */
export interface By {
  /** `user:alice`, `token:ci`, `cloud` */
  readonly actor: string;
  readonly why?: string | null | undefined;
}

/** What a deed means for a home, for those who follow; the audit trail has no more than the deed itself. */
export interface About {
  /** The rest of a sentence that begins with who did it: `pulled the cable of gateway`. Without secrets. */
  readonly words: string;
  readonly node?: string | undefined;
  /** Address of the client that it is about. */
  readonly client?: string | undefined;
  readonly facts?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

export interface Deed {
  /** `version.apply` */
  readonly action: string;
  readonly tenant?: string | null | undefined;
  readonly location?: string | null | undefined;
  /** What it is done to: `version 7`. */
  readonly target?: string | null | undefined;
  readonly about?: About | undefined;
  /** When it was done, wall clock, ms, where what came of it may be known before it is in the trail. */
  readonly at?: number | undefined;
}

/** A deed that is done and committed, as those who follow hear of it. */
export interface DoneDeed extends Deed {
  readonly by: By;
  /** What it has changed, in words without secrets: as the trail has it, cut to what fits into an event. */
  readonly details: readonly string[];
}

/** `user:ana` is `ana`. */
export function actorName(actor: string): string {
  return actor.replace(/^\w+:/, "");
}
