import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { valueOrThrow } from "@opensync-ts/cloud-client/errors";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";

const unavailable = /status of 503/;

/** What becomes of pages while the cloud does not answer as it should. */
describe("the console in trouble", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let base: string;
  before(async () => {
    bench = await sharedBench();
    base = `/l/${encodeURIComponent(await bench.location())}`;
  });

  it("says that the cloud does not answer, and shows the home when it does again", async () => {
    await using opened = await bench.open(`${base}/nodes/gateway`);
    opened.expect(unavailable);
    const { page } = opened;
    await page.getByText("live", { exact: true }).waitFor();
    const error = { code: "unavailable", message: "the store does not answer", fields: [] };
    await page.route("**/api/v1/locations/**", (route) => route.fulfill({ status: 503, json: { error } }));
    await opened.open(base);
    await page.getByRole("alert").getByText("the store does not answer").first().waitFor();
    await opened.axe();
    await page.unroute("**/api/v1/locations/**");
    await page.locator("table.nodes").getByText("gateway").first().waitFor();
  });

  it("says that it is reading while an answer takes long, and shows it when it is there", async () => {
    await using opened = await bench.open("/");
    const { page } = opened;
    let go = () => {};
    const answers = new Promise<void>((resolve) => {
      go = resolve;
    });
    await page.route("**/api/v1/locations/*/devices*", async (route) => {
      await answers;
      await route.continue();
    });
    await opened.open(`${base}/clients`);
    await page
      .getByText(/^(Loading|Reading) …$/)
      .first()
      .waitFor();
    await opened.axe();
    go();
    await page.getByRole("link", { name: "television" }).waitFor();
  });

  it("notices that events no longer come, asks by itself meanwhile, and is live again", async () => {
    await using opened = await bench.open(base);
    opened.expect(unavailable, /ERR_FAILED/);
    const { page } = opened;
    await page.getByText("live", { exact: true }).waitFor();
    await page.route("**/events/stream*", (route) => route.fulfill({ status: 503, body: "" }));
    await page.evaluate("window.dispatchEvent(new Event('offline'))");
    await page.reload();
    await page.getByText(/^nothing new for \d+ s$/).waitFor();
    await page.locator("table.nodes").getByText("works as it should").first().waitFor();
    await page.unroute("**/events/stream*");
    await page.getByText("live", { exact: true }).waitFor();
  });

  it("gives up its events while nobody sees the page, so that other tabs have its connection, and goes on from there", async () => {
    await using opened = await bench.open(base);
    const { page } = opened;
    await page.getByText("live", { exact: true }).waitFor();
    const see = async (state: "hidden" | "visible") => {
      await page.evaluate(
        `Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));`,
      );
    };
    const ended = page.waitForEvent("requestfailed", (request) => request.url().includes("/events/stream"));
    await see("hidden");
    await ended;
    const again = page.waitForRequest((request) => request.url().includes("/events/stream"));
    await see("visible");
    assert.ok((await again).headers()["last-event-id"], "from where it was");
    await page.getByText("live", { exact: true }).waitFor();
  });

  it("says at once that a change was not made for want of a network, and does not make it later", async () => {
    await using opened = await bench.open(`${base}/clients`);
    opened.expect(/ERR_INTERNET_DISCONNECTED/);
    const { page } = opened;
    await page.getByRole("link", { name: "television" }).click();
    await page.getByRole("button", { name: "For 30 min", exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "For 30 min", exact: true }).click();
    await page
      .getByRole("alert")
      .getByText(/^the cloud cannot be reached/)
      .waitFor();
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "For 30 min", exact: true }).waitFor();
    const location = await bench.location();
    const { items } = valueOrThrow(
      await bench.cloud.request("GET /locations/:location/devices", { params: { location } }),
    );
    assert.deepEqual(
      items.filter(({ frozen }) => frozen !== null),
      [],
    );
  });

  it("does for 30 minutes what is to be for 30 minutes, by whatever clock", async () => {
    await using opened = await bench.open(`${base}/clients`, { isApart: true });
    const { page } = opened;
    await page.clock.install({ time: new Date(Date.now() + 2 * 86_400_000) });
    await page.reload();
    await page.getByRole("link", { name: "television" }).click();
    await page.getByRole("button", { name: "For 30 min", exact: true }).click();
    await page.getByText(/^It (has|is to have) no Internet until \d\d:\d\d/).waitFor();
    const location = await bench.location();
    const { items } = valueOrThrow(
      await bench.cloud.request("GET /locations/:location/devices", { params: { location } }),
    );
    const until = Date.parse(items.find(({ name }) => name === "television")?.frozen?.until ?? "");
    assert.ok(Math.abs(until - Date.now() - 30 * 60_000) < 60_000, new Date(until).toISOString());
    await page.getByRole("button", { name: "Let it use the Internet again" }).click();
    await page.getByRole("button", { name: "For 30 min", exact: true }).waitFor();
  });

  it("shows what is now where an address names no moment", async () => {
    await using opened = await bench.open(`${base}?at=rubbish`);
    const { page } = opened;
    await page.getByText("live", { exact: true }).waitFor();
    await page.locator("table.nodes").getByText("works as it should").first().waitFor();
    assert.equal(await page.getByText("NaN").count(), 0);
  });
});
