/** Finds the transcripts in a page of documentation: `console` blocks of `$ command` lines, each with its output. */

export interface Step {
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
}

export function transcriptsOf(markdown: string): Step[] {
  return stepsOf(markdown, "console");
}

/** Those that are played on virtual time, by the name that follows `console`: blocks of the same name are one story. */
export function storiesOf(markdown: string): Map<string, Step[]> {
  const names = [...markdown.matchAll(/^```console (\S+)$/gm)].flatMap(([, name]) => name ?? []);
  return new Map(names.map((name) => [name, stepsOf(markdown, `console ${name}`)]));
}

function stepsOf(markdown: string, kind: string): Step[] {
  const steps: { line: number; command: string; expected: string[] }[] = [];
  let inside = false;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (text.startsWith("```")) {
      inside = text === `\`\`\`${kind}`;
      continue;
    }
    if (!inside) continue;
    if (text.startsWith("$ ")) steps.push({ line: index + 1, command: text.slice(2), expected: [] });
    else steps.at(-1)?.expected.push(text);
  }
  return steps;
}

/** Whether `actual` is what the page says: `…` stands for any text in a line, alone in a line for any lines. */
export function matches(expected: readonly string[], actual: string): boolean {
  const pattern = expected
    .map((line) => (line.trim() === "…" ? "(?:.*\n)*?" : `${line.trimEnd().split("…").map(quoted).join(".*")}[ ]*\n`))
    .join("");
  return new RegExp(`^${pattern}$`).test(actual === "" || actual.endsWith("\n") ? actual : `${actual}\n`);
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
