import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parseHome } from "@opensync-ts/cloud/home";
import { inactivityProbeMs } from "@opensync-ts/cloud/limits";
import { type Browser, chromium, type Page, type Route } from "playwright-core";
import { parseSimulation } from "../../packages/opensync/src/simulation.ts";
import { largeHome } from "../support/large-home.ts";
import { root, run, Service, temporaryDirectory } from "../support/processes.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const dist = join(root, "packages/console/dist");
const missing = !existsSync(executablePath)
  ? `no Chromium at ${executablePath}`
  : !existsSync(join(dist, "index.html"))
    ? "the console is not built; npm run build -w packages/console"
    : false;
const site = "http://console.invalid";
const types: Readonly<Record<string, string>> = {
  ...{ ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html" },
};

describe("a large home for tests", () => {
  it("is a home file of 8 nodes and 150 clients", () => {
    const home = parseHome(JSON.stringify(largeHome()), "large.json");
    const { clients = [] } = parseSimulation(home, "large.json").world;
    assert.deepEqual([home.nodes.length, clients.length], [8, 150]);
    assert.equal(new Set(clients.map(({ mac }) => mac)).size, 150);
  });
});

describe("the console's home page", { skip: missing }, () => {
  const directory = temporaryDirectory("console-home");
  let up: Service;
  let browser: Browser;
  let page: Page;
  const troubles: string[] = [];

  before(async () => {
    up = new Service("opensync", ["up", "--dir", directory.path]);
    await up.until(/all settled, 8 clients/, 180_000);
    const cloud = join(directory.path, "cloud");
    const api = readFileSync(join(cloud, "run/api.url"), "utf8").trim();
    const token = readFileSync(join(cloud, "api.token"), "utf8").trim();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("pageerror", (error) => troubles.push(error.message));
    await page.route(`${site}/**`, serve(api, token));
    await page.goto(site);
    await page.getByRole("heading", { name: "Home", exact: true }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await up?.stop();
    directory[Symbol.dispose]();
  });

  const clients = () => page.locator("table.clients tbody tr");

  it("shows the nodes, how each is, and the clients, as a map in words and as tables", async () => {
    const map = await page.getByRole("img", { name: /^Map of the home/ }).getAttribute("aria-label");
    assert.match(map ?? "", /gateway gateway, \d clients; extender extender on gateway by cable/);
    assert.equal(await clients().count(), 8);
    await page.locator("table.nodes").getByText("works as it should").nth(1).waitFor();
  });

  it("finds a client by keyboard alone", async () => {
    const find = page.getByRole("searchbox", { name: "Find a client in the map" });
    await find.focus();
    await page.keyboard.type("therm");
    await page.getByRole("heading", { name: "Clients (1 of 8)" }).waitFor();
    assert.match((await clients().first().textContent()) ?? "", /^thermostat/);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Clients (8)" }).waitFor();
  });

  it("sorts clients by a press on the head of a column, and says how", async () => {
    await page.getByRole("button", { name: "Signal" }).press("Enter");
    const head = page.getByRole("columnheader", { name: "Signal" });
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
    const cells = await page.locator("table.clients tbody tr td:nth-child(4)").allTextContents();
    const known = cells.map((text) => Number.parseInt(text, 10)).filter((value) => !Number.isNaN(value));
    assert.deepEqual(
      known,
      known.toSorted((a, b) => a - b),
    );
  });

  it("folds the clients of a node into a number", async () => {
    const fold = page.getByRole("button", { name: /^Fold \d clients of gateway/ });
    await fold.press("Space");
    await page.getByRole("button", { name: /^Show \d clients of gateway/ }).press("Space");
    await fold.waitFor();
  });

  it("shows what goes wrong now, and that it was not so before", async () => {
    const before = new Date().toISOString();
    const sim = async (deed: string) => {
      const { code, stderr } = await run("opensync", ["sim", deed, "extender"], {
        env: { OPENSYNC_DIR: directory.path },
      });
      assert.equal(code, 0, stderr);
    };
    await sim("wan-down");
    // Nobody says that it is gone: the cloud asks it for a sign of life.
    const patience = 4 * inactivityProbeMs;
    await page
      .locator("table.nodes")
      .getByText(/not connected/)
      .waitFor({ timeout: patience });
    await page.getByRole("slider").focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText(/^As it was at/).waitFor();
    await page.goto(`${page.url().replace(/\?.*$/, "")}?at=${before}`);
    await page.locator("table.nodes").getByText("works as it should").nth(1).waitFor({ timeout: 90_000 });
    await page.getByRole("button", { name: "Back to now" }).first().press("Enter");
    await page.getByText(/^As it was at/).waitFor({ state: "detached" });
    await sim("wan-up");
  });

  it("has met no error", () => assert.deepEqual(troubles, []));
});

/** The built pages, and the cloud's API behind them. Live events do not come through: the page asks every few seconds. */
function serve(api: string, token: string): (route: Route) => Promise<void> {
  return async (route) => {
    const { pathname, search } = new URL(route.request().url());
    if (pathname.endsWith("/events/stream")) return route.fulfill({ status: 503, body: "" });
    if (pathname.startsWith("/api/")) {
      const headers = { ...route.request().headers(), authorization: `Bearer ${token}` };
      const response = await route.fetch({ url: `${api}${pathname}${search}`, headers });
      return route.fulfill({ response });
    }
    const file = pathname.startsWith("/assets/") || extname(pathname) ? pathname : "/index.html";
    return route.fulfill({ body: readFileSync(join(dist, file)), contentType: types[extname(file)] ?? "text/plain" });
  };
}
