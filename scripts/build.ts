/**
 * Makes the publishable packages: `dist/<package>/` holds JavaScript, type declarations and a manifest that points to
 * them. `npm pack ./dist/<package>` then gives the tarball.
 */

import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildConsole } from "./console.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
execFileSync(join(root, "node_modules/.bin/tsc"), ["--project", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});

await buildConsole();

// The console is no package of its own: it comes with the command that serves it.
const names = globSync("packages/*/package.json", { cwd: root })
  .map((path) => dirname(path).replace("packages/", ""))
  .filter((name) => name !== "console");
for (const name of names) {
  const from = join(root, "packages", name);
  const to = join(dist, name);
  for (const asset of globSync(["src/**/*.{mjs,cjs,json}", "profiles/*.json", "proto/*.proto", "*.md"], {
    cwd: from,
  })) {
    mkdirSync(dirname(join(to, asset)), { recursive: true });
    cpSync(join(from, asset), join(to, asset));
  }
  for (const bin of globSync("bin/*.{mjs,sh}", { cwd: from })) {
    mkdirSync(join(to, "bin"), { recursive: true });
    const launcher = readFileSync(join(from, bin), "utf8").replaceAll(/(\.\.\/src\/[\w-]+)\.ts/g, "$1.js");
    writeFileSync(join(to, bin), launcher);
    chmodSync(join(to, bin), 0o755);
  }
  // The demo home stands at the root of the repository; published, it comes with the command that uses it.
  if (name === "opensync") {
    cpSync(join(root, "homes"), join(to, "homes"), { recursive: true });
    cpSync(join(root, "packages/console/dist"), join(to, "console"), { recursive: true });
  }
  cpSync(join(root, "LICENSE"), join(to, "LICENSE"));
  const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  manifest.exports = JSON.parse(JSON.stringify(manifest.exports ?? {}), (_key, value) =>
    typeof value === "string" && value.endsWith(".ts")
      ? { types: value.replace(/\.ts$/, ".d.ts"), default: value.replace(/\.ts$/, ".js") }
      : value,
  );
  delete manifest.devDependencies;
  manifest.engines = { node: ">=24" };
  writeFileSync(join(to, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
process.stdout.write(`${names.length} packages in dist/\n`);
