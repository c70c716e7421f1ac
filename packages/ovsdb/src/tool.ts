/** The commands of `ovsdb`: what they are called and which arguments they take. What they do is loaded when it is needed. */

import { messageOf, UserError } from "@opensync-ts/base/errors";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { normalizeArguments } from "./open-vswitch-options.ts";

/** It could not do what was asked; it did not understand what was asked. */
const exitFailure = 1;
const exitUsage = 2;

const remotes = "unix:PATH punix:PATH tcp:HOST:PORT ptcp:PORT[:IP] ssl:HOST:PORT pssl:PORT[:IP] db:DB,TABLE,COLUMN";
const transaction = 'JSON: [operation, …], ["DB", operation, …] or one operation; @FILE; - for standard input';

/** Options of ovsdb-server that scripts give, and that ask for nothing that would be different here. */
const withoutMeaningHere = [
  "--active",
  "--disable-file-column-diff",
  "--no-self-confinement",
  "--peer-ca-cert <file>",
  "--syslog-method <method>",
  "--syslog-target <target>",
];

const files = () => import("./file-commands.ts");
const reads = () => import("./read-commands.ts");

/** Runs one command; resolves with the exit code when it is done. Messages about failures go to stderr, one line each. */
export async function runTool(args: readonly string[]): Promise<number> {
  const normalized = args.includes("serve") ? normalizeArguments(args) : [...args];
  const result = { code: 0 };
  const program = commands(normalized, result);
  try {
    await program.parseAsync(normalized, { from: "user" });
    return result.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitUsage;
    const verbose = program.opts().verbose === true && error instanceof Error;
    process.stderr.write(`ovsdb: ${verbose ? error.stack : oneLine(messageOf(error))}\n`);
    // As diff(1) has it: 1 says that there are differences.
    return result.code === 0 ? exitFailure : result.code;
  }
}

function commands(args: readonly string[], result: { code: number }): Command {
  const program = new Command("ovsdb")
    .description("OVSDB (RFC 7047): database files, a server for them, and a client for any server")
    .version(packageJson.version)
    .option("--verbose", "log everything, and show stack traces of errors")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) });
  program.addHelpText(
    "after",
    `
SOURCE is a database file, or a server: unix:PATH, tcp:HOST:PORT, ssl:HOST:PORT, or the path of its socket.

Examples:
  ovsdb create conf.db vswitch.ovsschema
  ovsdb serve conf.db --remote punix:db.sock --remote ptcp:6640:127.0.0.1
  ovsdb transact db.sock '{"op":"insert","table":"Bridge","row":{"name":"br0"}}'
  ovsdb dump db.sock Bridge --format json
  ovsdb diff conf.db db.sock

Exit status: 0 done, 1 failed, 2 not understood.`,
  );

  program
    .command("create")
    .description("a new database file with the schema of a JSON file")
    .argument("<file>", "the database file to create")
    .argument("<schema>", "the schema (.ovsschema)")
    .action(async (file, schema) => (await files()).create(file, schema));

  addServe(program, args);

  withSourceOptions(program.command("dump"))
    .description("print the contents of a database")
    .argument("<source>", "a database file, or a server")
    .argument("[table...]", "only these tables")
    .action(async (source, tables, options) => (await reads()).dump(source, tables, options));

  withSourceOptions(program.command("query"))
    .description("execute a transaction that only reads, and print its results")
    .argument("<source>", "a database file, which may be in use, or a server")
    .argument("<transaction>", transaction)
    .action(async (source, text, options) => (await reads()).transact(source, text, "read", options));

  withSourceOptions(program.command("transact"))
    .description("execute a transaction and print its results, when it is on disk")
    .argument("<source>", "a database file that nobody serves, or a server")
    .argument("<transaction>", transaction)
    .action(async (source, text, options) => (await reads()).transact(source, text, "write", options));

  withSourceOptions(program.command("monitor"))
    .description("print the contents of tables, then each change, until stopped")
    .argument("<server>", "unix:PATH, tcp:HOST:PORT, ssl:HOST:PORT, or the path of its socket")
    .argument("[table...]", "TABLE, or TABLE:COLUMN,COLUMN…; all without any")
    .option("--no-initial", "only the changes")
    .action(async (server, tables, options) => (await import("./monitor-command.ts")).monitor(server, tables, options));

  withSourceOptions(program.command("diff"))
    .description("print what differs between two databases; status 1 when anything does, 2 on failure")
    .argument("<source>", "a database file, or a server")
    .argument("<other>", "another one")
    .argument("[table...]", "only these tables")
    .action(async (source, other, tables, options) => {
      result.code = exitUsage;
      const differs = await (await reads()).diff(source, other, tables, options);
      result.code = differs ? 1 : 0;
    });

  program
    .command("compact")
    .description("drop the history of a database file")
    .argument("<file>", "the database file; nobody may be serving it")
    .addHelpText(
      "after",
      "\nA server compacts its files by itself; 'ovs-appctl -t SOCKET ovsdb-server/compact' makes it do so now.",
    )
    .action(async (file) => {
      await refuseServer(file, "compacts by itself; to have it done now: ovs-appctl -t SOCKET ovsdb-server/compact");
      await (await files()).compact(file);
    });

  withSourceOptions(program.command("convert"))
    .description("give a database another schema; data that it has no place for is dropped")
    .argument("<source>", "a database file that nobody serves, or a server")
    .argument("<schema>", "the new schema (.ovsschema)")
    .action(async (source, schema, options) => (await files()).convert(source, schema, options));

  program
    .command("check")
    .description("read a database file and say whether it is sound")
    .argument("<file>", "the database file")
    .option("--repair", "save what is good of it in another file, and list what is not")
    .option("--output <file>", "with --repair: that file; by default FILE.repaired")
    .option("--schema <schema>", "with --repair: the schema, where that of the file is damaged")
    .action(async (file, { repair, output = `${file}.repaired`, schema }) => {
      const { check, repair: repairTo } = await files();
      if (repair) repairTo(file, output, schema);
      else check(file);
    });

  program
    .command("show-log")
    .description("list the transactions in a database file")
    .argument("<file>", "the database file")
    .addOption(
      new Option("-f, --format <format>", "as text, or the records as they are, one a line").choices(["table", "json"]),
    )
    .action(async (file, { format }) => (await files()).showLog(file, format === "json"));

  return program;
}

function addServe(program: Command, args: readonly string[]): void {
  const serve = program
    .command("serve")
    .description("serve database files until stopped; understands the options that scripts give to ovsdb-server")
    .version(`ovsdb-server (opensync-ts) ${packageJson.version}`)
    .argument("[file...]", "the database files (default: conf.db in OVS_DBDIR)")
    .option("--schema <schema>", "schema of the file: it is created when absent, converted when it has another")
    .option("--remote <remote>", `where to serve them (repeatable): ${remotes}`, collect)
    .option("-p, --private-key <file>", "PEM file for TLS, or db:DB,TABLE,COLUMN")
    .option("-c, --certificate <file>", "PEM file for TLS, or db:DB,TABLE,COLUMN")
    .option("-C, --ca-cert <file>", "PEM file with the CA that peers must chain to, or db:DB,TABLE,COLUMN")
    .option("--ssl-protocols <list>", "oldest of TLSv1,TLSv1.1,TLSv1.2 that peers may speak, or db:DB,TABLE,COLUMN")
    .option("--ssl-ciphers <list>", "ciphers up to TLS 1.2, as OpenSSL names them, or db:DB,TABLE,COLUMN")
    .addOption(new Option("--bootstrap-ca-cert <file>").hideHelp())
    .option("--run <command>", "run a shell command when all is served, end with it and with its success")
    .option("--unixctl <socket>", "where ovs-appctl gives commands: exit, ovsdb-server/compact, … (see list-commands)")
    .option("--pidfile [file]", "write the process's number there (default: ovsdb-server.pid in OVS_RUNDIR)")
    .addOption(new Option("--overwrite-pidfile").hideHelp())
    .addOption(new Option("--no-dbs").hideHelp())
    .option("--detach", "serve in the background; returns when it serves")
    .option("--log-file [file]", "append the log there (default: ovsdb-server.log in OVS_LOGDIR)")
    .option("-v, --log-level [spec]", "level of logging, as -vconsole:off or -vfile:dbg (repeatable)", collect)
    .option("--no-chdir", "accepted: the working directory is kept anyway")
    .option("--monitor", "start the server again, with what it served, when it crashes")
    .addOption(new Option("--detached").hideHelp())
    .addOption(new Option("--watched <state>").hideHelp());
  for (const flags of withoutMeaningHere) serve.addOption(new Option(flags).hideHelp());
  serve.action(async (paths, options) => {
    if ([options.remote, options.unixctl, options.pidfile].every((way) => way === undefined)) {
      serve.error("nobody could reach it: option '--remote <remote>' not specified", { exitCode: exitUsage });
    }
    const { serve: run } = await import("./serve-command.ts");
    await run(paths, { ...options, verbose: program.opts().verbose === true }, args);
  });
}

/** What all commands take that look into a database. */
function withSourceOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-f, --format <format>", "of what is printed").choices(["table", "json", "csv"]).default("table"),
    )
    .option("--no-headings", "without captions and names of columns")
    .option("-d, --database <name>", "which database of a server that has several")
    .addOption(
      new Option("-t, --timeout <seconds>", "how long a server may take for each reply")
        .argParser(parseSeconds)
        .default(30_000, "30"),
    )
    .option("-p, --private-key <file>", "PEM file, for ssl:")
    .option("-c, --certificate <file>", "PEM file, for ssl:")
    .option("-C, --ca-cert <file>", "PEM file with the CA that the server must chain to, for ssl:")
    .hook("preAction", (_, action) => {
      action.setOptionValue("timeoutMs", action.getOptionValue("timeout"));
    });
}

async function refuseServer(name: string, why: string): Promise<void> {
  const { namesServer } = await import("./source.ts");
  if (namesServer(name)) throw new UserError(`${name}: a server ${why}`);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) throw new InvalidArgumentError("seconds are needed, more than 0.");
  return seconds * 1000;
}

function oneLine(text: string): string {
  return text.trimEnd().replaceAll(/\s*\n\s*/g, " ") + (text.endsWith("\n") ? "\n" : "");
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
