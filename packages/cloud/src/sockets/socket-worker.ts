/**
 * A thread of the sockets: listens, shakes hands, answers `echo`. `socket-thread.ts` is its other end. Its clock is the real one, as its
 * sockets are.
 */

import { parentPort, workerData } from "node:worker_threads";
import { RealClock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { Log } from "@opensync-ts/base/log";
import { WorkQueue } from "@opensync-ts/base/work-queue";
import { type Listener, listen } from "@opensync-ts/ovsdb/listener";
import type { ListenRemote } from "@opensync-ts/ovsdb/remote";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import * as limits from "../limits.ts";
import type { SocketThreadData, ToSockets } from "./between-threads.ts";
import { CarriedSocket } from "./carried-socket.ts";
import { handshakeGate } from "./handshake-gate.ts";
import { HeldBytes } from "./held-bytes.ts";
import { Outbox } from "./outbox.ts";
import { ToldTickets } from "./told-tickets.ts";

const port = parentPort;
if (!port) throw new Error("socket-worker.ts is for a worker thread");
const data = workerData as SocketThreadData;

const clock = new RealClock();
const outbox = new Outbox((message, transfer) => port.postMessage(message, transfer));
const log = Log.create({
  name: "CLOUD",
  sink: (record) => outbox.tell(["log", record]),
  wallTime: () => clock.wallTime(),
});
const gate = handshakeGate(clock, log.child("TLS"), data.share);
const held = new HeldBytes(limits.heldBytesOfAll / data.share);
const endings = new WorkQueue(clock, limits.endingSliceMs);
const tickets = data.tickets && new ToldTickets(data.tickets.keys, data.tickets.lifeMs, clock);
const listeners = new Map<number, Promise<Listener | undefined>>();
const connections = new Map<number, CarriedSocket>();
let count = 0;
let sessionsHeard = clock.now();

port.on("message", (words: readonly ToSockets[]) => {
  sessionsHeard = clock.now();
  for (const word of words) obey(word);
});

function obey(word: ToSockets): void {
  switch (word[0]) {
    case "write":
      connections.get(word[1])?.write(word[2], word[3]);
      break;
    case "taken":
      connections.get(word[1])?.taken(word[2]);
      break;
    case "carry all":
      connections.get(word[1])?.carryAll(word[2]);
      break;
    case "close":
      end(word[1], (socket) => socket.close());
      break;
    case "destroy":
      end(word[1], (socket) => socket.destroy());
      break;
    case "listen":
      listeners.set(word[1], open(word[1], word[2], word[3]));
      break;
    case "stop listening":
      void listeners.get(word[1])?.then((listener) => listener?.close());
      listeners.delete(word[1]);
      break;
    case "ticket keys":
      tickets?.change(word[1]);
      break;
    case "alive":
      break;
  }
}

/** Very many may end at the same time. */
function end(connection: number, how: (socket: CarriedSocket) => void): void {
  const socket = connections.get(connection);
  if (socket) endings.run(socket, () => how(socket));
}

async function open(number: number, remote: ListenRemote, tls: TlsFiles | undefined): Promise<Listener | undefined> {
  try {
    const listener = await listen(remote, {
      accept: (transport) => carry(number, transport),
      refused: (refusal) => outbox.tell(["refused", number, refusal]),
      tls: tls && (() => tls),
      gate,
      sharesPort: data.share > 1,
      tickets,
      log,
    });
    outbox.tell(["listening", number, (listener.remote as ListenRemote).port]);
    return listener;
  } catch (error) {
    outbox.tell(["not listening", number, messageOf(error)]);
    return undefined;
  }
}

function carry(listener: number, transport: Transport): void {
  const connection = ++count;
  outbox.tell(["opened", listener, connection, transport.name, transport.peerCertificate]);
  const socket = new CarriedSocket({
    connection,
    transport,
    outbox,
    held,
    sessionsLive: () => clock.now() - sessionsHeard < limits.sessionsSilentMs,
    closed: () => {
      connections.delete(connection);
    },
  });
  connections.set(connection, socket);
}
