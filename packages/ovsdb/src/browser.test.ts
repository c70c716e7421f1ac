import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, it } from "node:test";

const source = import.meta.dirname;
const base = join(source, "../../base/src");

/** `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`; type-only ones leave no trace at run time. */
const imports = /(?:^(?:import|export)\s+(?!type\b)(?:[\w*{}\s,]+?\sfrom\s*)?|\bimport\(\s*)"([^"]+)"/gm;

/** The modules that `entry` needs at run time, each with what it imports. */
function importGraph(entry: string): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  const open = [entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (graph.has(path)) continue;
    const names = [...codeOf(path).matchAll(imports)].map(([, name = ""]) => name);
    graph.set(path, names);
    for (const name of names) {
      if (name.startsWith(".")) open.push(join(dirname(path), name));
      else if (name.startsWith("@opensync-ts/base/")) open.push(join(base, `${name.slice(18)}.ts`));
    }
  }
  return graph;
}

function codeOf(path: string): string {
  return readFileSync(path, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

describe("the client for browsers", () => {
  const graph = importGraph(join(source, "browser.ts"));

  it("needs no module of Node.js, nor any package but our own", () => {
    const names = [...graph.keys()].map((path) => relative(source, path));
    for (const name of ["jsonrpc.ts", "json-stream.ts", "replica.ts", "platform.ts"]) assert.ok(names.includes(name));
    for (const [path, imported] of graph) {
      for (const name of imported) {
        assert.match(name, /^(\.{1,2}\/|@opensync-ts\/base\/)/, `${relative(source, path)} imports ${name}`);
      }
    }
  });

  it("uses Node.js's globals only where it can do without", () => {
    const ableToDoWithout = [join(source, "platform.ts"), join(base, "clock.ts")];
    for (const path of graph.keys()) {
      if (ableToDoWithout.includes(path)) continue;
      const used = /(?<![.\w#"])(?:Buffer|process|setImmediate|clearImmediate|NodeJS)\b(?=[.(])/.exec(codeOf(path));
      assert.equal(used?.[0], undefined, `${relative(source, path)} uses ${used?.[0]}`);
    }
  });

  it("cuts messages and counts bytes where there is no Buffer", async () => {
    const { Buffer: buffer, setImmediate: immediate } = globalThis;
    const anew = "./platform.ts?browser";
    Reflect.deleteProperty(globalThis, "Buffer");
    const platform = (await import(anew)) as typeof import("./platform.ts");
    globalThis.Buffer = buffer;
    const bytes = (text: string) => new TextEncoder().encode(text);
    assert.equal(platform.asciiToText(bytes("ascii")), "ascii");
    assert.equal(platform.utf8ToText(bytes("größer")), "größer");
    assert.equal(platform.utf8ToText(Uint8Array.of(0xff)), undefined);
    assert.equal(platform.utf8Length("größer"), 8);

    Reflect.deleteProperty(globalThis, "setImmediate");
    let called = 0;
    platform.onNextTurn(() => called++).cancel();
    await new Promise<void>((resolve) => platform.onNextTurn(resolve));
    globalThis.setImmediate = immediate;
    assert.equal(called, 0);
  });

  it("offers client, declarations and transport under one name", async () => {
    const browser = await import("./browser.ts");
    for (const name of ["RemoteClient", "ReconnectingClient", "webSocketEndpoint", "table", "upsert", "RealClock"]) {
      assert.ok(name in browser, name);
    }
  });
});
