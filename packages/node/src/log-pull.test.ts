import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { VirtualClock } from "@opensync-ts/base/clock";
import { Certificates, withoutOpenssl } from "@opensync-ts/managers/qm/testing/certificates";
import { NodeBench } from "./testing/bench.ts";

const directory = mkdtempSync(join(tmpdir(), "opensync-pull-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const withoutTar = spawnSync("tar", ["--version"]).error ? "the tar command is not installed" : withoutOpenssl;

describe("a node whose cloud asks for its logs", () => {
  it("hands over log, dump and database, without the passphrases of its home", {
    skip: withoutTar,
    timeout: 60_000,
  }, async () => {
    const certificates = new Certificates(directory);
    certificates.authority("ca");
    const { privateKey, certificate, caCert } = certificates.issue("localhost", "ca", { names: "DNS:localhost" });
    const received = Promise.withResolvers<Buffer>();
    const server = createServer(
      { key: readFileSync(privateKey), cert: readFileSync(certificate) },
      (incoming, outgoing) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("end", () => {
          outgoing.end();
          received.resolve(Buffer.concat(parts));
        });
      },
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await using bench = new NodeBench();
      const node = await bench.start({ tls: { ca: caCert } });
      const { port } = server.address() as AddressInfo;
      const clock = bench.clock as VirtualClock;
      const { wayOut } = node.target.network;
      await clock.runUntil(() => !wayOut?.obstacle({ host: "localhost", port, purpose: "cloud" }), 60_000, "a way out");
      await node.client.transact((transaction) => {
        transaction.insert("Wifi_VIF_Config", {
          ...{ if_name: "home-ap-24", mode: "ap", enabled: true, ssid: "Home", wpa: true },
          wpa_psks: new Map([["key--1", "a passphrase of the test"]]),
        });
        transaction.update("AW_LM_Config", [], {
          ...{ name: "put", upload_location: `https://localhost:${port}/logs`, upload_token: "node.tar.gz" },
        });
      });
      await clock.advance(1_000);
      assert.ok(
        !bench.logged(/log pull failed/),
        bench.log
          .records()
          .map(({ text }) => text)
          .join("\n"),
      );
      const archive = await received.promise;
      const tar = (...args: string[]) =>
        spawnSync("tar", args, { input: archive, encoding: "utf8", maxBuffer: 2 ** 26 });
      assert.deepEqual(tar("tzf", "-").stdout.trim().split("\n"), [
        "contents.txt",
        "database.json",
        "dump.txt",
        "log/opensync.log",
      ]);
      assert.match(tar("xzOf", "-", "log/opensync.log").stdout, /node GW1: boot/);
      assert.match(tar("xzOf", "-", "dump.txt").stdout, /== storage\n/);
      const database = JSON.parse(tar("xzOf", "-", "database.json").stdout);
      assert.equal(database.Wifi_VIF_Config[0].ssid, "Home");
      assert.ok(!tar("xzOf", "-").stdout.includes("a passphrase"));
    } finally {
      server.close();
    }
  });
});
