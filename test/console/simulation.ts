import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { valueOrThrow } from "@opensync-ts/cloud-client/errors";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";
import { run } from "../support/processes.ts";

const phone = "02:00:00:00:01:02";
/** A node that is cut off is missed after half a minute, and told of a little later, ms. */
const missedMs = 150_000;

describe("the simulation of the console", { skip: consoleAbsent, timeout: 600_000 }, () => {
  let bench: ConsoleBench;
  let base: string;
  before(async () => {
    bench = await sharedBench();
    // The usual three minutes until a node that is away is an alert are long for a test; the cloud reads it as it starts.
    const body = { value: { alerts: { offlineSeconds: 5 } } };
    valueOrThrow(await bench.cloud.request("PUT /settings/:settingKey", { params: { settingKey: "telemetry" }, body }));
    base = `/l/${encodeURIComponent(await bench.location())}`;
  });

  const open = async () => {
    const tab = await bench.open(base);
    await tab.page.getByRole("link", { name: "Simulation" }).click();
    await tab.page.getByRole("heading", { level: 1, name: "Simulation" }).waitFor();
    await tab.page.getByRole("button", { name: /^phone: / }).waitFor();
    return tab;
  };
  const ovsh = (node: string, ...args: string[]) =>
    run("ovsh", args, { env: { OPENSYNC_DIR: join(bench.directory, "nodes", node) } });
  /** Waits until this node has the client associated. */
  const isOn = async (node: string) => {
    const { code, stderr } = await ovsh(
      ...[node, "-t", "60000", "w", "Wifi_Associated_Clients", "-w", `mac==${phone}`, "state:=active"],
    );
    assert.equal(code, 0, `${phone} on ${node}: ${stderr}`);
  };

  it("outlasts its cloud's restart: the page says that nothing comes, and is live again by itself", async () => {
    await using tab = await bench.open(base);
    tab.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/);
    await tab.page.getByText("live", { exact: true }).waitFor();
    await bench.stop();
    await tab.page.getByText(/^nothing new for \d+ s$/).waitFor();
    await tab.axe();
    await bench.startAgain();
    await tab.page.getByText("live", { exact: true }).waitFor({ timeout: 60_000 });
    await bench.settled();
  });

  it("sends a client to the other node by keyboard; it walks there, and that node has it then", async () => {
    await using tab = await open();
    const { page } = tab;
    await isOn("gateway");
    const dot = page.getByRole("button", { name: /^phone: gateway, / });
    await dot.focus();
    await page.keyboard.press("ArrowLeft");
    await page.locator(":focus[aria-label^='laptop: ']").waitFor({ state: "attached" });
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByLabel("Walk to").selectOption("extender");
    await page.getByRole("button", { name: "Walk", exact: true }).press("Enter");
    await page.getByText(/^phone walks to 12\.\d, 6\.\d m, \d s left; /).waitFor();
    await page.getByText(/^phone stands; extender, .* signal \d+ dB\.$/).waitFor({ timeout: 90_000 });
    await isOn("extender");
    await page.getByRole("row", { name: /^phone .* extender, / }).waitFor();
  });

  it("lets a new phone try a passphrase: a wrong one is refused, that of the guests lets it in, and its page says by which key", async () => {
    await using tab = await open();
    const { page } = tab;
    // Of one that has come just now the cloud has compared no places yet.
    tab.expect(/404/);
    const part = page.getByRole("region", { name: "A new phone joins" });
    const come = async (name: string, passphrase: string) => {
      await part.getByLabel("What it is called").fill(name);
      await part.getByLabel("Passphrase").fill(passphrase);
      await part.getByRole("button", { name: "Let it join" }).click();
    };
    const typed = part.getByLabel("Passphrase");
    await typed.and(page.locator("[type=password]")).waitFor();
    await part.getByLabel("Show what is typed").check();
    await typed.and(page.locator("[type=text]")).waitFor();
    await come("Ana's phone", "open sesame guest");
    await come("Bo", "open sesame gust");
    await part.getByText(/^has joined “Demo Home” on /).waitFor();
    await part.getByText(/^Tried now: the Internet: yes/).waitFor();
    await part.getByText(/^is refused: this passphrase opens nothing on “Demo Home”$/).waitFor();
    await part.getByText(/^Tried last at .*; it tries again by itself/).waitFor();
    tab.expect(/422/);
    await come("Bo", "open sesame gust");
    const refused = part.getByText(/is that of another client; give another one/);
    await refused.waitFor();
    assert.equal(await refused.count(), 1);
    await tab.axe();
    await part.getByRole("button", { name: "Undo: Bo came" }).click();
    await part.getByRole("link", { name: "Bo" }).waitFor({ state: "detached" });
    await refused.waitFor({ state: "detached" });
    await part.getByRole("link", { name: "Ana's phone" }).click();
    await page.getByRole("heading", { level: 1, name: "Ana's phone" }).waitFor();
    await page.getByText("It joined with the key guest (Everything).").waitFor();
    await tab.open(`${base}/simulation`);
    await part.getByRole("button", { name: "Undo: Ana's phone came" }).click();
    await part.getByRole("link", { name: "Ana's phone" }).waitFor({ state: "detached" });
  });

  it("pulls the cable of a node, and says so", async () => {
    await using tab = await open();
    const { page } = tab;
    await page.getByRole("combobox", { name: /^Node/ }).selectOption("extender");
    await page.getByRole("button", { name: "Pull the cable" }).click();
    const broken = page.getByRole("region", { name: "Broken on purpose now" });
    await broken.getByText("extender: The cable is pulled.").waitFor();
    const follows = page.getByRole("region", { name: "What follows" });
    await follows.getByText(/pulled the cable of extender$/).waitFor();
    await page.getByRole("link", { name: "Home", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
    await page.getByRole("link", { name: "Simulation" }).click();
    await follows.getByText(/pulled the cable of extender$/).waitFor();
    await page.getByRole("button", { name: "Events" }).click();
    const events = page.getByRole("dialog", { name: "Events" });
    await events.getByText(/^owner pulled the cable of extender$/).waitFor();
    await events.getByText(/^owner sent phone for a walk$/).waitFor();
    await tab.axe();
  });

  // Until the node is missed there is time for all that needs one node only.
  it("sends a client where it is dragged, and says why it cannot go out of the home", async () => {
    await using tab = await open();
    const { page } = tab;
    const dot = await page.getByRole("button", { name: /^doorbell: / }).boundingBox();
    assert.ok(dot);
    await page.mouse.move(dot.x + dot.width / 2, dot.y + dot.height / 2);
    await page.mouse.down();
    await page.mouse.move(dot.x + 60, dot.y + 100, { steps: 5 });
    await page.mouse.up();
    await page.getByText(/^doorbell walks to /).waitFor();
    await page.getByText(/^doorbell stands; /).waitFor();
    tab.expect(/422/);
    await page.getByLabel("Walk to").selectOption("a place …");
    await page.getByLabel(/^Across/).fill("99");
    await page.getByLabel(/^Down/).fill("3");
    await page.getByRole("button", { name: "Walk", exact: true }).click();
    await page.getByRole("alert").getByText("is outside the home; give -2 to 18 (metres)").first().waitFor();
  });

  it("jams a channel, lets a driver go wrong, has a radar heard, says so, and undoes what can be undone", async () => {
    await using tab = await open();
    const { page } = tab;
    const broken = page.getByRole("region", { name: "Broken on purpose now" });
    await broken.getByRole("listitem").nth(0).waitFor();
    assert.equal(await broken.getByRole("listitem").count(), 1, "the cable");
    await page.getByRole("button", { name: "Jam channel 6" }).click();
    await page.getByRole("button", { name: "Let it go wrong" }).click();
    await broken.getByText("channel 6 is jammed for 90 % of the time").waitFor();
    await broken.getByText("Access lists hold too few (everywhere, until it is cleared)").waitFor();
    const env = { OPENSYNC_DIR: bench.directory };
    const faults = await run("opensync", ["sim", "fault", "list"], { env });
    assert.equal(faults.code, 0, faults.stderr);
    assert.match(faults.stdout, /^ +\d+ +acl-limit, everywhere/m);
    await broken.getByRole("button", { name: /^Undo: .*jammed/ }).click();
    await broken.getByRole("button", { name: /^Undo: .*Access lists/ }).click();
    await broken.getByText(/jammed/).waitFor({ state: "detached" });
    await broken.getByText(/Access lists/).waitFor({ state: "detached" });
    await page.getByRole("combobox", { name: /^Radio/ }).selectOption("wifi1, 5 GHz");
    await page.getByRole("combobox", { name: /^Channel/ }).selectOption("100 (radar)");
    await page.getByRole("button", { name: "Radar on channel 100" }).click();
    await broken.getByText(/radar was heard on channel 100/).waitFor();
    await broken.getByText("cannot be undone").waitFor();
    const heard = await ovsh("gateway", "-r", "s", "Wifi_Radio_State", "-w", "if_name==wifi1", "channels");
    assert.match(heard.stdout, /100[^}]*nop_started/);
  });

  it("shows the alert that has followed, mends it, and writes down who did what", async () => {
    await using tab = await open();
    const { page } = tab;
    await page.getByText("extender: is not connected").first().waitFor({ timeout: missedMs });
    const follows = page.getByRole("region", { name: "What follows" });
    await follows
      .getByText(/extender: left the cloud: it no longer answered/)
      .first()
      .waitFor();
    const broken = page.getByRole("region", { name: "Broken on purpose now" });
    await broken.getByRole("button", { name: "Undo: extender: The cable is pulled." }).click();
    await broken.getByText("The cable is pulled").waitFor({ state: "detached" });
    await follows
      .getByText(/extender: connected to the cloud/)
      .first()
      .waitFor({ timeout: missedMs });
    const trail = valueOrThrow(
      await bench.cloud.request("GET /locations/:location/audit", { params: { location: await bench.location() } }),
    );
    const deeds = trail.items.filter(({ action }) => action === "simulation.uplink").map(({ target }) => target);
    assert.deepEqual(deeds, ["node 'extender': ok", "node 'extender': cable"]);
  });

  it("cuts the power of a node, shows that it is away, and that it is back by itself", async () => {
    await using tab = await open();
    const { page } = tab;
    await page.getByRole("combobox", { name: /^Node/ }).selectOption("extender");
    await page.getByRole("button", { name: "Cut its power" }).click();
    const broken = page.getByRole("region", { name: "Broken on purpose now" });
    await broken.getByText(/^extender (goes down|boots); it comes up by itself\.$/).waitFor();
    await broken.getByText(/^extender /).waitFor({ state: "detached", timeout: 60_000 });
    const { code, stderr } = await ovsh(
      "extender",
      "-t",
      "60000",
      "w",
      "Manager",
      "-w",
      "is_connected==true",
      "is_connected:=true",
    );
    assert.equal(code, 0, stderr);
  });

  it("changes nothing in the past", async () => {
    const at = new Date(Date.now() - 60_000).toISOString();
    await using tab = await bench.open(`${base}/simulation?at=${encodeURIComponent(at)}`);
    await tab.page.getByText("the simulation is of now only").waitFor();
    assert.equal(await tab.page.getByRole("button", { name: "Pull the cable" }).count(), 0);
  });

  it("says since when the home is not heard of, of when what it shows is, and what was not told to a node", async () => {
    await using tab = await open();
    const { page } = tab;
    await page.getByRole("combobox", { name: /^Node/ }).selectOption("gateway");
    await page.getByRole("button", { name: "Pull the cable" }).click();
    const broken = page.getByRole("region", { name: "Broken on purpose now" });
    await broken.getByText("gateway: The cable is pulled.").waitFor();
    // Long before their connections are given up.
    await page.getByText(/^The home does not answer since \d/).waitFor();
    await page.getByText("no answer", { exact: true }).waitFor();
    await page.getByText(/^Most likely its gateway has no power, or its cable to the Internet is out/).waitFor();
    await using other = await bench.open(`${base}/clients`);
    const row = other.page.getByRole("row", { name: /^television gateway .* last known \d/ });
    await row.waitFor();
    await other.axe();
    await other.page.keyboard.press("Control+k");
    await other.page.getByRole("dialog", { name: "Find a page, node or client" }).waitFor();
    await other.page.keyboard.type("telev");
    await other.page.getByRole("option", { name: /^television/ }).click();
    await other.page.getByText(/^It was on .+ at gateway at \d.+ is not known\.$/).waitFor();
    await other.page.getByText("What it reaches now is not known.").waitFor();
    assert.equal(await other.page.getByText("It is here.").count(), 0, "where it is now is not known");
    await other.page.getByRole("button", { name: "2.4 GHz only for 30 minutes" }).click();
    await other.page.getByText(/^Not told to its node yet, which is not reached/).waitFor();
    await broken.getByRole("button", { name: "Undo: gateway: The cable is pulled." }).click();
    await broken.getByText("The cable is pulled").waitFor({ state: "detached" });
    await page
      .getByText(/^The home (does not answer|is not reachable)/)
      .waitFor({ state: "detached", timeout: missedMs });
    await other.page.getByText(/^Not told to its node yet/).waitFor({ state: "detached" });
    await other.page.getByRole("button", { name: "Stop now" }).click();
    await other.page.getByRole("button", { name: "2.4 GHz only for 30 minutes" }).waitFor();
  });

  it("says of a home whose cloud was taken down that this was on purpose", async () => {
    await using tab = await open();
    const { page } = tab;
    await page.getByRole("button", { name: "Take the cloud down" }).click();
    await page.getByText(/^The cloud was taken down on purpose, on the page Simulation/).waitFor();
    await page.getByRole("button", { name: "Bring the cloud up" }).click();
    await page
      .getByText(/^The home (does not answer|is not reachable)/)
      .waitFor({ state: "detached", timeout: missedMs });
  });
});
