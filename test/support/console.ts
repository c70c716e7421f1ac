/** Looks at the console as people do: `opensync up`, and a Chromium that notices whatever goes wrong in a page. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after } from "node:test";
import { createCloudClient } from "@opensync-ts/cloud-client/client";
import { valueOrThrow } from "@opensync-ts/cloud-client/errors";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { root, Service, type TemporaryDirectory, temporaryDirectory } from "./processes.ts";

const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
const isBuilt = existsSync(join(root, "packages/console/dist/index.html"));

/** Why there is nothing to look at, for `skip`; false: there is. */
export const consoleAbsent: string | false =
  program === undefined
    ? "no chromium"
    : isBuilt
      ? false
      : "the console is not built: npm run build -w packages/console";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Pages wait this long for what they are told to wait for, ms. */
const patienceMs = 40_000;
const startMs = 120_000;

export type Theme = "light" | "dark";
export type Width = "wide" | "narrow";
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } } as const;

export interface Look {
  readonly theme?: Theme;
  readonly width?: Width;
  /** False: as somebody who is not known, in a browser that keeps nothing of others. */
  readonly signedIn?: boolean;
  /** True: in a browser that keeps nothing of others. */
  readonly isApart?: boolean;
}

export interface Person {
  readonly name: string;
  readonly role: "viewer" | "operator" | "admin" | "owner";
}

/** A home, its cloud and a browser. */
export class ConsoleBench implements AsyncDisposable {
  readonly #directory: TemporaryDirectory;
  readonly #arguments: readonly string[];
  readonly #browser: Browser;
  readonly #contexts = new Set<BrowserContext>();
  /** By theme and width: who opens a page in one that has shown others does not read and compile all of the console again. */
  readonly #used = new Map<string, Promise<BrowserContext>>();
  readonly #people = new Set<string>();
  #service: Service;
  #storage: Awaited<ReturnType<BrowserContext["storageState"]>> | undefined;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;

  private constructor(
    directory: TemporaryDirectory,
    home: readonly string[],
    service: Service,
    url: string,
    browser: Browser,
  ) {
    this.#directory = directory;
    this.#arguments = home;
    this.#service = service;
    this.url = url;
    this.#browser = browser;
  }

  /** `home`: a home file; by default the demo home. */
  static async start({ home }: { readonly home?: string } = {}): Promise<ConsoleBench> {
    const directory = temporaryDirectory("console");
    const more = home === undefined ? [] : ["--home", home];
    const service = startHome(directory.path, "0", more);
    try {
      const [, url = ""] = await service.until(/console: (http:\/\/[\d.]+:\d+)\/sign-in/, startMs);
      const browser = await chromium.launch({
        executablePath: program ?? "chromium",
        args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
      });
      return new ConsoleBench(directory, more, service, url, browser);
    } catch (error) {
      await service.stop();
      directory[Symbol.dispose]();
      throw error;
    }
  }

  /** A client of the API that may do everything. */
  get cloud() {
    const token = readFileSync(join(this.#directory.path, "cloud", "api.token"), "utf8").trim();
    return createCloudClient({ baseUrl: this.url, token });
  }

  /** Where the home keeps its files. */
  get directory(): string {
    return this.#directory.path;
  }

  /** A link that has not been used. */
  async signInLink(): Promise<string> {
    const { code } = valueOrThrow(await this.cloud.request("POST /session/links"));
    return `${this.url}/sign-in#code=${code}`;
  }

  /** The only location's id. */
  async location(): Promise<string> {
    const { items } = valueOrThrow(await this.cloud.request("GET /locations"));
    const [only] = items;
    assert.ok(only, "the home's location");
    return only.id;
  }

  async settled(): Promise<void> {
    await this.#service.until(/all settled/, startMs);
  }

  /** A tab. Signed in by a link, unless told otherwise. */
  async open(path: string, look: Look = {}): Promise<ConsolePage> {
    const { theme = "light", width = "wide", signedIn = true, isApart = !signedIn } = look;
    const context = await (isApart ? this.#context(theme, width, signedIn) : this.#usedContext(theme, width));
    const page = new ConsolePage(await context.newPage(), { url: this.url, theme, width, isApart });
    await page.open(path);
    return page;
  }

  /** A tab of somebody else, who is made where nobody is called that yet. */
  async openAs({ name, role }: Person, path: string): Promise<ConsolePage> {
    const user = { name, role, password: "correct horse battery", tenant: null };
    if (!this.#people.has(name)) valueOrThrow(await this.cloud.request("POST /users", { body: user }));
    this.#people.add(name);
    const opened = await this.open("/sign-in", { signedIn: false });
    opened.expect(/status of 401/);
    await opened.page.getByLabel("Name").fill(name);
    await opened.page.getByLabel("Password").fill(user.password);
    await opened.page.keyboard.press("Enter");
    await opened.page.getByRole("button", { name: "Account and appearance" }).waitFor();
    await opened.open(path);
    return opened;
  }

  #usedContext(theme: Theme, width: Width): Promise<BrowserContext> {
    const look = `${theme}-${width}`;
    const context = this.#used.get(look) ?? this.#context(theme, width, true);
    this.#used.set(look, context);
    return context;
  }

  async #context(theme: Theme, width: Width, signedIn: boolean): Promise<BrowserContext> {
    const context = await this.#browser.newContext({
      viewport: sizes[width],
      colorScheme: theme,
      reducedMotion: "reduce",
      locale: "en-GB",
      ...(signedIn ? { storageState: await this.#signedIn() } : {}),
    });
    this.#contexts.add(context);
    context.on("close", () => this.#contexts.delete(context));
    return context;
  }

  /** Ends the cloud with its home; nothing listens then. */
  async stop(): Promise<void> {
    await this.#service.stop();
  }

  /** The same home at the same address again. */
  async startAgain(): Promise<void> {
    this.#service = startHome(this.#directory.path, new URL(this.url).port, this.#arguments);
    await this.#service.until(/console: /, startMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#contexts].map((context) => context.close()));
    await this.#browser.close();
    await this.#service.stop();
    this.#directory[Symbol.dispose]();
  }

  /** One session for all tabs of the file. */
  async #signedIn() {
    if (this.#storage) return this.#storage;
    const context = await this.#browser.newContext();
    const page = await context.newPage();
    await page.goto(await this.signInLink());
    await page.getByRole("button", { name: "Account and appearance" }).waitFor({ timeout: patienceMs });
    this.#storage = await context.storageState();
    await context.close();
    return this.#storage;
  }
}

let shared: Promise<ConsoleBench> | undefined;

/** One demo home that has settled, with a browser, for all that a file of tests imports: to start either takes longer than most tests. */
export function sharedBench(): Promise<ConsoleBench> {
  shared ??= ConsoleBench.start().then(async (bench) => {
    await bench.settled();
    return bench;
  });
  return shared;
}

after(async () => {
  const bench = await shared?.catch(() => undefined);
  await bench?.[Symbol.asyncDispose]();
});

/** One tab. `close` fails where anything went wrong in it that the test has not expected. */
export class ConsolePage implements AsyncDisposable {
  /** Playwright's, for all that people do. */
  readonly page: Page;
  readonly #url: string;
  readonly #width: Width;
  readonly #isApart: boolean;
  #theme: Theme;
  readonly #problems: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(page: Page, { url, theme, width, isApart }: Opened) {
    this.page = page;
    this.#url = url;
    this.#isApart = isApart;
    this.#theme = theme;
    this.#width = width;
    page.setDefaultTimeout(patienceMs);
    const { host } = new URL(url);
    page.on("console", (message) => {
      if (message.type() === "error") this.#problems.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.#problems.push(`error: ${error.message}`));
    page.on("crash", () => this.#problems.push("the page has crashed"));
    page.on("request", (request) => {
      const asked = new URL(request.url());
      if (/^(https?|wss?):$/.test(asked.protocol) && asked.host !== host) {
        this.#problems.push(`request to another host: ${request.url()}`);
      }
    });
  }

  /** What is no fault in this test: an answer that it provokes, such as a refusal, which the browser writes down as an error. */
  expect(...problems: readonly RegExp[]): void {
    this.#expected.push(...problems);
  }

  /** As people see it whose system is light or dark. */
  async look(theme: Theme): Promise<void> {
    this.#theme = theme;
    await this.page.emulateMedia({ colorScheme: theme });
  }

  get #look(): string {
    return `${this.#theme}-${this.#width}`;
  }

  /** Resolves when a page stands in its place; what it shows may still be on its way. */
  async open(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.#url).href);
    await this.page.locator("main").first().waitFor({ state: "attached" });
  }

  /** What went wrong until now. */
  get problems(): readonly string[] {
    return this.#problems.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)));
  }

  /** No serious and no critical violation of accessibility, in what is shown now. `rules`: of these alone. */
  async axe(rules?: readonly string[]): Promise<void> {
    const hasIt = await this.page.evaluate<boolean>("typeof axe === 'object'");
    if (!hasIt) await this.page.evaluate(axeSource);
    const only = rules === undefined ? "" : `, runOnly: ${JSON.stringify(rules)}`;
    const violations = await this.page.evaluate<readonly Violation[]>(
      `axe.run(document, { resultTypes: ['violations']${only} }).then(({ violations }) => violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, where: nodes.map(({ target, failureSummary }) => target.join(' ') + ': ' + failureSummary.replace(/\\s+/g, ' ')) })))`,
    );
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const told = grave.map(({ id, help, where }) => `${id}: ${help}\n    ${where.slice(0, 5).join("\n    ")}`);
    assert.equal(told.length, 0, `${this.page.url()} (${this.#look}):\n  ${told.join("\n  ")}`);
  }

  /** Only what is wide by nature scrolls sideways, within the page. */
  async fitsWidth(): Promise<void> {
    const { needed, has, widest } = await this.page.evaluate<Widths>(
      "(() => { const root = document.documentElement; const has = root.clientWidth; const widest = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > has + 1).slice(0, 5).map((element) => element.tagName + '.' + element.className); return { needed: root.scrollWidth, has, widest }; })()",
    );
    assert.ok(needed <= has, `${this.page.url()} (${this.#look}): ${needed} px of ${has} px: ${widest.join(", ")}`);
  }

  /** `docs/images/console-NAME-light-wide.png`, and so on; only with UPDATE_IMAGES=1. */
  async screenshot(name: string): Promise<void> {
    if (process.env.UPDATE_IMAGES !== "1") return;
    const directory = join(root, "docs/images");
    mkdirSync(directory, { recursive: true });
    await this.page.screenshot({ path: join(directory, `console-${name}-${this.#look}.png`), animations: "disabled" });
  }

  async close(): Promise<void> {
    const { problems } = this;
    await (this.#isApart ? this.page.context() : this.page).close();
    assert.deepEqual(problems, []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.page.isClosed()) await this.close();
  }
}

interface Opened {
  readonly url: string;
  readonly theme: Theme;
  readonly width: Width;
  readonly isApart: boolean;
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly where: readonly string[];
}

interface Widths {
  readonly needed: number;
  readonly has: number;
  readonly widest: readonly string[];
}

function startHome(directory: string, port: string, more: readonly string[]): Service {
  return new Service(opensync, ["up", "--dir", directory, "--http", port, ...more]);
}
