/**
 * Logging as OpenSync does it: severities in its order, a module tag on every line, levels changed at run time
 * (`AW_Debug.log_severity`: a list of `[MODULE:]SEVERITY`). Where lines go is a sink's business.
 */

export const severities = [
  "DISABLED",
  "EMERG",
  "ALERT",
  "CRIT",
  "ERR",
  "WARNING",
  "NOTICE",
  "INFO",
  "DEBUG",
  "TRACE",
] as const;

export type Severity = (typeof severities)[number];

export interface LogRecord {
  /** Wall time, ms since the Unix epoch. */
  readonly time: number;
  readonly severity: Severity;
  /** Process name as OpenSync logs it (`OW`, `CM`, `DM` …). */
  readonly name: string;
  readonly module: string;
  readonly text: string;
}

export type LogSink = (record: LogRecord) => void;

/** A level for everything and exceptions by module, as one `log_severity` string says. */
export interface LogLevels {
  readonly base: Severity;
  readonly modules: ReadonlyMap<string, Severity>;
}

export const defaultLevels: LogLevels = { base: "INFO", modules: new Map() };

/** Nothing at all. */
export const disabledLevels: LogLevels = { base: "DISABLED", modules: new Map() };

const aliases: Readonly<Record<string, Severity>> = { ERROR: "ERR", WARN: "WARNING" };
const rank = new Map<Severity, number>(severities.map((severity, index) => [severity, index]));

/**
 * Parses `log_severity` (comma or space separated `[MODULE:]SEVERITY`, at most 256 characters, any case).
 * Throws a `RangeError` naming the first token that is no severity.
 */
export function parseLogLevels(text: string): LogLevels {
  if (text.length > 256) throw new RangeError("log_severity: longer than 256 characters");
  let base: Severity = defaultLevels.base;
  const modules = new Map<string, Severity>();
  for (const token of text.split(/[\s,]+/).filter((part) => part !== "")) {
    const [left = "", right] = token.toUpperCase().split(":", 2);
    const word = right ?? left;
    const severity = aliases[word] ?? (rank.has(word as Severity) ? (word as Severity) : undefined);
    if (!severity) throw new RangeError(`log_severity: '${token}' is not one of ${severities.join(" ")}`);
    if (right === undefined) base = severity;
    else modules.set(left, severity);
  }
  return { base, modules };
}

interface LogProcess {
  readonly sink: LogSink;
  readonly remoteSink: LogSink;
  readonly wallTime: () => number;
  levels: LogLevels;
  remoteLevels: LogLevels;
}

export interface LogOptions {
  readonly name: string;
  readonly sink: LogSink;
  /** Lines for people elsewhere, by levels of its own: none until `setRemoteLevels`. */
  readonly remoteSink?: LogSink;
  readonly wallTime: () => number;
  readonly levels?: LogLevels;
}

/** The levels of one process (one manager), and the sinks its lines go to. Children share both. */
export class Log {
  readonly name: string;
  readonly module: string;
  readonly #process: LogProcess;

  private constructor(process: LogProcess, name: string, module: string) {
    this.#process = process;
    this.name = name;
    this.module = module;
  }

  /** The log of process `name`; its lines go to `sink`, stamped with `wallTime`. */
  static create({ name, sink, remoteSink = nullSink, wallTime, levels = defaultLevels }: LogOptions): Log {
    return new Log({ sink, remoteSink, wallTime, levels, remoteLevels: disabledLevels }, name, "MAIN");
  }

  /** A log of another module of the same process; level changes reach both. */
  child(module: string): Log {
    return new Log(this.#process, this.name, module);
  }

  /** A log of another process (manager) to the same sink, with levels of its own. */
  process(name: string): Log {
    return new Log({ ...this.#process }, name, "MAIN");
  }

  setLevels(levels: LogLevels): void {
    this.#process.levels = levels;
  }

  setRemoteLevels(levels: LogLevels): void {
    this.#process.remoteLevels = levels;
  }

  /** Whether a line of that severity goes anywhere. */
  enabled(severity: Severity): boolean {
    const { levels, remoteLevels } = this.#process;
    return this.#within(severity, levels) || this.#within(severity, remoteLevels);
  }

  write(severity: Severity, text: string): void {
    const { sink, remoteSink, wallTime, levels, remoteLevels } = this.#process;
    const here = this.#within(severity, levels);
    const elsewhere = this.#within(severity, remoteLevels);
    if (!here && !elsewhere) return;
    const record: LogRecord = { time: wallTime(), severity, name: this.name, module: this.module, text };
    if (here) sink(record);
    if (elsewhere) remoteSink(record);
  }

  error(text: string): void {
    this.write("ERR", text);
  }

  warning(text: string): void {
    this.write("WARNING", text);
  }

  notice(text: string): void {
    this.write("NOTICE", text);
  }

  info(text: string): void {
    this.write("INFO", text);
  }

  /** `text` may be a function, called only when the level asks for it. */
  debug(text: string | (() => string)): void {
    if (this.enabled("DEBUG")) this.write("DEBUG", typeof text === "string" ? text : text());
  }

  trace(text: string | (() => string)): void {
    if (this.enabled("TRACE")) this.write("TRACE", typeof text === "string" ? text : text());
  }

  #within(severity: Severity, { base, modules }: LogLevels): boolean {
    const limit = modules.get(this.module) ?? base;
    return (rank.get(severity) ?? 0) <= (rank.get(limit) ?? 0);
  }
}

/** One line: time, name, severity, module, text; line breaks in `text` are made visible. */
export function formatRecord(record: LogRecord): string {
  const time = new Date(record.time).toISOString().slice(0, 23).replace("T", " ");
  return `${time} ${record.name.padEnd(4)} <${record.severity}> ${record.module.padEnd(8)} ${record.text.replaceAll("\n", "\\n")}`;
}

/** Swallows everything. */
export const nullSink: LogSink = () => {};

/** Keeps the last `limit` records; for dumps, the live view and tests. */
export class LogRing {
  readonly #limit: number;
  readonly #records: LogRecord[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  readonly sink: LogSink = (record) => {
    this.#records.push(record);
    if (this.#records.length > this.#limit) this.#records.shift();
  };

  records(): readonly LogRecord[] {
    return this.#records;
  }
}

/** Hands each record to several sinks. */
export function tee(...sinks: readonly LogSink[]): LogSink {
  return (record) => {
    for (const sink of sinks) sink(record);
  };
}
