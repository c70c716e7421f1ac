/** Nested labels and values as lines, two spaces a level. */

export type Tree = string | Branch;
/** What stands below a label. */
export interface Branch extends Readonly<[label: string, ...below: Tree[]]> {}

export type Value = string | number | boolean | null | undefined;

/** Unset: `(nil)`. */
export function field(label: string, value: Value): string {
  return `${label}: ${value ?? "(nil)"}`;
}

export function fields(values: Readonly<Record<string, Value>>): readonly string[] {
  return Object.entries(values).map(([label, value]) => field(label, value));
}

/** Whether there is one. */
export function presence(is: boolean): "(set)" | "(nil)" {
  return is ? "(set)" : "(nil)";
}

/** Each line begins with the prefix. */
export function render(prefix: string, trees: readonly Tree[], depth = 0): readonly string[] {
  return trees.flatMap((tree) => {
    const [label, below] = typeof tree === "string" ? [tree, []] : [tree[0], tree.slice(1)];
    return [`${prefix}${"  ".repeat(depth)}${label}`, ...render(prefix, below, depth + 1)];
  });
}
