/** Writes the TypeScript of the `.proto` files of `telemetry`. Wants `protoc` (Debian: protobuf-compiler). */

import { execFileSync } from "node:child_process";
import { globSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const proto = join(root, "packages/telemetry/proto");

/** Where the generated files are kept. */
export const generatedDirectory = join(root, "packages/telemetry/src/gen");

/** Generates into `directory`. The options make files that the type-stripping of Node.js can run. */
export function generate(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const files = globSync("*.proto", { cwd: proto }).toSorted();
  const options = "target=ts,import_extension=ts,erasable_syntax=true";
  execFileSync("protoc", [`--proto_path=${proto}`, `--es_out=${directory}`, `--es_opt=${options}`, ...files], {
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}` },
  });
}

if (import.meta.main) generate(generatedDirectory);
