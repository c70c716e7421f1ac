/** The command `ovsdb`. */

import { runTool } from "./tool.ts";

// A reader that has seen enough (`ovsdb dump … | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

runTool(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
