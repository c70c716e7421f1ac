import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { valueOrThrow } from "@opensync-ts/cloud-client/errors";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";

const many = 120;

describe("the list of locations", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let home: string;
  before(async () => {
    bench = await sharedBench();
    home = await bench.location();
  });

  /** So many more for as long as `use` takes; the last one has a node that is away. */
  async function withMany(use: () => Promise<void>): Promise<void> {
    const { tenant } = valueOrThrow(
      await bench.cloud.request("GET /locations/:location", { params: { location: home } }),
    );
    const made: string[] = [];
    try {
      for (let index = 0; index < many; index++) {
        const body = { name: `Cabin ${String(index).padStart(3, "0")}` };
        made.push(
          valueOrThrow(await bench.cloud.request("POST /tenants/:tenant/locations", { params: { tenant }, body })).id,
        );
      }
      const claim = { params: { location: made.at(-1) ?? "" }, body: { serialNumber: "SN-MANY-1" } };
      valueOrThrow(await bench.cloud.request("POST /locations/:location/claims", claim));
      await use();
    } finally {
      for (const location of made)
        valueOrThrow(await bench.cloud.request("DELETE /locations/:location", { params: { location } }));
    }
  }

  it("has those first that need attention, and finds any of very many, here and by Ctrl-K", async () => {
    await withMany(async () => {
      await using opened = await bench.open("/");
      const { page } = opened;
      const worrying = page.getByRole("table", { name: "Locations that need attention" });
      await worrying.getByRole("row", { name: /^Cabin 119 0 of 1 connected/ }).waitFor();
      const rows = page.getByRole("table", { name: "Locations", exact: true }).locator("tbody tr");
      await rows.nth(99).waitFor();
      assert.equal(await rows.count(), 100);
      assert.match((await rows.first().textContent()) ?? "", /^Cabin 000/);
      for (const theme of ["light", "dark"] as const) {
        await opened.look(theme);
        await opened.axe();
        await opened.screenshot("locations");
      }
      await page.getByRole("button", { name: "Show more" }).click();
      await rows.nth(many).waitFor();
      assert.match((await rows.last().textContent()) ?? "", /^Demo home2 of 2 connected/);
      const search = page.getByLabel("Search by name, or by the serial number of a node");
      await search.fill("many-1");
      await page.getByRole("heading", { name: "Found" }).waitFor();
      await page.getByText("1 found", { exact: true }).waitFor();
      assert.match((await rows.first().textContent()) ?? "", /^Cabin 119/);
      await search.fill("nowhere");
      await page.getByText("No location found.", { exact: false }).waitFor();
      await opened.axe();
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type("demo ho");
      await page.getByRole("option", { name: /^Demo home/ }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Home", exact: true }).waitFor();
      assert.deepEqual(opened.problems, []);
    });
  });

  it("fits a phone, light and dark", async () => {
    await withMany(async () => {
      await using opened = await bench.open("/", { width: "narrow" });
      await opened.page.getByRole("heading", { name: "All, by name" }).waitFor();
      for (const theme of ["light", "dark"] as const) {
        await opened.look(theme);
        await opened.fitsWidth();
        await opened.axe();
        await opened.screenshot("locations");
      }
    });
  });

  it("leads to the only one where there is one", async () => {
    await using opened = await bench.open("/");
    await opened.page.getByRole("heading", { name: "Home", exact: true }).waitFor();
  });
});
