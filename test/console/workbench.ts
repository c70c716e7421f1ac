import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";
import { run } from "../support/processes.ts";

/** What is done in the Workbench is proven by the rows of the gateway. */
describe("the Workbench", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let path: string;
  before(async () => {
    bench = await sharedBench();
    path = `/l/${encodeURIComponent(await bench.location())}/workbench/gateway`;
  });

  const ovsh = (...args: string[]) =>
    run("ovsh", args, { env: { OPENSYNC_DIR: join(bench.directory, "nodes", "gateway") } });
  const set = async (table: string, where: string, change: string) => {
    const { code, stderr } = await ovsh("u", table, "-w", where, change);
    assert.equal(code, 0, stderr);
  };
  const value = async (table: string, where: string, column: string) =>
    (await ovsh("-r", "s", table, "-w", where, column)).stdout.trim();

  it("filters a table, follows it and marks what changes", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    await page.getByLabel("Table", { exact: true }).selectOption("Wifi_Radio_Config");
    const rows = page.getByRole("region", { name: "Rows of Wifi_Radio_Config" });
    await rows.getByRole("row").nth(3).waitFor();
    await page.getByRole("searchbox", { name: /Filter rows/ }).fill("freq_band=2.4g");
    await page.getByText(/; 1 found/).waitFor();
    const view = new URL(page.url()).searchParams;
    assert.deepEqual([view.get("table"), view.get("filter")], ["Wifi_Radio_Config", "freq_band=2.4g"]);
    assert.equal(await rows.getByRole("row").count(), 2, "the head and one row");
    await set("Wifi_Radio_Config", "freq_band==2.4G", "tx_power:=7");
    await rows.getByText("changed", { exact: true }).waitFor();
    await page.getByText("1 row has changed").waitFor({ state: "attached" });
    await rows.getByRole("cell", { name: "7", exact: true }).waitFor();
  });

  it("opens the view that an address says, takes a step back, and offers no edit of what only the node writes", async () => {
    await using tab = await bench.open(`${path}?table=Wifi_VIF_Config&filter=home-ap-24`);
    const { page } = tab;
    await page.getByText(/; 1 found/).waitFor();
    await page.getByRole("button", { name: "Edit home-ap-24" }).waitFor();
    await page.getByLabel("Table", { exact: true }).selectOption("Wifi_VIF_State");
    await page.getByText(/Rows are not edited here: the node itself reports/).waitFor();
    await page.getByRole("row", { name: /home-ap-24/ }).waitFor();
    assert.equal(await page.getByRole("button", { name: /^Edit/ }).count(), 0);
    await page.getByRole("button", { name: "Checks" }).click();
    await page.waitForURL(/part=checks/);
    await page.goBack();
    await page.goBack();
    await page.getByText(/; 1 found/).waitFor();
    assert.equal(await page.getByRole("searchbox", { name: /Filter rows/ }).inputValue(), "home-ap-24");
  });

  it("reads tables that the cloud has no copy of", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    const { code, stderr } = await ovsh("i", "AW_Debug", "name:=QM", "log_severity:=Debug");
    assert.equal(code, 0, stderr);
    await page.getByLabel("Table", { exact: true }).selectOption("AW_Debug");
    const rows = page.getByRole("region", { name: "Rows of AW_Debug" });
    await rows.getByRole("row", { name: /QM.*Debug/ }).waitFor();
  });

  it("changes a row by a guarded transaction, after telling what it would do", async () => {
    await set("Wifi_Radio_Config", "freq_band==2.4G", "tx_power:=7");
    await using tab = await bench.open(path);
    const { page } = tab;
    await page.getByLabel("Table", { exact: true }).selectOption("Wifi_Radio_Config");
    await page.getByRole("button", { name: "Edit wifi0" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Column to change").selectOption("tx_power");
    await dialog.getByLabel("tx_power", { exact: true }).fill("12");
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByText("tx_power: 7 → 12").waitFor();
    await dialog.getByText("The transaction, as the node is sent it").click();
    await dialog.getByText(/"op":"wait".*"op":"update"/s).waitFor();
    assert.equal(await value("Wifi_Radio_Config", "if_name==wifi0", "tx_power"), "7");
    await page.keyboard.press("Tab");
    await tab.axe();
    await dialog.getByRole("button", { name: "Write it to the node" }).click();
    await page.getByText("wifi0 is written.").waitFor();
    assert.equal(await value("Wifi_Radio_Config", "if_name==wifi0", "tx_power"), "12");
  });

  it("warns of what a radio cannot do; written all the same, all pages tell the same of it, who it was, and how it is undone", async () => {
    const before = await value("Wifi_Radio_Config", "if_name==wifi0", "channel");
    await using tab = await bench.open(path);
    const { page } = tab;
    await page.getByLabel("Table", { exact: true }).selectOption("Wifi_Radio_Config");
    await page.getByRole("button", { name: "Edit wifi0" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Column to change").selectOption("channel");
    await dialog.getByLabel("channel", { exact: true }).fill("99");
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByText(/channel 99 is not among those that wifi0 allows/).waitFor();
    await tab.axe();
    await dialog.getByRole("button", { name: "Write it to the node" }).click();
    await page.locator(".warn").getByText("wifi0 is written. The radio cannot do it: channel 99 is not").waitFor();
    const note =
      /its 2\.4 GHz radio is not as it was told: channel 99 asked for, \d+ is on, and it may not use 99; owner wrote that by hand/;
    const home = path.replace(/\/workbench.*$/, "");
    try {
      await page.getByRole("button", { name: "Events", exact: true }).click();
      await page
        .getByRole("row", { name: /wrote wifi0 of Wifi_Radio_Config on gateway$/ })
        .getByText(/^channel: .* → 99$/)
        .waitFor();
      await page.getByRole("row", { name: note }).waitFor();
      await page.goto(bench.url + home);
      const line = page.locator("table.nodes").getByRole("row", { name: /^gateway/ });
      await line.getByText(note).waitFor();
      await page.getByRole("img", { name: /gateway gateway, [^;]*, not as it should be;/ }).waitFor();
      await tab.axe();
      await line.getByRole("link", { name: "Put its 2.4 GHz radio back, on the node’s page" }).click();
      await page.waitForURL(/\/nodes\/gateway#fault-wifi0$/);
      await page.getByRole("button", { name: /^Put wifi0 back/ }).waitFor();
      // From the first moment on no part of the page says that all is well.
      await page.locator(".why").getByText(note).waitFor();
      await page.getByText(/^No: channel 99 asked for, \d+ is on, and it may not use 99\.$/).waitFor();
      await page.locator("ol.deeds").getByText(note).waitFor();
      await tab.axe();
      {
        await using other = await bench.openAs({ name: "vera", role: "viewer" }, `${home}/nodes/gateway`);
        await other.page.locator(".why").getByText(note).waitFor();
        await other.page.getByText(/needs the role admin; yours is viewer\./).waitFor();
        assert.equal(await other.page.getByRole("button", { name: /^Put wifi0 back/ }).isDisabled(), true);
      }
      await page.getByRole("button", { name: /^Put wifi0 back: channel 99 → (unset|\d+)$/ }).click();
      await page.locator(".why").getByText("It works as it should").waitFor();
      await page
        .locator("ol.deeds")
        .getByText(/radio is as it was told again: .*; owner changed that by hand/)
        .waitFor();
      assert.equal(await value("Wifi_Radio_Config", "if_name==wifi0", "channel"), before);
    } finally {
      await set("Wifi_Radio_Config", "if_name==wifi0", `channel:=${before}`);
    }
    await page.goto(bench.url + home);
    await page.locator("table.nodes").getByText("works as it should").nth(1).waitFor();
  });

  it("writes nothing where the row is another by now, says what it is, and goes on from there", async () => {
    await set("Wifi_Radio_Config", "freq_band==2.4G", "tx_power:=7");
    await using tab = await bench.open(path);
    tab.expect(/409/);
    const { page } = tab;
    await page.getByLabel("Table", { exact: true }).selectOption("Wifi_Radio_Config");
    // What others have read a moment ago may be shown first.
    await page.getByRole("row").filter({ hasText: "wifi0" }).getByText("7", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Edit wifi0" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Column to change").selectOption("tx_power");
    await dialog.getByLabel("tx_power", { exact: true }).fill("12");
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByRole("button", { name: "Write it to the node" }).waitFor();
    await set("Wifi_Radio_Config", "if_name==wifi0", "tx_power:=9");
    await dialog.getByRole("button", { name: "Write it to the node" }).click();
    await dialog
      .getByText(/is now 9/)
      .first()
      .waitFor();
    assert.equal(await value("Wifi_Radio_Config", "if_name==wifi0", "tx_power"), "9");
    await dialog.getByRole("button", { name: "Go on from how it is now" }).click();
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByText("tx_power: 9 → 12").waitFor();
  });

  it("says before that the document brings a column back", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    await page.getByLabel("Table", { exact: true }).selectOption("Wifi_VIF_Config");
    await page.getByRole("button", { name: "Edit home-ap-24" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Column to change").selectOption("ssid");
    await dialog.getByLabel("ssid", { exact: true }).fill("<b>Mine</b>");
    await dialog.getByRole("button", { name: "See what it would do" }).click();
    await dialog.getByText(/the cloud brings it back at once/).waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  it("shows what goes over the connection, what is published, and what can be checked", async () => {
    await using tab = await bench.open(path, { theme: "dark", width: "narrow" });
    const { page } = tab;
    await page.getByRole("button", { name: "Messages" }).click();
    await page.getByText(/kept$/).waitFor();
    await set("Wifi_Radio_Config", "freq_band==2.4G", "tx_power:=8");
    const update = page.locator("li", { hasText: "update" }).first();
    await update.locator("summary").click();
    await update.getByText(/"tx_power": 8/).waitFor();
    await tab.axe();
    await tab.fitsWidth();
    await page.getByRole("button", { name: "Reports" }).click();
    await page.locator("li", { hasText: "stats" }).first().locator("summary").click();
    await page
      .getByText(/"nodeId": "gateway"/)
      .first()
      .waitFor();
    await tab.axe();
    await page.getByRole("button", { name: "Checks" }).click();
    await page.getByText(/'gateway', issued by .* days left/).waitFor();
    await page.getByText("npx opensync doctor --node gateway").waitFor();
    await page.getByText(/within \d+ s of the cloud's/).waitFor();
    await tab.axe();
    await tab.fitsWidth();
  });

  it("says of a node that there is not that there is none", async () => {
    await using tab = await bench.open(path.replace(/gateway$/, "nowhere"));
    await tab.page.getByText(/has no node called/).waitFor();
  });
});
