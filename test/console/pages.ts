import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { sectionNames } from "../../packages/console/src/pages/change/sections.ts";
import { parts as workbenchParts } from "../../packages/console/src/pages/workbench/view.ts";
import { type ConsoleBench, type ConsolePage, consoleAbsent, sharedBench } from "../support/console.ts";
import { root } from "../support/processes.ts";

/** As `pages.ts` has them; it imports what only a browser takes, so it is read. */
const source = readFileSync(join(root, "packages/console/src/pages/pages.ts"), "utf8");
const paths = [...source.matchAll(/\bpath: "([^"]+)"/g)].map(([, path = ""]) => path);

const sections = sectionNames.map(({ id }) => id);

/** `/nodes/$node` is called `nodes-one`. `part`: of the Workbench; the first one is there without it. */
function look(path: string, part = "") {
  const name = path.replaceAll(/\$\w+/g, "one").replaceAll("/", "-").replace(/^-/, "") || "home";
  const isFirst = part === "" || part === workbenchParts[0];
  return { path, search: isFirst ? "" : `?part=${part}`, name: isFirst ? name : `${name}-${part}` };
}

describe("pages of the console", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let base: string;
  const parameters: Record<string, string> = {
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
  /** Each page once, with each of its parts. */
  const looks = paths.flatMap((path) => {
    if (path === "/network/$section") return sections.map((section) => look(path.replace("$section", section)));
    if (path !== "/workbench/$node") return [look(path)];
    return workbenchParts.map((part) => look(path, part));
  });

  for (const width of ["wide", "narrow"] as const) {
    describe(`${width}, light and dark`, () => {
      let tab: ConsolePage;
      before(async () => {
        tab = await bench.open(base, { width });
      });
      after(() => tab?.close());

      const looksWellInBoth = async (name: string) => {
        await looksWell(tab);
        await tab.screenshot(name);
        await tab.look("dark");
        await looksWell(tab, colours);
        await tab.screenshot(name);
        assert.deepEqual(tab.problems, []);
      };

      for (const { path, search, name } of looks) {
        it(`${path}${search} is accessible, fits and does no wrong`, async () => {
          await tab.look("light");
          await tab.open(addressOf(path) + search);
          await tab.page.getByText("live", { exact: true }).waitFor();
          if (["messages", "reports"].some((part) => search.endsWith(part)))
            await tab.page.getByText(/^[1-9]\d* kept/).waitFor({ timeout: 60_000 });
          await looksWellInBoth(name);
        });
      }

      it("the events are accessible, fit and do no wrong", async () => {
        await tab.look("light");
        await tab.open(base);
        // Without the scrolling that comes before a click here.
        await tab.page.getByRole("button", { name: "Events", exact: true, disabled: false }).dispatchEvent("click");
        await tab.page.getByRole("dialog", { name: "Events" }).getByRole("row").first().waitFor();
        await looksWellInBoth("events");
      });

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

  for (const width of ["wide", "narrow"] as const) {
    it(`show whole what is chosen in the network's form, ${width}`, async () => {
      await using opened = await bench.open(`${base}/network`, { width });
      await opened.page.getByLabel("Security").waitFor();
      assert.deepEqual(await opened.page.evaluate(cutChoices), []);
    });
  }

  it("keep the list of pages in sight on long pages, and fade where a table goes on", async () => {
    await using opened = await bench.open(`${base}/clients`, { width: "narrow" });
    const { page } = opened;
    await page.locator('.scroll[data-more="end"]').waitFor();
    await page.setViewportSize({ width: 1000, height: 500 });
    await opened.open(`${base}/network/networks`);
    await page.getByLabel("Security").waitFor();
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    const list = await page.locator(".pages > ul").boundingBox();
    assert.ok(list && list.y >= 40 && list.y < 120, `the list at ${list?.y}`);
    await opened.axe();
  });

  it("show how busy channels are as figures on all bands, whoever points at what, each within its channel", async () => {
    for (const width of ["wide", "narrow"] as const) {
      await using opened = await bench.open(`${base}/radios`, { width });
      const { page } = opened;
      // What a radio heard of them comes with its reports.
      await page.locator(".plan-6G .busy-figure").first().waitFor();
      const tooWide = await page.evaluate(
        `[...document.querySelectorAll(".plan-6G td.busy")].filter((cell) => cell.scrollWidth > cell.clientWidth + 1).length`,
      );
      assert.equal(tooWide, 0, width);
      await opened.axe();
    }
  });

  it("show on a phone where one is, keep the bar, and have marks and a map that a finger can use", async () => {
    await using opened = await bench.open(`${base}/network/history`, { width: "narrow" });
    const { page } = opened;
    // It goes on at both ends; of the sections the last one is chosen.
    await page.locator('.pages[data-more="both"]').waitFor();
    await page.locator('.sections[data-more="start"]').waitFor();
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
    await page.route(/\/picture/, async (route) => {
      const picture = await (await route.fetch()).json();
      await route.fulfill({ json: { ...picture, knownFrom: new Date(Date.now() - 3 * 3600_000).toISOString() } });
    });
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
});

/** Choices whose text is wider than they are. */
const cutChoices = `[...document.querySelectorAll(".network-page select")].flatMap((select) => {
  const context = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(select);
  context.font = style.font;
  const text = select.selectedOptions[0]?.text ?? "";
  const arrow = 24;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
  return context.measureText(text).width > room ? [text] : [];
})`;

/** What light and dark differ in. */
const colours = ["color-contrast", "link-in-text-block"];

async function looksWell(tab: ConsolePage, rules?: readonly string[]): Promise<void> {
  await tab.fitsWidth();
  await tab.axe(rules);
}
