/** For tests: the API of a cloud without nodes, and callers of every role. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { Log, type LogRecord } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { Registry } from "prom-client";
import type { Principal } from "../api/access/principal.ts";
import { createToken } from "../api/access/tokens.ts";
import { prefix } from "../api/contract/contract.ts";
import type { TokenRole } from "../api/contract/roles.ts";
import type { ApiHost, LiveCaller, LiveEvent, LiveLocation } from "../api/host.ts";
import { createServer, type Server } from "../api/server.ts";
import type { Store } from "../store/store.ts";
import { alice, unused } from "./locations.ts";

export const cheapPasswords = { log2n: 4, r: 8, p: 1 };

/** Whoever has the cloud's shell. */
export const shell: Principal = {
  kind: "session",
  key: "session shell",
  actor: "token:control",
  user: null,
  id: "shell",
  role: "owner",
  tenant: null,
  expiresAt: null,
};

/** A cloud that serves no location. */
export function aHost(store: Store, directory: string): ApiHost {
  return {
    store,
    directory,
    locations: { get: () => undefined, all: () => [], callers: [], events: new Emitter<{ event: LiveEvent }>() },
    metrics: new Registry(),
    connection: { redirector: "ssl:192.0.2.1:6643", authority: null },
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  readonly body: any;
}

export class ApiBench implements AsyncDisposable {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly logged: LogRecord[];
  readonly server: Server;
  readonly events: Emitter<{ event: LiveEvent }>;
  readonly locations: Map<string, LiveLocation>;
  readonly callers: LiveCaller[];
  readonly #directory: string;

  private constructor(store: Store, server: Server, parts: Parts) {
    this.store = store;
    this.server = server;
    this.clock = parts.clock;
    this.logged = parts.logged;
    this.events = parts.events;
    this.locations = parts.locations;
    this.callers = parts.callers;
    this.#directory = parts.directory;
  }

  /** `console`: directory of the pages to serve. */
  static async open(store: Store, extra: Partial<ApiHost> = {}, console?: string): Promise<ApiBench> {
    const parts = newParts();
    const { clock, logged, events, locations, callers, directory } = parts;
    const served = { get: (id: string) => locations.get(id), all: () => locations.values(), callers, events };
    const host: ApiHost = { ...aHost(store, directory), locations: served, ...extra };
    const log = Log.create({ name: "API", sink: (record) => logged.push(record), wallTime: () => clock.wallTime() });
    const server = await createServer({
      host,
      clock,
      random: new SystemRandom(),
      log,
      passwordCost: cheapPasswords,
      console,
    });
    return new ApiBench(store, server, parts);
  }

  /** The text of a new token. */
  async token(role: TokenRole, tenant: string | null = null): Promise<string> {
    const token = { name: unused("token"), role, tenant, expiresAt: null };
    return (await createToken(this.store, token, shell, alice)).secret;
  }

  /** `name`: `GET /locations`, below the API's prefix, or a whole path. A string as body goes as it is. */
  async call(name: string, { token, body, headers = {}, address = "192.0.2.7" }: CallParts = {}): Promise<Answered> {
    const [method = "GET", path = ""] = name.split(" ");
    const response = await this.server.app.inject({
      method: method as "GET",
      url: /^\/(api|healthz|metrics)/.test(path) ? path : `${prefix}${path}`,
      remoteAddress: address,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const isJson = String(response.headers["content-type"]).startsWith("application/json");
    return {
      status: response.statusCode,
      headers: response.headers,
      body: isJson ? response.json() : response.body,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.stop();
    await this.server.app.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

export interface CallParts {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly address?: string;
}

type Parts = ReturnType<typeof newParts>;

function newParts() {
  return {
    clock: new VirtualClock(),
    logged: [] as LogRecord[],
    events: new Emitter<{ event: LiveEvent }>(),
    locations: new Map<string, LiveLocation>(),
    callers: [] as LiveCaller[],
    directory: mkdtempSync(join(tmpdir(), "opensync-api-")),
  };
}
