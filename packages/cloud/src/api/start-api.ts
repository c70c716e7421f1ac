/** The API of a cloud, listening. */

import { withDeadline } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { makeSignInLink } from "./access/sign-in-link.ts";
import { ensureControlToken } from "./access/tokens.ts";
import { signInAddress } from "./contract/sign-in-address.ts";
import * as limits from "./limits.ts";
import { createServer, type ServerOptions } from "./server.ts";

export interface ApiOptions extends ServerOptions {
  /** Port 0 lets the system choose. By default on the loopback address. */
  readonly listen: { readonly port: number; readonly address?: string | undefined };
}

export interface RunningApi {
  /** `http://127.0.0.1:8080`; routes stand below `/api/v1`. */
  readonly url: string;
  /** `…/sign-in#code=…`: signs who has the cloud's shell in to the console, once and for 10 minutes. Undefined: there is no console. */
  signInLink(): Promise<string | undefined>;
  /** Ends live streams and connections; resolves within 2 s. */
  stop(): Promise<void>;
}

/** Also sees to it that the cloud's own machine has its token (`api.token`). Throws a `UserError` where it cannot listen. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { host, listen, tls, clock, log } = options;
  const { port, address = "127.0.0.1" } = listen;
  await ensureControlToken(host.store, host.directory);
  const server = await createServer(options);
  try {
    await server.app.listen({ port, host: address });
  } catch (error) {
    server.stop();
    await server.app.close();
    throw new UserError(`API at ${address}:${port}: cannot listen (${messageOf(error)}); give another port or address`);
  }
  const bound = server.app.server.address();
  const boundPort = typeof bound === "object" && bound ? bound.port : port;
  const shown = address.includes(":") ? `[${address}]` : address;
  const url = `${tls ? "https" : "http"}://${shown}:${boundPort}`;
  log.info(`API at ${url}`);
  return {
    url,
    async signInLink() {
      if (options.console === undefined) return undefined;
      const { code } = await makeSignInLink(server.api, null, { actor: "cloud" });
      return signInAddress(url, code);
    },
    async stop() {
      server.stop();
      await withDeadline(clock, server.app.close(), limits.stopMs, "API").catch((error) =>
        log.warning(messageOf(error)),
      );
    },
  };
}
