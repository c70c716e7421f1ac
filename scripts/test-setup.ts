/** Before and after all tests of a run: one PostgreSQL for all files that want databases, where there is one to start. */

import { PostgresServer, postgresAbsent, sharedServer } from "../packages/cloud/src/testing/postgres.ts";

let server: PostgresServer | undefined;

export async function globalSetup(): Promise<void> {
  if (postgresAbsent !== false) return;
  server = await PostgresServer.start();
  process.env[sharedServer] = String(server.port);
}

export async function globalTeardown(): Promise<void> {
  await server?.remove();
}
