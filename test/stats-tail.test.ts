import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { encodeLatency } from "@opensync-ts/telemetry/latency";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { connectAsync, type MqttClient } from "mqtt";
import { root, run, Service, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const command = join(root, "packages/opensync/bin/opensync.mjs");

const survey: StatsReport["surveys"][number] = {
  band: "5G",
  surveyType: "on-chan",
  timestampMs: Date.UTC(2026, 0, 1),
  reportType: "raw",
  samples: [
    {
      ...{ channel: 36, durationMs: 1000, offsetMs: 0, busyPercent: 42, busyTxPercent: 1, busyRxPercent: 2 },
      ...{ busySelfPercent: 3, busyExtPercent: 0, noiseFloorDbm: -95 },
    },
  ],
};
const neighbors: StatsReport["neighbors"][number] = {
  band: "5G",
  scanType: "off-chan",
  timestampMs: Date.UTC(2026, 0, 1),
  reportType: "raw",
  bsses: [
    { bssid: "02:00:00:00:00:99", ssid: "Next door", channel: 100, width: "20MHz", beaconIes: Uint8Array.of(0, 1, 65) },
  ],
};

describe("opensync stats tail", () => {
  let directory: TemporaryDirectory;
  let cloud: Service;
  const nodes = new Map<string, MqttClient>();

  const publish = (node: string, parts: Partial<StatsReport>) =>
    nodes
      .get(node)
      ?.publishAsync(`/ap/${node}/opensync`, Buffer.from(compress(encodeReport({ ...emptyReport(node), ...parts }))));

  /** Publishes until the command has heard enough and ends. */
  async function tail(args: readonly string[], publishAll: () => Promise<unknown>) {
    const result = run(command, ["stats", "tail", "--dir", directory.path, ...args]);
    let ended = false;
    void result.finally(() => {
      ended = true;
    });
    while (!ended) {
      await publishAll();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return result;
  }

  before(async () => {
    directory = temporaryDirectory("tail");
    const remote = "pssl:0:127.0.0.1";
    cloud = new Service(command, [
      ...["cloud", "--dir", directory.path, "--home", join(root, "homes/demo.json"), "--no-http"],
      ...["--redirector", remote, "--controller", remote, "--mqtt", "0"],
    ]);
    const [, port = ""] = await cloud.until(/broker 127\.0\.0\.1:(\d+)/);
    await cloud.until(/certificates of node extender/);
    for (const node of ["gateway", "extender"]) {
      const file = (name: string) => readFileSync(join(directory.path, "tls/nodes", node, name));
      const client = await connectAsync(`mqtts://127.0.0.1:${port}`, {
        clientId: node,
        ca: file("ca.pem"),
        cert: file("client.pem"),
        key: file("client_dec.key"),
      });
      nodes.set(node, client);
    }
  });
  after(async () => {
    for (const client of nodes.values()) await client.endAsync(true);
    await cloud.stop();
    directory[Symbol.dispose]();
  });

  const both = () =>
    Promise.all([
      publish("gateway", { surveys: [survey], neighbors: [neighbors] }),
      publish("extender", { surveys: [survey] }),
    ]);

  it("prints what a node publishes as tables, and the cloud says that it reports", async () => {
    const { code, stdout, stderr } = await tail(["--count", "1", "--node", "gateway"], both);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^node gateway\n\nsurvey 5G on-chan, raw, 2026-01-01T00:00:00\.000Z\nCHANNEL/);
    assert.match(stdout, /Next door/);
    await cloud.until(/cloud: gateway reports statistics \(\/ap\/gateway\/opensync\)/);
  });

  it("prints only the node and the types asked for", async () => {
    const { stdout } = await tail(["--count", "2", "--type", "neighbor"], both);
    assert.equal([...stdout.matchAll(/^neighbors 5G/gm)].length, 2);
    assert.doesNotMatch(stdout, /survey|extender/);
  });

  it("prints a JSON object per line, bytes in hexadecimal", async () => {
    const { stdout } = await tail(["--count", "2", "--json", "--node", "gateway"], both);
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines.length, 2);
    const { node, topic, kind, receivedMs, report } = JSON.parse(lines[0] ?? "");
    assert.deepEqual([node, topic, kind], ["gateway", "/ap/gateway/opensync", "stats"]);
    assert.ok(receivedMs > Date.UTC(2025, 0, 1));
    assert.equal(report.surveys[0].samples[0].busyPercent, 42);
    assert.equal(report.neighbors[0].bsses[0].beaconIes, "000141");
  });

  it("prints payloads of other kinds by their topic", async () => {
    const latency = Buffer.from(encodeLatency({ nodeId: "gateway", hosts: [] }));
    const { stdout } = await tail(["--count", "2", "--type", "latency", "--type", "log"], async () => {
      await both();
      await nodes.get("gateway")?.publishAsync("/ap/gateway/latency", latency);
      await nodes.get("gateway")?.publishAsync("log/gateway", "one \u001b[31mline\n");
    });
    assert.match(stdout, /node gateway, latency\nHOST/);
    assert.match(stdout, /node gateway, log, 2\S+Z\none \\x1b\[31mline\n/);
    assert.doesNotMatch(stdout, /survey/);
  });

  it("ends on Ctrl-C, and quietly when its reader has seen enough", async () => {
    const following = new Service(command, ["stats", "tail", "--dir", directory.path, "--json"]);
    while (!following.output) {
      await both();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(await following.stop("SIGINT"), 0);
    const piped = run("sh", ["-c", '"$0" stats tail --dir "$1" --json | head -n 1', command, directory.path]);
    let ended = false;
    void piped.finally(() => {
      ended = true;
    });
    while (!ended) {
      await both();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.deepEqual([(await piped).code, (await piped).stderr], [0, ""]);
  });

  it("says in one line that no cloud runs there, and what it does not understand", async () => {
    using empty = temporaryDirectory("none");
    const none = await run(command, ["stats", "tail", "--dir", empty.path]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /^opensync: \S+: no cloud with a broker runs there; start one with [^\n]+\n$/);
    for (const args of [
      ["--type", "weather"],
      ["--count", "0"],
      ["--count", "x"],
    ]) {
      const { code, stderr } = await run(command, ["stats", "tail", ...args]);
      assert.equal(code, 2, args.join(" "));
      assert.match(stderr, /^[^\n]+\n$/);
    }
  });

  it("says so when the cloud ends", async () => {
    const following = new Service(command, ["stats", "tail", "--dir", directory.path, "--json"]);
    while (!following.output) {
      await both();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    for (const client of nodes.values()) await client.endAsync(true);
    nodes.clear();
    await cloud.stop();
    assert.equal(await following.exited, 1);
    assert.match(following.output, /opensync: \S+: the cloud has ended/);
  });
});
