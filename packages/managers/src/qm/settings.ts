/** `AWLAN_Node.mqtt_settings`, `mqtt_topics` and `mqtt_headers` as QM understands them. */

import { isIP } from "node:net";
import { topicProblem } from "@opensync-ts/telemetry/topics";
import { qmLimits } from "./limits.ts";

export type Qos = 0 | 1 | 2;

export interface MqttSettings {
  /** Host name or address; null while there is none that serves: nothing is published then. */
  readonly broker: string | null;
  readonly port: number;
  /** False only where `tls` is `false`: whoever is on the way can read and change everything. */
  readonly tls: boolean;
  /** The topic of messages without one of their own; null as with `broker`. */
  readonly topic: string | null;
  readonly qos: Qos;
  readonly compress: boolean;
  /** Period in which log lines are published, s; 0: never. */
  readonly remoteLogSeconds: number;
  /** Period in which all else is published, s. */
  readonly intervalSeconds: number;
}

export interface MqttHeaders {
  readonly nodeId?: string;
  readonly locationId?: string;
}

/** What could be made of a column, and what could not: a line each. */
export interface Checked<T> {
  readonly value: T;
  readonly problems: readonly string[];
}

type Column = ReadonlyMap<string, string>;

const defaults = { port: 8883, qos: 0, intervalSeconds: 60 } as const;
const settingsKeys = ["broker", "topics", "port", "qos", "compress", "remote_log", "agg_stats_interval", "tls"];

export function checkSettings(column: Column): Checked<MqttSettings> {
  const checks = new Checks("mqtt_settings", column);
  checks.known(settingsKeys);
  const interval = checks.integer("agg_stats_interval", {
    min: Number.MIN_SAFE_INTEGER,
    max: qmLimits.intervalSeconds,
    otherwise: defaults.intervalSeconds,
  });
  const value: MqttSettings = {
    broker: checks.text("broker", hostProblem, "nothing is published"),
    port: checks.integer("port", { min: 1, max: 65_535, otherwise: defaults.port }),
    tls: checks.word("tls", { true: true, false: false }, true),
    topic: checks.text("topics", topicProblem, "nothing is published"),
    qos: checks.integer("qos", { min: 0, max: 2, otherwise: defaults.qos }) as Qos,
    compress: checks.word("compress", { zlib: true, none: false }, false),
    remoteLogSeconds: checks.integer("remote_log", { min: 0, max: qmLimits.intervalSeconds, otherwise: 0 }),
    // As deployed: 0 and less mean the default.
    intervalSeconds: interval > 0 ? interval : defaults.intervalSeconds,
  };
  checks.together("broker", "topics");
  return { value: { ...value, broker: value.broker?.replace(/^\[(.*)\]$/, "$1") ?? null }, problems: checks.problems };
}

/** The managers take their topics from the row themselves; QM says which of them it will refuse. */
export function checkTopics(column: Column): readonly string[] {
  const checks = new Checks("mqtt_topics", column);
  for (const key of column.keys()) checks.text(key, topicProblem, "what managers send there is refused");
  return checks.problems;
}

export function checkHeaders(column: Column): Checked<MqttHeaders> {
  const checks = new Checks("mqtt_headers", column);
  checks.known(["nodeId", "locationId"]);
  const nodeId = checks.text("nodeId", headerProblem, "left out");
  const locationId = checks.text("locationId", headerProblem, "left out");
  const value = { ...(nodeId !== null && { nodeId }), ...(locationId !== null && { locationId }) };
  return { value, problems: checks.problems };
}

class Checks {
  readonly problems: string[] = [];
  readonly #name: string;
  readonly #column: Column;

  constructor(name: string, column: Column) {
    this.#name = name;
    this.#column = column;
  }

  known(keys: readonly string[]): void {
    for (const key of this.#column.keys()) {
      // Its value may be a secret.
      if (!keys.includes(key)) {
        this.#tell(`${shown(key)}: is not known, ignored; there are ${keys.join(", ")}`);
      }
    }
  }

  /** Each is of no use without the other. */
  together(one: string, other: string): void {
    const missing = [one, other].filter((key) => (this.#column.get(key) ?? "") === "");
    if (missing.length === 1) this.#tell(`${missing} is missing; nothing is published`);
  }

  /** Null where the key is missing, empty, or not what it must be. */
  text(key: string, problemOf: (value: string) => string | undefined, instead: string): string | null {
    const value = this.#column.get(key) ?? "";
    if (value === "") return null;
    const problem = problemOf(value);
    if (problem === undefined) return value;
    this.#problem(key, `${problem}; ${instead}`);
    return null;
  }

  integer(key: string, { min, max, otherwise }: { min: number; max: number; otherwise: number }): number {
    const text = this.#column.get(key)?.trim() ?? "";
    if (text === "") return otherwise;
    const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const least = min > 0 || min === 0 ? `from ${min} to ${max}` : `up to ${max}`;
    this.#problem(key, `must be a whole number ${least}; ${otherwise} is used`);
    return otherwise;
  }

  word<T>(key: string, words: Readonly<Record<string, T>>, otherwise: T): T {
    const text = this.#column.get(key) ?? "";
    if (text === "") return otherwise;
    if (Object.hasOwn(words, text)) return words[text] as T;
    const used = Object.keys(words).find((word) => words[word] === otherwise);
    this.#problem(key, `must be ${Object.keys(words).join(" or ")}; ${used} is used`);
    return otherwise;
  }

  #problem(key: string, problem: string): void {
    // Who writes a URL may have written a password into it.
    const value = (this.#column.get(key) ?? "").replace(/^.*@/s, "…@");
    this.#tell(`${shown(key)} '${shown(value)}': ${problem}`);
  }

  #tell(problem: string): void {
    this.problems.push(`AWLAN_Node ${this.#name}: ${problem}`);
  }
}

function shown(value: string): string {
  const text = value.replaceAll(/\p{Cc}/gu, "?");
  return text.length > qmLimits.shownValue ? `${text.slice(0, qmLimits.shownValue)}…` : text;
}

function hostProblem(value: string): string | undefined {
  if (isIP(value.replace(/^\[(.*)\]$/, "$1")) !== 0) return undefined;
  const label = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i;
  const isName =
    value.length <= qmLimits.hostName &&
    value
      .replace(/\.$/, "")
      .split(".")
      .every((part) => label.test(part));
  return isName ? undefined : "must be a host name or an IP address";
}

function headerProblem(value: string): string | undefined {
  if (value.length > qmLimits.header) return `must have at most ${qmLimits.header} characters`;
  return /\p{Cc}/u.test(value) || !value.isWellFormed() ? "must be text without control characters" : undefined;
}
