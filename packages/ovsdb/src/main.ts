/** The command `ovsdb`: database files, and the server. */

import { messageOf } from "@opensync-ts/base/errors";
import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };

/** It could not do what was asked; it did not understand what was asked. */
const exitFailure = 1;
const exitUsage = 2;

const remotes = "unix:PATH punix:PATH tcp:HOST:PORT ptcp:PORT[:IP] ssl:HOST:PORT pssl:PORT[:IP] db:DB,TABLE,COLUMN";

// A reader that has seen enough (`ovsdb dump … | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : exitFailure));

const program = new Command("ovsdb")
  .description("OVSDB (RFC 7047): database files, and the server")
  .version(packageJson.version)
  .option("--verbose", "log everything, and show stack traces of errors")
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) });

const files = () => import("./file-commands.ts");

program
  .command("create")
  .description("a new database file with the schema of a JSON file")
  .argument("<file>", "the database file to create")
  .argument("<schema>", "the schema (.ovsschema)")
  .action(async (file, schema) => (await files()).create(file, schema));

program
  .command("serve")
  .description("serve a database file until stopped")
  .argument("<file>", "the database file")
  .option("--schema <schema>", "schema of the file: it is created when absent, converted when it has another")
  .requiredOption("--remote <remote>", `where to serve it (repeatable): ${remotes}`, collect)
  .option("--private-key <file>", "PEM file for TLS, or db:DB,TABLE,COLUMN")
  .option("--certificate <file>", "PEM file for TLS, or db:DB,TABLE,COLUMN")
  .option("--ca-cert <file>", "PEM file with the CA that peers must chain to, or db:DB,TABLE,COLUMN")
  .action(async (file, options) => {
    await (await import("./serve-command.ts")).serve(file, { ...options, verbose: program.opts().verbose === true });
  });

program
  .command("compact")
  .description("drop the history of a database file")
  .argument("<file>", "the database file; nobody may be serving it")
  .action(async (file) => (await files()).compact(file));

program
  .command("convert")
  .description("give a database file another schema; data that it has no place for is dropped")
  .argument("<file>", "the database file; nobody may be serving it")
  .argument("<schema>", "the new schema (.ovsschema)")
  .action(async (file, schema) => (await files()).convert(file, schema));

program
  .command("check")
  .description("read a database file and say whether it is sound")
  .argument("<file>", "the database file")
  .option("--repair [new-file]", "save what is good of it in another file (FILE.repaired), and list what is not")
  .option("--schema <schema>", "with --repair: the schema, where that of the file is damaged")
  .action(async (file, { repair, schema }) => {
    const { check, repair: repairTo } = await files();
    if (repair === undefined) check(file);
    else repairTo(file, repair === true ? `${file}.repaired` : repair, schema);
  });

program
  .command("show-log")
  .description("list the transactions in a database file")
  .argument("<file>", "the database file")
  .action(async (file) => (await files()).showLog(file));

program
  .command("dump")
  .description("print the contents of a database file")
  .argument("<file>", "the database file")
  .argument("[table...]", "only these tables")
  .action(async (file, tables) => (await files()).dump(file, tables));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong, in one line; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitUsage;
  const verbose = program.opts().verbose === true && error instanceof Error;
  process.stderr.write(`ovsdb: ${verbose ? error.stack : oneLine(messageOf(error))}\n`);
  return exitFailure;
}

function oneLine(text: string): string {
  return text.trimEnd().replaceAll(/\s*\n\s*/g, " ") + (text.endsWith("\n") ? "\n" : "");
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
