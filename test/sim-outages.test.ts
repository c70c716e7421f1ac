import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { root, run, Service, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const command = join(root, "packages/opensync/bin/opensync.mjs");

describe("opensync sim, in a home that can do without its cloud", () => {
  let directory: TemporaryDirectory;
  let home: Service;
  const opensync = (...args: string[]) => run(command, args, { env: { OPENSYNC_DIR: directory.path } });
  const ovsh = async (...args: string[]) =>
    (await run("ovsh", args, { env: { OPENSYNC_DIR: directory.path } })).stdout.trim();

  before(async () => {
    directory = temporaryDirectory("outages");
    const file = join(directory.path, "home.json");
    const demo = JSON.parse(readFileSync(join(root, "homes/demo.json"), "utf8"));
    writeFileSync(file, JSON.stringify({ ...demo, cloudless: true }));
    home = new Service(command, ["up", "--dir", directory.path, "--home", file]);
    await home.until(/all settled, 8 clients/);
  });

  after(async () => {
    await home.stop();
    directory[Symbol.dispose]();
  });

  it("cloud-down: the controller loses the gateway, and cloud-up brings it back", async () => {
    assert.match((await opensync("sim", "cloud-down")).stdout, /^the cloud refuses every connection/);
    await home.until(/gateway: left the controller/);
    assert.match((await opensync("sim", "cloud-up", "gateway")).stdout, /^the cloud takes connections/);
    await home.until(/gateway: left the controller[\s\S]*gateway: connected to the controller/);
  });

  it("wan-down and wan-up: the cable goes out, and WANO says so", async () => {
    assert.match((await opensync("sim", "wan-down", "gateway", "--at", "cable")).stdout, /cable of the uplink is out/);
    const wait = ["w", "Wifi_Master_State", "-w", "if_name==eth0", "-t", "20000"];
    assert.equal(await ovsh(...wait, "port_state:=inactive"), "");
    assert.equal((await opensync("sim", "wan-up")).code, 0);
    assert.equal(await ovsh(...wait, "port_state:=active"), "");
  });

  it("reboot: the device ends in order and boots, and who asks is told", async () => {
    const { code, stdout } = await opensync("sim", "reboot", "gateway");
    assert.deepEqual([code, stdout], [0, "reboots\n"]);
    await home.until(/gateway goes down: reboot[\s\S]*gateway has booted/);
    await home.until(/gateway has booted[\s\S]*all settled, 8 clients/);
    const boots = await ovsh("-r", "s", "Reboot_Status", "type");
    assert.equal(boots.split("\n").sort().join(), "COLD_BOOT,USER");
  });

  it("power-cut: the other device vanishes and comes back", async () => {
    assert.equal((await opensync("sim", "power-cut", "extender")).stdout, "the power is cut\n");
    await home.until(/extender goes down: power cut[\s\S]*extender has booted/);
  });

  it("says in one line what there is not, exit code 1 or 2", async () => {
    for (const [args, expected, words] of [
      [["sim", "reboot", "attic"], 1, /no node 'attic' runs; running: extender, gateway/],
      [["sim", "wan-down", "gateway", "--at", "moon"], 2, /Allowed choices are cable, line, internet/],
      [["sim", "wan-down", "extender", "--at", "internet"], 1, /no provider is at this wire/],
      [["sim", "explode"], 2, /unknown command 'explode'/],
    ] as const) {
      const { code, stderr } = await opensync(...args);
      assert.equal(code, expected, args.join(" "));
      assert.match(stderr, words);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    }
  });
});
