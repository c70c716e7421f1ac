// Runs the command whose launcher (`<package>/bin/<command>.mjs`) is the first argument: from the one file that
// `scripts/bundle.ts` made of its modules, as long as none of them has changed since; else by the launcher. This is what the shell
// line of a launcher starts, and CommonJS, because the loader of ES modules alone takes as long as the whole bundle.
"use strict";

const { readFileSync, statSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { basename, dirname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");

/**
 * Whether the bundle is there, and as new as everything that went into it.
 * @param {string} bundle
 */
function isFresh(bundle) {
  try {
    /** @type {{ readonly inputs: readonly (readonly [string, number, number])[] }} */
    const { inputs } = JSON.parse(readFileSync(`${bundle}.json`, "utf8"));
    const folder = dirname(bundle);
    return inputs.every(([path, size, mtimeMs]) => {
      const now = statSync(join(folder, path));
      return now.size === size && now.mtimeMs === mtimeMs;
    });
  } catch {
    return false;
  }
}

/** @param {string} launcher */
function run(launcher) {
  const cache = join(__dirname, "../../../node_modules/.cache/opensync-ts");
  const bundle = join(cache, "bundles", `${basename(launcher, ".mjs")}.cjs`);
  if (isFresh(bundle)) {
    enableCompileCache(cache);
    require(bundle);
  } else {
    void import(pathToFileURL(launcher).href);
  }
}

if (require.main === module) {
  process.argv.splice(1, 1);
  run(resolve(process.argv[1] ?? ""));
}

module.exports = { isFresh };
