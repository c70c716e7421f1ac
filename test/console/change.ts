import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { valueOrThrow } from "@opensync-ts/cloud-client/errors";
import type { Page } from "playwright-core";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";
import { run } from "../support/processes.ts";

const bob = { name: "bob", role: "admin" } as const;

/** A home is changed by hand, and what comes of it is proven by the rows of the gateway. */
describe("changing a home in the console", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let base: string;
  before(async () => {
    bench = await sharedBench();
    base = `/l/${encodeURIComponent(await bench.location())}`;
  });

  /** Waits until an access point of the gateway shows this, and none the other. */
  const shown = async (column: "ssid" | "wpa_psks", text: string, isThere = true) => {
    for (let tries = 0; ; tries++) {
      const { stdout } = await run("ovsh", ["-r", "s", "Wifi_VIF_State", "-w", "mode==ap", column], {
        env: { OPENSYNC_DIR: join(bench.directory, "nodes", "gateway") },
      });
      if (stdout.includes(text) === isThere) return;
      assert.ok(tries < 60, `the gateway's ${column}, ${isThere ? "with" : "without"} ${text}:\n${stdout}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  const apply = async (page: Page) => {
    await page.getByRole("button", { name: "Review", exact: true }).click();
    const review = page.getByRole("dialog");
    await review.getByRole("heading", { name: /^Version \d+: what changes$/ }).waitFor();
    await review.getByText(/^As soon as you apply it, .* set up so\.$/).waitFor();
    await review.getByText("Wifi_VIF_Config").first().waitFor({ state: "attached" });
    await review.locator("ul.words li").first().waitFor();
    const words = await review.locator("ul.words").allTextContents();
    await review.getByRole("button", { name: "Apply" }).click();
    await page.getByText(/^It works: proven by all 2 nodes/).waitFor();
    return words.join("\n");
  };
  /** As somebody does who only looks: a phone comes, tries, and its page says by which key it is in. */
  const guestJoins = async (passphrase: string) => {
    await using tab = await bench.open(`${base}/simulation`);
    // Of one that has come just now the cloud has compared no places yet.
    tab.expect(/404/);
    const part = tab.page.getByRole("region", { name: "A new phone joins" });
    await part.getByLabel("What it is called").fill("Visitor");
    await part.getByLabel("Passphrase").fill(passphrase);
    await part.getByRole("button", { name: "Let it join" }).click();
    const tried = part.getByText(/^Tried now: the Internet: yes/);
    await tried.waitFor();
    assert.match((await tried.textContent()) ?? "", /does not reach \w+/);
    await part.getByRole("link", { name: "Visitor" }).click();
    await tab.page.getByText("It joined with the key guest (Internet and shared devices).").waitFor();
    await tab.page.getByText(/those that are not on the same access point; nothing else at home/).waitFor();
    await tab.open(`${base}/simulation`);
    await part.getByRole("button", { name: "Undo: Visitor came" }).click();
    await part.getByRole("link", { name: "Visitor" }).waitFor({ state: "detached" });
  };
  const nameBox = (page: Page) => page.getByLabel("Name (SSID)");

  it("makes a guest network, shows the code to join, proves that it is on the air, and takes it back", async () => {
    await using opened = await bench.open(`${base}/network`);
    const { page } = opened;
    await page.getByText(/^Your guests have a passphrase already: “guest” of “Demo Home”/).waitFor();
    assert.equal(
      await page.getByRole("button", { name: "Make a guest network" }).count(),
      0,
      "no second one beside it",
    );
    const apart = page.getByRole("checkbox", { name: "Keep guests from devices on the same access point, too" });
    assert.ok(await apart.isChecked(), "kept apart unless one does not want it");
    await apart.uncheck();
    await page.getByText(/and devices on the same access point; nothing else at home\.$/).waitFor();
    await page.getByRole("button", { name: "The same, with a new passphrase" }).click();
    await page.getByText("Guests on “Demo Home” reach devices on the same access point.").waitFor();
    await page.getByRole("button", { name: "Keep them apart there, too" }).click();
    await page.getByText("On “Demo Home” devices on one access point are kept apart, yours as well.").waitFor();
    await page.getByText("guest on Demo Home: Internet and shared devices").waitFor();
    await page.getByText("(not applied yet)").waitFor();
    await page.getByRole("button", { name: "Show passphrase of guest" }).click();
    await page.getByText("Nobody can join with this yet").waitFor();
    await page.getByRole("button", { name: "Copy the passphrase of Demo Home" }).waitFor();
    await page.getByRole("link", { name: "Keys: another one, an end, or what they open" }).click();
    const psk = await page.getByLabel("Passphrase", { exact: true }).last().inputValue();
    assert.ok(psk.length >= 8, "a passphrase was made up");
    const words = await apply(page);
    assert.match(words, /devices kept apart/);
    assert.match(words, /key “guest”, access: Everything → Internet and shared devices/);
    assert.ok(!words.includes(psk), "the words are without the passphrase");
    await page.getByRole("heading", { name: /Join with this code: guest/ }).waitFor();
    await opened.axe();
    await shown("wpa_psks", psk);
    await guestJoins(psk);
    const receipt = page.getByRole("region", { name: /^Version \d+, applied$/ });
    await page.getByRole("link", { name: "Addresses" }).click();
    await page.getByRole("region", { name: "Addresses", exact: true }).first().waitFor();
    assert.equal(await receipt.count(), 0, "the receipt stands where the change was made");
    await page.getByRole("link", { name: "Guests and keys" }).click();
    await receipt.waitFor();
    await page.getByRole("button", { name: "Take it back …" }).click();
    await page.getByRole("button", { name: /^Go back to version \d+$/ }).click();
    await page.getByText(/^It works: proven by all 2 nodes/).waitFor();
    await shown("wpa_psks", psk, false);
  });

  it("forgets nothing that was typed by two presses in one place", async () => {
    await using opened = await bench.open(`${base}/network`);
    const { page } = opened;
    await nameBox(page).fill("Typed with care");
    const place = await page.getByRole("button", { name: "Forget the changes" }).boundingBox();
    assert.ok(place);
    const press = () => page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
    await press();
    await page.getByRole("button", { name: "Yes, forget them" }).waitFor();
    await press();
    assert.equal(await nameBox(page).inputValue(), "Typed with care");
    // What does nothing may be what was pressed.
    const keep = page.getByRole("button", { name: "Keep them" });
    if (await keep.isVisible()) await keep.click();
    await page.getByRole("button", { name: "Forget the changes" }).press("Enter");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Forget the changes" }).waitFor();
    assert.equal(await nameBox(page).inputValue(), "Typed with care");
    await page.getByRole("button", { name: "Forget the changes" }).press("Enter");
    await page.getByRole("button", { name: "Yes, forget them", disabled: false }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Changes that are not applied" }).waitFor({ state: "detached" });
    assert.equal(await nameBox(page).inputValue(), "Demo Home");
  });

  it("keeps what was typed when somebody else drops the draft that it was saved as, and the focus where one was", async () => {
    await using opened = await bench.open(`${base}/network/guests`);
    const { page } = opened;
    await page.getByRole("button", { name: "Add a key" }).click();
    await page.getByLabel("Passphrase", { exact: true }).fill("typed with care");
    await page.getByRole("button", { name: "Review", exact: true }).press("Enter");
    const review = page.getByRole("dialog");
    await review.locator("ul.words li").first().waitFor();
    const { head } = valueOrThrow(
      await bench.cloud.request("GET /locations/:location", { params: { location: await bench.location() } }),
    );
    const dropped = { params: { location: await bench.location(), version: head } };
    valueOrThrow(await bench.cloud.request("POST /locations/:location/versions/:version/discard", dropped));
    await review.getByText("It has been dropped meanwhile: nothing of it holds.").waitFor();
    await page.keyboard.press("Escape");
    await review.waitFor({ state: "detached" });
    await page.waitForFunction("document.activeElement?.textContent === 'Review'");
    await page.getByText("1 change is not applied").waitFor();
    assert.equal(await page.getByLabel("Passphrase", { exact: true }).inputValue(), "typed with care");
    await page.keyboard.press("Enter");
    await review.locator("ul.words li").first().waitFor();
    await review.getByRole("button", { name: "Not yet" }).click();
    await page.getByRole("button", { name: "Drop the draft" }).click();
    await page.getByRole("region", { name: "Changes that are not applied" }).waitFor({ state: "detached" });
    assert.equal(await page.getByLabel("Passphrase", { exact: true }).count(), 0, "dropped here it is wished");
  });

  it("asks before what was typed is lost with the page, and not where nothing was", async () => {
    await using opened = await bench.open(`${base}/network`);
    const { page } = opened;
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await nameBox(page).click();
    await page.reload();
    assert.deepEqual(asked, []);
    await nameBox(page).fill("Typed and not saved");
    await page.reload();
    assert.deepEqual(asked, ["beforeunload"]);
    await nameBox(page).waitFor();
    assert.equal(await nameBox(page).inputValue(), "Demo Home");
  });

  it("knows that a version was applied whose answer was lost, and shows what has become of it", async () => {
    await using opened = await bench.open(`${base}/network/addresses`);
    opened.expect(/ERR_CONNECTION_RESET/);
    const { page } = opened;
    await page.getByLabel("Devices get addresses from").fill("192.168.40.12");
    await page.getByRole("button", { name: "Review", exact: true }).click();
    const review = page.getByRole("dialog");
    await review.locator("ul.words li").first().waitFor();
    await page.route("**/apply*", async (route) => {
      await route.fetch();
      await route.abort("connectionreset");
    });
    await review.getByRole("button", { name: "Apply" }).click();
    await review.getByText("It has been applied.").waitFor();
    await review.locator("ul.words li").first().waitFor();
    await review.getByRole("button", { name: "What has become of it" }).click();
    await page.getByText(/^It works: proven by all 2 nodes/).waitFor();
    await page.getByRole("button", { name: "Take it back …" }).click();
    await page.getByRole("button", { name: /^Go back to version \d+$/ }).click();
    await page.getByText(/^It works: proven by all 2 nodes/).waitFor();
  });

  it("says in the history what each version has changed, before anybody compares", async () => {
    await using opened = await bench.open(`${base}/network/history`);
    const { page } = opened;
    await page.locator(".history > li").getByText("key “guest”, passphrase: changed").nth(1).waitFor();
    const words = page.locator(".history > li").getByText(/key “guest”, access: /);
    assert.match((await words.nth(0).textContent()) ?? "", /→ Everything$/, "the newest comes first");
    assert.match((await words.nth(1).textContent()) ?? "", /→ Internet and shared devices$/);
    const first = page.locator(".history > li", { hasText: "Version 1" }).last();
    // It is asked for once it is in sight.
    await first.scrollIntoViewIfNeeded();
    await first.getByText(/^and \d+ more$/).click();
    await first.locator("ul.words li").first().waitFor();
    await opened.axe();
  });

  it("leads from the event of a change to what it changed, by keyboard as well", async () => {
    await using opened = await bench.open(base);
    const { page } = opened;
    const toList = async () => {
      await page.getByRole("button", { name: "Events", exact: true }).click();
      return page
        .getByRole("row", { name: /changed the home \(version \d+\)/ })
        .first()
        .getByRole("link", { name: "What it changed" });
    };
    await (await toList()).click();
    await page.waitForURL((url) => url.pathname.endsWith("/network/history") && !url.searchParams.has("at"));
    await page.getByRole("grid", { name: /^Events/ }).waitFor({ state: "detached" });
    await page.goto(bench.url + base);
    await (await toList()).press("Enter");
    await page.waitForURL((url) => url.pathname.endsWith("/network/history") && !url.searchParams.has("at"));
    await page
      .getByText(/^Version \d+$/)
      .first()
      .waitFor();
  });

  it("says before a channel is applied which it is, and that radar goes before it there", async () => {
    await using opened = await bench.open(`${base}/network/radios`);
    const { page } = opened;
    await page.getByRole("button", { name: "Set channel, width or power" }).click();
    const setting = page.getByRole("region", { name: "Radio setting 1" });
    await setting.getByLabel("Of").selectOption("extender");
    await setting.getByLabel("Band").selectOption("5G");
    await setting.getByLabel("Channel").fill("100");
    await setting.getByLabel("Width").selectOption("20");
    await page.getByRole("button", { name: "Review", exact: true }).click();
    const review = page.getByRole("dialog");
    await review.getByText("radio setting “5 GHz of extender”: new: channel 100, 20 MHz wide").waitFor();
    await review.getByText(/^5 GHz of extender may be off for about a minute: radar has the right of way/).waitFor();
    await opened.axe();
    await review.getByRole("button", { name: "Not yet" }).click();
    await page.getByRole("button", { name: "Drop the draft" }).click();
    await page.getByRole("region", { name: "Changes that are not applied" }).waitFor({ state: "detached" });
  });

  it("shows the second of two people what the first has changed, and lets both have theirs", async () => {
    await using mine = await bench.open(`${base}/network`);
    await using theirs = await bench.openAs(bob, `${base}/network`);
    await nameBox(mine.page).fill("Mine");
    await mine.page.getByText("Keep devices on one access point apart").click();
    await nameBox(theirs.page).fill("Theirs");
    await theirs.page.getByText("Hide the name").click();
    await apply(theirs.page);
    await shown("ssid", "Theirs");

    const { page } = mine;
    const news = page.getByRole("alert", { name: "This has changed meanwhile" });
    await news.getByRole("heading", { name: "bob has changed this while you did" }).waitFor();
    await mine.axe();
    assert.equal(await page.getByRole("button", { name: "Review", exact: true }).isDisabled(), true);
    await news.getByRole("radio", { name: /^Yours/ }).check();
    await news.getByRole("button", { name: "Put mine on theirs" }).click();
    assert.match(await apply(page), /Mine/);
    await shown("ssid", "Mine");
    const { stdout } = await run(
      "ovsh",
      ["-r", "s", "Wifi_VIF_State", "-w", "ssid==Mine", "ssid_broadcast", "ap_bridge"],
      {
        env: { OPENSYNC_DIR: join(bench.directory, "nodes", "gateway") },
      },
    );
    assert.match(stdout, /disabled/, "theirs: the name is hidden");
    assert.match(stdout, /false/, "mine: devices are kept apart");
  });

  it("names what has changed elsewhere since an edit began, and is no alarm where the two do not touch", async () => {
    await using opened = await bench.open(`${base}/network`);
    const { page } = opened;
    await page.getByText("Hide the name").click();
    const device = { location: await bench.location(), mac: "02:00:00:00:01:02" };
    const named = (nickname: string | null) =>
      bench.cloud.request("PUT /locations/:location/devices/:mac", { params: device, body: { nickname } });
    valueOrThrow(await named("Kitchen tablet"));
    const news = page.getByRole("region", { name: "This has changed meanwhile" });
    await news.getByRole("heading", { name: /^Since you began, .* changed this.*:$/ }).waitFor();
    await news.getByText(/Kitchen tablet/).waitFor();
    assert.equal(await page.getByRole("alert", { name: "This has changed meanwhile" }).count(), 0);
    await opened.axe();
    await news.getByRole("button", { name: "Go on with both" }).click();
    await page.getByText("1 change is not applied").waitFor();
    await page.getByRole("button", { name: "Review", exact: true }).isEnabled();
    await page.getByRole("button", { name: "Forget the changes" }).click();
    await page.getByRole("button", { name: "Yes, forget them" }).click();
    valueOrThrow(await named(null));
  });

  it("has a rule with two pairs of hours, and takes one away again", async () => {
    await using opened = await bench.open(`${base}/network/rules`);
    const { page } = opened;
    await page.getByRole("button", { name: "Add a rule" }).click();
    await page.getByLabel("Who", { exact: true }).selectOption({ label: "Guests" });
    await opened.axe();
    assert.equal(await page.getByRole("region", { name: "Changes that are not applied" }).count(), 0, "nothing yet");
    await page.getByLabel("What", { exact: true }).selectOption({ label: "has no Internet" });
    await page.getByLabel("When", { exact: true }).selectOption({ label: "on days of the week" });
    await page.getByRole("button", { name: "Add other hours" }).click();
    await page.getByLabel("From", { exact: true }).nth(1).fill("13:00");
    const rules = page.getByRole("region", { name: "Rules" });
    await rules.getByText(/07:00 the next day and on Fri, Sat from 13:00 to 07:00 the next day/).waitFor();
    await page.getByLabel("To (the next day)", { exact: true }).nth(1).fill("25:00");
    await page.getByText("Write a time of day as 07:30.").waitFor();
    await opened.axe();
    await page.getByRole("button", { name: "Remove hours 2" }).click();
    await rules.getByText(/07:00 the next day \(/).waitFor();
  });

  it("says at once what a passphrase or a name lacks, and keeps what was typed", async () => {
    await using opened = await bench.open(`${base}/network`);
    const { page } = opened;
    await page.getByRole("button", { name: "Change the passphrase" }).click();
    await page.getByLabel("New passphrase").fill("7 chars");
    await page.getByText("Too short by 1: at least 8 characters.").first().waitFor();
    await nameBox(page).fill("a name of more than thirty-two bytes");
    await page
      .getByText(/^Too long by 4 of 32 octets/)
      .first()
      .waitFor();
    opened.expect(/status of 400/);
    await page.getByRole("button", { name: "Review", exact: true }).click();
    await page.getByText(/2 things are wrong/).waitFor();
    assert.equal(await page.getByLabel("New passphrase").inputValue(), "7 chars");
    await opened.axe();
  });

  it("says beside its field what is wrong with addresses, with the end of a key and with a serial number", async () => {
    await using opened = await bench.open(`${base}/network/addresses`);
    const { page } = opened;
    const says = async (label: string, typed: string, words: string | RegExp) => {
      const field = page.locator(".field", { has: page.getByLabel(label, { exact: true }) }).last();
      await field.getByLabel(label).fill(typed);
      await field.getByText(words).waitFor();
    };
    await says("Netmask", "255.255.255.1", "Write a netmask as 255.255.255.0.");
    await page.getByLabel("Netmask").fill("255.255.255.0");
    await says(
      "to",
      "192.168.41.20",
      /^Not an address of the network of 192\.168\.40\.1: give one from 192\.168\.40\.1 to/,
    );
    await page.getByLabel("to", { exact: true }).fill("192.168.40.5");
    await says("Devices get addresses from", "192.168.40.9", "The first address comes after the last.");
    await page.getByRole("link", { name: "Guests and keys" }).click();
    await page.getByRole("button", { name: "Add a key" }).click();
    await says("Ends", "2020-01-01T10:00", "This is over: the key opens nothing any more.");
    await says("Passphrase", "z".repeat(64), /^Too long by 1: at most 63 characters; 64 only of digits/);
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    const serial = "Serial number (on its label)";
    await says(serial, "extender", "This is extender, which is at home already.");
    const { tenant } = valueOrThrow(
      await bench.cloud.request("GET /locations/:location", { params: { location: await bench.location() } }),
    );
    const shop = valueOrThrow(
      await bench.cloud.request("POST /tenants/:tenant/locations", { params: { tenant }, body: { name: "Shop" } }),
    );
    const taken = { params: { location: shop.id }, body: { serialNumber: "SN-7" } };
    valueOrThrow(await bench.cloud.request("POST /locations/:location/claims", taken));
    opened.expect(/status of 409/);
    await page.getByLabel(serial).fill("SN-7");
    await page.keyboard.press("Enter");
    await page
      .getByText("Not claimed: node SN-7 belongs to location 'Shop'; it has to be released there first.")
      .waitFor();
    assert.equal(await page.getByLabel(serial).inputValue(), "SN-7");
    await opened.axe();
    valueOrThrow(await bench.cloud.request("DELETE /locations/:location", { params: { location: shop.id } }));
    await page.getByRole("link", { name: "Addresses", exact: true }).click();
    assert.equal(await page.getByLabel("Devices get addresses from").inputValue(), "192.168.40.9", "nothing is lost");
  });

  for (const ssid of ["<img src=x onerror=alert(1)>", "شبكة البيت 📶", "'\"&`$(){}\\ ../.."]) {
    it(`has a network called ${ssid}, as text everywhere`, async () => {
      await using opened = await bench.open(`${base}/network`);
      const { page } = opened;
      page.on("dialog", () => assert.fail("a name has become code"));
      await nameBox(page).fill(ssid);
      assert.ok((await apply(page)).includes(ssid), "the words have it");
      await page.getByRole("heading", { name: ssid, exact: true }).waitFor();
      for (const path of ["", "/clients", "/radios", "/nodes/gateway"]) {
        await opened.open(base + path);
        await page.getByText("live", { exact: true }).waitFor();
        assert.equal(await page.locator("img[src=x]").count(), 0);
        await opened.fitsWidth();
      }
    });
  }

  it("says that a node is no longer the home's while its page is open", async () => {
    await using opened = await bench.open(`${base}/nodes/extender`);
    opened.expect(/status of 404/);
    const { page } = opened;
    await page.getByRole("status").getByText(/./).first().waitFor();
    const params = { location: await bench.location(), serialNumber: "extender" };
    valueOrThrow(await bench.cloud.request("DELETE /locations/:location/claims/:serialNumber", { params }));
    await page.getByText(/The home has no node of this name, or no longer/).waitFor();
    await opened.axe();
    await opened.open(base);
    await page.locator("table.nodes").getByText("gateway").first().waitFor();
    assert.equal(await page.locator("table.nodes").getByText("extender").count(), 0);
  });

  it("takes a node in again once it has called, and asks before another becomes the gateway", async () => {
    await using opened = await bench.open(`${base}/network/nodes`);
    const { page } = opened;
    const called = page.locator("li", { hasText: /extender .* is in no home/ });
    await called.getByRole("button", { name: "Claim it" }).click();
    await page.getByText("extender is at home now, as extender.").waitFor();
    const row = page.getByRole("row", { name: /^extender/ });
    await row.getByText("works as it should").waitFor();
    await row.getByRole("button", { name: "Make it the gateway: extender" }).click();
    await row.getByRole("button", { name: "Yes, it has the way to the Internet" }).waitFor();
    await opened.axe();
    await row.getByRole("button", { name: "Leave it as it is" }).click();
    await row.getByText("extender", { exact: true }).first().waitFor();
  });
});
