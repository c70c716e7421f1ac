import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { RealClock } from "@opensync-ts/base/clock";
import { ovsh } from "./ovsh.ts";
import { haveTheirs, startOurs, startTheirs, type TestServer } from "./testing/servers.ts";

const clock = new RealClock();

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function run(environment: { [name: string]: string }, ...argv: string[]): Promise<Outcome> {
  let [out, error] = ["", ""];
  const code = await ovsh(argv, {
    environment,
    clock,
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { code, out, error };
}

const uuidLine = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\n$/;

for (const [name, start, skip] of [
  ["our server", startOurs, false],
  ["Open vSwitch's server", startTheirs, haveTheirs() ? false : "ovsdb-server is not installed"],
] as const) {
  describe(`ovsh on ${name}`, { skip }, () => {
    let server: TestServer;
    before(async () => {
      server = await start();
    });
    after(() => server.stop());
    const on = (...argv: string[]) => run({ PLUME_OVSDB_SOCK_PATH: server.socket }, ...argv);

    // The commands of the OWM guide, words as a shell leaves them.
    const mac = "mac:=AA:BB:CC:DD:EE:FF";
    const ofClient = ["-w", "mac==AA:BB:CC:DD:EE:FF"];
    for (const [line, out] of [
      [["i", "AW_Debug", "name:=OW", "log_severity:=Trace"], uuidLine],
      [["i", "AW_Debug", "name:=OW", "log_severity:=Debug"], uuidLine],
      [["i", "Band_Steering_Clients", "pref_5g:=always", "pre_assoc_auth_block:=true", mac], uuidLine],
      [
        ["s", "Band_Steering_Clients", ...ofClient, "pref_5g", "pre_assoc_auth_block", "max_rejects"],
        /^-+\nmax_rejects +\| 0 +\|\npre_assoc_auth_block \| true +\|\npref_5g +\| always \|\n-+\n$/,
      ],
      [["i", "Band_Steering_Clients", "pref_5g:=hwm", mac], uuidLine],
      [
        ["i", "Band_Steering_Clients", "hwm:=35", "lwm:=20", "backoff_secs:=120", "kick_type:=btm_deauth", mac],
        uuidLine,
      ],
      [["i", "Band_Steering_Clients", "hwm:=100", mac], uuidLine],
      [["s", "Band_Steering_Clients", ...ofClient, "hwm", "backoff_secs", "kick_type"], /\| btm_deauth \|/],
      [["i", "Band_Steering_Clients", "lwm:=20", "hwm:=35", "bottom_lwm:=5", mac], uuidLine],
      [["i", "Band_Steering_Clients", "lwm:=1", mac], uuidLine],
      [
        ["s", "Band_Steering_Clients", ...ofClient, "lwm", "bottom_lwm", "hwm", "sticky_kick_type", "backoff_exp_base"],
        /^lwm +\|.* 20 +\|/m,
      ],
      [
        [
          "i",
          "Band_Steering_Clients",
          "force_kick:=directed",
          "cs_mode:=home",
          "kick_upon_idle:=true",
          "sc_kick_type:=btm_deauth",
          mac,
        ],
        uuidLine,
      ],
      [["i", "Band_Steering_Clients", "force_kick:=none", "cs_mode:=off", mac], uuidLine],
      [
        [
          "s",
          "Band_Steering_Clients",
          ...ofClient,
          "force_kick",
          "cs_mode",
          "cs_state",
          "kick_upon_idle",
          "sc_kick_type",
        ],
        /\| directed +\|/,
      ],
      [["s", "Band_Steering_Clients"], /^_version +\|/m],
      [["s", "Band_Steering_Clients", ...ofClient], /^mac +\| AA:BB:CC:DD:EE:FF \|/m],
      [
        ["s", "Band_Steering_Clients", ...ofClient, "pref_5g", "hwm", "lwm", "force_kick"],
        /^pref_5g +\|.* always +\|/m,
      ],
      [["i", "Band_Steering_Clients", "pref_5g:=hwm", "hwm:=35", "lwm:=20", mac], uuidLine],
      [["i", "Band_Steering_Config", 'ifnames:=["map",[["home-ap-24","2.4G"],["home-ap-50","5G"]]]'], uuidLine],
      [["s", "Band_Steering_Config"], /^ifnames +\|/m],
      [
        [
          "i",
          "Wifi_Stats_Config",
          "stats_type:=survey",
          "radio_type:=2.4G",
          "sampling_interval:=10",
          'latency_kinds:=["set",["min","max","avg","last","num","perc"]]',
          "reporting_interval:=60",
          'channel_list:=["set",[1,6,11]]',
          "survey_interval_ms:=50",
        ],
        uuidLine,
      ],
      [["s", "Wifi_Stats_Config"], /^channel_list +\| \["set",\[1,6,11\]\] /m],
    ] as const) {
      it(`runs as the guide prints it: ovsh ${line.join(" ")}`, async () => {
        const outcome = await on(...line);
        assert.deepEqual([outcome.code, outcome.error], [0, ""]);
        assert.match(outcome.out, out);
      });
    }

    it("updates, mutates, upserts and deletes", async () => {
      assert.match((await on("i", "AWLAN_Node", "id~=1", "firmware_url:=x")).out, uuidLine);
      const steps: readonly (readonly [readonly string[], string])[] = [
        [
          ["u", "AWLAN_Node", "-w", "id=='1'", "model:=sim", 'mqtt_settings:ins:["map",[["broker","b"]]]'],
          "1\nMutated: 1\n",
        ],
        [["s", "AWLAN_Node", "-r", "model", "mqtt_settings"], 'sim ["map",[["broker","b"]]]\n'],
        [["u", "AWLAN_Node", 'mqtt_settings:del:["set",["broker"]]', "-j"], '{"count":1}\nMutated: 1\n'],
        [["u", "AWLAN_Node", "model:=sim", "-q"], ""],
        [["U", "Node_Config", "-w", "module==PM", "-w", "key==k", "value:=v"], "Upsert: insert\n"],
        [["U", "Node_Config", "-w", "module==PM", "-w", "key==k", "value:=w"], "Upsert: update\n1\n"],
        [["s", "Node_Config", "-r", "module", "key", "value"], "k PM w\n"],
        [["d", "Node_Config", "-w", "key==other"], "0\n"],
        [["d", "Node_Config"], "1\n"],
      ];
      for (const [argv, out] of steps) {
        const outcome = await on(...argv);
        assert.deepEqual([outcome.code, outcome.error], [0, ""], argv.join(" "));
        assert.ok(outcome.out.startsWith(out), `${argv.join(" ")}: ${outcome.out}`);
      }
    });

    it("keeps a row of a table without roots alive by giving it a parent", async () => {
      assert.equal((await on("i", "Open_vSwitch", "next_cfg:=1")).code, 0);
      assert.equal((await on("i", "Bridge", "name:=br-home", "-p", "Open_vSwitch:bridges:next_cfg==1")).code, 0);
      assert.equal((await on("s", "Bridge", "name", "-r")).out, "br-home\n");
      const orphan = await on("i", "Bridge", "name:=br-other", "-p", "Open_vSwitch:bridges:next_cfg==2");
      assert.equal(orphan.code, 1);
      assert.match(orphan.error, /--parent Open_vSwitch:bridges:next_cfg==2: there is no such row/);
      assert.equal((await on("s", "Bridge", "name", "-r")).out, "br-home\n");
    });

    it("waits until another client makes it true", async () => {
      assert.equal((await on("i", "Node_State", "module:=PM", "key:=k", "value:=old")).code, 0);
      const waiting = on("w", "Node_State", "-w", "key==k", "value:=new", "-t", "10000");
      assert.equal((await on("u", "Node_State", "-w", "key==k", "value:=new")).out, "1\n");
      assert.deepEqual(await waiting, { code: 0, out: "", error: "" });
      const never = await on("wait", "Node_State", "-w", "key==k", "value:=new", "-n", "-t", "1");
      assert.equal(never.code, 1);
      assert.match(never.error, /^Error: timed out\n/);
    });

    it("shows what the database refuses, and exits with 1", async () => {
      for (const [argv, error] of [
        [["s", "No_Table"], /^Error: .*\nDetails: .*No_Table/],
        [["s", "AW_Debug", "no_column"], /^Error: .*\nDetails: .*no_column/],
        [["i", "AW_Debug", "name:=7"], /^Error: .*\nDetails: .*string/],
        [["i", "Wifi_Radio_Config", "if_name:=wifi0", "channel:=999"], /^Error: constraint violation\nDetails: .*999/],
        [["i", "AW_LM_Config", "name:=lm", "periodicity:=yearly"], /^Error: constraint violation\n/],
        [["i", "AWLAN_Node", "id~=2"], /^Error: constraint violation\nDetails: .*AWLAN_Node/],
        [["s", "AW_Debug", "-d", "No_Database"], /^Error: unknown database\n/],
      ] as const) {
        const outcome = await on(...argv);
        assert.deepEqual([outcome.code, outcome.out], [1, ""], argv.join(" "));
        assert.match(outcome.error, error);
      }
      assert.equal((await on("s", "AW_Debug", "name")).code, 0);
    });

    it("shows with -v what is sent and received", async () => {
      const { error } = await on("s", "AW_Debug", "name", "-v", "-w", "name==OW");
      assert.match(error, /^connected to unix:.*\n-> \[\{"op":"select",.*\n<- \[\{"rows":\[/);
    });
  });
}

describe("ovsh", () => {
  it("names every place where it looked for a server, and what to do", async () => {
    const { code, error } = await run({ OPENSYNC_DIR: "/nowhere" }, "s", "AW_Debug");
    assert.equal(code, 1);
    assert.match(
      error,
      /^Error: no database server found: .*unix:\/nowhere\/run\/db\.sock.*unix:\/nowhere\/nodes\/gateway\/run\/db\.sock.*opensync up.*--db\n$/,
    );
  });

  it("names a remote it cannot understand", async () => {
    const { code, error } = await run({}, "s", "AW_Debug", "--db", "tcp:localhost:port");
    assert.equal(code, 1);
    assert.match(error, /tcp:localhost:port/);
  });

  it("says in one line what is wrong with the command line, and exits with 255", async () => {
    const { code, out, error } = await run({}, "s", "AW_Debug", "--colour");
    assert.deepEqual([code, out], [255, ""]);
    assert.equal(error, "Error: unknown option --colour. Try 'ovsh --help'.\n");
  });

  it("explains itself with --help", async () => {
    const { code, out } = await run({}, "--help");
    assert.equal(code, 0);
    assert.match(out, /^Usage: ovsh \[options\] COMMAND TABLE/);
  });

  it("is a command that ends by itself", async () => {
    const server = await startOurs();
    try {
      const launcher = join(import.meta.dirname, "../bin/ovsh.mjs");
      const execute = promisify(execFile);
      const { stdout } = await execute(launcher, ["i", "AW_Debug", "name:=CM", "--db", server.socket]);
      assert.match(stdout, uuidLine);
      await assert.rejects(execute(launcher, ["s", "Alarms", "--db", server.socket]), { code: 1 });
    } finally {
      await server.stop();
    }
  });
});
