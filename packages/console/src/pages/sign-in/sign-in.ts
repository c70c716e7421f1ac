/** What the address of the sign-in page says. Pure. */

export interface SignInSearch {
  /** Where to go then: a path of the console. */
  readonly to?: string;
  /** One was signed in until now. */
  readonly ended?: true;
}

export function signInSearch({ to, ended }: Record<string, unknown>): SignInSearch {
  return { ...(isOwnPath(to) ? { to } : {}), ...(ended === true ? { ended } : {}) };
}

/** Of a link that signs in: `code=…`, as `location.hash` has it, with or without its `#`. */
export function codeIn(hash: string): string | undefined {
  return /^#?code=([\w-]{1,256})$/.exec(hash)?.[1];
}

/** `//elsewhere` and `/\\elsewhere` are other hosts to a browser. */
function isOwnPath(to: unknown): to is string {
  return typeof to === "string" && /^\/(?![/\\])/.test(to) && !/\p{Cc}/u.test(to);
}
