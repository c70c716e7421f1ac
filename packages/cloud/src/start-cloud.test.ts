import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { connect as connectTls } from "node:tls";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { OvsdbServer } from "@opensync-ts/ovsdb/server";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport } from "@opensync-ts/telemetry/report";
import { Certificates } from "./certificates.ts";
import type { Home } from "./home.ts";
import { type CloudOptions, type HomeCloud, startCloud } from "./start-cloud.ts";
import { TestNode, testHome } from "./test-node.ts";
import { MqttClient } from "./testing/mqtt-client.ts";

const clock = new RealClock();
const random = new SystemRandom();

/** A node's database with its server, and the part of CM that goes where it is sent. */
class DialingNode {
  readonly node: TestNode;
  readonly #server: OvsdbServer;
  readonly #tls: TlsFiles | undefined;
  #leave: () => Promise<void> = async () => {};

  constructor(node: TestNode, tls: TlsFiles | undefined) {
    this.node = node;
    this.#tls = tls;
    const log = Log.create({ name: "NODE", sink: () => {}, wallTime: () => 0 });
    this.#server = new OvsdbServer({ databases: [{ engine: node.database }], clock, random, log });
  }

  async dial(remote: string): Promise<void> {
    await this.#leave();
    const served = await this.#server.listen(remote, this.#tls);
    this.#leave = () => served.close();
  }

  /** Calls the redirector, and the controller once it is told where that is. */
  async onboard(redirector: string): Promise<void> {
    const mirror = await this.node.client.replicate({ AWLAN_Node: { columns: ["manager_addr"] } });
    await this.node.client.transact((transaction) => transaction.update("AWLAN_Node", [], { manager_addr: "" }));
    const told = new Promise<string>((resolve) => {
      const stop = mirror.onTransaction(() => {
        const address = mirror.table("AWLAN_Node").find(() => true)?.manager_addr;
        if (!address) return;
        stop();
        resolve(address);
      });
    });
    await this.dial(redirector);
    await this.dial(await told);
  }

  async close(): Promise<void> {
    await this.#server.close();
  }
}

for (const socketThreads of [0, 2])
  describe(`a cloud on the network, its sockets in ${socketThreads > 0 ? "two threads of their own" : "its own thread"}`, () => {
    let directory: string;
    const stops: (() => Promise<void>)[] = [];
    const ring = new LogRing(1000);
    before(() => {
      directory = mkdtempSync(join(tmpdir(), "opensync-cloud-"));
    });
    after(() => rmSync(directory, { recursive: true }));
    afterEach(async () => {
      for (const stop of stops.splice(0).reverse()) await stop();
    });

    async function start(
      options: Partial<Omit<CloudOptions, "home">> & { readonly home?: Home | string } = {},
    ): Promise<HomeCloud> {
      const cloud = await startCloud({
        directory,
        home: testHome(),
        redirector: "pssl:0:127.0.0.1",
        controller: "pssl:0:127.0.0.1",
        clock,
        random,
        log: Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 }),
        socketThreads,
        ...options,
      });
      stops.push(() => cloud.stop());
      return cloud;
    }

    async function boot(id: string, tls: TlsFiles | undefined): Promise<DialingNode> {
      const node = await TestNode.boot({ id });
      await node.obey();
      const dialing = new DialingNode(node, tls);
      stops.push(() => dialing.close());
      return dialing;
    }

    const settled = (cloud: HomeCloud, id: string) => happened(cloud, () => cloud.location.node(id)?.settled === true);

    it("redirects and provisions nodes over mutual TLS", async () => {
      const cloud = await start();
      for (const id of ["gateway", "extender"]) {
        const node = await boot(id, await cloud.certificates?.node(id));
        await node.onboard(cloud.redirectorAddress);
        await settled(cloud, id);
        assert.equal(node.node.row("Wifi_VIF_Config", "home-ap-24")?.ssid, "Test");
      }
      assert.ok(cloud.location.settled);
      assert.deepEqual(
        cloud.location.nodes.map(({ counters }) => counters.transactions),
        [1, 1],
      );
    });

    it("writes nothing to an unchanged node, after the node's own reconnection and after its own restart", async () => {
      const first = await start();
      const tls = await first.certificates?.node("gateway");
      const node = await boot("gateway", tls);
      await node.dial(first.controllerAddress);
      await settled(first, "gateway");
      await node.dial(first.controllerAddress);
      await happened(
        first,
        () => first.location.node("gateway")?.sessions === 2 && first.location.node("gateway")?.settled === true,
      );
      assert.equal(first.location.node("gateway")?.counters.writes, 0);
      await first.stop();

      const second = await start();
      await node.dial(second.controllerAddress);
      await settled(second, "gateway");
      assert.equal(second.location.node("gateway")?.counters.writes, 0, "and its certificates are trusted still");
    });

    it("repairs over the wire what a hand at the node changes", async () => {
      const cloud = await start();
      const node = await boot("gateway", await cloud.certificates?.node("gateway"));
      await node.dial(cloud.controllerAddress);
      await settled(cloud, "gateway");
      await node.node.set("Wifi_VIF_Config", "home-ap-50", { wpa_psks: { key: "a stranger's key" } });
      await happened(cloud, () => {
        const psks = node.node.row("Wifi_VIF_Config", "home-ap-50")?.wpa_psks;
        return psks instanceof Map && psks.get("key") === "correct horse battery";
      });
      await settled(cloud, "gateway");
    });

    it("refuses who has no certificate, or one of another authority, in one line each, and serves others", async () => {
      const cloud = await start();
      const other = await Certificates.open({ directory: join(directory, "elsewhere"), clock, random });
      const refusals = () => ring.records().filter(({ text }) => / refused: /.test(text)).length;
      const before = refusals();

      const port = Number(cloud.controllerAddress.split(":").at(-1));
      const socket = connectTcp({ host: "127.0.0.1", port });
      socket.on("error", () => {}).resume();
      socket.write("this is no handshake\n");
      await new Promise((resolve) => socket.once("close", resolve));
      await until(() => refusals() === before + 1);

      const stranger = await boot("gateway", await other.node("gateway"));
      await stranger.dial(cloud.controllerAddress);
      await until(() => refusals() > before + 1);
      // It does not trust the cloud either, and has hung up itself: only who goes on is told what it is.
      assert.deepEqual(
        cloud.locations.callers.map(({ reason }) => /^TLS: /.test(reason)),
        [true],
      );
      const { privateKey, certificate } = (await other.node("gateway")) as TlsFiles;
      const files = { key: readFileSync(privateKey), cert: readFileSync(certificate), rejectUnauthorized: false };
      const trusting = connectTls({ host: "127.0.0.1", port, ...files });
      trusting.on("error", () => {}).resume();
      await new Promise((resolve) => trusting.once("close", resolve));
      await until(() => refusals() > before + 2);
      const untrusted = /the peer's certificate does not chain to our CA \((UNABLE_TO_VERIFY|SELF_SIGNED)\w+\)$/;
      const last = ring.records().findLast(({ text }) => / refused: /.test(text));
      assert.deepEqual([last?.severity, last && untrusted.test(last.text)], ["WARNING", true], last?.text);
      assert.match(last?.text ?? "", /^ssl:127\.0\.0\.1:\d+: refused: /);
      const [caller, another] = cloud.locations.callers;
      assert.deepEqual([caller?.id, caller?.commonName, another], [null, null, undefined]);
      assert.match(caller?.reason ?? "", untrusted);
      const node = await boot("gateway", await cloud.certificates?.node("gateway"));
      await node.dial(cloud.controllerAddress);
      await settled(cloud, "gateway");
      assert.equal(stranger.node.all("Wifi_VIF_Config").length, 0);
    });

    it("closes the connection of a node with another node's certificate", async () => {
      const cloud = await start();
      const node = await boot("gateway", await cloud.certificates?.node("extender"));
      await node.dial(cloud.controllerAddress);
      await until(() => ring.records().some(({ text }) => /certificate is that of 'extender'/.test(text)));
      assert.equal(cloud.location.node("gateway")?.connection, "refused");
      assert.equal(node.node.all("Wifi_VIF_Config").length, 0);
    });

    it("serves plain TCP only when told that it is insecure", async () => {
      const plain = { redirector: "ptcp:0:127.0.0.1", controller: "ptcp:0:127.0.0.1" };
      await assert.rejects(
        start(plain),
        /remote 'ptcp:0:127\.0\.0\.1': plain TCP proves nobody's identity; write pssl:0:127\.0\.0\.1/,
      );
      const cloud = await start({ ...plain, insecure: true });
      assert.match(cloud.redirectorAddress, /^tcp:127\.0\.0\.1:\d+$/);
      assert.equal(cloud.certificates, undefined);
      const node = await boot("gateway", undefined);
      await node.onboard(cloud.redirectorAddress);
      await settled(cloud, "gateway");
    });

    it("outlives garbage and endless silence on its ports", async () => {
      const cloud = await start({ redirector: "ptcp:0:127.0.0.1", controller: "ptcp:0:127.0.0.1", insecure: true });
      const port = Number(cloud.controllerAddress.split(":").at(-1));
      const silent = connectTcp({ host: "127.0.0.1", port });
      const garbage = connectTcp({ host: "127.0.0.1", port });
      for (const socket of [silent, garbage]) socket.on("error", () => {}).resume();
      garbage.write('{"id":0,"result":17,"error":null}]]]]garbage');
      await new Promise((resolve) => garbage.once("close", resolve));
      const node = await boot("gateway", undefined);
      await node.dial(cloud.controllerAddress);
      await settled(cloud, "gateway");
      const ended = new Promise((resolve) => silent.once("close", resolve));
      await cloud.stop();
      await ended;
    });

    it("names a port that is taken, and holds on to none", async () => {
      const cloud = await start();
      const taken = cloud.controllerAddress.split(":").at(-1);
      await assert.rejects(start({ redirector: `pssl:${taken}:127.0.0.1` }), /cannot listen on pssl:.*in use/);
    });

    it("does not start on remotes that nodes cannot dial", async () => {
      await assert.rejects(start({ redirector: "punix:/tmp/x.sock" }), /remote 'punix:.*write pssl:PORT/);
      await assert.rejects(start({ redirector: "pssl:0:[::1]" }), /nodes cannot be sent to IPv6 address ::1/);
    });
  });

describe("a cloud with a broker", () => {
  let directory: string;
  const stops: (() => Promise<void> | void)[] = [];
  const ring = new LogRing(1000);
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "opensync-broker-"));
  });
  after(() => rmSync(directory, { recursive: true }));
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  async function start(
    options: Partial<Omit<CloudOptions, "home">> & { readonly home?: Home | string } = {},
  ): Promise<HomeCloud & { readonly port: number }> {
    const remote = "pssl:0:127.0.0.1";
    const cloud = await startCloud({
      ...{ directory, home: testHome(), redirector: remote, controller: remote, mqtt: remote, clock, random },
      log: Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 }),
      ...options,
    });
    stops.push(() => cloud.stop());
    return { ...cloud, port: cloud.brokerAddress?.port ?? 0 };
  }

  async function dial(port: number, tls?: TlsFiles): Promise<MqttClient> {
    const client = await MqttClient.dial(port, tls);
    stops.push(() => client.close());
    return client;
  }

  const report = (node: string) => encodeReport(emptyReport(node));

  it("takes what a node publishes with its own certificate, at a name that the cloud's certificate has", async () => {
    const cloud = await start();
    const client = await dial(cloud.port, await cloud.certificates?.node("gateway"));
    assert.equal(await client.connect("gateway"), 0);
    client.publish("/ap/gateway/opensync", compress(report("gateway")));
    await until(() => cloud.statistics.node("gateway")?.counters.payloads === 1);
    const certificate = new X509Certificate(readFileSync(cloud.certificates?.server.certificate ?? ""));
    assert.ok(certificate.checkIP(cloud.brokerAddress?.host ?? ""));
  });

  it("tells nodes an address that the certificate names, also when it listens everywhere or is told a name", async () => {
    const everywhere = await start({ mqtt: "pssl:0:0.0.0.0" });
    const server = () => new X509Certificate(readFileSync(everywhere.certificates?.server.certificate ?? ""));
    assert.ok(server().checkIP(everywhere.brokerAddress?.host ?? ""));
    await everywhere.stop();
    const named = await start({ advertise: "cloud.example.com" });
    assert.equal(named.brokerAddress?.host, "cloud.example.com");
    assert.ok(server().checkHost("cloud.example.com"));
  });

  it("refuses another node's id, another node's topic and another node's report, and serves the rest", async () => {
    const cloud = await start();
    const tls = await cloud.certificates?.node("gateway");
    const impostor = await dial(cloud.port, tls);
    assert.equal(await impostor.connect("extender"), 5);
    const client = await dial(cloud.port, tls);
    await client.connect("gateway");
    client.publish("/ap/extender/opensync", report("extender"));
    client.publish("/ap/gateway/opensync", report("extender"));
    client.publish("/ap/gateway/opensync", report("gateway"));
    await until(() => cloud.statistics.node("gateway")?.counters.payloads === 1);
    assert.equal(cloud.statistics.node("gateway")?.counters.mismatched, 1);
    assert.deepEqual([cloud.broker?.counters.refused, cloud.broker?.counters.unauthorized], [1, 1]);
    assert.equal(cloud.statistics.node("extender"), undefined);
  });

  it("lets nobody in without a certificate", async () => {
    const cloud = await start();
    const client = await dial(cloud.port);
    assert.equal(await client.connect("gateway"), -1);
    assert.ok(ring.records().some(({ text }) => /^ssl:127\.0\.0\.1:\d+: refused: /.test(text)));
  });

  it("closes further connections of a node that has many", async () => {
    const cloud = await start();
    const tls = await cloud.certificates?.node("gateway");
    const idle = await Promise.all(Array.from({ length: 4 }, () => dial(cloud.port, tls)));
    const fifth = await dial(cloud.port, tls);
    await fifth.ended();
    const other = await dial(cloud.port, await cloud.certificates?.node("extender"));
    assert.equal(await other.connect("extender"), 0);
    assert.ok(idle.every(({ closed }) => !closed));
  });

  it("provisions nodes with where to publish and what, and leaves them alone from then on", async () => {
    const cloud = await start();
    const node = await TestNode.boot({ id: "gateway" });
    await node.obey();
    const dialing = new DialingNode(node, await cloud.certificates?.node("gateway"));
    stops.push(() => dialing.close());
    await dialing.dial(cloud.controllerAddress);
    await happened(cloud, () => cloud.location.node("gateway")?.settled === true);
    const settings = node.all("AWLAN_Node")[0]?.mqtt_settings as ReadonlyMap<string, string>;
    assert.deepEqual([settings.get("broker"), settings.get("port")], ["127.0.0.1", String(cloud.port)]);
    assert.equal(node.all("Wifi_Stats_Config").length, 16);
    await dialing.dial(cloud.controllerAddress);
    await happened(cloud, () => {
      const view = cloud.location.node("gateway");
      return view?.sessions === 2 && view.settled;
    });
    assert.equal(cloud.location.node("gateway")?.counters.writes, 0);
  });

  it("takes what the node's own row names as a topic", async () => {
    const cloud = await start();
    const node = await TestNode.boot({ id: "gateway" });
    await node.obey();
    await node.client.transact((transaction) =>
      transaction.update("AWLAN_Node", [], { mqtt_topics: { "Crash.Reports": "/crashes" } }),
    );
    const tls = await cloud.certificates?.node("gateway");
    const dialing = new DialingNode(node, tls);
    stops.push(() => dialing.close());
    await dialing.dial(cloud.controllerAddress);
    await happened(cloud, () => cloud.location.node("gateway")?.settled === true);
    const client = await dial(cloud.port, tls);
    await client.connect("gateway");
    client.publish("/crashes", "{}");
    await until(() => cloud.statistics.node("gateway")?.counters.payloads === 1);
  });

  it("is plain TCP only when told that it is insecure", async () => {
    await assert.rejects(start({ mqtt: "ptcp:0:127.0.0.1" }), /plain TCP proves nobody's identity/);
    const cloud = await start({ mqtt: "ptcp:0:127.0.0.1", insecure: true });
    assert.equal(await (await dial(cloud.port)).connect("gateway"), 0);
  });

  it("names a port that is taken, and holds on to no other", async () => {
    const cloud = await start();
    await assert.rejects(start({ mqtt: `pssl:${cloud.port}:127.0.0.1` }), /cannot listen on pssl:.*in use/);
  });

  const absent = spawnSync("mosquitto_pub", ["--version"]).error && "Mosquitto's clients are not installed";

  it("takes what the library of deployed nodes publishes over TLS 1.2", { skip: absent }, async () => {
    const cloud = await start();
    const tls = await cloud.certificates?.node("gateway");
    assert.ok(tls && cloud.brokerAddress);
    const payload = join(directory, "payload.bin");
    writeFileSync(payload, compress(report("gateway")));
    const { host, port } = cloud.brokerAddress;
    for (const qos of ["0", "1", "2"]) {
      const publish = spawn("mosquitto_pub", [
        ...["-h", host, "-p", String(port), "-i", "gateway", "-t", "/ap/gateway/opensync", "-q", qos, "-f", payload],
        ...["--cafile", tls.caCert, "--cert", tls.certificate, "--key", tls.privateKey, "--tls-version", "tlsv1.2"],
        ...["--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256", "-k", "180"],
      ]);
      let errors = "";
      publish.stderr.on("data", (chunk) => {
        errors += chunk;
      });
      const code = await new Promise((resolve) => publish.once("close", resolve));
      assert.deepEqual([code, errors], [0, ""]);
    }
    await until(() => cloud.statistics.node("gateway")?.counters.payloads === 3);
  });
});

/** Until `condition` holds after some event of the location. */
function happened(cloud: HomeCloud, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!condition()) return;
      stop();
      resolve();
    };
    const stop = cloud.location.events.on("event", () => setImmediate(look));
    look();
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await clock.sleep(5);
}
