// Runs after `npm ci`: compiles the commands into the compile cache, so that the first start is as quick and as small as
// any later one. The entries come as arguments; the cache holds per set of Node.js flags. Where it cannot (an older Node.js, no write access) nothing is lost but that.

import module from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname ?? ".", "..");

if (Number.parseInt(process.versions.node, 10) >= 24) {
  module.enableCompileCache(join(root, "node_modules", ".cache", "opensync-ts"));
  for (const entry of process.argv.slice(2)) {
    try {
      await import(join(root, "packages", entry));
    } catch (error) {
      process.stderr.write(`warm-cache: ${entry}: ${error instanceof Error ? error.message : error}\n`);
    }
  }
}
