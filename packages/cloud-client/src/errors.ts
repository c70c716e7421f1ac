/** What a request that is not done is answered with, as a value. */

export interface ApiFailure {
  /** Of HTTP; 0: there was no answer, or none of the cloud's. */
  readonly status: number;
  /** `not-found`, `conflict`, `invalid`, `too-often` …; `unreachable`: there was no answer; `unreadable`: it cannot be read. */
  readonly code: string;
  readonly message: string;
  /** Of the request, where something in it is wrong: `body.document.networks[0].ssid`. */
  readonly fields: readonly { readonly path: string; readonly reason: string }[];
  /** For the cloud's log. */
  readonly request: string | null;
  /** When to try again; null: it does not say. */
  readonly retryAfterMs: number | null;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiFailure };

/** For those who rather catch. */
export class CloudError extends Error {
  override readonly name = "CloudError";
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The value, or a `CloudError` is thrown. */
export function valueOrThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new CloudError(result.error);
}

export function unreachable(error: unknown): ApiFailure {
  // What 'fetch' throws says why in its cause.
  const reasons = [error, (error as { cause?: unknown } | null)?.cause].filter((reason) => reason !== undefined);
  const words = reasons.map((reason) => (reason instanceof Error ? reason.message || reason.name : String(reason)));
  const message = `the cloud cannot be reached: ${words.join(": ")}`;
  return { status: 0, code: "unreachable", message, fields: [], request: null, retryAfterMs: null };
}

/** Of an answer that says success and is not the cloud's, or not all of it: whether anything was done is not known. */
export function unreadable(): ApiFailure {
  const message =
    "the answer is not what the cloud says, or it came in part only; what stands between, such as the sign-in of a hotspot, may have answered";
  return { status: 0, code: "unreadable", message, fields: [], request: null, retryAfterMs: null };
}

/** Of an answer other than success; a proxy may have given it. */
export function failureOf(status: number, text: string, retryAfter: string | null): ApiFailure {
  const said = errorIn(text);
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  return {
    status,
    code: said.code ?? "unknown",
    message: said.message ?? `the cloud answered with status ${status}`,
    fields: said.fields ?? [],
    request: said.request ?? null,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
  };
}

function errorIn(text: string): Partial<ApiFailure> {
  try {
    const { error } = JSON.parse(text) as { error?: Partial<ApiFailure> };
    return typeof error === "object" && error !== null ? error : {};
  } catch {
    return {};
  }
}
