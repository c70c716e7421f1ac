/**
 * The console's map of a home of 8 nodes and 150 clients, in Chromium: frames a second while what is shown changes all the time and the map is
 * dragged. The built pages are shown (`npm run build -w packages/console`); the cloud's answers are made here, so that only the page works.
 */

import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { UserError } from "@opensync-ts/base/errors";
import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { type CDPSession, chromium, type Page, type Route } from "playwright-core";
import { root } from "../test/support/processes.ts";
import { type Figure, percentile, printFigures } from "./figures.ts";

const site = "http://console.invalid";
const dist = join(root, "packages/console/dist");
const nodes = 8;
const clients = 150;
const measuredMs = 10_000;
const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".html": "text/html",
};

type Picture = AnswerTo<"GET /locations/:location/picture">;

export async function benchConsoleTopology(): Promise<Figure[]> {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(join(dist, "index.html"))) {
    throw new UserError(`${dist}: there are no built pages; run npm run build -w packages/console`);
  }
  if (!existsSync(executablePath)) throw new UserError(`${executablePath}: there is no Chromium; install it`);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });
    await page.route(`${site}/**`, madeCloud());
    await page.goto(`${site}/l/home`);
    await page.getByRole("img", { name: /^Map of the home/ }).waitFor();
    await page.waitForTimeout(1_000);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const before = await taskTime(session);
    const still = await framesOf(page, () => page.waitForTimeout(measuredMs));
    const between = await taskTime(session);
    const dragged = await framesOf(page, () => drag(page));
    const after = await taskTime(session);
    const name = `map of ${nodes} nodes and ${clients} clients, live`;
    return [
      { name: `${name}: frames a second`, value: rateOf(still), unit: "/s", goal: "> 30" },
      {
        name: `${name}: processor time of the page in a second`,
        value: (between - before) / (measuredMs / 1000),
        unit: "ms",
      },
      { name: `${name}: 95th percentile of a frame`, value: percentile(still, 95), unit: "ms", goal: "< 33" },
      { name: `${name}, dragged: frames a second`, value: rateOf(dragged), unit: "/s", goal: "> 30" },
      {
        name: `${name}, dragged: processor time of a frame`,
        value: (after - between) / dragged.length,
        unit: "ms",
        goal: "< 33",
      },
      {
        name: `${name}, dragged: 95th percentile of a frame`,
        value: percentile(dragged, 95),
        unit: "ms",
        goal: "< 33",
      },
    ];
  } finally {
    await browser.close();
  }
}

/** Processor time of the page's thread so far, ms: says the same on a busy machine. */
async function taskTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
}

/** Times between frames while `work` goes on, ms. */
async function framesOf(page: Page, work: () => Promise<unknown>): Promise<readonly number[]> {
  await page.evaluate(`{
    const frames = (globalThis.frames_ = []);
    let last = performance.now();
    const next = (now) => {
      frames.push(now - last);
      last = now;
      if (globalThis.frames_ === frames) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }`);
  await work();
  return page.evaluate(
    "(() => { const frames = globalThis.frames_; globalThis.frames_ = null; return frames.slice(1); })()",
  );
}

function rateOf(frames: readonly number[]): number {
  return (1000 * frames.length) / frames.reduce((sum, ms) => sum + ms, 0);
}

async function drag(page: Page): Promise<void> {
  const box = await page.locator("canvas").boundingBox();
  if (!box) throw new Error("the map is not shown");
  const until = performance.now() + measuredMs;
  await page.mouse.move(box.x + 10, box.y + 10);
  await page.mouse.down();
  for (let step = 0; performance.now() < until; step++) {
    await page.mouse.move(box.x + 200 + 150 * Math.cos(step / 9), box.y + 200 + 100 * Math.sin(step / 9));
  }
  await page.mouse.up();
}

/** The pages, and a cloud in which with every question some clients have roamed. Events come in one piece, again and again: all is live. */
export function madeCloud(): (route: Route) => Promise<void> {
  let asked = 0;
  return async (route) => {
    const { pathname } = new URL(route.request().url());
    if (!pathname.startsWith("/api/")) {
      const file = pathname.startsWith("/assets/") || extname(pathname) ? pathname : "/index.html";
      await route.fulfill({ body: readFileSync(join(dist, file)), contentType: types[extname(file)] ?? "text/plain" });
      return;
    }
    if (pathname.endsWith("/events/stream")) {
      await route.fulfill({
        body: "retry: 500\n\nevent: hello\ndata: {}\n\nevent: node\ndata: {}\n\n",
        contentType: "text/event-stream",
      });
      return;
    }
    if (pathname.endsWith("/picture")) asked++;
    await route.fulfill({ json: answerOf(pathname, asked) });
  };
}

function answerOf(path: string, asked: number): unknown {
  if (path.endsWith("/session")) {
    return {
      kind: "session",
      actor: "user:bench",
      user: "bench",
      role: "viewer",
      tenant: null,
      expiresAt: null,
      csrfToken: null,
    };
  }
  if (path.endsWith("/picture")) return pictureOf(asked);
  if (path.endsWith("/locations/home")) return { id: "home", name: "Bench home", tenant: "home", live: null };
  return { items: [], next: null };
}

function pictureOf(asked: number): Picture {
  const ids = Array.from({ length: nodes }, (_, index) => (index === 0 ? "gateway" : `extender-${index}`));
  const at = new Date().toISOString();
  const unmeasured = { band: null, channel: null, snrDb: null, downLinkMbps: null, upLinkMbps: null };
  return {
    ...{ at, from: "now", stepSeconds: null, knownFrom: at, knownTo: at, truncated: false, radios: [], unknown: [] },
    nodes: ids.map((id, index) => ({
      ...{
        id,
        role: index === 0 ? "gateway" : "extender",
        model: "SIM",
        connection: "connected",
        settled: true,
        pending: null,
        ...{ heardAt: at, silent: false, faults: [], note: null },
      },
    })),
    links: ids.map((node, index) =>
      index === 0
        ? { node, parent: null, medium: "ethernet", up: true, ...unmeasured }
        : {
            node,
            parent: "gateway",
            medium: "wifi",
            up: true,
            band: "5G",
            channel: 36,
            snrDb: 30,
            downLinkMbps: 866,
            upLinkMbps: 866,
          },
    ),
    clients: Array.from({ length: clients }, (_, index) => {
      // A tenth of them roams each time.
      const moves = index % 10 === asked % 10 ? asked : 0;
      const band = ["2.4G", "5G", "6G"][index % 3] ?? "5G";
      return {
        ...{
          mac: `02:00:00:00:00:${index.toString(16).padStart(2, "0")}`,
          name: `Device ${index}`,
          ssid: "Home",
          band,
        },
        ...{
          node: ids[(index + moves) % nodes] ?? "gateway",
          channel: 36,
          snrDb: 10 + ((index + asked) % 30),
          links: 1,
          since: at,
        },
        ...{
          rxLinkMbps: 300,
          txLinkMbps: 20 * (index + 1),
          rxMbps: 1,
          txMbps: (index * 7 + asked) % 50,
          frozen: false,
          zone: null,
          lastKnownAt: null,
        },
      };
    }),
  };
}

if (import.meta.main) {
  const figures = await benchConsoleTopology();
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ figures }, null, 2)}\n`);
  else printFigures(figures);
}
