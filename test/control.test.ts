import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { root, run, Service, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const command = join(root, "packages/opensync/bin/opensync.mjs");

describe("a running node is talked to", () => {
  let directory: TemporaryDirectory;
  let node: Service;
  const opensync = (...args: string[]) => run(command, args, { env: { OPENSYNC_DIR: directory.path } });
  const ovsh = (...args: string[]) => run("ovsh", args, { env: { OPENSYNC_DIR: directory.path } });

  before(async () => {
    directory = temporaryDirectory("control");
    node = new Service(command, ["node", "--dir", directory.path, "--id", "GW1"]);
    await node.until(/all settled/);
  });

  after(async () => {
    await node.stop();
    directory[Symbol.dispose]();
  });

  it("through a socket that is its owner's alone", () => {
    assert.equal(statSync(join(directory.path, "run/control.sock")).mode & 0o777, 0o600);
  });

  it("opensync explain confsync: says in one line that all is well, exit code 0", async () => {
    const { code, stdout, stderr } = await opensync("explain", "confsync");
    assert.deepEqual([code, stdout, stderr], [0, "settled\n", ""]);
    const json = JSON.parse((await opensync("explain", "confsync", "--json")).stdout);
    assert.equal(json.confsync.settled, true);
  });

  it("opensync sim fault: sets, lists and clears faults; explain shows what they do, exit code 1", async () => {
    assert.equal(
      (await opensync("sim", "fault", "set", "request-ignored", "--phy", "wifi0")).stdout,
      "request-ignored: on, number 1\n",
    );
    assert.match(
      (await opensync("sim", "fault")).stdout,
      /^on now:\n {2}1 {2}request-ignored, wifi0, until cleared\nfaults to set:\n/,
    );
    assert.equal((await ovsh("u", "Wifi_Radio_Config", "-w", "if_name==wifi0", "enabled:=false")).code, 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const explained = await opensync("explain", "confsync");
    assert.equal(explained.code, 1);
    assert.match(
      explained.stdout,
      /^not settled \(WAITING\)\nOBJECT +ATTRIBUTE +STATUS +INTENDED +ACTUAL\nwifi0 +enabled +asked +false +true/,
    );
    assert.equal((await opensync("sim", "fault", "clear")).stdout, "1 fault cleared\n");
    assert.equal((await ovsh("u", "Wifi_Radio_Config", "-w", "if_name==wifi0", "enabled:=true")).code, 0);
  });

  it("does not mind a reader that has seen enough", async () => {
    const env = { OPENSYNC_DIR: directory.path };
    const { code, stderr } = await run("sh", ["-c", `"${command}" sim fault list | :`], { env });
    assert.deepEqual([code, stderr], [0, ""]);
  });

  it("opensync sim radar: puts a channel out of use", async () => {
    assert.equal((await opensync("sim", "radar", "--phy", "wifi1", "--channel", "100")).stdout, "radar: done\n");
    const waited = await ovsh("-t", "5000", "w", "Wifi_Radio_State", "-w", "if_name==wifi1", "enabled:=true");
    assert.equal(waited.code, 0);
    const { stdout } = await ovsh("-j", "s", "Wifi_Radio_State", "-w", "if_name==wifi1", "channels");
    assert.match(stdout, /"100",\s+"\{.{0,20}nop_started/);
  });

  it("says what it cannot do in one line: exit code 1; what it does not understand: exit code 2", async () => {
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [["sim", "fault", "set", "gremlins"], 1, /^opensync: there is no fault 'gremlins'; use one of .*\n$/],
      [["sim", "fault", "set", "acl-limit", "entries=x"], 1, /^opensync: entries=x: it must be a number.*\n$/],
      [["sim", "fault", "set"], 1, /^opensync: sim fault set: use sim fault list.*\n$/],
      [["sim", "fault", "break"], 2, /^error: command-argument value 'break' is invalid.*\n$/],
      [["sim", "radar", "--phy", "wifi1"], 2, /^error: required option '--channel <number>' not specified\n$/],
      [["explain", "confsync", "--dir", "/nowhere"], 1, /^opensync: \/nowhere: no node runs there; start one.*\n$/],
    ];
    for (const [args, expected, message] of cases) {
      const { code, stderr } = await opensync(...args);
      assert.equal(code, expected, args.join(" "));
      assert.match(stderr, message);
    }
  });
});
