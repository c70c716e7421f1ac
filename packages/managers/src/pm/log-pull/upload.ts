/** Hands an archive over to where the cloud wants it, over HTTPS. */

import { readFileSync } from "node:fs";
import { request } from "node:https";
import { rootCertificates } from "node:tls";
import { pmLimits } from "../limits.ts";

export interface Upload {
  readonly location: URL;
  /** `post`: as the file `filename` of a form, under the name `token`. `put`: as it is, for locations signed in advance. */
  readonly method: "post" | "put";
  readonly token: string;
  readonly archive: Uint8Array;
  /** A file with CAs that count besides the well-known ones; absent or unreadable: only these. */
  readonly caFile?: string;
  readonly signal: AbortSignal;
}

/** Throws a `RangeError` that says what a location has to be. */
export function parseLocation(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "https:" && url.hostname !== "") return url;
  const shown = url ? `'${url.protocol}'` : "no URL";
  throw new RangeError(`upload_location is ${shown}: it must be https://HOST/PATH`);
}

/** Without user, password and query, which may be what allows the upload. */
export function shownLocation({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** The status of the answer, 2xx. Rejects with what was answered otherwise, or what went wrong on the way. */
export function upload(options: Upload): Promise<number> {
  const { location, method, archive, caFile, signal } = options;
  const { type, body } = method === "put" ? { type: "application/gzip", body: archive } : formOf(options);
  const ca = caFile === undefined ? null : readIfThere(caFile);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      location,
      {
        method: method.toUpperCase(),
        headers: { "content-type": type, "content-length": body.length },
        ...(ca !== null && { ca: [...rootCertificates, ca] }),
        agent: false,
        signal,
      },
      (answer) => {
        const { statusCode = 0 } = answer;
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => {
          if (text.length < pmLimits.pullAnswerBytes) text += part;
          // Nobody needs more to understand an error.
          else answer.destroy();
        });
        answer.on("error", reject);
        answer.on("close", () => {
          if (statusCode >= 200 && statusCode < 300) resolve(statusCode);
          else reject(new Error(refusal(statusCode, text)));
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function refusal(status: number, text: string): string {
  const words = text
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .slice(0, pmLimits.pullAnswerBytes)
    .trim();
  const redirected = status >= 300 && status < 400 ? " (redirections are not followed: give the final location)" : "";
  return `answered with ${status}${redirected}${words === "" ? "" : `: ${words}`}`;
}

function formOf({ token, archive }: Upload): { readonly type: string; readonly body: Uint8Array } {
  let boundary = "opensync-log-pull";
  while (Buffer.from(archive).includes(boundary)) boundary += "-";
  const name = token.replaceAll(/[^\w.-]/g, "_");
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="filename"; filename="${name}"`,
    "Content-Type: application/gzip",
    "",
    "",
  ].join("\r\n");
  const body = Buffer.concat([Buffer.from(head), archive, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
