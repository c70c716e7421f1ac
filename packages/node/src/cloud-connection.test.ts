import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { type Listener, listen } from "@opensync-ts/ovsdb/listener";
import type { ListenRemote } from "@opensync-ts/ovsdb/remote";
import { RemoteClient } from "@opensync-ts/ovsdb/remote-client";
import { makeCertificates, withoutOpenssl } from "@opensync-ts/ovsdb/test-certificates";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import { type OpenSync, openSync } from "@opensync-ts/schema/opensync";
import { NodeBench, rowWhere } from "./testing/bench.ts";

const clock = new RealClock();
const log = Log.create({ name: "CLOUD", sink: nullSink, wallTime: () => clock.wallTime() });

/** A cloud's end of a connection: an OVSDB client on what the node dialled. */
class Peer implements AsyncDisposable {
  readonly #listener: Listener;
  readonly #transports: Set<Transport>;

  private constructor(listener: Listener, transports: Set<Transport>) {
    this.#listener = listener;
    this.#transports = transports;
  }

  static async listen(serve: (client: RemoteClient<OpenSync>) => void, tls?: TlsFiles): Promise<Peer> {
    const transports = new Set<Transport>();
    const remote: ListenRemote = { kind: tls ? "pssl" : "ptcp", port: 0, host: "127.0.0.1" };
    const accept = async (transport: Transport) => {
      transports.add(transport);
      serve(await RemoteClient.attach(transport, openSync, { clock }));
    };
    return new Peer(
      await listen(remote, { log, tls: tls && (() => tls), accept: (transport) => void accept(transport) }),
      transports,
    );
  }

  get address(): string {
    const { kind, port } = this.#listener.remote as ListenRemote;
    return `${kind === "pssl" ? "ssl" : "tcp"}:127.0.0.1:${port}`;
  }

  /** Drops every connection; goes on listening. */
  hangUp(): void {
    for (const transport of this.#transports) transport.destroy();
    this.#transports.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp();
    await this.#listener.close();
  }
}

function writeManagerAddress(address: () => string) {
  return (client: RemoteClient<OpenSync>) =>
    void client.transact((transaction) => transaction.update("AWLAN_Node", [], { manager_addr: address() }));
}

async function walk(tls?: { readonly server: TlsFiles; readonly client: TlsFiles }): Promise<void> {
  await using bench = new NodeBench(clock);
  let served = Promise.withResolvers<RemoteClient<OpenSync>>();
  await using controller = await Peer.listen((client) => served.resolve(client), tls?.server);
  await using redirector = await Peer.listen(
    writeManagerAddress(() => controller.address),
    tls?.server,
  );
  const files = tls?.client;
  const node = await bench.start({
    redirector: redirector.address,
    ...(files ? { tls: { privateKey: files.privateKey, certificate: files.certificate, ca: files.caCert } } : {}),
  });
  const client = await served.promise;
  const port = controller.address.split(":")[2];
  await rowWhere(node.client, "Manager", (row) => row.is_connected && row.target.endsWith(`]:${port}`));
  const seen = await rowWhere(client, "AWLAN_Node", () => true);
  assert.equal(seen.id, "GW1");
  assert.match(node.dump(), /state: CONNECTED\ndestination: manager/);

  served = Promise.withResolvers();
  controller.hangUp();
  await served.promise;
}

describe("a node with a cloud", () => {
  it("goes by the redirector to the controller, and comes back after a loss", () => walk());

  it("does so over TLS, with the certificates of its SSL row", { skip: withoutOpenssl }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "opensync-tls-"));
    try {
      await walk(makeCertificates(directory));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("goes on trying while nobody answers", async () => {
    await using bench = new NodeBench(clock);
    let address: string;
    {
      await using gone = await Peer.listen(() => {});
      address = gone.address;
    }
    const node = await bench.start({ redirector: address });
    const row = await rowWhere(node.client, "Manager", (manager) => manager.target !== "");
    assert.equal(row.is_connected, false);
    assert.match(node.dump(), /state: TRY_CONNECT/);
  });
});
