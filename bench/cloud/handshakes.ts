/**
 * What a TLS handshake costs the cloud, and what it costs when the node goes on with an earlier session: processor time of a process that does
 * nothing but listen.
 *
 *   node bench/cloud/handshakes.ts
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { RealClock } from "@opensync-ts/base/clock";
import { disabledLevels, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { Certificates } from "@opensync-ts/cloud/certificates";
import { TicketFile } from "@opensync-ts/cloud/ticket-keys";
import { listenForSockets } from "@opensync-ts/ovsdb/listener";
import type { ListenRemote } from "@opensync-ts/ovsdb/remote";
import { dial } from "@opensync-ts/ovsdb/socket-transport";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import { TlsSessions } from "@opensync-ts/ovsdb/tls-sessions";
import { temporaryDirectory } from "../../test/support/processes.ts";
import { type Figure, printFigures } from "../figures.ts";

const clock = new RealClock();
const log = Log.create({ name: "BENCH", sink: () => {}, levels: disabledLevels, wallTime: () => clock.wallTime() });
const rounds = 600;

export async function benchHandshakes(): Promise<readonly Figure[]> {
  using directory = temporaryDirectory("bench-handshakes");
  const certificates = await Certificates.open({ directory: directory.path, clock, random: new SystemRandom() });
  const node = await certificates.node("node");
  const child = fork(import.meta.filename, ["listen", directory.path, JSON.stringify(certificates.server)]);
  try {
    const [port] = (await once(child, "message")) as [number];
    const spent = async () => {
      child.send("spent");
      return ((await once(child, "message")) as [number])[0];
    };
    const run = async (sessions: TlsSessions | undefined) => {
      // Code is compiled, and the session there.
      for (let round = 0; round < rounds / 4; round++) await call(port, node, sessions);
      const before = await spent();
      for (let round = 0; round < rounds; round++) await call(port, node, sessions);
      return ((await spent()) - before) / rounds;
    };
    const whole = await run(undefined);
    const resumed = await run(new TlsSessions(clock));
    return [
      { name: "connection with a whole TLS handshake, processor time of the cloud", value: whole, unit: "ms" },
      {
        name: "the same with a session that is gone on with",
        value: resumed,
        unit: "ms",
        reference: whole.toFixed(2),
        ratio: resumed / whole,
      },
    ];
  } finally {
    child.kill();
  }
}

async function call(port: number, tls: TlsFiles, sessions: TlsSessions | undefined): Promise<void> {
  const transport = await dial({ kind: "ssl", host: "127.0.0.1", port }, { clock, timeoutMs: 5000, tls, sessions });
  await new Promise<void>((resolve) =>
    transport.start({ data: () => transport.destroy(), ended() {}, drained() {}, closed: () => resolve() }),
  );
}

async function listenHere(directory: string, tls: TlsFiles): Promise<void> {
  const accept = (socket: NodeJS.WritableStream) => void socket.on("error", () => {}).end("hello");
  const tickets = new TicketFile({ directory, clock, log });
  const remote = { kind: "pssl", port: 0, host: "127.0.0.1" } as const;
  const listener = await listenForSockets(remote, { accept, tls: () => tls, tickets, log });
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
  process.send?.((listener.remote as ListenRemote).port);
}

if (import.meta.main) {
  const [, , command, directory = "", files = "{}"] = process.argv;
  if (command === "listen") await listenHere(directory, JSON.parse(files));
  else printFigures(await benchHandshakes());
}
