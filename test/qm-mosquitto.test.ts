import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { inflateSync } from "node:zlib";
import { RealClock } from "@opensync-ts/base/clock";
import { Certificates, withoutOpenssl } from "@opensync-ts/managers/qm/testing/certificates";
import { Mosquitto, withoutMosquitto } from "@opensync-ts/managers/qm/testing/mosquitto";
import type { RunningNode } from "@opensync-ts/node/start-node";
import { NodeBench } from "@opensync-ts/node/testing/bench";
import { decodeResponse, encodeRequest, type QmRequest, type QmResponse } from "@opensync-ts/telemetry/qm-frame";
import { emptyReport, encodeReport } from "@opensync-ts/telemetry/report";
import { root } from "./support/processes.ts";

const withoutProtoc =
  spawnSync("protoc", ["--version"]).status === 0 ? false : "protoc is not installed (Debian: protobuf-compiler)";
const protoDirectory = join(root, "packages/telemetry/proto");

/** What Debian's own decoder reads. */
function protoc(payload: Uint8Array): string {
  const args = ["--decode=sts.Report", `--proto_path=${protoDirectory}`, "opensync_stats.proto"];
  return execFileSync("protoc", args, { input: payload }).toString();
}

const deviceReport = (uptimeSeconds: number) => {
  const lists = { fileSystems: [], processesByCpu: [], processesByMemory: [], temperatures: [], thermal: [] };
  return encodeReport({ ...emptyReport("NULL1"), devices: [{ timestampMs: 1, uptimeSeconds, ...lists }] });
};

/** Hands a frame to the node's QM as a process of its own would. */
function send(node: RunningNode, request: Partial<QmRequest>): Promise<QmResponse> {
  const frame = encodeRequest({
    sequence: 1,
    command: "SEND",
    noResponse: false,
    sendDirect: false,
    acknowledge: false,
    sender: "test",
    compression: "configured",
    dataType: "RAW",
    topic: "",
    data: new Uint8Array(),
    ...request,
  });
  return new Promise((resolve, reject) => {
    const socket = connect({ path: node.directory.qmSocket });
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      socket.destroy();
      const response = decodeResponse(bytes);
      if ("problem" in response) reject(new Error(response.problem));
      else resolve(response);
    });
    socket.write(frame);
  });
}

function configure(node: RunningNode, settings: Readonly<Record<string, string>>) {
  return node.client.transact((transaction) =>
    transaction.update("AWLAN_Node", [], {
      mqtt_settings: { broker: "127.0.0.1", topics: "stats/NULL1", ...settings },
    }),
  );
}

async function connected(node: RunningNode): Promise<void> {
  const clock = new RealClock();
  for (let tries = 0; tries < 2_000; tries++) {
    const { connection } = await send(node, { command: "STATUS" });
    if (connection === "CONNECTED") return;
    await clock.sleep(10);
  }
  throw new Error(node.dump());
}

describe("a node and Debian's Mosquitto", { skip: withoutMosquitto || withoutProtoc }, () => {
  it("without TLS: mosquitto_sub hears one report of all that was handed in, which protoc reads", async () => {
    await using bench = new NodeBench(new RealClock());
    const node = await bench.startNull();
    await using mosquitto = await Mosquitto.start({ directory: bench.directory });
    const listener = await mosquitto.subscribe("#");
    await configure(node, { port: `${mosquitto.port}`, tls: "false", agg_stats_interval: "1", qos: "1" });
    await connected(node);
    for (const uptime of [1, 2]) {
      assert.equal((await send(node, { dataType: "STATS", data: deviceReport(uptime) })).response, "RECEIVED");
    }
    const messages = await listener.until((all) => /uptime: 2/.test(all.map(({ payload }) => protoc(payload)).join()));
    const text = messages.map(({ payload }) => protoc(payload)).join();
    assert.match(text, /nodeID: "NULL1"[\s\S]*uptime: 1[\s\S]*uptime: 2/);
    assert.ok(messages.every(({ topic, qos }) => topic === "stats/NULL1" && qos === 1));
    assert.ok(bench.logged(/without TLS/));
    assert.equal(statSync(node.directory.qmSocket).mode & 0o777, 0o600);
  });

  it("with the node's certificate, compressed, and its log where that is asked for", {
    skip: withoutOpenssl,
  }, async () => {
    await using bench = new NodeBench(new RealClock());
    const certificates = new Certificates(bench.directory);
    certificates.authority("ca");
    const broker = certificates.issue("broker", "ca", { names: "IP:127.0.0.1" });
    const own = certificates.issue("node", "ca");
    await using mosquitto = await Mosquitto.start({ directory: bench.directory, tls: broker });
    const listener = await mosquitto.subscribe("#");
    const node = await bench.startNull();
    const settings = { port: `${mosquitto.port}`, agg_stats_interval: "1", compress: "zlib", remote_log: "1" };
    await node.client.transact((transaction) =>
      transaction.insert("AW_Debug", { name: "REMOTE_QM", log_severity: "DEBUG" }),
    );
    await configure(node, settings);
    // Without its files there is no connection; with them there is, at the next attempt.
    await send(node, { dataType: "STATS", data: deviceReport(77) });
    for (const [from, to] of [
      [own.privateKey, "client_dec.key"],
      [own.certificate, "client.pem"],
      [own.caCert, "ca.pem"],
    ] as const) {
      copyFileSync(from, join(node.directory.certificates, to));
    }
    const messages = await listener.until((all) => {
      const topics = new Set(all.map(({ topic }) => topic));
      return topics.has("stats/NULL1") && topics.has("log/NULL1");
    });
    assert.ok(bench.logged(/the private key cannot be read/));
    const report = messages.find(({ topic }) => topic === "stats/NULL1");
    assert.match(protoc(inflateSync(report?.payload ?? Buffer.alloc(0))), /uptime: 77/);
    const log = messages.find(({ topic }) => topic === "log/NULL1");
    assert.match(log?.payload.toString() ?? "", /^\[ {4}0\] \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} QM: MAIN: /m);
    assert.match(mosquitto.log, /New client connected from 127\.0\.0\.1:\d+ as NULL1 \(p2, c1, k180/);
  });

  for (const qos of ["1", "0"]) {
    it(`with QoS ${qos}: nothing is lost when the broker stalls, is killed and comes back`, async () => {
      await using bench = new NodeBench(new RealClock());
      const node = await bench.startNull();
      await using mosquitto = await Mosquitto.start({ directory: bench.directory });
      const listener = await mosquitto.subscribe("#");
      await configure(node, { port: `${mosquitto.port}`, tls: "false", agg_stats_interval: "1", qos });
      await connected(node);
      const sent: string[] = [];
      const hand = async (count: number) => {
        for (let index = 0; index < count; index++) {
          const text = `message ${sent.length}`;
          const { response } = await send(node, { topic: "raw", data: Buffer.from(text) });
          assert.equal(response, "RECEIVED");
          sent.push(text);
        }
      };
      await hand(10);
      await listener.atLeast(10);
      // What the broker has is on disk before it is killed.
      await mosquitto.says(/Saving in-memory database/);
      await bench.clock.sleep(1_500);
      // It takes bytes, and reads none of them: these are lost with it.
      await mosquitto.signal("SIGSTOP");
      await hand(20);
      await bench.clock.sleep(1_500);
      assert.equal((await send(node, { command: "STATUS" })).queueLength, 20);
      await mosquitto.signal("SIGKILL");
      await hand(20);
      await mosquitto.run();
      await listener.until((all) => new Set(all.map(({ payload }) => payload.toString())).size === 50);
      const heard = new Set((await listener.atLeast(50)).map(({ payload }) => payload.toString()));
      assert.deepEqual([...heard].toSorted(), sent.toSorted());
      assert.equal((await send(node, { command: "STATUS" })).queueDropped, 0);
    });
  }
});
