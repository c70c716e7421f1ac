// Runs after `npm ci`: has the commands do once what they mostly do, so that what they compile for it is in the compile cache, and
// the first start is as quick and as small as any later one. The cache holds the functions that had run when a process ended;
// loading a module alone would leave most of it to be compiled at each start. Where it cannot be (an older Node.js, no write
// access, no time) nothing is lost but that.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const deadlineMs = 30_000;
const packages = join(import.meta.dirname ?? ".", "..", "packages");
const [ovsdb, ovsh, opensync, schema] = ["ovsdb/ovsdb", "ovsh/ovsh", "opensync/opensync", "schema/opensync-schema"].map(
  (name) => join(packages, `${name.replace("/", "/bin/")}.mjs`),
);

/**
 * Runs a command to its end, or, with `ready`, until it has printed that, does `meanwhile`, and stops it.
 * @param {readonly string[]} command
 * @param {string} [ready]
 * @param {() => Promise<void>} [meanwhile]
 * @returns {Promise<void>}
 */
async function run(command, ready, meanwhile) {
  const child = spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
  const deadline = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  let output = "";
  const prints = new Promise((resolve, reject) => {
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk;
      if (ready !== undefined && output.includes(ready)) resolve(undefined);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(deadline);
      if (ready === undefined && code === 0) resolve(undefined);
      else reject(new Error(`${command.slice(1).join(" ")}: ended with ${code}: ${output.slice(-200).trim()}`));
    });
  });
  if (ready === undefined) return prints;
  const gone = new Promise((resolve) => child.once("close", resolve));
  try {
    await prints;
    await meanwhile?.();
  } finally {
    child.kill("SIGTERM");
    await gone;
  }
}

if (Number.parseInt(process.versions.node, 10) >= 24) {
  try {
    const { bundleCommands } = await import("./bundle.ts");
    await bundleCommands();
  } catch (error) {
    process.stderr.write(`warm-cache: no bundles: ${error instanceof Error ? error.message : error}\n`);
  }
  try {
    const { makeTemplate } = await import("../packages/cloud/src/store/engine-template.ts");
    await makeTemplate();
  } catch (error) {
    process.stderr.write(`warm-cache: no template of a store: ${error instanceof Error ? error.message : error}\n`);
  }
  try {
    const { buildConsole } = await import("./console.ts");
    await buildConsole();
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split("\n");
    process.stderr.write(`warm-cache: no console: ${line}\n`);
  }
  const directory = mkdtempSync(join(tmpdir(), "opensync-warm-"));
  const at = (/** @type {string} */ name) => join(directory, name);
  try {
    await run([schema, "--output", at("schema")]);
    await run([ovsdb, "create", at("db"), at("schema")]);
    await run([ovsdb, "serve", at("db"), "--remote", `punix:${at("sock")}`], "serving", async () => {
      await run([ovsh, "--db", `unix:${at("sock")}`, "i", "AW_Debug", "name:=OW", "log_severity:=INFO"]);
      await run([ovsh, "--db", `unix:${at("sock")}`, "s", "AW_Debug"]);
      await run([ovsdb, "dump", at("sock"), "AW_Debug"]);
    });
    await run([opensync, "node", "--dir", at("node")], "settled");
    await run([opensync, "up", "--dir", at("home")], "all settled");
  } catch (error) {
    process.stderr.write(`warm-cache: ${error instanceof Error ? error.message : error}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
