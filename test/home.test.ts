import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createCloudClient } from "@opensync-ts/cloud-client/client";
import { valueOrThrow } from "@opensync-ts/cloud-client/errors";
import type { StatsReport } from "@opensync-ts/telemetry/report";
import { root, run, Service, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");
const settled = /all settled, 8 clients/;

describe("opensync up", () => {
  let directory: TemporaryDirectory;
  let home: Service;
  const ovsh = async (...args: string[]) => {
    const result = await run("ovsh", args, { env: { OPENSYNC_DIR: directory.path } });
    assert.equal(result.stderr, "");
    assert.equal(result.code, 0, result.stdout);
    return result.stdout.trim();
  };

  before(async () => {
    directory = temporaryDirectory("home");
    home = new Service(opensync, ["up", "--dir", directory.path]);
    await home.until(settled);
  });

  after(async () => {
    await home.stop();
    directory[Symbol.dispose]();
  });

  it("prints the socket of every node and five commands worth trying", () => {
    for (const node of ["gateway", "extender"])
      assert.match(home.output, new RegExp(`${node}\\s+unix:\\S+run/db.sock`));
    assert.equal([...home.output.matchAll(/npx ovsh /g)].length, 5);
  });

  it("has each client on a network of the home, the visitor by its own key", async () => {
    const rows = await ovsh("-j", "s", "Wifi_Associated_Clients", "mac", "key_id");
    assert.ok((JSON.parse(rows) as unknown[]).length > 0);
    assert.match(home.output, /visitor joined/);
  });

  it("brings a radio to another channel, and the cloud leaves that alone", async () => {
    await ovsh("u", "Wifi_Radio_Config", "-w", "if_name==wifi0", "channel:=11");
    await ovsh("-t", "5000", "w", "Wifi_Radio_State", "-w", "if_name==wifi0", "channel:=11");
    await ovsh("-t", "5000", "w", "Wifi_VIF_State", "-w", "if_name==home-ap-24", "channel:=11");
    assert.equal(await ovsh("-r", "s", "Wifi_Radio_Config", "-w", "if_name==wifi0", "channel"), "11");
  });

  it("repairs a drift from the home file, and leaves what the file does not state", async () => {
    await ovsh("i", "Node_Config", "module:=mine", "key:=note", "value:=stays");
    await ovsh("u", "Wifi_VIF_Config", "-w", "if_name==home-ap-24", "ssid:=mine");
    await home.until(/update Wifi_VIF_Config home-ap-24: ssid=Demo Home/);
    await ovsh("-t", "5000", "w", "Wifi_VIF_State", "-w", "if_name==home-ap-24", "ssid:='Demo Home'");
    assert.equal(await ovsh("-r", "s", "Node_Config", "-w", "module==mine", "value"), "stays");
  });

  it("tells its nodes where to publish and what to measure, and shows what they publish", async () => {
    const [row] = JSON.parse(await ovsh("-j", "s", "AWLAN_Node", "mqtt_settings")) as [{ mqtt_settings: unknown }];
    const [, pairs] = row.mqtt_settings as [string, [string, string][]];
    const settings = new Map(pairs);
    assert.equal(settings.get("topics"), "/ap/gateway/opensync");
    const rows = await ovsh("-j", "s", "Wifi_Stats_Config", "stats_type", "radio_type", "survey_type");
    assert.equal((JSON.parse(rows) as object[]).length, 16);

    const reported = async (...args: string[]) => {
      const result = await run(opensync, ["stats", "tail", "--dir", directory.path, "--count", "1", "--json", ...args]);
      assert.equal(result.code, 0, result.stderr);
      return (JSON.parse(result.stdout) as { report: StatsReport }).report;
    };
    const { clients } = await reported("--node", "gateway", "--type", "client");
    assert.ok(clients.flatMap((report) => report.clients).some(({ stats }) => stats.snrDb > 0));
    const { surveys } = await reported("--node", "extender", "--type", "survey");
    assert.ok(surveys.length > 0);
  });

  it("dumps each node beside its log on SIGUSR1", async () => {
    // The launcher is replaced by the command itself, so this is its own process.
    home.child.kill("SIGUSR1");
    for (const id of ["gateway", "extender"]) {
      const file = (await home.until(new RegExp(`${id}: dumped to (\\S+)`)))[1] ?? "";
      assert.equal(file, join(directory.path, "nodes", id, "log/dump.txt"));
      assert.match(readFileSync(file, "utf8"), /^confsync: [A-Z]+/m);
    }
    assert.doesNotMatch(home.output, /Debugger/);
  });

  it("shows no passphrase in its output, its logs or its dumps", () => {
    const { networks } = JSON.parse(readFileSync(join(root, "homes/demo.json"), "utf8")) as {
      networks: { security: { keys: { psk: string }[] } }[];
    };
    const texts = [
      home.output,
      ...["gateway", "extender"].flatMap((id) =>
        ["opensync.log", "dump.txt"].map((file) =>
          readFileSync(join(directory.path, "nodes", id, "log", file), "utf8"),
        ),
      ),
    ];
    for (const { psk } of networks.flatMap((network) => network.security.keys)) {
      for (const text of texts) assert.ok(!text.includes(psk), "a passphrase is shown");
    }
  });

  it("shows that a frozen client has nothing left but its tries", async () => {
    const ctl = async (...args: string[]) => {
      const { stdout, stderr } = await run(opensync, ["cloud", "ctl", "--dir", directory.path, ...args]);
      assert.equal(stderr, "", args.join(" "));
      return stdout;
    };
    // Asked often, so not by a process each time.
    const read = (file: string) => readFileSync(join(directory.path, "cloud", file), "utf8").trim();
    const cloud = createCloudClient({ baseUrl: read("run/api.url"), token: read("api.token") });
    const [home] = valueOrThrow(await cloud.request("GET /locations")).items;
    const params = { location: home?.id ?? "" };
    const television = async (): Promise<number> => {
      const { items } = valueOrThrow(await cloud.request("GET /locations/:location/devices", { params }));
      const { now } = items.find(({ mac }) => mac === "02:00:00:00:01:03") ?? {};
      return (now?.rxMbps ?? 0) + (now?.txMbps ?? 0);
    };
    const until = async (what: string, holds: (mbps: number) => boolean) => {
      for (let left = 150; left > 0; left--) {
        if (holds(await television())) return;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      assert.fail(`the television does not come to be ${what}`);
    };
    await until("busy", (mbps) => mbps > 1);
    assert.match(await ctl("freeze", "television"), /^02:00:00:00:01:03 has no Internet until 'unfreeze'/);
    await until("quiet", (mbps) => mbps > 0 && mbps < 0.05);
    assert.match(await ctl("clients"), /02:00:00:00:01:03 {2}television .* frozen *\n/);
    await ctl("unfreeze", "television");
    await until("busy again", (mbps) => mbps > 1);
  });

  it("is refused a second time in the same directory, and the first goes on", async () => {
    const second = await run(opensync, ["up", "--dir", directory.path]);
    assert.equal(second.code, 1);
    assert.match(
      second.stderr,
      /^opensync: [^\n]*(is in use by process \d+|another node is at work)[^\n]*; stop it[^\n]*\n$/,
    );
    assert.equal(await ovsh("-r", "s", "AWLAN_Node", "id"), "gateway");
  });

  it("ends on Ctrl-C, and starts again with the same devices", async () => {
    const identity = () => ovsh("-r", "s", "AWLAN_Node", "id", "serial_number", "model");
    const certificate = () => readFileSync(join(directory.path, "nodes/gateway/certs/client.pem"), "utf8");
    const before = [await identity(), certificate()];
    assert.equal(await home.stop(), 0);
    assert.match(home.output, /Demo Home|Demo home: stopped/);
    home = new Service(opensync, ["up", "--dir", directory.path]);
    await home.until(settled);
    assert.deepEqual([await identity(), certificate()], before);
    // A reboot: what was set by hand is gone, what the home file states is back.
    assert.equal(
      await ovsh("-r", "s", "Wifi_VIF_State", "-w", "if_name==home-ap-24", "ssid", "channel"),
      "6 Demo Home",
    );
  });

  it("says what the file of another home takes the place of, and how that comes back", async () => {
    assert.equal(await home.stop(), 0);
    const other = join(directory.path, "other.json");
    writeFileSync(other, JSON.stringify({ name: "Other", nodes: [{ id: "gateway", role: "gateway" }], networks: [] }));
    home = new Service(opensync, ["up", "--dir", directory.path, "--home", other]);
    const said =
      /home 'Other': [^\n]* its version 4 takes the place of version 3 of 'Demo home', which token:control has made since the last one; 'opensync cloud ctl revert 3' brings that back/;
    await home.until(said);
    await home.until(/the cloud's API: /);
    const reverted = await run(opensync, ["cloud", "ctl", "--dir", directory.path, "revert", "3"]);
    assert.deepEqual([reverted.stdout, reverted.stderr], ["version 5 holds\n", ""]);
    assert.equal(await home.stop(), 0);
    home = new Service(opensync, ["up", "--dir", directory.path, "--home", other]);
    await home.until(/home 'Demo home': version 5 has been made since the home file was taken \(version 4\)/);
  });
});
