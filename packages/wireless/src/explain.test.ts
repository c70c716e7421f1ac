import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfsyncExplanation } from "./contract.ts";
import { applyToVif } from "./testing/dummy-driver.ts";
import { apVif, channel, macNumber, phyState } from "./testing/fixtures.ts";
import { startRig } from "./testing/rig.ts";

const about = ({ objects }: ConfsyncExplanation, object: string) =>
  objects.find((one) => one.object === object)?.attributes ?? [];

describe("an explanation of confsync", () => {
  it("names each phy and vif, and nothing of those that are as intended", async () => {
    const rig = await startRig({ phys: [phyState("wifi0")], vifs: [apVif("wifi0", "b"), apVif("wifi0", "a")] });
    assert.deepEqual(rig.wireless.explain(), {
      state: "IDLE",
      settled: true,
      objects: ["wifi0", "wifi0/a", "wifi0/b"].map((object) => ({ object, attributes: [] })),
    });
  });

  it("says what the driver was asked for, and when; no secrets", async () => {
    const rig = await startRig({ phys: [phyState("wifi0")], vifs: [apVif("wifi0", "home")] });
    rig.driver.applies = false;
    rig.wireless.overrides.setVif("wifi0", "home", { ap: { ssid: "new", psks: [{ keyId: 2, psk: "a new secret" }] } });
    assert.match(about(rig.wireless.explain(), "wifi0/home")[0]?.why ?? "", /about to be asked/);
    await rig.clock.advance(12_000);
    const explanation = rig.wireless.explain();
    assert.deepEqual([explanation.state, explanation.settled], ["WAITING", false]);
    assert.deepEqual(about(explanation, "wifi0/home")[0], {
      attribute: "ssid",
      intended: '"new"',
      actual: '"home"',
      status: "asked",
      why: "the driver was asked 12 s ago, and does not report it yet",
    });
    assert.doesNotMatch(JSON.stringify(explanation), /secret|correct horse/);
    await rig.clock.advance(20_000);
    assert.match(about(rig.wireless.explain(), "wifi0/home")[0]?.why ?? "", /and once in vain before/);
  });

  it("says what is limited by what the driver states, and what by what it does", async () => {
    const rig = await startRig({
      phys: [phyState("wifi0", { capabilities: { band: "2.4G", aclLimit: 1 } })],
      vifs: [apVif("wifi0", "home")],
    });
    rig.driver.applyVif = (request, before) => {
      const { ssid: _, ...ap } = request.ap ?? {};
      return applyToVif({ ...request, ap }, before);
    };
    const ap = { ssid: "new", acl: [macNumber(1), macNumber(2)] };
    rig.wireless.overrides.setVif("wifi0", "home", { ap });
    await rig.clock.advance(100_000);
    const explanation = rig.wireless.explain();
    assert.equal(explanation.settled, true);
    assert.deepEqual(
      about(explanation, "wifi0/home").map(({ attribute, intended, actual, status }) => [
        attribute,
        intended,
        actual,
        status,
      ]),
      [
        ["ssid", '"new"', '"home"', "quarantined"],
        ["acl", "2", "1", "limited"],
      ],
    );
  });

  it("says what waits, and for what", async () => {
    const dfs = channel("5G", 100);
    const phy = phyState("wifi1", {
      band: "5G",
      channelStates: [{ control: 5500, dfs: "cac_in_progress", nolRemaining: 0 }],
    });
    const rig = await startRig({ phys: [phy], vifs: [apVif("wifi1", "home", { channel: dfs })] });
    rig.wireless.overrides.setVif("wifi1", "home", { ap: { ssid: "new" } });
    await rig.settle();
    const [ssid] = about(rig.wireless.explain(), "wifi1/home");
    assert.deepEqual([ssid?.status, ssid?.why], ["postponed", "waits for the CAC of wifi1"]);
  });

  it("names a radio that its driver announces and never reports, so that it does not pass for settled", async () => {
    const rig = await startRig({
      phys: [phyState("wifi0")],
      prepare: (driver) => {
        driver.answers = false;
      },
    });
    await rig.clock.advance(11_000);
    assert.deepEqual(rig.wireless.explain().objects, [
      {
        object: "wifi0",
        attributes: [
          {
            attribute: "state",
            intended: "reported",
            actual: "none",
            status: "asked",
            why: "the driver was asked 12 s ago, and has never reported it: nothing is configured on it",
          },
        ],
      },
    ]);
    assert.match(rig.wireless.dump(), /never reported:\n +wifi0\n/);
    rig.driver.answers = true;
    await rig.clock.advance(60_000);
    assert.deepEqual(about(rig.wireless.explain(), "wifi0"), []);
    assert.doesNotMatch(rig.wireless.dump(), /never reported/);
  });

  it("says what is on its way up", async () => {
    const down = apVif("wifi0", "home", {}, { status: "disabled" });
    const rig = await startRig({ phys: [phyState("wifi0")], vifs: [down] });
    rig.driver.applies = false;
    rig.wireless.overrides.setVif("wifi0", "home", { enabled: true, ap: { ssid: "new" } });
    await rig.settle();
    assert.deepEqual(
      about(rig.wireless.explain(), "wifi0/home").map(({ attribute, status }) => [attribute, status]),
      [
        ["enabled", "asked"],
        ["ssid", "postponed"],
      ],
    );
  });
});
