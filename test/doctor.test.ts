import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { root, run, Service, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");

interface Report {
  readonly verdict: string;
  readonly title: string;
  readonly steps: readonly {
    readonly part: string;
    readonly name: string;
    readonly status: string;
    readonly found: string;
  }[];
}

describe("opensync doctor", () => {
  let directory: TemporaryDirectory;
  let home: Service;
  const doctor = (...args: string[]) => run(opensync, ["doctor", ...args], { env: { OPENSYNC_DIR: directory.path } });
  const report = async (...args: string[]) => JSON.parse((await doctor(...args, "--json")).stdout) as Report;
  const rows = async (node: string) => {
    const tables = ["AWLAN_Node", "Wifi_VIF_Config", "Wifi_Inet_Config", "Wifi_Radio_Config", "SSL"];
    const query = ["Open_vSwitch", ...tables.map((table) => ({ op: "select", table, where: [] }))];
    const result = await run(opensync, ["db", "--dir", directory.path, "--node", node, "query", JSON.stringify(query)]);
    assert.deepEqual([result.code, result.stderr], [0, ""]);
    return result.stdout;
  };

  before(async () => {
    directory = temporaryDirectory("doctor");
    home = new Service(opensync, ["up", "--dir", directory.path]);
    await home.until(/all settled, 8 clients/);
  });

  after(async () => {
    await home.stop();
    directory[Symbol.dispose]();
  });

  it("finds a running home well, and changes nothing on its nodes", async () => {
    const before = await rows("gateway");
    const { code, stdout, stderr } = await doctor();
    assert.deepEqual([code, stderr], [0, ""], stdout);
    assert.match(stdout, /^node 'gateway', which runs/);
    assert.match(stdout, /^skipped {2}manager {5}TLS, OVSDB/m);
    assert.match(stdout, /^all well: \d+ steps, 1 skipped\n$/m);
    assert.equal(await rows("gateway"), before);
    assert.doesNotMatch(home.output, /connected anew/);
  });

  it("plays the node at the manager when told to, and the node comes back", async () => {
    const { verdict, steps } = await report("--node", "extender", "--manager");
    assert.equal(verdict, "ok", JSON.stringify(steps, null, 1));
    assert.ok(steps.some(({ part, name, status }) => part === "manager" && name === "session" && status === "ok"));
    const back = await run("ovsh", ["-t", "60000", "w", "Manager", "is_connected:=true"], {
      env: { OPENSYNC_DIR: join(directory.path, "nodes", "extender") },
    });
    assert.equal(back.code, 0, back.stderr);
  });

  it("takes address and files from options, for a node that does not run", async () => {
    const [, redirector = ""] = /by redirector (\S+);/.exec((await report()).title) ?? [];
    const certs = join(directory.path, "elsewhere");
    cpSync(join(directory.path, "nodes/gateway/certs"), certs, { recursive: true });
    const files = ["--private-key", "client_dec.key", "--certificate", "client.pem", "--ca-cert", "ca.pem"];
    const paths = files.map((word) => (word.startsWith("--") ? word : join(certs, word)));
    const { verdict, title, steps } = await report(redirector, ...paths, "--no-manager");
    assert.equal(verdict, "ok", JSON.stringify(steps, null, 1));
    assert.match(title, /^node 'gateway': the way/);
    assert.ok(steps.every(({ part }) => part !== "node"));
  });

  it("knows the extender's backhaul, and comes as far as its cloud", async () => {
    const { steps } = await report("extender", "extender");
    const found = (name: string) => steps.find((step) => step.name === name);
    assert.match(found("backhaul")?.found ?? "", /^(a cable|Wi-Fi)/);
    assert.equal(found("uplink")?.status, "ok", JSON.stringify(steps, null, 1));
    assert.equal(found("cloud")?.status, "ok");
    assert.deepEqual(
      steps.filter(({ status }) => status === "failed"),
      [],
    );
  });

  it("ends with 1 for a fault and says it in the last line, and in one line where there is nothing to examine", async () => {
    const refused = await doctor("tcp:127.0.0.1:1", "--timeout", "2");
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /\nfault: redirector, TCP IPv4: 127\.0\.0\.1 refused[^\n]*; to do: [^\n]+\n$/);
    const nowhere = await doctor("--dir", join(directory.path, "nowhere"));
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /^opensync: [^\n]*there is no node there[^\n]*--dir of a node\n$/);
    const nobody = await doctor("extender", "nobody");
    assert.deepEqual([nobody.code, nobody.stdout], [1, ""]);
    assert.match(nobody.stderr, /^opensync: extender 'nobody': no such node; give [^\n]+\n$/);
  });

  it("ends with 2 for what it does not understand", async () => {
    for (const args of [["somewhere"], ["ssl:a"], ["--timeout", "0"], ["--timeout", "x"], ["extender"], ["--what"]]) {
      const { code, stderr } = await doctor(...args);
      assert.equal(code, 2, args.join(" "));
      assert.match(stderr, /^error: [^\n]+\n$/);
    }
  });
});
