import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";

const phone = "02:00:00:00:01:02";
/** They change what is looked at, and nothing else. */
const harmless =
  /^(Choose |Compare$|Fold |Show |Zoom |Tables$|Copy |(1|6) h$|(1|7) d$|(phone|laptop|tablet|television|console|thermostat|doorbell|visitor): )/;

/** What somebody may not do is not there to be pressed, with the reason: a refusal would be an error of the tab, which fails as it closes. */
describe("the console of who may not do everything", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let base: string;
  before(async () => {
    bench = await sharedBench();
    base = `/l/${encodeURIComponent(await bench.location())}`;
  });

  /** Names of what can be pressed at one moment, but for heads of tables. */
  const pressable = async (page: Page): Promise<readonly string[]> => {
    const names = await page.evaluate<string[]>(
      `[...document.querySelectorAll("main :is(button, [role=button]):enabled:not(th *)")]
        .filter((button) => button.checkVisibility())
        .map((button) => button.getAttribute("aria-label") ?? button.innerText)`,
    );
    return names.filter((name) => !harmless.test(name));
  };

  it("says to a viewer on every page what is not theirs, and offers none of it", async () => {
    await using opened = await bench.openAs({ name: "vera", role: "viewer" }, base);
    const { page } = opened;
    const needed = /needs the role operator; yours is viewer\./;
    const looked = /^You may look at this, not change it/;
    for (const [path, reason, button] of [
      [`/clients/${phone}`, needed, "2.4 GHz only for 30 minutes"],
      ["/network", looked, "Remove network Demo Home"],
      ["/network/guests", looked, "Add a key"],
      ["/network/nodes", looked, "Release extender"],
      ["/workbench/gateway?part=messages", needed, "Messages"],
      ["/simulation", needed, "Pull the cable"],
    ] as const) {
      await opened.open(base + path);
      await page.getByText(reason).first().waitFor();
      assert.equal(await page.getByRole("button", { name: button, exact: true }).isDisabled(), true, button);
      assert.deepEqual(await pressable(page), [], path);
    }
    await opened.open(`${base}/network`);
    await page.getByText("Only an admin can see this passphrase.").first().waitFor();
    await opened.axe();
  });

  it("lets an operator change a home and read its sessions, and edit no row and see no passphrase", async () => {
    await using opened = await bench.openAs({ name: "otto", role: "operator" }, `${base}/network`);
    const { page } = opened;
    await page.getByText("Only an admin can see this passphrase.").first().waitFor();
    assert.equal(await page.getByLabel("Name (SSID)").isEnabled(), true);
    await opened.open(`${base}/workbench/gateway?table=Wifi_VIF_Config`);
    await page.getByText(/needs the role admin; yours is operator\./).waitFor();
    assert.equal(await page.getByRole("button", { name: /^Edit/ }).count(), 0);
    await page.getByRole("button", { name: "Messages" }).click();
    await page.getByText(/kept$/).waitFor();
    await page.getByRole("button", { name: "Checks" }).click();
    await page.getByText(/^'gateway', issued by/).waitFor();
  });

  it("shows an admin passphrases, and lets them edit rows", async () => {
    await using opened = await bench.openAs({ name: "ada", role: "admin" }, `${base}/network`);
    const { page } = opened;
    await page.getByRole("button", { name: /^Show passphrase and QR code of home/ }).click();
    await page.getByText("open sesame home", { exact: true }).waitFor();
    await opened.open(`${base}/workbench/gateway?table=Wifi_VIF_Config`);
    await page.getByRole("button", { name: "Edit home-ap-24" }).waitFor();
  });
});
