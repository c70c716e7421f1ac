/** A conversation with a running cloud: where it is, who asks, and what is done with what it answers. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import type { AnswerTo, CallOf, Name } from "@opensync-ts/cloud/api/contract/contract";
import { findJsonFault } from "@opensync-ts/cloud/json-position";
import { type CloudClient, createCloudClient } from "@opensync-ts/cloud-client/client";
import type { ApiFailure, Result } from "@opensync-ts/cloud-client/errors";
import { cloudDirectory } from "../cloud-certs-command.ts";
import { jsonText } from "../json-text.ts";
import { ctlFileBytes, ctlItems } from "../limits.ts";
import { clock, say } from "../run.ts";
import { type Column, table } from "../table.ts";
import { terminalWidth } from "./tables.ts";
import { inWords } from "./words.ts";

export interface CtlOptions {
  /** Of a cloud, or of a home. */
  readonly dir?: string;
  readonly url?: string;
  readonly tokenFile?: string;
  /** PEM: whom to trust that the API is the cloud's. */
  readonly caCert?: string;
  readonly json?: boolean;
  /** For the audit trail. */
  readonly why?: string;
}

/** Routes that are answered with JSON. */
export type Asked = Exclude<Name, "GET /events/stream" | "GET /backup">;
type Item<N extends Asked> = AnswerTo<N> extends { readonly items: readonly (infer I)[] } ? I : never;

export class Ctl {
  readonly client: CloudClient;
  /** `http://127.0.0.1:8080`, without a slash at its end. */
  readonly address: string;
  readonly json: boolean;
  readonly #why: string | undefined;
  /** What to say where nobody listens. */
  readonly #refused: string;

  private constructor(address: string, token: string, options: CtlOptions, refused: string) {
    this.address = address.replace(/\/+$/, "");
    this.client = createCloudClient({ baseUrl: address, token, clock });
    this.json = options.json ?? false;
    this.#why = options.why;
    this.#refused = refused;
  }

  /** Throws a `UserError` that says how to start a cloud, or what to give. */
  static open(options: CtlOptions): Ctl {
    const { url, tokenFile } = options;
    const given = tokenFile === undefined ? process.env.OPENSYNC_TOKEN : textOf(tokenFile);
    if (url !== undefined) {
      if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
        throw new UserError(`--url ${url}: is no address of an API; write http://HOST:PORT or https://HOST:PORT`);
      }
      if (!given) throw new UserError(`${url}: wants a token; give --token-file, or set OPENSYNC_TOKEN`);
      if (options.caCert !== undefined) trust(options.caCert);
      const refused = `${url}: nobody listens there; is the address right, and does the cloud run?`;
      return new Ctl(url, checked(given), options, refused);
    }
    const { directory, address } = placeOf(options.dir);
    const token = given || textOf(join(directory, "api.token"));
    const authority = options.caCert ?? join(directory, "tls", "ca.pem");
    if (address.startsWith("https:") && existsSync(authority)) trust(authority);
    return new Ctl(address, checked(token), options, noCloud(directory));
  }

  /** The answer; throws a `UserError` with what the cloud says where it refuses. */
  async ask<N extends Asked>(name: N, call: CallOf<N>): Promise<AnswerTo<N>> {
    return this.taken(await this.result(name, call));
  }

  /** The answer, or undefined where it is that there is no such thing, or that the caller may not see it. */
  async find<N extends Asked>(name: N, call: CallOf<N>): Promise<AnswerTo<N> | undefined> {
    const result = await this.result(name, call);
    return !result.ok && [403, 404].includes(result.error.status) ? undefined : this.taken(result);
  }

  /** All pages of a list that goes on `after` something. */
  async all<N extends Asked>(name: N, call: CallOf<N>): Promise<Item<N>[]> {
    const items: Item<N>[] = [];
    let after: string | null | undefined;
    do {
      const { query } = call as { query?: object };
      const page = (await this.ask(name, { ...call, query: { ...query, ...(after && { after }) } } as CallOf<N>)) as {
        readonly items: readonly Item<N>[];
        readonly next: string | null;
      };
      items.push(...page.items);
      after = page.next;
      if (items.length >= ctlItems && after !== null) {
        throw new UserError(`there are more than ${ctlItems}; ask for a part with 'opensync cloud ctl call'`);
      }
    } while (after !== null);
    return items;
  }

  async result<N extends Asked>(name: N, call: CallOf<N>): Promise<Result<AnswerTo<N>>> {
    const request = this.client.request as (name: N, call: CallOf<N>) => Promise<Result<AnswerTo<N>>>;
    if (this.#why === undefined || name.startsWith("GET ")) return request(name, call);
    const { query } = call as { query?: object };
    return request(name, { ...call, query: { ...query, why: this.#why } } as CallOf<N>);
  }

  taken<T>(result: Result<T>): T {
    if (result.ok) return result.value;
    throw this.refusal(result.error);
  }

  /** `tell`: how what is wrong in the request is said. */
  refusal(failure: ApiFailure, tell = inWords): UserError {
    const { code, message } = failure;
    if (code === "unreachable") return new UserError(/ECONNREFUSED/.test(message) ? this.#refused : message);
    return new UserError(tell(failure));
  }

  /** The answer as it is with `--json`, else in words. */
  tell(value: unknown, words: () => readonly string[]): void {
    if (this.json) process.stdout.write(`${jsonText(value as object, 2)}\n`);
    else for (const line of words()) say(line);
  }

  /** A list likewise: a table, or what to say where it is empty. */
  list<T>(items: readonly T[], columns: readonly Column<T>[], none: string): void {
    this.tell(items, () => (items.length === 0 ? [none] : table(columns, items, terminalWidth())));
  }
}

/** A file's text without the blanks around it. */
export function textOf(file: string): string {
  try {
    if (file !== "-" && statSync(file).size > ctlFileBytes) {
      throw new UserError(`larger than ${ctlFileBytes} bytes`);
    }
    return readFileSync(file === "-" ? 0 : file, "utf8").trim();
  } catch (error) {
    throw new UserError(`${file}: cannot be read (${messageOf(error)}); name a file that can, or - for stdin`);
  }
}

/** What a file of JSON holds. */
export function jsonOf(file: string): unknown {
  return parsed(textOf(file), file);
}

/** `source` stands where the file's name would. */
export function parsed(text: string, source: string): unknown {
  const fault = findJsonFault(text);
  if (!fault) return JSON.parse(text);
  const { line, column, expected } = fault;
  throw new UserError(`${source}: line ${line}, column ${column}: not JSON; expected ${expected}`);
}

/** What cannot be sent is no token. */
function checked(token: string): string {
  if (/^[\x21-\x7e]{1,256}$/.test(token)) return token;
  throw new UserError("the token is none; give one as the API has told it, in --token-file or OPENSYNC_TOKEN");
}

function placeOf(dir: string | undefined): { readonly directory: string; readonly address: string } {
  const named = cloudDirectory(dir);
  const places = dir === undefined ? [named] : [named, join(named, "cloud")];
  const directory = places.find((place) => existsSync(join(place, "run", "api.url")));
  if (directory === undefined) throw new UserError(noCloud(named));
  return { directory, address: textOf(join(directory, "run", "api.url")) };
}

function noCloud(directory: string): string {
  return `${directory}: no cloud with an API runs there; start one with 'opensync up' or 'opensync cloud --dir DIR', or give --dir or --url`;
}

function trust(file: string): void {
  setDefaultCACertificates([...getCACertificates("default"), textOf(file)]);
}
