import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type ConsoleBench, type ConsolePage, consoleAbsent, sharedBench } from "../support/console.ts";
import { root } from "../support/processes.ts";

/** As `pages.ts` has them; it imports what only a browser takes, so it is read. */
const source = readFileSync(join(root, "packages/console/src/pages/pages.ts"), "utf8");
const paths = [...source.matchAll(/\bpath: "([^"]+)"/g)].map(([, path = ""]) => path);

describe("pages of the console", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let base: string;
  const parameters: Record<string, string> = {
    section: "guests",
    node: "gateway",
    mac: "02:00:00:00:01:01",
    client: "02:00:00:00:01:01",
  };
  before(async () => {
    bench = await sharedBench();
    base = `/l/${encodeURIComponent(await bench.location())}`;
  });

  const addressOf = (path: string) =>
    base +
    path.replace(/\/$/, "").replaceAll(/\$(\w+)/g, (_, name) => {
      const value = parameters[name];
      assert.ok(value, `an example for '$${name}' of page ${path}`);
      return encodeURIComponent(value);
    });
  const nameOf = (path: string) =>
    path
      .replaceAll(/\$(\w+)/g, (_, name) => (name === "section" ? (parameters.section ?? "") : "one"))
      .replaceAll("/", "-")
      .replace(/^-/, "") || "home";

  for (const width of ["wide", "narrow"] as const) {
    describe(`${width}, light and dark`, () => {
      let tab: ConsolePage;
      before(async () => {
        tab = await bench.open(base, { width });
      });
      after(() => tab?.close());

      for (const path of paths) {
        it(`${path} is accessible, fits and does no wrong`, async () => {
          await tab.look("light");
          await tab.open(addressOf(path));
          await tab.page.getByText("live", { exact: true }).waitFor();
          await looksWell(tab);
          await tab.screenshot(nameOf(path));
          await tab.look("dark");
          await looksWell(tab, colours);
          await tab.screenshot(nameOf(path));
          assert.deepEqual(tab.problems, []);
        });
      }

      it("an address of no page says so, and leads back", async () => {
        for (const path of ["/nothing/here", `${base}/nothing`]) {
          await tab.look("light");
          await tab.open(path);
          await tab.page.getByRole("heading", { name: "There is no such page" }).waitFor();
          await looksWell(tab);
          await tab.look("dark");
          await looksWell(tab, colours);
          await tab.page.getByRole("link", { name: /locations/ }).click();
          await tab.page.waitForURL(/\/l\//);
        }
      });

      it("signing in is accessible and fits", async () => {
        await using page = await bench.open("/sign-in", { width, signedIn: false });
        await looksWell(page);
        await page.screenshot("sign-in");
        await page.look("dark");
        await looksWell(page, colours);
        await page.screenshot("sign-in");
      });
    });
  }
});

/** What light and dark differ in. */
const colours = ["color-contrast", "link-in-text-block"];

async function looksWell(tab: ConsolePage, rules?: readonly string[]): Promise<void> {
  await tab.fitsWidth();
  await tab.axe(rules);
}
