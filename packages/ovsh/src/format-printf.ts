/** Custom output: printf(1) of the system, once per row, so that formats mean exactly what they mean in a shell. */

import { CommandError } from "./errors.ts";
import { limits } from "./limits.ts";

/** Throws a `CommandError` where `printf` is missing or does not like the format. */
export async function formatPrintf(format: string, rows: readonly (readonly string[])[]): Promise<string> {
  const { spawnSync } = await import("node:child_process");
  return rows
    .map((row) => {
      // A format that begins with a dash is no option.
      const result = spawnSync("printf", ["--", format, ...row], { encoding: "utf8", maxBuffer: limits.maxPrintf });
      if (result.error) throw new CommandError(`-o needs printf(1): ${result.error.message}`);
      if (result.status !== 0) {
        throw new CommandError(`-o '${format}': ${result.stderr.trim() || `printf ended with ${result.status}`}`);
      }
      return result.stdout;
    })
    .join("");
}
