/** The command line: `ovsh [options] COMMAND TABLE [COLUMN-EXPR…]`. */

import { UsageError } from "./errors.ts";
import {
  type ColumnExpression,
  type Condition,
  identifier,
  parseColumnExpression,
  parseCondition,
} from "./expression.ts";
import { getopt, type OptionSpec } from "./getopt.ts";
import { defaultWaitMs, limits } from "./limits.ts";

export type Command =
  | { readonly kind: "select"; readonly table: string; readonly where: Where; readonly columns: readonly string[] }
  | { readonly kind: "insert"; readonly table: string; readonly change: Change; readonly parents: readonly Parent[] }
  | { readonly kind: "update"; readonly table: string; readonly where: Where; readonly change: Change }
  | {
      readonly kind: "upsert";
      readonly table: string;
      readonly where: Where;
      readonly change: Change;
      readonly parents: readonly Parent[];
    }
  | { readonly kind: "delete"; readonly table: string; readonly where: Where }
  | {
      readonly kind: "wait";
      readonly table: string;
      readonly where: Where;
      readonly change: Change;
      readonly until: "==" | "!=";
      readonly timeoutMs: number;
    };

/** All must hold; none means every row. */
export type Where = readonly Condition[];

/** What the column expressions ask for. */
export type Change = readonly ColumnExpression[];

/** Rows of another table into whose `column` a new row's identity goes. */
export interface Parent {
  /** As written, for messages. */
  readonly text: string;
  readonly table: string;
  readonly column: string;
  readonly where: Where;
}

export type OutputFormat =
  | { readonly kind: "multi-line" | "multi" | "table" | "column" | "raw" | "json" }
  | { readonly kind: "printf"; readonly format: string };

export interface Settings {
  readonly database: string;
  /** A remote or a path, as given with `--db`. */
  readonly socket: string | undefined;
  readonly tls: { readonly privateKey: string; readonly certificate: string; readonly caCert: string } | undefined;
  readonly output: OutputFormat;
  readonly compactUuids: boolean;
  readonly abbreviateUuids: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface Arguments {
  readonly command: Command;
  readonly settings: Settings;
}

export const optionSpecs = [
  { name: "where", short: "w", value: "EXPR" },
  { name: "parent", short: "p", value: "TABLE:COLUMN:WHERE" },
  { name: "notequal", short: "n" },
  { name: "timeout", short: "t", value: "MSEC" },
  { name: "multi-line", short: "m" },
  { name: "multi", short: "M" },
  { name: "table", short: "T" },
  { name: "column", short: "c" },
  { name: "raw", short: "r" },
  { name: "json", short: "j" },
  { name: "output", short: "o", value: "FMT" },
  { name: "compact", short: "u" },
  { name: "no-compact", short: "U" },
  { name: "abbreviate", short: "a" },
  { name: "no-abbreviate", short: "A" },
  { name: "quiet", short: "q" },
  { name: "db", short: "d", value: "NAME" },
  { name: "private-key", value: "FILE" },
  { name: "certificate", value: "FILE" },
  { name: "ca-cert", value: "FILE" },
  { name: "verbose", short: "v" },
  { name: "help", short: "h" },
] as const satisfies readonly OptionSpec[];

type OptionName = (typeof optionSpecs)[number]["name"];

const commandNames: { readonly [written: string]: Command["kind"] } = {
  s: "select",
  i: "insert",
  u: "update",
  U: "upsert",
  d: "delete",
  w: "wait",
  select: "select",
  insert: "insert",
  update: "update",
  upsert: "upsert",
  delete: "delete",
  wait: "wait",
};

/** Throws a `UsageError` that names what cannot be understood. `"help"` where help is asked for. */
export function parseArguments(argv: readonly string[]): Arguments | "help" {
  const { options, operands } = getopt(argv, optionSpecs);
  if (options.some(({ name }) => name === "help")) return "help";
  const values = (name: OptionName) => options.filter((option) => option.name === name).map(({ value }) => value);
  const last = (name: OptionName) => values(name).at(-1);
  const [command, table, ...expressions] = operands;
  return {
    command: parseCommand(command, table, expressions, {
      where: values("where").map(parseCondition),
      parents: values("parent").map(parseParent),
      until: last("notequal") === undefined ? "==" : "!=",
      timeoutMs: parseTimeout(last("timeout")),
    }),
    settings: {
      ...parseDatabase(values("db")),
      tls: parseTls(last("private-key"), last("certificate"), last("ca-cert")),
      output: outputFormat(options),
      compactUuids: lastOf(options, ["compact", "no-compact"]) !== "no-compact",
      abbreviateUuids: lastOf(options, ["abbreviate", "no-abbreviate"]) !== "no-abbreviate",
      quiet: last("quiet") !== undefined,
      verbose: last("verbose") !== undefined,
    },
  };
}

interface CommandOptions {
  readonly where: Where;
  readonly parents: readonly Parent[];
  readonly until: "==" | "!=";
  readonly timeoutMs: number;
}

function parseCommand(
  written: string | undefined,
  tableName: string | undefined,
  expressions: readonly string[],
  { where, parents, until, timeoutMs }: CommandOptions,
): Command {
  if (written === undefined) throw new UsageError("no command; give one of select insert update upsert delete wait");
  const kind = Object.hasOwn(commandNames, written) ? commandNames[written] : undefined;
  if (kind === undefined) {
    throw new UsageError(`unknown command '${written}'; give one of select insert update upsert delete wait`);
  }
  if (tableName === undefined) throw new UsageError(`${kind} needs the name of a table`);
  const table = identifier(tableName, "table");
  if (expressions.length > limits.maxColumns) throw new UsageError(`more than ${limits.maxColumns} columns`);
  if (parents.length > 0 && kind !== "insert" && kind !== "upsert") {
    throw new UsageError(`--parent is for insert and upsert, not for ${kind}`);
  }
  switch (kind) {
    case "select":
      return { kind, table, where, columns: [...new Set(expressions.map(selectedColumn))] };
    case "insert":
      return { kind, table, change: parseChange(kind, expressions), parents };
    case "update":
      return { kind, table, where, change: parseChange(kind, expressions) };
    case "upsert":
      if (where.length === 0) throw new UsageError("upsert needs -w COLUMN==VALUE to know its row");
      return { kind, table, where, change: parseChange(kind, expressions), parents };
    case "delete":
      if (expressions.length > 0) {
        throw new UsageError(`delete takes no columns ('${expressions[0]}'); put conditions after -w`);
      }
      return { kind, table, where };
    case "wait": {
      const change = parseChange(kind, expressions);
      const mutation = change.find((expression) => expression.kind === "mutate");
      if (mutation) throw new UsageError(`wait compares columns; '${mutation.column}' has a mutation`);
      return { kind, table, where, change, until, timeoutMs };
    }
  }
}

function parseChange(kind: Command["kind"], expressions: readonly string[]): Change {
  if (expressions.length === 0) throw new UsageError(`${kind} needs at least one column, e.g. channel:=6`);
  return expressions.map(parseColumnExpression);
}

function selectedColumn(text: string): string {
  if (/==|!=|:inc:|:exc:/.test(text)) throw new UsageError(`'${text}' is a condition; write it after -w`);
  return identifier(text, "column");
}

function parseParent(text: string): Parent {
  const [, table, column, where] = /^([^:]*):([^:]*):(.+)$/s.exec(text) ?? [];
  if (table === undefined || column === undefined || where === undefined) {
    throw new UsageError(`'${text}' is not a parent; write TABLE:COLUMN:WHERE, e.g. Bridge:ports:name==br-home`);
  }
  return {
    text,
    table: identifier(table, "table"),
    column: identifier(column, "column"),
    where: [parseCondition(where)],
  };
}

function parseTimeout(text: string | undefined): number {
  if (text === undefined) return defaultWaitMs;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`timeout '${text}' is not a number of milliseconds`);
  return Number(text);
}

/** `--db` names a database, or where its server listens: a remote, or a path (it holds a `/`). */
function parseDatabase(values: readonly string[]): Pick<Settings, "database" | "socket"> {
  const isSocket = (value: string) => value.includes("/") || /^(?:unix|tcp|ssl):/.test(value);
  return {
    database: values.findLast((value) => !isSocket(value)) ?? "Open_vSwitch",
    socket: values.findLast(isSocket),
  };
}

function parseTls(
  privateKey: string | undefined,
  certificate: string | undefined,
  caCert: string | undefined,
): Settings["tls"] {
  if (privateKey === undefined && certificate === undefined && caCert === undefined) return undefined;
  if (privateKey === undefined || certificate === undefined || caCert === undefined) {
    throw new UsageError("TLS needs all of --private-key, --certificate and --ca-cert");
  }
  return { privateKey, certificate, caCert };
}

/** The last one asked for counts. */
function outputFormat(options: readonly { readonly name: OptionName; readonly value: string }[]): OutputFormat {
  let format: OutputFormat = { kind: "multi-line" };
  for (const { name, value } of options) {
    switch (name) {
      case "multi-line":
      case "multi":
      case "table":
      case "column":
      case "raw":
      case "json":
        format = { kind: name };
        break;
      case "output":
        format = { kind: "printf", format: value };
        break;
    }
  }
  return format;
}

function lastOf<N extends OptionName>(options: readonly { readonly name: OptionName }[], names: readonly N[]) {
  return options.findLast(({ name }) => names.some((candidate) => candidate === name))?.name;
}
