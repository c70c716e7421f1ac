import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { root, run, Service, temporaryDirectory } from "./support/processes.ts";
import { matches, type Step, storiesOf } from "./support/transcripts.ts";

const page = "docs/lab.md";

/** Commands that run until they are stopped. */
const services = /^opensync (?:cloud --dir lab|node --dir \S+)$/;
/** What may take a while to be so, and can be asked again. */
const looks = /\bctl --dir lab (?:callers|nodes|status)$|\bovsh s /;

const anyPorts = ["--redirector", "pssl:0:127.0.0.1", "--controller", "pssl:0:127.0.0.1", "--mqtt", "0", "--http", "0"];

/** The page's ports may be taken here: any others are used, and stand for them. */
class Ports {
  readonly #actual = new Map<string, string>();

  learn(printed: RegExpExecArray): void {
    for (const [name, port] of Object.entries(printed.groups ?? {})) this.#actual.set(name.slice(1), port);
  }

  translated(text: string): string {
    return text.replaceAll(/(?<=127\.0\.0\.1:)\d{4}\b/g, (port) => this.#actual.get(port) ?? port);
  }
}

const startedCloud =
  /redirector ssl:127\.0\.0\.1:(?<p6643>\d+), controller ssl:127\.0\.0\.1:(?<p6640>\d+), broker 127\.0\.0\.1:(?<p8883>\d+)\n.*API http:\/\/127\.0\.0\.1:(?<p8080>\d+)\//;

describe(page, () => {
  it("can be played from its first command to its last, and prints what it says", async () => {
    const steps = storiesOf(readFileSync(join(root, page), "utf8")).get("lab") ?? [];
    assert.ok(steps.length > 20);
    using directory = temporaryDirectory("lab");
    const cwd = directory.path;
    const running: Service[] = [];
    const ports = new Ports();
    try {
      for (const step of steps) {
        const command = ports.translated(step.command.replaceAll(/\bnpx /g, ""));
        if (!services.test(command)) {
          await plays(step, command, cwd, ports);
          continue;
        }
        const isCloud = command.includes("cloud");
        const [program = "", ...words] = command.split(" ");
        const service = new Service(program, [...words, ...(isCloud ? anyPorts : [])], { cwd });
        running.push(service);
        if (isCloud) ports.learn(await service.until(startedCloud, 60_000));
        const expected = step.expected.map((line) => ports.translated(line));
        await service.until(new RegExp(expected.map(pattern).join("\\n")), 60_000);
      }
    } finally {
      for (const service of running.reverse()) await service.stop();
    }
  });
});

async function plays({ line, expected }: Step, command: string, cwd: string, ports: Ports): Promise<void> {
  const wanted = expected.map((text) => ports.translated(text));
  for (let left = looks.test(command) ? 40 : 0; ; left--) {
    const { stdout, stderr } = await run("sh", ["-c", command], { cwd, deadlineMs: 90_000 });
    const actual = stdout + stderr;
    if (matches(wanted, actual)) return;
    if (left > 0) continue;
    const said = `--- the page says\n${wanted.join("\n")}\n--- it printed\n${actual}`;
    assert.fail(`${page}:${line}: $ ${command}\n${said}`);
  }
}

function pattern(line: string): string {
  return line
    .split("…")
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
}
