import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ConsoleBench, consoleAbsent, type Theme, type Width } from "../support/console.ts";
import { root } from "../support/processes.ts";

/** As `pages.ts` has them; it imports what only a browser takes, so it is read. */
const source = readFileSync(join(root, "packages/console/src/pages/pages.ts"), "utf8");
const paths = [...source.matchAll(/\bpath: "([^"]+)"/g)].map(([, path = ""]) => path);

const looks = (["light", "dark"] as const).flatMap((theme) =>
  (["wide", "narrow"] as const).map((width): readonly [Theme, Width] => [theme, width]),
);

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
    bench = await ConsoleBench.start();
    await bench.settled();
    base = `/l/${encodeURIComponent(await bench.location())}`;
  });
  after(() => bench?.[Symbol.asyncDispose]());

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
    for (const path of paths) {
      it(`${path} is accessible, fits and does no wrong (${width}, light and dark)`, async () => {
        await using page = await bench.open(addressOf(path), { width });
        for (const theme of ["light", "dark"] as const) {
          await page.look(theme);
          await page.page.getByText("live", { exact: true }).waitFor();
          await page.fitsWidth();
          await page.axe();
          await page.screenshot(nameOf(path));
        }
      });
    }
  }

  it("show on a phone where one is, keep the bar, and have marks and a map that a finger can use", async () => {
    await using opened = await bench.open(`${base}/network/history`, { width: "narrow" });
    const { page } = opened;
    await page.locator(".sections").waitFor();
    const box = async (selector: string) => {
      const found = await page.locator(selector).first().boundingBox();
      assert.ok(found, selector);
      return found;
    };
    for (const chosen of [".pages a[aria-current=page]", ".sections a[aria-current=page]"]) {
      const { x, width } = await box(chosen);
      assert.ok(x >= 0 && x + width <= 390, `${chosen} from ${x} to ${x + width}`);
    }
    // Events of the last minutes, whatever has happened here so far.
    const items = [30, 60, 62, 200, 3600, 7200].map((seconds) => ({
      ...{ id: `event ${seconds}`, kind: "node-settled", location: null, node: "gateway", client: null, details: {} },
      ...{ at: new Date(Date.now() - seconds * 1000).toISOString(), text: `${seconds} s ago` },
    }));
    await page.route(/\/events\?/, (route) => route.fulfill({ json: { items, next: null } }));
    await opened.open(base);
    await page.locator("table.clients").waitFor();
    const [canvas, tools] = [await box(".topology canvas"), await box(".topology .tools")];
    assert.ok(tools.y >= canvas.y + canvas.height - 1, "the buttons stand below the map");
    await page.locator(".mark").first().waitFor();
    const marks = await Promise.all((await page.locator(".mark").all()).map((mark) => mark.boundingBox()));
    assert.ok(marks.length >= 2, `${marks.length} marks`);
    for (const [index, mark] of marks.entries()) {
      assert.ok(mark && mark.width >= 24 && mark.height >= 24);
      const before = marks[index - 1];
      assert.ok(!before || mark.x - before.x >= 23.5, "no two marks are under one finger");
    }
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    const bar = await box(".bar");
    assert.ok(bar.y === 0 && bar.height <= 48, `the bar at ${bar.y}, ${bar.height} px high`);
  });

  for (const [theme, width] of looks) {
    const look = `${theme}, ${width}`;
    it(`signing in is accessible and fits (${look})`, async () => {
      await using page = await bench.open("/sign-in", { theme, width, signedIn: false });
      await page.fitsWidth();
      await page.axe();
      await page.screenshot("sign-in");
    });

    it(`an address of no page says so, and leads back (${look})`, async () => {
      for (const path of ["/nothing/here", `${base}/nothing`]) {
        await using page = await bench.open(path, { theme, width });
        await page.page.getByRole("heading", { name: "There is no such page" }).waitFor();
        await page.fitsWidth();
        await page.axe();
        await page.page.getByRole("link", { name: /locations/ }).click();
        await page.page.waitForURL(/\/l\//);
      }
    });
  }
});
