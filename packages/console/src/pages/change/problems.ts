/** What the cloud says is wrong with a document, at the control it is about. Pure. */

export interface Problem {
  /** In the document: `networks[0].ssid`. */
  readonly path: string;
  readonly reason: string;
}

/** Of a refused draft: `body.document.networks[0].ssid`. Problems of anything else are left out. */
export function documentProblems(fields: readonly Problem[]): readonly Problem[] {
  return fields.flatMap(({ path, reason }) => {
    const [, at] = /^body\.document\.?(.*)$/.exec(path) ?? [];
    return at === undefined ? [] : [{ path: at, reason }];
  });
}

/** Undefined: nothing is wrong there. With `within`, also of what stands in it. */
export function problemAt(problems: readonly Problem[], path: string, within = false): string | undefined {
  const found = problems.find((problem) => problem.path === path || (within && isWithin(problem.path, path)));
  return found && `It ${found.reason}.`;
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** What is left once something else stands at `path`. */
export function withoutProblemsAt(problems: readonly Problem[], path: string): readonly Problem[] {
  return problems.filter(
    (problem) => problem.path !== path && !isWithin(problem.path, path) && !isWithin(path, problem.path),
  );
}

export type SectionId =
  | "networks"
  | "guests"
  | "rules"
  | "addresses"
  | "forwards"
  | "internet"
  | "nodes"
  | "radios"
  | "history";

/** Where one mends it; undefined: on no section of the page. */
export function sectionOf(path: string): SectionId | undefined {
  // The first key is the network's own passphrase.
  if (/^networks\[\d+\]\.security\.keys\[0\]\.psk$/.test(path)) return "networks";
  if (/^networks\[\d+\]\.security\.keys\[/.test(path)) return "guests";
  const [first = ""] = /^[a-zA-Z]+/.exec(path) ?? [];
  const sections: Readonly<Record<string, SectionId>> = {
    networks: "networks",
    policies: "rules",
    lan: "addresses",
    bridges: "addresses",
    forwards: "forwards",
    wan: "internet",
    nodes: "nodes",
    radios: "radios",
  };
  return Object.hasOwn(sections, first) ? sections[first] : undefined;
}
