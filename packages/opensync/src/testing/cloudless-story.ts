/**
 * Plays the seventeen steps with a real gateway on virtual time and tells what is seen.
 *
 *   node packages/opensync/src/testing/cloudless-story.ts [--write]
 *
 * With --write the transcript goes into docs/cloudless.md as well.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atFirst, steps } from "./cloudless-flow.ts";
import { CloudlessHome } from "./cloudless-home.ts";

/** Line by line. Throws an `AssertionError` at the first step that is not as it should be. */
export async function* story(): AsyncGenerator<string> {
  await using home = await CloudlessHome.start({ home: atFirst });
  await home.settled();
  yield `${stamp(home.clock.now())}     a gateway with its cloud; on the network: ${home.associated().join(", ")}`;
  for (const { number, title, act, check } of steps) {
    await act(home);
    const at = stamp(home.clock.now());
    const seen = await check(home);
    yield `${at} ${String(number).padStart(2)}. ${title}`;
    for (const line of seen) yield `            ${line}`;
  }
}

/** `h:mm:ss` since the start. */
function stamp(ms: number): string {
  const part = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${Math.floor(ms / 3_600_000)}:${part((ms / 60_000) % 60)}:${part((ms / 1000) % 60)}`;
}

export const pageFile = join(import.meta.dirname, "../../../../docs/cloudless.md");

/** The page with the transcript between its fences replaced. */
export function pageWith(page: string, transcript: string): string {
  return page.replace(/(```text\n)[\s\S]*?(```\n)/, (_, open: string, close: string) => open + transcript + close);
}

if (import.meta.main) {
  let transcript = "";
  for await (const line of story()) {
    process.stdout.write(`${line}\n`);
    transcript += `${line}\n`;
  }
  if (process.argv.includes("--write")) {
    writeFileSync(pageFile, pageWith(readFileSync(pageFile, "utf8"), transcript));
  }
}
