import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApAttributes } from "@opensync-ts/target/radio";
import { apVif, phyState, wpa2, wpa3 } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";

const open = { ...wpa2, rsn: false, akm: [], pairwise: [] };

function rig(before: Partial<ApAttributes> = {}, status: "enabled" | "disabled" = "disabled"): Promise<Rig> {
  const attributes = { ssid: "", wpa: open, psks: [], ...before };
  return startRig({ phys: [phyState("wifi0")], vifs: [apVif("wifi0", "home-ap", attributes, { status })] });
}

const needsSsid =
  "osw: confsync: wifi0/home-ap: enabled: asked true, holds false; an access point needs an SSID: set its ssid";
const needsKey =
  "osw: confsync: wifi0/home-ap: enabled: asked true, holds false; its security needs a key: set its PSK (wpa_psks)";

const needsRadius =
  "osw: confsync: wifi0/home-ap: enabled: asked true, holds false; its security needs a RADIUS server: set primary_radius";

describe("an access point that cannot come up as it is", () => {
  it("stays down without an SSID: settled, said once, in the dump and among the limitations", async () => {
    const { wireless, driver, clock, log, settle } = await rig();
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true });
    await settle();
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: { isolated: true } });
    await clock.advance(120_000);
    assert.equal(wireless.confsync.settled, true);
    assert.deepEqual(driver.requests, []);
    assert.deepEqual(
      log().filter((line) => line.startsWith("WARNING")),
      [`WARNING ${needsSsid}`],
    );
    assert.match(wireless.dump(), /limitations:\n.*an access point needs an SSID: set its ssid/);
    assert.deepEqual(
      wireless.confsync.limitations.map(({ vif, attribute }) => [vif, attribute]),
      [["home-ap", "enabled"]],
    );
  });

  it("comes up, with all that was asked meanwhile, when it gets one", async () => {
    const { wireless, driver, settle } = await rig();
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: { bridge: "br-lan" } });
    await settle();
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: { bridge: "br-lan", ssid: "home" } });
    await settle();
    const vif = driver.vif("wifi0", "home-ap");
    assert.deepEqual(vif?.type === "ap" && [vif.status, vif.ap.ssid, vif.ap.bridge], ["enabled", "home", "br-lan"]);
    assert.deepEqual(wireless.confsync.limitations, []);
  });

  for (const [name, wpa] of Object.entries({ wpa2, wpa3 })) {
    it(`stays down without the key that ${name} needs`, async () => {
      const { wireless, driver, log, settle } = await rig();
      wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: { ssid: "home", wpa, psks: [] } });
      await settle();
      assert.equal(wireless.confsync.settled, true);
      assert.equal(driver.vif("wifi0", "home-ap")?.status, "disabled");
      assert.ok(log().includes(`WARNING ${needsKey}`));
    });
  }

  it("stays down without the RADIUS server that enterprise security needs, and comes up with one", async () => {
    const { wireless, driver, log, settle } = await rig();
    const eap = { ssid: "home", wpa: { ...wpa2, akm: ["eap" as const] }, psks: [], radius: [] };
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: eap });
    await settle();
    assert.equal(wireless.confsync.settled, true);
    assert.equal(driver.vif("wifi0", "home-ap")?.status, "disabled");
    assert.ok(log().includes(`WARNING ${needsRadius}`));
    const radius = [{ server: "192.0.2.1", port: 1812, secret: "correct horse" }];
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: { ...eap, radius } });
    await settle();
    assert.equal(driver.vif("wifi0", "home-ap")?.status, "enabled");
    assert.deepEqual(wireless.confsync.limitations, []);
  });

  it("goes down when its keys are taken away: it is not opened, and the old ones do not stay", async () => {
    const psks = [{ keyId: 0, psk: "correct horse" }];
    const { wireless, driver, settle } = await rig({ ssid: "home", wpa: wpa2, psks }, "enabled");
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: { psks: [] } });
    await settle();
    assert.equal(driver.vif("wifi0", "home-ap")?.status, "disabled");
    assert.equal(wireless.confsync.settled, true);
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: { psks } });
    await settle();
    assert.equal(driver.vif("wifi0", "home-ap")?.status, "enabled");
  });

  it("is left alone where the driver has it up as it is", async () => {
    const { wireless, driver, settle } = await rig({ ssid: "home", wpa: wpa2, psks: [] }, "enabled");
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true, ap: { psks: [], isolated: true } });
    await settle();
    assert.equal(driver.vif("wifi0", "home-ap")?.status, "enabled");
    assert.deepEqual(wireless.confsync.limitations, []);
  });

  it("is no complaint while its radio is off", async () => {
    const { wireless, settle } = await rig();
    wireless.overrides.setPhy("wifi0", { enabled: false });
    wireless.overrides.setVif("wifi0", "home-ap", { enabled: true });
    await settle();
    assert.deepEqual(wireless.confsync.limitations, []);
    assert.equal(wireless.confsync.settled, true);
  });
});
