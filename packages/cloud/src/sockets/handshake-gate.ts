/** Lets TLS handshakes in one by one; one for all that a thread listens with, since they share what handshakes take of it. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { WorkQueue } from "@opensync-ts/base/work-queue";
import type { HandshakeGate } from "@opensync-ts/ovsdb/listener";
import { Admission, AdmissionRefused, addressOf } from "../admission.ts";
import * as limits from "../limits.ts";
import { Troubles } from "../troubles.ts";

export function handshakeGate(clock: Clock, log: Log): HandshakeGate {
  const admission = new Admission({
    clock,
    concurrent: limits.handshakes,
    waiting: limits.waitingHandshakes,
    waitMs: limits.handshakeWaitMs,
    serveMs: limits.handshakeServeMs,
  });
  const troubles = new Troubles(clock, log);
  const admit = async (name: string, gone: AbortSignal) => {
    try {
      return await admission.admit({ address: addressOf(name), known: false }, gone);
    } catch (error) {
      if (error instanceof AdmissionRefused) troubles.tell("handshakes", `${name}: no TLS handshake: ${error.message}`);
      throw error;
    }
  };
  // One in a turn: Node.js works the handshake behind what begins it, where no slice sees how long it takes.
  return { clock, work: new WorkQueue(clock, 0), admit };
}
