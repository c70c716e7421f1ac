/** Entry of the command `ovsh`. */

import { RealClock } from "@opensync-ts/base/clock";
import { ovsh } from "./ovsh.ts";

// A reader that has seen enough (`ovsh … | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

ovsh(process.argv.slice(2), {
  environment: process.env,
  clock: new RealClock(),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
