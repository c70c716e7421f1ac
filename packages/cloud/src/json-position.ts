/**
 * Where a text stops being JSON. `JSON.parse` quotes the text around the fault in its message, which for a home file
 * may be a passphrase; this says the place and nothing of the contents.
 */

export interface JsonFault {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

/** The first fault of `text`, or `undefined` where it is JSON (RFC 8259). */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const { offset, expected } = scan(text);
    const before = text.slice(0, offset);
    const line = before.split("\n").length;
    return { line, column: offset - before.lastIndexOf("\n"), expected };
  }
}

const space = /[ \t\n\r]*/y;
/** Any character but quotes, backslashes and control characters, or an escape. */
const string = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Walks the text token by token with the open brackets on a stack; the first token that does not fit is the fault.
 */
function scan(text: string): { offset: number; expected: string } {
  const open: ("{" | "[")[] = [];
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return false;
    at += match[0].length;
    return true;
  };
  const eat = (character: string): boolean => {
    take(space);
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const memberName = () => {
    take(space);
    return take(string) ? (eat(":") ? undefined : "':'") : "a member name in double quotes";
  };

  let mayClose = false;
  for (;;) {
    // A value is due, or the end of a bracket just opened.
    if (mayClose && eat(open.at(-1) === "{" ? "}" : "]")) open.pop();
    else {
      if (open.at(-1) === "{") {
        const missing = memberName();
        if (missing) return { offset: at, expected: missing };
      }
      take(space);
      if (eat("{") || eat("[")) {
        open.push(text[at - 1] as "{" | "[");
        mayClose = true;
        continue;
      }
      if (!take(string) && !take(literal)) return { offset: at, expected: "a value" };
    }
    // A value is complete: a comma leads to the next, brackets may end.
    while (open.length > 0 && eat(open.at(-1) === "{" ? "}" : "]")) open.pop();
    if (open.length === 0) {
      take(space);
      return { offset: at, expected: "the end of the file" };
    }
    if (!eat(",")) return { offset: at, expected: `',' or '${open.at(-1) === "{" ? "}" : "]"}'` };
    mayClose = false;
  }
}
