/**
 * Builds the console into `packages/console/dist`: whole or not at all, and compressed beforehand, so that the cloud only sends files.
 * `npm ci` does it; as a command it says how large the pages are.
 */

import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "vite";

const root = join(import.meta.dirname, "../packages/console");
/** Smaller ones gain nothing. */
const smallest = 1024;
const quality = 9;

const packed = {
  br: (text: Buffer) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
  gz: (text: Buffer) => promisify(gzip)(text, { level: quality }),
};

/** Total of the scripts and styles, bytes in gzip. Rejects with what is wrong in them; then the last build is still there. */
export async function buildConsole(): Promise<number> {
  const made = join(root, "dist.new");
  try {
    await build({ root, logLevel: "silent", build: { outDir: made, emptyOutDir: true } });
    const bytes = await compress(made);
    rmSync(join(root, "dist"), { recursive: true, force: true });
    renameSync(made, join(root, "dist"));
    return bytes;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

async function compress(directory: string): Promise<number> {
  const files = globSync("**/*.{js,css,html,svg,json,webmanifest}", { cwd: directory });
  const sizes = await Promise.all(
    files.map(async (file) => {
      const path = join(directory, file);
      const text = readFileSync(path);
      if (text.length < smallest) return text.length;
      const [br, gz] = await Promise.all([packed.br(text), packed.gz(text)]);
      writeFileSync(`${path}.br`, br);
      writeFileSync(`${path}.gz`, gz);
      return gz.length;
    }),
  );
  return sizes.reduce((total, size) => total + size, 0);
}

if (import.meta.main) {
  try {
    const bytes = await buildConsole();
    process.stdout.write(`console: built, ${Math.ceil(bytes / 1000)} kB in gzip\n`);
  } catch (error) {
    const [line = "for a reason unknown"] = String(error instanceof Error ? error.message : error).split("\n");
    process.stderr.write(`console: not built: ${line}\n`);
    process.exitCode = 1;
  }
}
