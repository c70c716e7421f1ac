import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { stop } from "./test-process.ts";
import { until } from "./test-server.ts";

const examples = join(import.meta.dirname, "../examples");
const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

describe("the examples", () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-examples-"));
  after(() => rmSync(directory, { recursive: true }));

  function start(name: string) {
    const child = spawn(process.execPath, [join(examples, name)], { cwd: directory });
    const outcome = { out: "", error: "", code: undefined as number | null | undefined };
    child.stdout.on("data", (chunk) => {
      outcome.out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      outcome.error += chunk;
    });
    child.once("close", (code) => {
      outcome.code = code;
    });
    return { child, outcome };
  }

  async function outputOf(name: string): Promise<string> {
    const { outcome } = start(name);
    await until(() => outcome.code !== undefined, `the end of ${name}`);
    assert.equal(outcome.code, 0, outcome.error);
    return outcome.out;
  }

  it("run, and print what they should", async (t) => {
    const { child, outcome } = start("server.ts");
    t.after(() => stop(child));
    await until(() => existsSync(join(directory, "demo.sock")), "the server's socket");
    assert.equal(await outputOf("client.ts"), "wifi0: undefined -> 6\nwifi0: 6 -> 11\nnone is enabled\n");
    assert.equal(
      await outputOf("records.ts"),
      "the channel is 44\nthe channel was unset\nthe channel is 48\n[ 36 ] off true\n",
    );
    assert.equal(
      await outputOf("reconnecting.ts"),
      "connecting unix:demo.sock\nconnected unix:demo.sock\n2 radios\nclosed \n",
    );
    assert.equal(await stop(child), 0, outcome.error);
  });

  it("are what the README shows", () => {
    const sources = readdirSync(examples).map((name) => readFileSync(join(examples, name), "utf8").trim());
    const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code.trim());
    for (const code of blocks) assert.ok(sources.includes(code), `no example is:\n${code}`);
    for (const source of sources) assert.ok(blocks.includes(source), `the README does not show:\n${source}`);
  });
});
