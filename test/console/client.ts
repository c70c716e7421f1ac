import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";
import { run } from "../support/processes.ts";

const television = "02:00:00:00:01:03";

/** Keeps each state of the page in which the headline names another band than the table of places has it on. */
const noteContradictions = `
  window.seen = [];
  new MutationObserver(() => {
    const text = (selector) => document.querySelector(selector)?.textContent ?? "";
    const band = /^It is on ([\\d.]+ GHz)/.exec(text(".why"))?.[1];
    const here = text("tr.present .where");
    if (band && here && !here.startsWith(band)) seen.push(text(".why") + " | " + text("tr.present"));
  }).observe(document.body, { subtree: true, childList: true, characterData: true })`;

const toldNow = `({
  why: document.querySelector(".why")?.textContent ?? "",
  here: document.querySelector("tr.present")?.textContent ?? "",
  seen: window.seen,
})`;

/** Each main task of the page of a client is done by hand, and proven by the rows of the gateway. */
describe("the page of a client", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let path: string;
  before(async () => {
    bench = await sharedBench();
    path = `/l/${encodeURIComponent(await bench.location())}/clients/${encodeURIComponent(television)}`;
  });

  const ovsh = (...args: string[]) =>
    run("ovsh", args, { env: { OPENSYNC_DIR: join(bench.directory, "nodes", "gateway") } });
  /** Waits until the gateway has such a row. */
  const row = async (table: string, ...expressions: string[]) => {
    const { code, stderr } = await ovsh("-t", "30000", "w", table, "-w", `mac==${television}`, ...expressions);
    assert.equal(code, 0, `${table} ${expressions.join(" ")}: ${stderr}`);
  };
  /** Waits until it has none for the client. */
  const noRow = async (table: string) => {
    for (let tries = 0; tries < 60; tries++) {
      const { stdout } = await ovsh("-r", "s", table, "-w", `mac==${television}`, "mac");
      if (stdout.trim() === "") return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.fail(`${table} has a row for ${television} still`);
  };

  it("gives it a name, whatever that is made of, and the gateway has it", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    const name = "<b>Télé</b> 📺 שלום";
    await page.getByRole("button", { name: "Rename television" }).click();
    await page.getByLabel("Name; empty: none").fill(name);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await row("Client_Nickname_Config", `nickname~=${name}`);
    await page.getByRole("button", { name: `Rename ${name}` }).click();
    await page.getByLabel("Name; empty: none").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "television" }).waitFor();
  });

  it("compares the places where it could be, and says in one sentence why it is where it is", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    await page.getByText(/^It is on (2\.4|5|6) GHz (because|although|and) .+\.$/).waitFor();
    const places = page.getByRole("region", { name: "Places it could be" });
    await places.getByRole("row").filter({ hasText: "It is here." }).waitFor();
    assert.ok((await places.getByRole("row").count()) >= 4, "a head, the present place, and others");
  });

  it("tells one truth in the seconds after a hold, and one reason with the figures of the table after it", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    const places = page.getByRole("region", { name: "Places it could be" });
    const headline = await page
      .locator(".why")
      .filter({ hasText: /^It is on (2\.4|5) GHz/ })
      .textContent();
    const [from, to] = headline?.startsWith("It is on 5 GHz") ? ["5 GHz", "2.4 GHz"] : ["2.4 GHz", "5 GHz"];
    await places.getByRole("row", { name: new RegExp(`${from}, .* \\(measured\\) .*It is here\\.$`) }).waitFor();

    // As when answers are on their way while it goes: how places compare is told as of before three times.
    const old = { band: from.replace(" GHz", "G"), answer: "" };
    let late = 3;
    await page.route(/\/steering\/clients\/[^/]+$/, async (route) => {
      const response = await route.fetch();
      const answer = await response.text();
      if (JSON.parse(answer).on?.[0]?.band === old.band) old.answer = answer;
      const isLate = old.answer !== "" && old.answer !== answer && late > 0;
      if (isLate) late--;
      await route.fulfill({ response, body: isLate ? old.answer : answer });
    });
    await page.evaluate(noteContradictions);
    await page.getByRole("button", { name: `${to} only for 30 minutes` }).click();
    // A node asks a client to go once in a minute.
    await page.getByText(`It is on ${to} because you asked for ${to} until`).waitFor({ timeout: 90_000 });
    await page.getByText(/they are being compared anew/).waitFor();
    const present = places.getByRole("row", { name: new RegExp(`${to}, .*It is here\\.$`) });
    await present.getByText(/\(measured\)$/).waitFor({ timeout: 30_000 });
    assert.equal(late, 0, "answers came late");
    // What was measured there is known still.
    const held = new RegExp(`${from}, .*measured when it was here, .* ago.*It is held to ${to}\\.$`);
    await places.getByRole("row", { name: held }).waitFor();

    await page.getByRole("button", { name: "Stop now" }).click();
    const stays = `It is on ${to}, where it was held until `;
    await page.getByText(new RegExp(`^${stays}.*, and stays because .*\\.$`)).waitFor();
    await page.getByText("No other place would be a gain for it at present.").waitFor();
    const told = (await page.evaluate(toldNow)) as { why: string; here: string; seen: readonly string[] };
    const [, wants, instead] = /can have (\d+) there, so that|instead of (\d+) Mbit\/s\.$/.exec(told.why) ?? [];
    const has = wants ?? instead;
    assert.ok(has !== undefined && told.here.includes(`some ${has} Mbit/s`), `${told.why} | ${told.here}`);
    assert.deepEqual(told.seen, [], "the headline and the table are of one place at every moment");
  });

  it("holds it to 2.4 GHz for 30 minutes, counts down, says so, and stops at once", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    await page.getByRole("button", { name: "2.4 GHz only for 30 minutes" }).click();
    await page.getByText(/^(30:00|29:\d\d)$/).waitFor();
    await row("Band_Steering_Clients", "cs_mode:=home", "pref_5g:=never");
    await page.getByText(/because you asked for 2\.4 GHz until/).waitFor({ timeout: 90_000 });
    const tries = page.getByRole("region", { name: "What the cloud tried" });
    await tries
      .getByRole("row", { name: /2\.4 GHz.* You asked for 2\.4 GHz only until / })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Stop now" }).click();
    await page.getByRole("button", { name: "2.4 GHz only for 30 minutes" }).waitFor();
    await row("Band_Steering_Clients", "cs_mode:=off");
    const newest = tries.getByRole("row").nth(1);
    await newest.getByText(/Stopped at \d/).waitFor();
    await page.getByText(/^It is on 2\.4 GHz, where it was held until /).waitFor();
    await page.getByText("Stopped; its node is being told …").waitFor({ state: "detached" });
  });

  it("offers each band that it has, and shares it with guests by a switch", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    await page.getByRole("button", { name: "5 GHz only for 30 minutes" }).waitFor();
    const shares = (checked: boolean) =>
      page.getByRole("checkbox", { name: "Guests may use it", checked, disabled: false });
    const told = () =>
      page.waitForResponse((answer) => answer.request().method() !== "GET" && answer.url().includes("/devices/"));
    await Promise.all([told(), shares(false).click()]);
    await page.getByText(/^Its network .* a guest on the same access point /).waitFor();
    await page.getByText("guests may use it", { exact: true }).waitFor();
    await tab.open(path.replace(/clients\/.*/, "network"));
    const guests = page.getByRole("region", { name: "Guest network" });
    await guests.getByText(/^Shared with guests: /).waitFor();
    await tab.open(path);
    await Promise.all([told(), shares(true).click()]);
    await tab.open(path.replace(/clients\/.*/, "network"));
    await guests.getByText(/^No device is shared with guests/).waitFor();
  });

  it("takes the Internet from it until a time, and gives it back", async () => {
    await using tab = await bench.open(path);
    const { page } = tab;
    await page.getByRole("button", { name: "For 30 min", exact: true }).click();
    await page.getByText(/It has no Internet until/).waitFor();
    await row("Client_Freeze_Config", "blocked:=true");
    await page.getByText("asked for on this page", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Let it use the Internet again" }).click();
    await page.getByRole("button", { name: "For 30 min", exact: true }).waitFor();
    await noRow("Client_Freeze_Config");
  });

  it("changes nothing in the past, and says why", async () => {
    const at = new Date(Date.now() - 60_000).toISOString();
    await using tab = await bench.open(`${path}?at=${encodeURIComponent(at)}`);
    const { page } = tab;
    await page.getByText("This is how it was. Go back to now to change something.").waitFor();
    assert.equal(await page.getByRole("button", { name: "2.4 GHz only for 30 minutes" }).isDisabled(), true);
    await page.getByText(/^As it was at/).waitFor();
  });

  it("is none where an address names none, and nothing can be changed there", async () => {
    await using opened = await bench.open(path.replace(/[^/]*$/, "nobody"));
    const { page } = opened;
    await page.getByRole("heading", { name: "There is no such client" }).waitFor();
    await page.getByText("nobody is no address of a client").waitFor();
    assert.equal(await page.getByRole("button", { name: /^Rename/ }).count(), 0);
  });

  it("is one of the list of clients, which is searched by typing", async () => {
    await using tab = await bench.open(path.replace(/clients\/.*/, "clients"));
    const { page } = tab;
    await page.getByRole("searchbox", { name: /Search by name/ }).fill("telev");
    await page.getByText(/; 1 found/).waitFor();
    await page.getByRole("link", { name: "television" }).click();
    await page.getByRole("heading", { level: 1, name: "television" }).waitFor();
  });
});

describe("the pages of a node and of radios", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let base: string;
  before(async () => {
    bench = await sharedBench();
    base = `/l/${encodeURIComponent(await bench.location())}`;
  });

  it("show that a channel is asked for that the radio is not on, until it is", async () => {
    await using tab = await bench.open(`${base}/nodes/gateway`);
    const { page } = tab;
    await page.getByText("It works as it should: the node itself shows so.").waitFor();
    await page.getByText("Yes: all that is intended is so.").first().waitFor();
    const env = { OPENSYNC_DIR: join(bench.directory, "nodes", "gateway") };
    const wanted = await run("ovsh", ["u", "Wifi_Radio_Config", "-w", "freq_band==2.4G", "channel:=11"], { env });
    assert.equal(wanted.code, 0, wanted.stderr);
    const radio = page.locator("section.radio").first();
    await radio.getByText("Intended and actual, setting by setting").click();
    await radio.getByRole("row", { name: /^channel 11 11 yes$/ }).waitFor();
  });

  it("say of a node that there is not that there is none", async () => {
    await using tab = await bench.open(`${base}/nodes/nowhere`);
    tab.expect(/404/);
    await tab.page.getByText(/The home has no node of this name/).waitFor();
  });

  it("draw who is on which channel, in a table that can be read", async () => {
    await using tab = await bench.open(`${base}/radios`);
    const plan = tab.page.getByRole("region", { name: "Channels of 5 GHz" });
    await plan
      .getByRole("row", { name: /gateway/ })
      .getByText("its channel")
      .waitFor();
    await plan.getByText("may be used after listening for radar for a minute").first().waitFor();
  });
});
