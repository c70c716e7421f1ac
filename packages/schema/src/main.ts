/** `opensync-schema`: prints the schema as JSON, for `ovsdb-tool create`, `ovsdb create` and the like. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openSyncSchemaJson } from "./schema-json.ts";

const help = `Usage: opensync-schema [--output FILE] [--released]

Prints the OpenSync database schema (RFC 7047 JSON).

  -o, --output FILE  write to FILE instead of standard output
      --released     exactly as OpenSync 7.0 has it, without the values that are admitted besides
  -h, --help         this text
`;

function main(argv: readonly string[]): number {
  let options: ReturnType<typeof parse>;
  try {
    options = parse(argv);
  } catch (error) {
    process.stderr.write(`opensync-schema: ${(error as Error).message} (--help lists the options)\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const json = `${JSON.stringify(openSyncSchemaJson({ released: options.released }), null, 2)}\n`;
  if (options.output === undefined) {
    process.stdout.write(json);
    return 0;
  }
  try {
    writeFileSync(options.output, json);
  } catch (error) {
    process.stderr.write(`opensync-schema: cannot write the schema: ${(error as Error).message}\n`);
    return 1;
  }
  return 0;
}

function parse(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      output: { type: "string", short: "o" },
      released: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return values;
}

// A reader that has seen enough (`opensync-schema | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
process.exitCode = main(process.argv.slice(2));
