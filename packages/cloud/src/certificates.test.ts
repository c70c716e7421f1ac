import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { Certificates } from "./certificates.ts";

describe("certificates of a cloud", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "opensync-certificates-"));
  });
  after(() => rmSync(directory, { recursive: true }));

  const start = Date.UTC(2026, 0, 1);
  const days = 86_400_000;
  const open = (name: string, at = start, hosts: string[] = []) =>
    Certificates.open({
      directory: join(directory, name),
      clock: new VirtualClock(at),
      random: new SeededRandom(at),
      hosts,
    });
  const read = (path: string) => new X509Certificate(readFileSync(path));

  it("chain to the authority, name the node, and serve the names by which the cloud is reached", async () => {
    const certificates = await open("chain", start, ["cloud.example", "192.0.2.7"]);
    const gateway = await certificates.node("gateway");
    const authority = read(gateway.caCert);
    const server = read(certificates.server.certificate);
    const node = read(gateway.certificate);
    assert.ok(authority.ca && !server.ca && !node.ca);
    assert.ok(server.verify(authority.publicKey) && node.verify(authority.publicKey));
    assert.equal(node.subject, "CN=gateway");
    for (const address of ["127.0.0.1", "::1", "192.0.2.7"]) assert.equal(server.checkIP(address), address);
    for (const name of ["localhost", "cloud.example"]) assert.equal(server.checkHost(name), name);
  });

  it("lie where nodes look for them, keys readable by their owner only", async () => {
    const certificates = await open("files");
    const files = await certificates.node("extender");
    const inNode = (name: string) => join(directory, "files", "nodes", "extender", name);
    assert.deepEqual(files, {
      caCert: inNode("ca.pem"),
      certificate: inNode("client.pem"),
      privateKey: inNode("client_dec.key"),
    });
    for (const path of [files.privateKey, certificates.server.privateKey, join(directory, "files", "ca.key")]) {
      assert.equal(statSync(path).mode & 0o777, 0o600);
    }
  });

  it("are kept by the next start", async () => {
    const first = readFileSync((await (await open("kept")).node("gateway")).certificate, "utf8");
    const second = readFileSync((await (await open("kept", start + 300 * days)).node("gateway")).certificate, "utf8");
    assert.equal(first, second);
  });

  it("are renewed in the last month of their life, under the same authority", async () => {
    const first = await open("renewed");
    const authority = readFileSync(first.server.caCert, "utf8");
    const before = read(first.server.certificate);
    const second = await open("renewed", start + 370 * days);
    const renewed = read(second.server.certificate);
    assert.equal(readFileSync(second.server.caCert, "utf8"), authority);
    assert.ok(renewed.validToDate > before.validToDate);
    assert.ok(renewed.verify(new X509Certificate(authority).publicKey));
  });

  it("are made anew when the authority is another, or when the cloud is reached by another name", async () => {
    const certificates = await open("other");
    const before = readFileSync((await certificates.node("gateway")).certificate, "utf8");
    rmSync(join(directory, "other", "ca.key"));
    await assert.rejects(open("other"), /ca\.key: missing, but nodes trust .*put the key back, or remove/);
    rmSync(join(directory, "other", "ca.pem"));
    const again = await open("other", start, ["new.example"]);
    const gateway = await again.node("gateway");
    assert.notEqual(readFileSync(gateway.certificate, "utf8"), before);
    assert.ok(read(gateway.certificate).verify(read(gateway.caCert).publicKey));
    assert.equal(read(again.server.certificate).checkHost("new.example"), "new.example");
  });

  it("that are no certificates are named, with what to do", async () => {
    const certificates = await open("garbage");
    writeFileSync(certificates.server.certificate, "garbage");
    await assert.rejects(open("garbage"), /server\.pem: not a certificate with its key .*remove both files/);
  });

  it("that may not be read are named", { skip: process.getuid?.() === 0 && "root may read everything" }, async () => {
    const certificates = await open("forbidden");
    chmodSync(certificates.server.certificate, 0);
    await assert.rejects(open("forbidden"), /server\.pem: cannot be read/);
  });

  it("are not made for a name that would leave the directory", async () => {
    await assert.rejects((await open("escape")).node("../../etc"), /cannot name a certificate/);
  });
});
