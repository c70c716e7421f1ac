import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { JsonRpcError } from "@opensync-ts/ovsdb/pending-requests";
import { connectRpc } from "@opensync-ts/ovsdb/rpc-client";
import { createNullTarget } from "@opensync-ts/target/null-target";
import { explanationText, type NodeExplanation } from "./explanation.ts";
import { NodeBench } from "./testing/bench.ts";

async function ask(path: string, command: string, ...args: string[]): Promise<string> {
  const client = await connectRpc(`unix:${path}`, { clock: new RealClock(), timeoutMs: 5000 });
  try {
    return String(await client.request(command, args));
  } catch (error) {
    if (error instanceof JsonRpcError) return `refused: ${String(error.error).trimEnd()}`;
    throw error;
  } finally {
    client.close();
  }
}

describe("a node's control socket", () => {
  it("is for the owner alone, and answers what a node is asked", async () => {
    await using bench = new NodeBench(new RealClock());
    const node = await bench.start();
    const path = node.directory.controlSocket;
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.match(await ask(path, "version"), /^opensync-ts \d+\.\d+\.\d+\n$/);
    // What goes on at the moment differs from one look to the next.
    const sections = (text: string) => [...text.matchAll(/^== .*$/gm)].map(([line]) => line);
    const dump = await ask(path, "dump");
    assert.match(dump, /^node GW1, profile default, target sim\n/);
    assert.deepEqual(sections(dump), sections(node.dump()));
    for (const command of ["dump", "explain", "list-commands", "sim", "version"]) {
      assert.match(await ask(path, "list-commands"), new RegExp(`^ {2}${command}\\b`, "m"));
    }
    assert.match(await ask(path, "sim", "fault", "set", "vif-broken"), /^vif-broken: on, number 1\n$/);
    assert.match(await ask(path, "sim", "fault", "list"), /1 {2}vif-broken, everywhere/);
    assert.match(await ask(path, "sim", "fault", "set", "gremlins"), /^refused: there is no fault 'gremlins'/);
  });

  it("explains confsync, as lines and as JSON", async () => {
    await using bench = new NodeBench(new RealClock());
    const node = await bench.start();
    const path = node.directory.controlSocket;
    const explanation = JSON.parse(await ask(path, "explain", "confsync", "json")) as NodeExplanation;
    assert.deepEqual(Object.keys(explanation), ["confsync", "problems"]);
    assert.ok((await ask(path, "explain", "confsync")).endsWith("\n"));
    assert.equal(
      await ask(path, "explain", "steering"),
      "refused: explain steering: use explain confsync [json], or explain steering MAC [json]",
    );
  });

  it("offers nothing that the device cannot do", async () => {
    await using bench = new NodeBench(new RealClock());
    const node = await bench.start({
      target: ({ directory }) => createNullTarget({ id: "N", storageDirectory: join(directory, "ps") }),
    });
    assert.match(
      await ask(node.directory.controlSocket, "sim", "fault", "list"),
      /^refused: "sim" is not a valid command/,
    );
  });

  it("that cannot be made is told, and the node runs without", async () => {
    await using bench = new NodeBench(new RealClock());
    mkdirSync(join(bench.directory, "run", "control.sock"), { recursive: true });
    await bench.startNull();
    assert.ok(bench.logged(/control\.sock: no control socket: .*'opensync explain' and 'opensync sim' do not work/));
  });
});

describe("an explanation in words", () => {
  const vif = {
    object: "wifi0/home-ap-24",
    attributes: [
      {
        attribute: "acl",
        intended: "85 entries",
        actual: "64 entries",
        status: "quarantined",
        why: "It was asked in vain.",
      },
    ],
  } as const;

  it("is one line where all is well, and says what is not where something is not", () => {
    const settled = { state: "IDLE", settled: true, objects: [{ object: "wifi0", attributes: [] }] } as const;
    assert.equal(explanationText({ confsync: settled, problems: [] }), "settled\n");
    assert.equal(
      explanationText({ confsync: { ...settled, objects: [vif] }, problems: ["RADIUS 'r1': port '0'"] }),
      [
        "settled, 1 attribute not as intended, 1 problem",
        "wifi0/home-ap-24: acl: intended 85 entries, actual 64 entries: quarantined: It was asked in vain.",
        "problem: RADIUS 'r1': port '0'",
        "",
      ].join("\n"),
    );
    const waiting = { state: "WAITING", settled: false, objects: [vif] } as const;
    assert.match(explanationText({ confsync: waiting, problems: [] }), /^not settled \(WAITING\)\n/);
    assert.match(explanationText({ confsync: null, problems: [] }), /^OWM does not run/);
  });
});
