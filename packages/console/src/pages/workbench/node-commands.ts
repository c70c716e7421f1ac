/** What to run where the node is: the cloud cannot see from there. Pure. */

export interface NodeCommand {
  readonly what: string;
  readonly command: string;
}

export function nodeCommands(node: string, role: string): readonly NodeCommand[] {
  const named = quoted(node);
  const extender =
    role === "extender"
      ? [{ what: "The checklist for an extender", command: `npx opensync doctor extender ${named}` }]
      : [];
  return [
    { what: "The way of the node to its cloud, step by step", command: `npx opensync doctor --node ${named}` },
    ...extender,
    {
      what: "The state of all its managers, into log/dump.txt of its directory. PID: of the process that runs the node",
      command: "kill -USR1 PID",
    },
    {
      what: "What its radios are to do and do, and why they differ",
      command: `npx opensync explain confsync --node ${named}`,
    },
  ];
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
