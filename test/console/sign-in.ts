import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { valueOrThrow } from "@opensync-ts/cloud-client/errors";
import { type ConsoleBench, consoleAbsent, sharedBench } from "../support/console.ts";

const name = "alice";
const password = "correct horse battery";
/** The browser writes down refusals that the page asks for knowingly: that nobody is signed in, or that a link is used. */
const refused = /status of 401/;

describe("signing in to the console", { skip: consoleAbsent, timeout: 300_000 }, () => {
  let bench: ConsoleBench;
  before(async () => {
    bench = await sharedBench();
    const body = { name, password, role: "operator", tenant: null } as const;
    valueOrThrow(await bench.cloud.request("POST /users", { body }));
  });

  const nobody = async (path: string) => {
    const page = await bench.open(path, { signedIn: false });
    page.expect(refused);
    return page;
  };
  type Opened = Awaited<ReturnType<typeof nobody>>;
  const fill = async ({ page }: Opened, secret: string) => {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(secret);
    await page.keyboard.press("Enter");
  };
  const account = ({ page }: Opened) => page.getByRole("button", { name: "Account and appearance" });

  it("takes name and password, and says when they are wrong", async () => {
    await using opened = await nobody("/sign-in");
    await fill(opened, "not the password");
    await opened.page.getByRole("alert").getByText("wrong name or password").waitFor();
    await opened.axe();
    await fill(opened, password);
    await account(opened).getByText(name).waitFor();
  });

  it("goes on to where one wanted to go, at the time that was shown there", async () => {
    const wanted = `/l/${await bench.location()}?at=2026-08-01T18%3A00%3A00.000Z`;
    await using opened = await nobody(wanted);
    await opened.page.waitForURL(/\/sign-in\?to=/);
    await fill(opened, password);
    await opened.page.waitForURL(bench.url + wanted);
    await account(opened).waitFor();
  });

  it("takes a link once, removes its code from the address, and says when it has been used", async () => {
    const link = await bench.signInLink();
    await using first = await nobody("/sign-in");
    const sent: string[] = [];
    first.page.on("request", (request) => sent.push(request.url()));
    await first.page.goto("about:blank");
    await first.page.goto(link);
    await account(first).getByText("owner").waitFor();
    assert.ok(!first.page.url().includes("code"));
    assert.ok(!sent.slice(1).some((url) => url.includes("code=")), "the code is in no other address");
    await first.page.goBack();
    assert.ok(!first.page.url().includes("code="), "nor in the history");

    await using second = await nobody("/sign-in");
    await second.page.goto(link);
    await second.page.getByRole("alert").getByText("this link has been used").waitFor();
    assert.equal(await second.page.evaluate("location.hash"), "");
    await second.axe();
  });

  it("takes a link that is pasted into the page that asks for one", async () => {
    await using opened = await nobody("/sign-in");
    const { hash } = new URL(await bench.signInLink());
    await opened.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await account(opened).getByText("owner").waitFor();
  });

  it("ends by signing out", async () => {
    await using opened = await nobody("/sign-in");
    await opened.page.goto(await bench.signInLink());
    await account(opened).click();
    await opened.page.getByRole("menuitem", { name: /Sign out/ }).click();
    await opened.page.getByRole("heading", { name: "Sign in to OpenSync" }).waitFor();
    await opened.page.goto(bench.url);
    await opened.page.waitForURL(/\/sign-in/);
  });

  it("is asked for again, with the way back, when the session ends while a page is open", async () => {
    await using opened = await nobody(`/l/${await bench.location()}`);
    await fill(opened, password);
    await opened.page.getByText("live", { exact: true }).waitFor();
    const { items } = valueOrThrow(await bench.cloud.request("GET /users"));
    const user = items.find((item) => item.name === name)?.id ?? "";
    const change = (disabled: boolean) =>
      bench.cloud.request("PATCH /users/:user", { params: { user }, body: { disabled } });
    valueOrThrow(await change(true));
    await opened.page.getByText("Your session is over").waitFor();
    valueOrThrow(await change(false));
    await fill(opened, password);
    await opened.page.waitForURL(/\/l\//);
    await opened.page.getByText("live", { exact: true }).waitFor();
  });

  it("is asked for again at the first refusal, though the cloud tells who is unknown to wait", async () => {
    await using opened = await bench.open(`/l/${await bench.location()}`, { isApart: true });
    opened.expect(refused, /status of 429/);
    const { page } = opened;
    await page.getByText("live", { exact: true }).waitFor();
    const error = { code: "too-often", message: "too many requests", fields: [] };
    await page.route("**/api/v1/session", (route) => route.fulfill({ status: 429, json: { error } }));
    await page.context().clearCookies();
    await page.getByText("Your session is over").waitFor();
  });

  it("shows what somebody typed neither to who may change nothing by now, nor to who signs in after them", async () => {
    const role = async (is: "viewer" | "operator") => {
      const { items } = valueOrThrow(await bench.cloud.request("GET /users"));
      const user = items.find((item) => item.name === "erin")?.id ?? "";
      valueOrThrow(await bench.cloud.request("PATCH /users/:user", { params: { user }, body: { role: is } }));
    };
    const path = `/l/${await bench.location()}/network`;
    await using opened = await bench.openAs({ name: "erin", role: "operator" }, path);
    // One page asks several things at once, so that the cloud soon tells it to wait.
    opened.expect(refused, /status of 429/);
    const { page } = opened;
    const ssid = page.getByLabel("Name (SSID)");
    const comeBack = async (as: string) => {
      await page.getByText("Your session is over").waitFor();
      await page.getByLabel("Name").fill(as);
      await page.getByLabel("Password").fill(password);
      const isIn = () =>
        ssid.waitFor({ timeout: 6_000 }).then(
          () => true,
          () => false,
        );
      do await page.getByLabel("Password").press("Enter");
      while (!(await isIn()));
      return ssid.inputValue();
    };
    await ssid.fill("Typed by Erin");
    await role("viewer");
    assert.equal(await comeBack("erin"), "Demo Home");
    await page.getByText(/^You may look at this, not change it/).waitFor();
    await role("operator");
    assert.equal(await comeBack(name), "Demo Home");
    await page.getByRole("region", { name: "Changes that are not applied" }).waitFor({ state: "detached" });
  });
});
