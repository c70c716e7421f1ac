import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MbssMode } from "@opensync-ts/target/radio";
import { apVif, phyState } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";

interface Vap {
  readonly role: MbssMode;
  readonly hidden?: true;
  readonly down?: true;
  readonly group?: number;
}

function rig(vaps: Readonly<Record<string, Vap>>): Promise<Rig> {
  const vifs = Object.entries(vaps).map(([name, { role, hidden = false, down = false, group = 0 }]) =>
    apVif(
      "wifi2",
      name,
      { channel: null, ssidHidden: hidden, mbssMode: role, mbssGroup: group },
      { status: down ? "disabled" : "enabled" },
    ),
  );
  return startRig({ phys: [phyState("wifi2", { band: "6G" })], vifs });
}

function roles({ driver, wireless }: Rig, ...names: string[]): MbssMode[] {
  assert.equal(wireless.confsync.settled, true);
  return names.map((name) => {
    const vif = driver.vif("wifi2", name);
    return vif?.type === "ap" ? vif.ap.mbssMode : assert.fail();
  });
}

describe("of access points that share a beacon", () => {
  it("the first that is not hidden sends it", async () => {
    const own = await rig({
      a: { role: "tx_vap", hidden: true },
      b: { role: "non_tx_vap" },
      c: { role: "non_tx_vap" },
    });
    assert.deepEqual(roles(own, "a", "b", "c"), ["non_tx_vap", "tx_vap", "non_tx_vap"]);
  });

  it("the first of all sends it where all are hidden", async () => {
    const own = await rig({ a: { role: "non_tx_vap", hidden: true }, b: { role: "tx_vap", hidden: true } });
    assert.deepEqual(roles(own, "a", "b"), ["tx_vap", "non_tx_vap"]);
  });

  it("one that is down sends none", async () => {
    const own = await rig({ a: { role: "tx_vap", down: true }, b: { role: "non_tx_vap" } });
    assert.deepEqual(roles(own, "b"), ["tx_vap"]);
  });

  it("each group has its own", async () => {
    const own = await rig({ a: { role: "tx_vap" }, b: { role: "non_tx_vap", group: 1 } });
    assert.deepEqual(roles(own, "a", "b"), ["tx_vap", "tx_vap"]);
  });

  it("another one sends it when the one that did is hidden", async () => {
    const own = await rig({ a: { role: "tx_vap" }, b: { role: "non_tx_vap" } });
    own.wireless.overrides.setVif("wifi2", "a", { ap: { ssidHidden: true } });
    await own.settle();
    assert.deepEqual(roles(own, "a", "b"), ["non_tx_vap", "tx_vap"]);
  });
});

describe("an access point without a role", () => {
  it("is given none", async () => {
    const own = await rig({ a: { role: "none", hidden: true }, b: { role: "none" } });
    assert.deepEqual(roles(own, "a", "b"), ["none", "none"]);
    assert.equal(own.driver.requests.length, 0);
  });
});
