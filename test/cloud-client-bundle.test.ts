import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

describe("the client in a bundle for browsers", () => {
  it("has nothing of the cloud in it, and is small", async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: ["packages/cloud-client/src/client.ts"],
      bundle: true,
      platform: "browser",
      format: "esm",
      minify: true,
      write: false,
      metafile: true,
      absWorkingDir: root,
    });
    const inputs = Object.keys(metafile.inputs);
    assert.deepEqual(
      inputs.filter((file) => !/^packages\/(base|cloud-client)\/|eventsource-parser/.test(file)),
      [],
    );
    assert.ok((outputFiles[0]?.contents.length ?? 0) < 20_000);
  });
});
