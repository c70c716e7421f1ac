import { before, describe, it } from "node:test";
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
});
