/** What monitoring asks: whether the cloud is well (anybody may), and its figures (Prometheus' text format). */

import { withDeadline } from "@opensync-ts/base/clock";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import type { Api } from "./api.ts";
import { atLeast, scrape } from "./contract/roles.ts";
import * as limits from "./limits.ts";
import { forbidden } from "./problems.ts";

export function addPlainRoutes(app: FastifyInstance, api: Api): void {
  const { clock, store, host, caller } = api;
  let asked: { readonly at: number; readonly isWell: Promise<boolean> } | undefined;

  app.get("/healthz", async (_, reply) => {
    if (!asked || clock.now() - asked.at >= limits.healthMs) {
      const question = store.run("be asked", (transaction) => sql`select 1`.execute(transaction));
      const answer = withDeadline(clock, question, limits.healthWaitMs, "health").then(
        () => true,
        () => false,
      );
      question.catch(() => undefined);
      asked = { at: clock.now(), isWell: answer };
    }
    const isWell = await asked.isWell;
    return reply.code(isWell ? 200 : 503).send({ status: isWell ? "ok" : "the store cannot be reached" });
  });

  app.get("/metrics", async (request, reply) => {
    const principal = await caller.identify(request);
    const { role, tenant } = principal;
    if (tenant !== null || !(role === scrape || atLeast(role, "viewer"))) {
      throw forbidden(`metrics need a role on the whole cloud, such as ${scrape}`);
    }
    return reply.type(host.metrics.contentType).send(await host.metrics.metrics());
  });
}
