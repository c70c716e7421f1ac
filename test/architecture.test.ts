import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";

/** The floors of the house, ground floor first: a package may import what its line names, and nothing else. */
const floors: Readonly<Record<string, readonly string[]>> = {
  base: [],
  ovsdb: ["base"],
  schema: ["base", "ovsdb"],
  target: ["base"],
  wireless: ["base", "target"],
  managers: ["base", "ovsdb", "schema", "target", "telemetry", "wireless"],
  world: ["base"],
  "target-sim": ["base", "target", "world"],
  node: ["base", "ovsdb", "schema", "target", "telemetry", "wireless", "managers", "world", "target-sim"],
  telemetry: ["base"],
  cloud: ["base", "ovsdb", "schema", "telemetry"],
  "cloud-client": ["base", "cloud"],
  console: ["base", "cloud", "cloud-client"],
  ovsh: ["base", "ovsdb"],
  opensync: [
    "base",
    "node",
    "cloud",
    "cloud-client",
    "managers",
    "ovsdb",
    "schema",
    "target",
    "target-sim",
    "telemetry",
    "wireless",
    "world",
  ],
};

/** What only tests of a package may import beyond its line. */
const forTests: Readonly<Record<string, readonly string[]>> = {
  ovsh: ["schema"],
};

/** Of which floors a package imports types only, so that nothing of them is there when it runs. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  "cloud-client": ["cloud"],
  console: ["cloud"],
};

/** What the console takes of the cloud as it is, so that both say the same. */
const sharedWords = /^@opensync-ts\/cloud\/words\//;

const root = join(import.meta.dirname, "..");
const packages = globSync("packages/*/package.json", { cwd: root }).map((path) => path.split("/")[1] ?? "");

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** `import type`, which is gone when it runs. */
  readonly isType: boolean;
}

function importsOf(name: string): Import[] {
  const files = globSync(`packages/${name}/{src,bin,examples}/**/*.{ts,tsx,mjs}`, { cwd: root });
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
    const found = text.matchAll(
      /^\s*(?:import|export)\b(?:(\s+type\b)?[^;"'=]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
    );
    return [...found].map(([, type, named, called]) => ({
      file,
      specifier: named ?? called ?? "",
      isType: type !== undefined,
    }));
  });
}

function manifestOf(name: string): {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
} {
  return JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
}

/** Files that import each other in a circle, in order; undefined: there are none. */
function circleOf(imports: readonly Import[]): string | undefined {
  const inside = imports.filter(({ specifier }) => specifier.startsWith("."));
  const targets = Map.groupBy(inside, ({ file }) => file);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(" → ");
    if (done.has(file)) return undefined;
    for (const { specifier } of targets.get(file) ?? []) {
      const circle = visit(join(file, "..", specifier), [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

describe("the house plan", () => {
  it("names every package", () => {
    assert.deepEqual(packages.toSorted(), Object.keys(floors).toSorted());
  });

  for (const name of packages) {
    const manifest = manifestOf(name);
    const declared = { ...manifest.dependencies, ...manifest.devDependencies };

    it(`lets ${name} import only the floors below it, each declared in its manifest`, () => {
      for (const { file, specifier } of importsOf(name)) {
        const [, target] = /^@opensync-ts\/([^/]+)\//.exec(specifier) ?? [];
        if (!target || target === name) continue;
        const isTest = /\.test\.ts$|\/testing\//.test(file);
        const allowed = [...(floors[name] ?? []), ...(isTest ? (forTests[name] ?? []) : [])];
        assert.ok(
          allowed.includes(target),
          `${file} imports ${specifier}: '${name}' may import ${allowed.join(", ") || "nothing"}`,
        );
        assert.ok(
          declared[`@opensync-ts/${target}`],
          `${file} imports ${specifier}: not in packages/${name}/package.json`,
        );
      }
    });

    it(`lets ${name} import types only of ${typesOnly[name]?.join(", ") ?? "nothing in particular"}`, () => {
      for (const { file, specifier, isType } of importsOf(name)) {
        const [, target = ""] = /^@opensync-ts\/([^/]+)\//.exec(specifier) ?? [];
        if (/\.test\.ts$|\/testing\//.test(file) || !typesOnly[name]?.includes(target)) continue;
        if (name === "console" && sharedWords.test(specifier)) continue;
        assert.ok(isType, `${file} imports ${specifier}: write 'import type'`);
      }
    });

    it(`lets ${name} use only libraries that its manifest declares`, () => {
      for (const { file, specifier } of importsOf(name)) {
        if (specifier.startsWith(".") || specifier.startsWith("@opensync-ts/")) continue;
        if (specifier.startsWith("node:") || builtinModules.includes(specifier)) continue;
        const library = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
        const isTest = /\.test\.ts$|\/testing\//.test(file);
        assert.ok(
          declared[library] || (isTest && library === "fast-check"),
          `${file} imports ${library}: not declared`,
        );
      }
    });

    it(`keeps what is for tests out of ${name}`, () => {
      for (const { file, specifier } of importsOf(name)) {
        if (/\.test\.ts$|\/testing\//.test(file) || !/\/testing\//.test(specifier)) continue;
        assert.fail(`${file} imports ${specifier}, which is for tests`);
      }
    });

    it(`keeps the imports of ${name} inside its own folder or by package name`, () => {
      for (const { file, specifier } of importsOf(name)) {
        if (!specifier.startsWith(".")) continue;
        const target = join(file, "..", specifier);
        assert.ok(target.startsWith(`packages/${name}/`), `${file} reaches into ${target}`);
      }
    });

    it(`has no circle of files in ${name}, be it of types`, () => {
      assert.equal(circleOf(importsOf(name)), undefined);
    });
  }

  it("has no circle of floors", () => {
    const order = Object.keys(floors);
    for (const [name, below] of Object.entries(floors)) {
      for (const other of below) {
        assert.ok(!floors[other]?.includes(name), `${name} and ${other} import each other`);
      }
      assert.equal(new Set(below).size, below.length);
    }
    assert.equal(new Set(order).size, order.length);
  });
});

describe("words that the cloud and its console share", () => {
  it("import nothing when they run but each other", () => {
    for (const { file, specifier, isType } of importsOf("cloud")) {
      if (!file.startsWith("packages/cloud/src/words/") || file.endsWith(".test.ts") || isType) continue;
      assert.match(specifier, /^\.\/[\w-]+\.ts$/, `${file} imports ${specifier}: the console would have it, too`);
    }
  });
});

describe("time and chance", () => {
  it("come from the injected clock and random source everywhere", () => {
    // platform.ts: browsers have no other way to give way to waiting events than a timer of no time.
    const allowed = /packages\/base\/src\/(clock|random)\.ts$|packages\/ovsdb\/src\/platform\.ts$|\.test\.ts$/;
    const direct = /\b(?:Date\.now\(|Math\.random\(|performance\.now\(|set(?:Timeout|Interval)\()/;
    const offenders = globSync("packages/*/src/**/*.ts", { cwd: root })
      .filter((file) => !allowed.test(file))
      .flatMap((file) =>
        readFileSync(join(root, file), "utf8")
          .split("\n")
          .flatMap((line, index) =>
            direct.test(line) && !/^\s*(?:\*|\/\/)/.test(line) ? [`${file}:${index + 1}`] : [],
          ),
      );
    assert.deepEqual(offenders, []);
  });
});
