/** The command `ovsh`, from its arguments to its exit code. Loads only what the command at hand needs: it starts often. */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { isArray, isObject, type JsonValue, stringifyJson } from "@opensync-ts/ovsdb/json";
import type { RpcClient } from "@opensync-ts/ovsdb/rpc-client";
import { type Arguments, parseArguments, type Settings } from "./arguments.ts";
import { CommandError, exitCodes, RefusedError, UsageError } from "./errors.ts";
import { limits } from "./limits.ts";
import { placesToLook } from "./socket.ts";

/** The world around the command. */
export interface Surroundings {
  readonly environment: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  out(text: string): void;
  error(text: string): void;
}

/** Runs one command and returns its exit code (`exitCodes`). Everything it has to say is said through `world`. */
export async function ovsh(argv: readonly string[], world: Surroundings): Promise<number> {
  try {
    const parsed = parseArguments(argv);
    if (parsed === "help") {
      world.out((await import("./usage.ts")).usage);
      return exitCodes.ok;
    }
    return await runOnServer(parsed, world);
  } catch (error) {
    if (error instanceof UsageError) {
      world.error(`Error: ${oneLine(error.message)}. ${(await import("./usage.ts")).hint}\n`);
      return exitCodes.usage;
    }
    world.error(error instanceof RefusedError ? refusal(error) : `Error: ${oneLine(messageOf(error))}\n`);
    return exitCodes.failure;
  }
}

async function runOnServer({ command, settings }: Arguments, world: Surroundings): Promise<number> {
  const [rpc, { execute }] = await Promise.all([connect(settings, world), import("./execute.ts")]);
  const trace = (arrow: string, json: JsonValue) => {
    if (settings.verbose) world.error(`${arrow} ${stringifyJson(json)}\n`);
  };
  const database = {
    async transact(operations: readonly JsonValue[], timeoutMs: number): Promise<readonly JsonValue[]> {
      trace("->", operations);
      const results = await rpc.request("transact", [settings.database, ...operations], { timeoutMs });
      trace("<-", results);
      if (!isArray(results))
        throw new CommandError(`the server answered no list of results: ${stringifyJson(results)}`);
      return results;
    },
  };
  try {
    const output = { out: world.out, error: world.error, width: terminalWidth(world.environment.COLUMNS) };
    return await execute(command, settings, database, output);
  } catch (error) {
    throw refusedRequest(error) ?? error;
  } finally {
    rpc.close();
  }
}

/** The first place that answers. */
async function connect(settings: Settings, world: Surroundings): Promise<RpcClient> {
  const { connectRpc } = await import("@opensync-ts/ovsdb/rpc-client");
  const { clock } = world;
  const tls = settings.tls === undefined ? {} : { tls: settings.tls };
  const places = placesToLook(settings.socket, world.environment);
  const failures: string[] = [];
  for (const { remote, from } of places) {
    try {
      const rpc = await connectRpc(remote, { clock, timeoutMs: limits.connectTimeoutMs, ...tls });
      if (settings.verbose) world.error(`connected to ${remote} (${from})\n`);
      return rpc;
    } catch (error) {
      const reason = messageOf(error);
      failures.push(`${reason.includes(remote) ? reason : `${remote}: ${reason}`} (${from})`);
    }
  }
  throw new CommandError(
    `no database server found: ${failures.join("; ")}. Start a node ('opensync up', 'opensync node --dir DIR') or name its socket with --db`,
  );
}

/** A reply that refuses the whole request, such as one to an unknown database, reads like any other refusal. */
function refusedRequest(error: unknown): RefusedError | undefined {
  if (!(error instanceof Error) || error.name !== "JsonRpcError" || !("error" in error)) return undefined;
  const object = error.error as JsonValue;
  return isObject(object) && typeof object.error === "string" ? new RefusedError(object) : undefined;
}

function refusal({ object }: RefusedError): string {
  const line = (label: string, value: JsonValue | undefined) =>
    value === undefined ? "" : `${label}: ${oneLine(typeof value === "string" ? value : stringifyJson(value))}\n`;
  return line("Error", object.error) + line("Details", object.details) + line("Syntax", object.syntax);
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}

function terminalWidth(columns: string | undefined): number {
  const width = Number.parseInt(columns ?? "", 10);
  return Number.isNaN(width) ? defaultWidth : Math.max(width, minWidth);
}

const defaultWidth = 100;
const minWidth = 80;
