/** Lets TLS handshakes in one by one; one for all that a thread listens with, since they share what handshakes take of it. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { WorkQueue } from "@opensync-ts/base/work-queue";
import type { HandshakeGate } from "@opensync-ts/ovsdb/listener";
import { Admission, AdmissionRefused, addressOf } from "../admission.ts";
import * as limits from "../limits.ts";
import { Troubles } from "../troubles.ts";

/** `share`: how many gates share what all together let in. */
export function handshakeGate(clock: Clock, log: Log, share = 1): HandshakeGate {
  const admission = new Admission({
    clock,
    concurrent: Math.ceil(limits.handshakes / share),
    waiting: Math.ceil(limits.waitingHandshakes / share),
    waitMs: limits.handshakeWaitMs,
    serveMs: limits.handshakeServeMs,
  });
  const troubles = new Troubles(clock, log);
  // One in a turn each. Node.js works a handshake behind what begins it, where no slice sees how long it takes; and who came at the same time has
  // waited too long at the same time.
  const [work, partings] = [new WorkQueue(clock, 0), new WorkQueue(clock, 0)];
  const admit = async (name: string, gone: AbortSignal) => {
    try {
      return await admission.admit({ address: addressOf(name), known: false }, gone);
    } catch (error) {
      if (error instanceof AdmissionRefused) {
        await new Promise<void>((resolve) => partings.run(error, resolve));
        troubles.tell("handshakes", `${name}: no TLS handshake: ${error.message}`);
      }
      throw error;
    }
  };
  return { clock, work, admit };
}
