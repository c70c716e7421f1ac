/** `opensync stats tail`: what nodes publish to a running cloud, as it comes. */

import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { type FollowerLine, followerSocket } from "@opensync-ts/cloud/statistics/followers";
import { tailLineBytes } from "./limits.ts";
import { untilStopped } from "./run.ts";
import { payloadText, type TailFilter } from "./tail-text.ts";

export interface StatsTailOptions extends TailFilter {
  /** Of a cloud, or of a home. */
  readonly dir?: string;
  readonly count?: number;
  readonly json?: boolean;
}

/** Resolves when told to stop, or after `count` payloads. Rejects with a `UserError` where no cloud runs, or when it ends. */
export async function statsTail(options: StatsTailOptions): Promise<void> {
  const { dir, count = Number.POSITIVE_INFINITY, json = false } = options;
  const directory = dir ?? (process.env.OPENSYNC_DIR || ".opensync");
  let left = count;
  const { promise: enough, resolve: haveEnough } = Promise.withResolvers<void>();
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  const stop = follow(socketOf(directory), {
    line: (line) => {
      if (left === 0) return;
      if (line.kind === "lost") {
        process.stderr.write(`opensync: ${line.lines} payloads are missing here: the reader is too slow\n`);
        return;
      }
      const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
      const text = payloadText(line, options, json ? "json" : width);
      if (text === undefined) return;
      process.stdout.write(text);
      if (--left === 0) haveEnough();
    },
    failed: (error) => fail(error),
    directory,
  });
  try {
    await untilStopped(failed, enough);
  } finally {
    stop();
  }
}

/** Throws a `UserError` that says how to start a cloud. */
function socketOf(directory: string): string {
  const paths = [followerSocket(directory), followerSocket(join(directory, "cloud"))];
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw noCloud(directory);
  return found;
}

function noCloud(directory: string): UserError {
  const how = "start one with 'opensync up' or 'opensync cloud', or give --dir";
  return new UserError(`${directory}: no cloud with a broker runs there; ${how}`);
}

interface Listener {
  line(line: FollowerLine): void;
  failed(error: UserError): void;
  readonly directory: string;
}

/** Calls `line` with each that comes; `failed` when no more will come. Returns how to stop. */
function follow(path: string, { line, failed, directory }: Listener): () => void {
  const socket = connect({ path });
  let rest = "";
  let stopped = false;
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > tailLineBytes) {
      socket.destroy();
      failed(new UserError(`${path}: a line of more than ${tailLineBytes} bytes; is this the socket of a cloud?`));
      return;
    }
    try {
      for (const text of lines) line(JSON.parse(text) as FollowerLine);
    } catch (error) {
      socket.destroy();
      failed(new UserError(`${path}: not understood: ${messageOf(error)}; is the cloud of this version?`));
    }
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    // A socket whose cloud was killed is still there.
    const gone = error.code === "ECONNREFUSED" || error.code === "ENOENT";
    failed(gone ? noCloud(directory) : new UserError(`${path}: ${messageOf(error)}`));
  });
  socket.on("close", () => {
    if (!stopped) failed(new UserError(`${directory}: the cloud has ended, or serves enough followers already`));
  });
  return () => {
    stopped = true;
    socket.destroy();
  };
}
