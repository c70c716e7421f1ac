/**
 * What keeps a process with nodes in it alive: an error that nobody caught is charged to the manager on whose behalf the code
 * ran, and DM restarts that one. Anything else is the process's own and is passed on.
 */

import { chargeToManager } from "@opensync-ts/managers/dm/scope";

/** Installs the guard for the whole process; returns what removes it. `onFatal` gets errors that are no manager's. */
export function guardProcess(onFatal: (error: unknown) => void): () => void {
  const handle = (error: unknown) => {
    if (!chargeToManager(error)) onFatal(error);
  };
  process.on("uncaughtException", handle);
  process.on("unhandledRejection", handle);
  return () => {
    process.off("uncaughtException", handle);
    process.off("unhandledRejection", handle);
  };
}
