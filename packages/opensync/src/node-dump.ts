/** SIGUSR1: the state of every manager of a node, as a file beside its log. */

import { join } from "node:path";
import { messageOf } from "@opensync-ts/base/errors";
import { writeFileAtomic } from "@opensync-ts/base/files";
import type { RunningNode } from "@opensync-ts/node/start-node";

/** Dumps the nodes at each SIGUSR1, which Node.js would open its debugger for; `tell` hears where to. */
export function dumpOnSignal(nodes: () => readonly RunningNode[], tell: (line: string) => void): void {
  process.on("SIGUSR1", () => {
    for (const node of nodes()) tell(writeDump(node));
  });
}

/** Says in a line what has become of it. */
function writeDump(running: RunningNode): string {
  const path = join(running.directory.path, "log", "dump.txt");
  try {
    writeFileAtomic(path, running.dump());
    return `${running.id}: dumped to ${path}`;
  } catch (error) {
    return `${running.id}: no dump: ${messageOf(error)}`;
  }
}
