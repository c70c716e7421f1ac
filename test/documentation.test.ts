import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { root, run, Service, temporaryDirectory } from "./support/processes.ts";
import { matches, transcriptsOf } from "./support/transcripts.ts";

const pages = globSync(["*.md", "docs/**/*.md", "packages/*/README.md"], { cwd: root });

/** Commands that leave a home as it is. A page that has no others shows the same on a home that others were tried on. */
const looks = [
  /^ovsh (-\S+ )*s /,
  /^opensync (doctor|explain|db query|db dump)\b/,
  /^opensync cloud ctl (status|nodes|link|diff|call "GET )/,
  /^ovsdb-client list-dbs /,
  /^ovs-vsctl .* list-br$/,
];

describe("documentation", () => {
  let shared: Promise<RunningHome> | undefined;
  after(async () => (await shared)?.stop());

  for (const page of pages) {
    const text = readFileSync(join(root, page), "utf8");
    // The same commands without npx: what npm itself says depends on the machine.
    const steps = transcriptsOf(text).map((step) => ({ ...step, command: step.command.replace(/^npx /, "") }));

    if (steps.length > 0) {
      it(`${page}: every command prints what the page says`, async () => {
        const isLook = steps.every(({ command }) => looks.some((look) => look.test(command)));
        if (isLook) shared ??= startHome();
        const home = await (isLook && shared ? shared : startHome());
        try {
          for (const { line, command, expected } of steps) {
            const { stdout, stderr } = await run("sh", ["-c", command], { cwd: home.directory });
            assert.ok(
              matches(expected, stdout + stderr),
              `${page}:${line}: $ ${command}\n--- the page says\n${expected.join("\n")}\n--- it printed\n${stdout}${stderr}`,
            );
          }
        } finally {
          if (!isLook) await home.stop();
        }
      });
    }

    it(`${page}: links lead somewhere`, () => {
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)) {
        assert.ok(existsSync(join(root, dirname(page), target)), `${page}: ${target} does not exist`);
      }
    });
  }
});

interface RunningHome {
  readonly directory: string;
  stop(): Promise<void>;
}

/** The home of `opensync up`, when all of it has settled. */
async function startHome(): Promise<RunningHome> {
  const directory = temporaryDirectory("docs");
  const home = new Service("opensync", ["up"], { cwd: directory.path });
  const stop = async () => {
    await home.stop();
    directory[Symbol.dispose]();
  };
  try {
    await home.until(/all settled, 8 clients/);
  } catch (error) {
    await stop();
    throw error;
  }
  return { directory: directory.path, stop };
}

describe("transcripts", () => {
  it("are the console blocks, command by command", () => {
    const steps = transcriptsOf("x\n```console\n$ a b\none\ntwo\n$ c\n```\n```sh\n$ not this\n```\n");
    assert.deepEqual(steps, [
      { line: 3, command: "a b", expected: ["one", "two"] },
      { line: 6, command: "c", expected: [] },
    ]);
  });

  it("match exactly but for what is left open", () => {
    assert.ok(matches(["a…z", "…", "end"], "abcz\nmore\nlines\nend\n"));
    assert.ok(!matches(["a"], "a\nb\n"));
    assert.ok(!matches(["a.c"], "abc\n"));
    assert.ok(matches([], ""));
  });
});
