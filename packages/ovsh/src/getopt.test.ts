import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "./errors.ts";
import { getopt, type OptionSpec } from "./getopt.ts";

const specs = [
  { name: "where", short: "w", value: "EXPR" },
  { name: "quiet", short: "q" },
  { name: "multi", short: "M" },
  { name: "multi-line", short: "m" },
  { name: "ca-cert", value: "FILE" },
] as const satisfies readonly OptionSpec[];

/** Options as `name=value`, then operands. */
function parsed(...argv: string[]): [string[], readonly string[]] {
  const { options, operands } = getopt(argv, specs);
  return [options.map(({ name, value }) => (value === "" ? name : `${name}=${value}`)), operands];
}

describe("options", () => {
  for (const [title, argv, expected] of [
    [
      "may stand before, between and after operands",
      ["-q", "s", "-w", "a==1", "T", "-M"],
      [
        ["quiet", "where=a==1", "multi"],
        ["s", "T"],
      ],
    ],
    ["may be clustered, a value attached to the last", ["-qMwa==1", "s"], [["quiet", "multi", "where=a==1"], ["s"]]],
    [
      "take a value attached or apart, long or short",
      ["-wa==1", "--where", "b==2", "--where=c==3"],
      [["where=a==1", "where=b==2", "where=c==3"], []],
    ],
    ["take a value that looks like an option", ["-w", "-q", "--where", "--"], [["where=-q", "where=--"], []]],
    ["may be abbreviated while one name begins so", ["--wh=a", "--q"], [["where=a", "quiet"], []]],
    ["are found by their full name though another begins with it", ["--multi"], [["multi"], []]],
    ["may have a long name only", ["--ca-cert", "x.pem"], [["ca-cert=x.pem"], []]],
    ["end at --", ["-q", "--", "-w", "--where"], [["quiet"], ["-w", "--where"]]],
    ["are not what a single dash or an empty argument is", ["-", "", "s"], [[], ["-", "", "s"]]],
    ["keep a value with = and spaces as it is", ["--where=a==b c"], [["where=a==b c"], []]],
  ] as const) {
    it(title, () => assert.deepEqual(parsed(...argv), expected));
  }

  for (const [title, argv, message] of [
    ["unknown, short", ["-x"], /unknown option -x/],
    ["unknown within a cluster", ["-q5"], /unknown option -5/],
    ["unknown, long", ["--colour"], /unknown option --colour/],
    ["ambiguous", ["--mul"], /--mul is ambiguous: --multi, --multi-line/],
    ["without its value", ["s", "-w"], /option -w needs a value: -w EXPR/],
    ["long without its value", ["--where"], /option --where needs a value: --where EXPR/],
    ["with a value it does not take", ["--quiet=yes"], /option --quiet takes no value/],
  ] as const) {
    it(`are refused when ${title}`, () =>
      assert.throws(
        () => parsed(...argv),
        (error) => error instanceof UsageError && message.test(error.message),
      ));
  }
});
