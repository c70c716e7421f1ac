import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StaNetwork } from "@opensync-ts/target/radio";
import { configTreeOf } from "./config-tree.ts";
import { apVif, channel, phyState, staVif, wpa2 } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";
import { type XphySwitch, xphyOutcome } from "./xphy-csa.ts";

const network: StaNetwork = {
  ssid: "bhaul",
  bssid: null,
  psk: "backhaul",
  wpa: wpa2,
  bridge: "",
  multiAp: false,
  priority: 0,
};

const there = channel("2.4G", 6);
const heard: XphySwitch = { fromPhy: "wifi1", toPhy: "wifi0", channel: there };
const phys = [phyState("wifi0"), phyState("wifi1", { band: "5G" }), phyState("wifi2", { band: "6G" })];

const sta = (phy: string, status: "enabled" | "disabled") =>
  staVif(phy, `sta-${phy}`, { networks: status === "enabled" ? [network] : [] }, { status });

function outcome(vifs: readonly ReturnType<typeof sta>[], over: { heard?: null; configured?: string } = {}): string {
  const maps = { phys: new Map(phys.map((phy) => [phy.name, phy])), vifs: new Map(vifs.map((vif) => [vif.name, vif])) };
  return xphyOutcome(
    configTreeOf(maps),
    over.heard === undefined ? heard : null,
    ({ name }) => name === over.configured,
  ).kind;
}

describe("a parent that switches to another band", () => {
  const [up, target] = [sta("wifi1", "enabled"), sta("wifi0", "disabled")];

  it("is followed when there is one uplink, and the other radio can have one", () => {
    assert.equal(outcome([up, target]), "applied");
    assert.equal(outcome([up, target], { heard: null }), "inactive");
    assert.equal(outcome([up]), "no target STA");
    assert.equal(outcome([sta("wifi1", "disabled"), target]), "no current STA");
    assert.equal(outcome([up, target, sta("wifi2", "enabled")]), "multi-STA");
    assert.equal(outcome([up, target], { configured: "sta-wifi0" }), "disarm");
  });

  it("is still being followed when the other uplink is up because of that", () => {
    assert.equal(outcome([up, sta("wifi0", "enabled")]), "applied");
  });
});

async function repeater(): Promise<Rig> {
  const rig = await startRig({
    phys,
    vifs: [
      sta("wifi0", "disabled"),
      sta("wifi1", "enabled"),
      apVif("wifi0", "ap", { channel: channel("2.4G", 1) }),
      apVif("wifi1", "ap-50", { channel: channel("5G", 36) }),
    ],
  });
  rig.wireless.overrides.setVif("wifi1", "sta-wifi1", { enabled: true, sta: { networks: [network] } });
  await rig.settle();
  return rig;
}

function seen({ driver, wireless }: Rig): string {
  assert.equal(wireless.confsync.settled, true);
  const of = (phy: string) => {
    const vif = driver.vif(phy, `sta-${phy}`);
    return vif?.type === "sta" ? `${vif.status}/${vif.sta.networks.length}` : assert.fail();
  };
  const ap = driver.vif("wifi0", "ap");
  return `${of("wifi0")} ${of("wifi1")} ${ap?.type === "ap" && ap.ap.channel?.control}`;
}

describe("a repeater", () => {
  it("takes its uplink and the channel to the other radio until it is configured so", async () => {
    const rig = await repeater();
    const { driver, wireless, clock } = rig;
    driver.events.channelSwitchHeard("wifi1", "sta-wifi1", there);
    await clock.advance(60_000);
    assert.equal(seen(rig), "enabled/1 disabled/1 2437");
    wireless.overrides.batch(() => {
      wireless.overrides.setVif("wifi1", "sta-wifi1", { enabled: false });
      wireless.overrides.setVif("wifi0", "sta-wifi0", { enabled: true, sta: { networks: [network] } });
    });
    await clock.advance(60_000);
    assert.equal(seen(rig), "enabled/1 disabled/1 2437");
    wireless.overrides.batch(() => {
      wireless.overrides.setVif("wifi1", "sta-wifi1", { enabled: true });
      wireless.overrides.setVif("wifi0", "sta-wifi0", { enabled: false });
    });
    await clock.advance(60_000);
    assert.equal(seen(rig), "disabled/1 enabled/1 2437");
    assert.equal(rig.log().filter((line) => line.includes("xphy_csa")).length, 2);
  });

  it("stays with its radio when the switch is within its band", async () => {
    const rig = await repeater();
    rig.driver.events.channelSwitchHeard("wifi1", "sta-wifi1", channel("5G", 44));
    await rig.clock.advance(60_000);
    assert.equal(seen(rig), "disabled/0 enabled/1 2412");
  });
});
