import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";

const laptop = "02:00:00:00:01:01";

describe("the console by keyboard only", { skip: consoleAbsent, timeout: 300_000 }, () => {
  let bench: ConsoleBench;
  let base: string;
  before(async () => {
    bench = await sharedBench();
    base = `/l/${encodeURIComponent(await bench.location())}`;
  });

  it("finds a client by letters of its name, and goes to its page", async () => {
    await using opened = await bench.open(base);
    const { page } = opened;
    await page.getByText("live", { exact: true }).waitFor();
    await page.keyboard.press("Control+k");
    const dialog = page.getByRole("dialog", { name: "Find a page, node or client" });
    await dialog.waitFor();
    await page.keyboard.type(laptop.slice(-8));
    await dialog.getByRole("option").first().waitFor();
    await opened.axe();
    assert.match((await dialog.getByRole("option").first().textContent()) ?? "", new RegExp(laptop));
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => decodeURIComponent(url.pathname).endsWith(`/clients/${laptop}`));
    assert.equal(await dialog.count(), 0);
  });

  it("opens and leaves the finder, and gives the focus back", async () => {
    await using opened = await bench.open(base);
    const { page } = opened;
    const finder = page.getByRole("button", { name: /Find/ });
    await finder.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("zzzz");
    await page.getByText("Nothing found. Try a part of a name or an address.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator(".find:focus").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator(".find:focus").waitFor();
  });

  it("leaves no ring in the menu that was pressed with the mouse, and is at the content of the page it leads to", async () => {
    await using opened = await bench.open(base);
    const { page } = opened;
    await page.getByRole("link", { name: "Home", exact: true }).click();
    const openFinder = async () => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
    };
    await openFinder();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator("body:not(:has(:focus))").waitFor();
    await openFinder();
    await page.keyboard.type("radios");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/radios$/);
    await page.locator("#page:focus").waitFor();
  });

  it("finds parts of pages by other words, too, and goes there", async () => {
    await using opened = await bench.open(base);
    const { page } = opened;
    await page.getByText("live", { exact: true }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("dhcp");
    await page.getByRole("option", { name: /^Addresses/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/network\/addresses$/);
  });

  it("goes back in time and to now again; the moment stands in the address", async () => {
    await using opened = await bench.open(base);
    const { page } = opened;
    const slider = page.getByRole("slider", { name: "Time that is shown" });
    // A home that has just begun has no further back to go.
    await page.getByText(/nothing is known from before$/).waitFor();
    const end = async (name: "min" | "max") => Number(await slider.getAttribute(name));
    while ((await end("max")) - (await end("min")) < 30_000) await new Promise((resolve) => setTimeout(resolve, 500));
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.waitForURL(/[?&]at=/);
    const at = () => Date.parse(new URL(page.url()).searchParams.get("at")?.replaceAll('"', "") ?? "");
    const first = at();
    assert.ok(Number.isFinite(first), page.url());
    const spoken = (await slider.getAttribute("aria-valuetext")) ?? "";
    const said = new Date(first).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "medium" });
    assert.equal(spoken, said, "a moment, not a number");
    await opened.axe();
    const before = new URL(page.url()).search;
    await page.keyboard.press("PageDown");
    await page.waitForURL(({ search }) => search !== before);
    assert.ok(at() < first, "further back");
    await page.reload();
    await page.getByRole("button", { name: "Back to now" }).first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.searchParams.has("at"));
  });

  it("shows an event that is chosen from the list of all, and goes back to now on a page that can be changed", async () => {
    await using opened = await bench.open(`${base}/network`);
    const { page } = opened;
    const events = page.getByRole("button", { name: "Events", exact: true });
    await page.locator(".mark").first().waitFor({ state: "attached" });
    await events.focus();
    await page.keyboard.press("Enter");
    const list = page.getByRole("grid", { name: /^Events/ });
    await list.getByRole("row").nth(1).waitFor();
    await opened.axe();
    await page.locator("[role=grid]:focus, [role=grid]:focus-within").waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    // Others may come meanwhile.
    const chosen = await list.locator("[role=row][data-focused] time").getAttribute("datetime");
    await page.keyboard.press("Enter");
    await page.waitForURL(/[?&]at=/);
    const at = new URL(page.url()).searchParams.get("at")?.replaceAll('"', "");
    assert.equal(Date.parse(at ?? ""), Date.parse(chosen ?? ""), page.url());
    await page.getByText(/^This is what held then\. Go back to now/).waitFor();
    await page.locator(".locked").getByRole("button", { name: "Back to now" }).press("Enter");
    await page.waitForURL((url) => !url.searchParams.has("at"));
  });

  it("chooses light and dark, which holds when one comes back", async () => {
    await using opened = await bench.open(base, { isApart: true });
    const { page } = opened;
    const dark = page.locator("html[data-theme=dark]");
    await page.getByRole("button", { name: "Account and appearance" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Dark" }).waitFor();
    await opened.axe();
    await page.keyboard.type("Dark");
    await page.keyboard.press("Enter");
    await dark.waitFor({ state: "attached" });
    await page.reload();
    await dark.waitFor({ state: "attached" });
  });
});
