/** The web server: every request goes the same way, from who it is of to an answer of the form that the contract states. */

import cookie from "@fastify/cookie";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { getLocation } from "../store/locations.ts";
import { getTenant } from "../store/tenants.ts";
import { Troubles } from "../troubles.ts";
import { SignInLinks } from "./access/links.ts";
import { type PasswordCost, Passwords } from "./access/passwords.ts";
import { decideAccess, mayOf, type Principal } from "./access/principal.ts";
import type { Api } from "./api.ts";
import { parseBody } from "./body.ts";
import { Caller } from "./caller.ts";
import { ConsolePages, notBuilt } from "./console.ts";
import { type ApiErrorBody, allRoutes, prefix } from "./contract/contract.ts";
import { parametersIn } from "./contract/route.ts";
import { handlers } from "./handlers/handlers.ts";
import type { ApiHost } from "./host.ts";
import * as limits from "./limits.ts";
import { LiveHub } from "./live/hub.ts";
import { followHost } from "./live/sources.ts";
import { Streams } from "./live/streams.ts";
import { methodsOf } from "./methods.ts";
import { ApiMetrics } from "./metrics.ts";
import { addPlainRoutes } from "./plain-routes.ts";
import { ApiProblem, absent, forbidden, problemFrom } from "./problems.ts";
import { BackOff, RateLimiter } from "./rate-limiter.ts";
import { readRequest } from "./read-request.ts";

export interface ServerOptions {
  readonly host: ApiHost;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** PEM; left out: without TLS. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer } | undefined;
  /** Browsers are to send the session over TLS only; by default where `tls` is given. For a server behind a proxy that does TLS. */
  readonly secureCookies?: boolean | undefined;
  /** What checking a password costs; for tests. */
  readonly passwordCost?: PasswordCost | undefined;
  /** Directory of the built console, served at `/`; left out: there is none. */
  readonly console?: string | undefined;
}

export interface Server {
  readonly app: FastifyInstance;
  readonly api: Api;
  /** Ends what lasts: live streams. */
  stop(): void;
}

type Route = (typeof allRoutes)[number];

/** What is known of a request on its way. */
interface Known {
  readonly startedAt: number;
  readonly route: string;
  principal: Principal | undefined;
  tenant: string | null;
}

/** Ready, and not listening yet. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { host, clock, random, log } = options;
  const { store } = host;
  const attempts = new RateLimiter(clock, limits.attemptsPerAddress);
  const hub = new LiveHub(random.uuid().slice(0, 8));
  const streams = new Streams({ hub, clock, log });
  const secure = options.secureCookies ?? options.tls !== undefined;
  const caller = new Caller({ store, clock, attempts, directory: host.directory, secure });
  const services = { host, store, clock, random, log, hub, streams, attempts, caller };
  const passwords = new Passwords(options.passwordCost);
  const api: Api = { ...services, passwords, links: new SignInLinks(clock), backOff: new BackOff(clock) };
  const pages = options.console === undefined ? undefined : new ConsolePages(options.console);
  if (pages && !pages.isBuilt) log.warning(notBuilt.trim());
  const metrics = new ApiMetrics(host.metrics, () => streams.size);
  const troubles = new Troubles(clock, log);
  const known = new WeakMap<FastifyRequest, Known>();

  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    http: { maxHeaderSize: limits.headerBytes, headersTimeout: limits.headersMs },
    ...(options.tls ? { https: { ...options.tls, maxHeaderSize: limits.headerBytes, minVersion: "TLSv1.2" } } : {}),
    routerOptions: { maxParamLength: limits.pathFieldLength },
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    genReqId: () => random.uuid(),
    frameworkErrors: (error, request, reply) => void refuse(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: (error, socket) => {
      if (!socket.writable) return;
      const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    },
  }) as unknown as FastifyInstance;
  app.server.maxConnections = limits.connections;
  app.server.headersTimeout = limits.headersMs;

  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const problem = problemFrom(error);
    const at = known.get(request);
    const who = `request ${request.id}, ${at?.principal?.actor ?? "nobody"}, ${request.ip}`;
    const route = at?.route ?? `${request.method} (no route)`;
    if (!problem) log.error(`${route}: ${messageOf(error)} (${who})`);
    else {
      const key = `${route} ${problem.status} ${request.ip}`;
      troubles.tell(key, `${route}: ${problem.status} ${problem.code}: ${problem.message} (${who})`);
    }
    const { status, code, message, fields, retryAfterMs } = problem ?? unforeseen;
    if (retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(retryAfterMs / 1000));
    if (status === 401) reply.header("www-authenticate", "Bearer");
    const body: ApiErrorBody = {
      error: { code, message, request: request.id, ...(fields.length > 0 ? { fields } : {}) },
    };
    return reply.code(status).send(body);
  };

  await app.register(cookie);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, async (_: FastifyRequest, text: string) =>
    parseBody(text),
  );
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply));
  app.setNotFoundHandler(async (request, reply) => {
    if (pages?.answer(request, reply)) return reply;
    const { method, url } = request;
    const allowed = methodsOf(url.replace(/\?.*$/s, ""));
    if (allowed.length === 0) throw absent("route; GET /api/v1/openapi.json lists them");
    reply.header("allow", allowed.join(", "));
    throw new ApiProblem(405, "method", `${method} is not for this path; it takes ${allowed.join(", ")}`);
  });
  app.addHook("onRequest", async (request, reply) => {
    const pattern = request.routeOptions.url;
    const route = pattern === undefined ? "(no route)" : `${request.method} ${pattern}`;
    known.set(request, { startedAt: clock.now(), route, principal: undefined, tenant: null });
    reply.headers({ ...safeHeaders, "x-request-id": request.id });
    if (secure) reply.header("strict-transport-security", "max-age=31536000");
    caller.checkAddress(request.ip);
  });
  app.addHook("onResponse", async (request, reply) => {
    const at = known.get(request);
    if (!at) return;
    metrics.requests.inc({ route: at.route, status: reply.statusCode });
    metrics.seconds.observe({ route: at.route }, (clock.now() - at.startedAt) / 1000);
  });

  for (const route of allRoutes) {
    app.route({
      method: route.method,
      url: `${prefix}${route.path}`,
      bodyLimit: route.bodyBytes ?? limits.bodyBytes,
      // Before the body is read: that of nobody is not.
      onRequest: async (request) => {
        const at = known.get(request);
        if (at) await admit(api, route, request, at);
      },
      handler: async (request, reply) => {
        const at = known.get(request);
        const { params, query, body } = readRequest(route, request);
        const principal = at?.principal;
        if (route.secrets && query.secrets) checkSecrets(route, principal, at?.tenant ?? null);
        const by = { actor: principal?.actor ?? "nobody", why: query.why };
        const handle = handlers[route.name as keyof typeof handlers] as unknown as (call: object) => Promise<unknown>;
        const tenant = at?.tenant ?? null;
        const result = await handle({ api, params, query, body, principal, tenant, by, request, reply });
        if (route.raw) return reply;
        // So that an answer never has more than the contract says.
        const answer = route.answer.parse(result);
        if (answer === null) return reply.code(204).send();
        return reply.code(route.status ?? 200).send(answer);
      },
    });
  }
  addPlainRoutes(app, api);
  await pages?.register(app);
  await app.ready();
  const unfollow = followHost(host, hub, () => clock.wallTime());
  return {
    app,
    api,
    stop() {
      unfollow();
      streams.stop();
    },
  };
}

const unforeseen = new ApiProblem(
  500,
  "internal",
  "something went wrong here; the cloud's log has it by this request's id",
);

/** But for the console's files nothing here is a page, and nothing is for others to keep. */
const safeHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Who asks, and whether they may; throws a problem. */
async function admit(api: Api, { needs, path }: Route, request: FastifyRequest, at: Known): Promise<void> {
  if (needs === "nobody") return;
  const principal = await api.caller.identify(request);
  at.principal = principal;
  const [subject] = parametersIn(path);
  const named = (request.params as Record<string, string>)[subject ?? ""];
  const what = needs.endsWith("of location") ? "location" : needs.endsWith("of tenant") ? "tenant" : undefined;
  if (what && named !== undefined) {
    // What is no id is no id of anything; the store is not asked.
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(named)) throw absent(what);
    at.tenant =
      what === "location" ? (await getLocation(api.store, named)).tenant : (await getTenant(api.store, named)).id;
  }
  switch (decideAccess(principal, needs, at.tenant)) {
    case "allowed":
      return;
    case "hidden":
      // In the very words of one that there is not.
      throw new ApiProblem(404, "not-found", `there is no ${what} ${named}`);
    case "forbidden":
      throw forbidden(`this needs the role ${needs}, and ${principal.actor} is ${principal.role}`);
  }
}

function checkSecrets({ secrets }: Route, principal: Principal | undefined, tenant: string | null): void {
  if (principal && secrets && mayOf(principal, secrets, tenant)) return;
  throw forbidden(`secrets need the role ${secrets}; ask without 'secrets'`);
}
