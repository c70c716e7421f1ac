/** Serves the console: the files of one directory, and its page wherever a browser asks for one. */

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

export class ConsolePages {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get isBuilt(): boolean {
    return existsSync(join(this.#directory, page));
  }

  /** Files that are there have routes then; for the rest there is `answer`. */
  async register(app: FastifyInstance): Promise<void> {
    await app.register(fastifyStatic, {
      root: this.#directory,
      preCompressed: true,
      cacheControl: false,
      dotfiles: "ignore",
      suppressWarning: true,
      setHeaders: (reply, path) => {
        reply.header("content-security-policy", policy);
        reply.header("cache-control", isHashed(path) ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }

  /** To what is no file: the page where a browser asks for one. False: it does not. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean {
    if (!isForPage(request)) return false;
    if (this.isBuilt) void reply.code(200).sendFile(page);
    else void reply.code(503).type("text/plain; charset=utf-8").send(notBuilt);
    return true;
  }
}

export const notBuilt = "The console is not built; run 'npm run build -w packages/console'. The API is at /api/v1.\n";

const page = "index.html";

/** Its own site only, scripts and styles as files. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Not below what programs ask for. */
function isForPage({ method, url, headers }: FastifyRequest): boolean {
  const isProgram = /^\/(api|metrics|healthz)(\/|\?|$)/.test(url);
  return method === "GET" && !isProgram && (headers.accept ?? "").includes("text/html");
}

/** As the build names what never changes: `index-B3xK_9qd.js`, also compressed. */
function isHashed(path: string): boolean {
  return /[/\\]assets[/\\]/.test(path) && /-[\w-]{8}\.\w+(\.(br|gz))?$/.test(basename(path));
}
