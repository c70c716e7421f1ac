import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { UserError } from "@opensync-ts/base/errors";
import { services } from "./managers.ts";
import { loadProfile, profileNames } from "./profiles.ts";

const directory = mkdtempSync(join(tmpdir(), "opensync-profile-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const values = loadProfile("default", services).values;

function written(content: unknown): string {
  const file = join(directory, "own.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("build profiles", () => {
  it("that come with the package are valid", () => {
    assert.deepEqual(profileNames(), ["default", "native", "opensync-7"]);
    for (const name of profileNames()) assert.equal(loadProfile(name, services).name, name);
  });

  it("are taken from a file as well", () => {
    const file = written({ managers: { cm: { enable: false, other_config: { needs_plan_b: "true" } } }, values });
    assert.deepEqual(loadProfile(file, services).managers, [
      { service: "cm", enable: false, otherConfig: { needs_plan_b: "true" } },
    ]);
  });

  it("are overridden by CONFIG_NAME in the environment, in the notation of Kconfig", () => {
    const profile = loadProfile("default", services, {
      CONFIG_CM2_OVS_MIN_BACKOFF: "2",
      CONFIG_TARGET_ENABLE_WAN_LINK_SELECTION: "n",
      CONFIG_CONTROLLER_ADDR: "tcp:127.0.0.1:6643",
      CONFIG_OTHER: "?",
    });
    assert.equal(profile.values.CM2_OVS_MIN_BACKOFF, 2);
    assert.equal(profile.values.TARGET_ENABLE_WAN_LINK_SELECTION, false);
    assert.equal(profile.values.CONTROLLER_ADDR, "tcp:127.0.0.1:6643");
  });

  it("that are wrong are refused with one line that names file and key", () => {
    const refused = (content: unknown, message: RegExp) => {
      assert.throws(
        () => loadProfile(written(content), services),
        (error: Error) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /\n/);
          return true;
        },
      );
    };
    refused("{", /own\.json/);
    refused({ managers: {}, values, more: 1 }, /'more' is not known; there are description, managers, values/);
    refused({ managers: { zm: { enable: true } }, values }, /managers\.zm: there is no such manager; there are cm, /);
    refused({ managers: { cm: { enable: "y" } }, values }, /managers\.cm\.enable: must be true or false/);
    refused({ managers: {}, values: {} }, /values: CONTROLLER_ADDR is missing/);
    refused({ managers: {}, values: { ...values, CM2_OVS_MIN_BACKOFF: -1 } }, /CM2_OVS_MIN_BACKOFF: must be a whole/);
    assert.throws(() => loadProfile("default", services, { CONFIG_CM2_OVS_MAX_BACKOFF: "" }), /CONFIG_CM2_OVS_MAX/);
    assert.throws(() => loadProfile("/nowhere/profile.json", services), UserError);
  });
});
