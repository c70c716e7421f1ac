/** A connection to the cloud that asks for `echo` all the time, and notes how long the answers take. */

import { type Clock, every } from "@opensync-ts/base/clock";
import { JsonRpcPeer } from "@opensync-ts/ovsdb/jsonrpc";
import { type ActiveRemote, parseRemote } from "@opensync-ts/ovsdb/remote";
import { dial } from "@opensync-ts/ovsdb/socket-transport";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";

export interface Canary {
  /** Since the last question, ms. */
  take(): readonly number[];
  close(): void;
}

export async function startCanary(remote: string, tls: TlsFiles, clock: Clock): Promise<Canary> {
  const transport = await dial(parseRemote(remote) as ActiveRemote, { clock, timeoutMs: 10_000, tls });
  const peer = new JsonRpcPeer(transport, {
    clock,
    // A node with empty tables: the cloud keeps it as one that has not said yet who it is.
    handlers: { request: (_method, _params, id) => peer.reply(id, {}), notification() {}, closed() {} },
  });
  let samples: number[] = [];
  const asking = every(clock, 10, () => {
    const asked = clock.now();
    peer.request("echo", []).then(
      () => samples.push(clock.now() - asked),
      () => {},
    );
  });
  return {
    take() {
      const taken = samples;
      samples = [];
      return taken;
    },
    close() {
      asking.cancel();
      peer.close();
    },
  };
}
