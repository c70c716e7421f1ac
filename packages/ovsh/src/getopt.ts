/**
 * Options in the manner of getopt_long(3): clusters (`-qj`), values attached or apart (`-wA==1`, `-w A==1`,
 * `--where=A==1`), unambiguous beginnings of long names, options and operands in any order, `--` ends the options.
 */

import { UsageError } from "./errors.ts";

export interface OptionSpec {
  readonly name: string;
  /** Absent where the option has a long name only. */
  readonly short?: string;
  /** What the value stands for; absent where the option has none. */
  readonly value?: string;
}

export interface Options<Name extends string> {
  /** In the order given. */
  readonly options: readonly { readonly name: Name; readonly value: string }[];
  readonly operands: readonly string[];
}

/** Throws a `UsageError` for an unknown option and for a value missing or superfluous. */
export function getopt<const S extends OptionSpec>(argv: readonly string[], specs: readonly S[]): Options<S["name"]> {
  const options: { name: S["name"]; value: string }[] = [];
  const operands: string[] = [];
  const rest = argv.values();

  const argumentOf = (spec: OptionSpec, attached: string | undefined, written: string): string => {
    if (spec.value === undefined) {
      if (attached !== undefined) throw new UsageError(`option ${written} takes no value`);
      return "";
    }
    const value = attached ?? rest.next().value;
    if (value === undefined) throw new UsageError(`option ${written} needs a value: ${written} ${spec.value}`);
    return value;
  };

  for (const argument of rest) {
    if (argument === "--") {
      operands.push(...rest);
    } else if (argument.startsWith("--")) {
      const equals = argument.indexOf("=");
      const long = equals < 0 ? argument.slice(2) : argument.slice(2, equals);
      const spec = findLong(specs, long);
      options.push({
        name: spec.name,
        value: argumentOf(spec, equals < 0 ? undefined : argument.slice(equals + 1), `--${spec.name}`),
      });
    } else if (argument.startsWith("-") && argument.length > 1) {
      for (let at = 1; at < argument.length; at++) {
        const short = argument.charAt(at);
        const spec = specs.find((candidate) => candidate.short === short);
        if (!spec) throw new UsageError(`unknown option -${short}`);
        if (spec.value === undefined) {
          options.push({ name: spec.name, value: "" });
          continue;
        }
        const attached = argument.slice(at + 1);
        options.push({ name: spec.name, value: argumentOf(spec, attached === "" ? undefined : attached, `-${short}`) });
        break;
      }
    } else {
      operands.push(argument);
    }
  }
  return { options, operands };
}

function findLong<S extends OptionSpec>(specs: readonly S[], written: string): S {
  const exact = specs.find((spec) => spec.name === written);
  if (exact) return exact;
  const [candidate, ...others] = specs.filter((spec) => spec.name.startsWith(written));
  if (!candidate || written === "") throw new UsageError(`unknown option --${written}`);
  if (others.length > 0) {
    const names = [candidate, ...others].map((spec) => `--${spec.name}`);
    throw new UsageError(`option --${written} is ambiguous: ${names.join(", ")}`);
  }
  return candidate;
}
