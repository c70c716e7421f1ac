import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import { limits } from "./limits.ts";
import { applyToVif, DummyDriver } from "./testing/dummy-driver.ts";
import { apVif, channel, macNumber, phyState, station, staVif, wpa2 } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";

const settledWalk = ["IDLE>REQUESTING", "REQUESTING>WAITING", "WAITING>VERIFYING", "VERIFYING>IDLE"];

/** One AP, running, nothing asked for. The rig's transitions start empty. */
async function home(over: Partial<PhyState> = {}, more: readonly VifState[] = [], strict = false): Promise<Rig> {
  const vifs = [apVif("wifi0", "home-ap-24"), ...more];
  const rig = await startRig({ phys: [phyState("wifi0", over)], vifs, strict });
  rig.transitions.length = 0;
  rig.driver.requests.length = 0;
  return rig;
}

const wish = (rig: Rig, ssid: string, vif = "home-ap-24") =>
  rig.wireless.overrides.setVif("wifi0", vif, { enabled: true, ap: { ssid } });

describe("confsync", () => {
  it("asks, waits for the report, verifies it, and is idle", async () => {
    const rig = await home();
    wish(rig, "new");
    assert.equal(rig.wireless.confsync.state, "REQUESTING");
    await rig.settle();
    assert.deepEqual(rig.transitions, settledWalk);
    assert.deepEqual(rig.driver.requests, [
      { phys: [{ name: "wifi0", vifs: [{ name: "home-ap-24", ap: { ssid: "new" } }] }] },
    ]);
  });

  it("asks anew at once for what went away and came back, though others keep it busy", async () => {
    const rig = await home({}, [apVif("wifi0", "guest-ap-24")]);
    rig.driver.applyVif = (_, before) => before;
    wish(rig, "new");
    wish(rig, "new", "guest-ap-24");
    await rig.settle();
    rig.driver.removeVif("wifi0", "home-ap-24");
    await rig.settle();
    rig.driver.applyVif = (request, before) => (before.name === "home-ap-24" ? applyToVif(request, before) : before);
    rig.driver.setVif(apVif("wifi0", "home-ap-24"));
    await rig.settle();
    assert.deepEqual(rig.wireless.confsync.unsettled, ["wifi0/guest-ap-24: ssid"]);
  });

  it("asks anew at once for a phy and its vifs whose driver was started again meanwhile", async () => {
    const rig = await home({}, [apVif("wifi1", "home-ap-50")]);
    rig.driver.setPhy(phyState("wifi1"));
    await rig.settle();
    rig.driver.applies = false;
    rig.wireless.overrides.setVif("wifi1", "home-ap-50", { ap: { ssid: "new" } });
    rig.wireless.overrides.setPhy("wifi0", { txChainmask: 1 });
    wish(rig, "new");
    await rig.settle();
    rig.driver.removePhy("wifi0");
    await rig.settle();
    rig.driver.applies = true;
    rig.driver.setPhy(phyState("wifi0"));
    rig.driver.setVif(apVif("wifi0", "home-ap-24"));
    await rig.settle();
    assert.deepEqual(rig.wireless.confsync.unsettled, ["wifi1/home-ap-50: ssid"]);
  });

  it("asks without delay: on the turn after the change", async () => {
    const rig = await home();
    wish(rig, "one");
    wish(rig, "two");
    await rig.clock.advance(0);
    assert.equal(rig.driver.requests.length, 1);
  });

  it("says when it is unsettled, why, and when it is settled again", async () => {
    const rig = await home();
    const { confsync } = rig.wireless;
    const heard: unknown[] = [];
    confsync.events.on("unsettled", (event) => heard.push(event));
    confsync.events.on("settled", (event) => heard.push(event));
    wish(rig, "new");
    await rig.clock.advance(0);
    assert.equal(confsync.settled, false);
    assert.deepEqual(confsync.unsettled, ["wifi0/home-ap-24: ssid"]);
    await rig.settle();
    assert.equal(confsync.settled, true);
    assert.deepEqual(confsync.unsettled, []);
    assert.deepEqual(heard, [{ differences: ["wifi0/home-ap-24: ssid"] }, { requests: 1 }]);
    assert.deepEqual(
      rig.log().filter((line) => line.includes("confsync") && !line.startsWith("DEBUG")),
      [
        'INFO osw: confsync: wifi0/home-ap-24: ssid: "home" -> "new"',
        "NOTICE osw: confsync: unsettled",
        "NOTICE osw: confsync: settled",
      ],
    );
  });

  it("a wish that is fulfilled already sends nothing and unsettles nothing", async () => {
    const rig = await home();
    wish(rig, "home");
    await rig.settle();
    assert.deepEqual(rig.transitions, ["IDLE>REQUESTING", "REQUESTING>IDLE"]);
    assert.deepEqual(rig.driver.requests, []);
    assert.ok(!rig.log().some((line) => line.includes("settled")));
  });

  it("an opinion withdrawn keeps what was applied last", async () => {
    const rig = await home();
    wish(rig, "new");
    await rig.settle();
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", null);
    await rig.settle();
    assert.equal(rig.driver.requests.length, 1);
    const vif = rig.wireless.state.vifs.get("home-ap-24");
    assert.equal(vif?.type === "ap" && vif.ap.ssid, "new");
  });

  it("repairs what somebody else changed, where there is an opinion, and follows where there is none", async () => {
    const rig = await home();
    wish(rig, "mine");
    await rig.settle();
    rig.driver.setVif(apVif("wifi0", "home-ap-24", { ssid: "theirs", isolated: true }));
    await rig.settle();
    const vif = rig.wireless.state.vifs.get("home-ap-24");
    assert.ok(vif?.type === "ap");
    assert.equal(vif.ap.ssid, "mine");
    assert.equal(vif.ap.isolated, true);
    assert.equal(rig.driver.requests.length, 2);
  });

  it("a driver may report the effect before the request returns", async () => {
    const rig = await home();
    rig.driver.applyDelay = null;
    rig.driver.reportDelay = null;
    wish(rig, "new");
    await rig.clock.advance(1);
    assert.deepEqual(rig.transitions, settledWalk);
  });

  it("a driver that applies one thing after the other is asked once", async () => {
    const rig = await home();
    const wanted = apVif("wifi0", "home-ap-24", { ssid: "new", isolated: true });
    rig.driver.applyVif = () => {
      rig.clock.setTimer(50, () => rig.driver.setVif(wanted));
      return apVif("wifi0", "home-ap-24", { ssid: "new" });
    };
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { ssid: "new", isolated: true } });
    await rig.settle();
    assert.deepEqual(rig.transitions, [
      ...settledWalk.slice(0, 3),
      "VERIFYING>WAITING",
      "WAITING>VERIFYING",
      "VERIFYING>IDLE",
    ]);
    assert.equal(rig.driver.requests.length, 1);
  });

  it("stations do not concern it", async () => {
    const rig = await home();
    rig.driver.setStation(station("wifi0", "home-ap-24"));
    await rig.settle();
    assert.deepEqual(rig.transitions, []);
    assert.equal(rig.wireless.state.stations.get("home-ap-24")?.size, 1);
  });
});

describe("a driver that does not do what it was asked", () => {
  it("strictly, is looked at every 30 s and asked again after 60 s, for ever", async () => {
    const rig = await home({}, [], true);
    rig.driver.applies = false;
    wish(rig, "new");
    await rig.clock.advance(limits.requestMemory - 1);
    assert.equal(rig.driver.requests.length, 1);
    assert.deepEqual(rig.transitions.slice(2), ["WAITING>REQUESTING", "REQUESTING>VERIFYING", "VERIFYING>WAITING"]);
    await rig.clock.advance(2);
    assert.equal(rig.driver.requests.length, 2);
    await rig.clock.advance(600_000 - limits.requestMemory);
    assert.equal(rig.driver.requests.length, 11);
    rig.driver.applies = true;
    await rig.clock.advance(limits.requestMemory + 1_000);
    assert.equal(rig.wireless.confsync.settled, true);
  });

  it("is asked at once for what was withdrawn and is wanted again, whatever else it owes", async () => {
    const rig = await home({}, [apVif("wifi0", "guest-ap-24")]);
    const before = rig.wireless.state.vifs.get("home-ap-24");
    assert.ok(before?.type === "ap");
    rig.driver.applies = false;
    wish(rig, "guests", "guest-ap-24");
    for (const ssid of ["new", before.ap.ssid, "new"]) {
      wish(rig, ssid);
      await rig.settle();
    }
    const asked = rig.driver.requests.flatMap(({ phys }) => phys.flatMap(({ vifs }) => vifs.map(({ name }) => name)));
    assert.equal(asked.filter((name) => name === "home-ap-24").length, 2);
  });

  it("is asked for something new at once, and for the old not before its time", async () => {
    const rig = await home({}, [apVif("wifi0", "guest-ap-24")]);
    rig.driver.applies = false;
    wish(rig, "new");
    await rig.settle();
    wish(rig, "guests", "guest-ap-24");
    await rig.settle();
    assert.deepEqual(rig.driver.requests[1], {
      phys: [{ name: "wifi0", vifs: [{ name: "guest-ap-24", ap: { ssid: "guests" } }] }],
    });
    wish(rig, "newer");
    await rig.settle();
    assert.deepEqual(rig.driver.requests[2], {
      phys: [{ name: "wifi0", vifs: [{ name: "home-ap-24", ap: { ssid: "newer" } }] }],
    });
  });

  it("reports that come all the time do not keep it from being asked again", async () => {
    const rig = await home();
    rig.driver.applies = false;
    wish(rig, "new");
    for (let n = 0; n < 70; n++) {
      rig.driver.setVif(apVif("wifi0", "home-ap-24", { isolated: n % 2 === 0 }));
      await rig.clock.advance(1_000);
    }
    // At once, 30 s later, and 30 s later again.
    assert.equal(rig.driver.requests.length, 3);
  });

  it("a change of mind while it is busy ends where the mind is", async () => {
    const rig = await home({}, [apVif("wifi0", "guest-ap-24")]);
    rig.driver.applyDelay = 500;
    const stuck = rig.driver.applyVif;
    rig.driver.applyVif = (request, before) => (request.name === "guest-ap-24" ? before : stuck(request, before));
    wish(rig, "never applied", "guest-ap-24");
    wish(rig, "b");
    await rig.clock.advance(100);
    wish(rig, "home");
    await rig.clock.advance(3_000);
    const vif = rig.wireless.state.vifs.get("home-ap-24");
    assert.equal(vif?.type === "ap" && vif.ap.ssid, "home");
  });

  it("is not asked for more than it says it can do: an ACL of 85 on hardware for 64 settles, and is reported", async () => {
    const rig = await home({ capabilities: { band: "2.4G", aclLimit: 64 } });
    const acl = Array.from({ length: 85 }, (_, n) => macNumber(n));
    const heard: number[] = [];
    rig.wireless.confsync.events.on("limitations", (all) => heard.push(all.length));
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl } });
    await rig.settle();
    assert.equal(rig.wireless.confsync.settled, true);
    assert.deepEqual(rig.driver.requests.length, 1);
    const [limitation] = rig.wireless.confsync.limitations;
    assert.equal(limitation?.asked, "85");
    assert.equal(limitation?.holds, "64");
    assert.equal(limitation?.notEnforced.length, 21);
    const said = rig.log().filter((line) => line.startsWith("WARNING"));
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /home-ap-24: acl: asked 85, holds 64, these 21 are not enforced: /);
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: acl.slice(0, 64) } });
    await rig.settle();
    assert.deepEqual(heard, [1, 0]);
  });

  const cutsAclTo64 = (rig: Rig) => {
    rig.driver.applyVif = (request, before) => {
      const { acl, ...ap } = request.ap ?? {};
      return applyToVif({ ...request, ap: { ...ap, ...(acl && { acl: acl.slice(0, 64) }) } }, before);
    };
  };
  const listed = Array.from({ length: 85 }, (_, n) => macNumber(n));

  it("strictly, is asked for more than it holds: an ACL of 85 that is cut to 64 without a word never settles", async () => {
    const rig = await home({ capabilities: { band: "2.4G", aclLimit: 64 } }, [], true);
    cutsAclTo64(rig);
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed } });
    await rig.clock.advance(180_000 - 1);
    assert.equal(rig.wireless.confsync.settled, false);
    assert.deepEqual(rig.wireless.confsync.unsettled, ["wifi0/home-ap-24: acl"]);
    assert.deepEqual(rig.wireless.confsync.limitations, []);
    assert.equal(rig.driver.requests.length, 3);
  });

  it("is learned: an ACL of 85 that is cut to 64 without a word settles after 90 s, and is reported", async () => {
    const rig = await home();
    const { confsync } = rig.wireless;
    const heard: number[] = [];
    confsync.events.on("limitations", (all) => heard.push(all.length));
    cutsAclTo64(rig);
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed } });
    await rig.clock.advance(85_000);
    assert.equal(confsync.settled, false);
    await rig.clock.advance(10_000);
    assert.equal(confsync.settled, true);
    assert.equal(rig.driver.requests.length, limits.quarantineRefusals);
    const [limitation] = confsync.limitations;
    assert.deepEqual([limitation?.asked, limitation?.holds], ["85", "64"]);
    assert.deepEqual(limitation?.notEnforced, listed.slice(64));
    assert.deepEqual(heard, [1]);
    const said = rig.log().filter((line) => line.startsWith("WARNING"));
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /home-ap-24: acl: asked 85, holds 64, these 21 are not enforced: 0a:/);
    assert.match(rig.wireless.dump(), /quarantine:\n {4}wifi0\/home-ap-24: acl: /);
  });

  it("what was given up is asked again ever more rarely, without being unsettled", async () => {
    const rig = await home();
    cutsAclTo64(rig);
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed } });
    await rig.clock.advance(95_000);
    rig.transitions.length = 0;
    rig.driver.requests.length = 0;
    const asked: number[] = [];
    for (let minute = 1; minute <= 16; minute++) {
      await rig.clock.advance(60_000);
      if (rig.driver.requests.splice(0).length > 0) asked.push(minute);
    }
    assert.deepEqual(asked, [1, 3, 7, 15]);
    assert.ok(rig.wireless.confsync.settled);
    assert.ok(!rig.transitions.some((line) => line.endsWith(">WAITING")));
  });

  it("another wish, or a driver that has got well, ends it", async () => {
    const rig = await home();
    const { confsync, overrides } = rig.wireless;
    cutsAclTo64(rig);
    overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed } });
    await rig.clock.advance(95_000);
    overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed.slice(0, 80) } });
    await rig.settle();
    assert.deepEqual(confsync.unsettled, ["wifi0/home-ap-24: acl"]);
    assert.deepEqual(confsync.limitations, []);
    await rig.clock.advance(95_000);
    assert.equal(confsync.limitations.length, 1);
    rig.driver.applyVif = applyToVif;
    await rig.clock.advance(60_000);
    assert.deepEqual(confsync.limitations, []);
    assert.equal(confsync.settled, true);
    assert.ok(rig.log().includes("NOTICE osw: confsync: wifi0/home-ap-24: acl: the driver does it now"));
  });

  it("a driver that takes half a minute for everything is not given up", async () => {
    const rig = await home();
    rig.driver.applyDelay = 35_000;
    for (const ssid of ["one", "two", "three", "four"]) {
      wish(rig, ssid);
      await rig.clock.advance(40_000);
      assert.equal(rig.wireless.confsync.settled, true);
    }
    assert.deepEqual(rig.wireless.confsync.limitations, []);
  });

  it("a driver that says nothing any more is not given up: it stays unsettled", async () => {
    const rig = await home();
    rig.driver.answers = false;
    wish(rig, "new");
    await rig.clock.advance(600_000);
    assert.deepEqual(rig.wireless.confsync.unsettled, ["wifi0/home-ap-24: ssid"]);
  });

  it("the rest of an object is asked for and verified as ever", async () => {
    const rig = await home();
    cutsAclTo64(rig);
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed } });
    await rig.clock.advance(95_000);
    rig.driver.requests.length = 0;
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed, ssid: "new" } });
    await rig.settle();
    assert.equal(rig.wireless.confsync.settled, true);
    assert.deepEqual(rig.driver.requests, [
      { phys: [{ name: "wifi0", vifs: [{ name: "home-ap-24", ap: { ssid: "new" } }] }] },
    ]);
  });

  it("time passes when what was given up is to be asked again during a CAC", async () => {
    const rig = await home();
    cutsAclTo64(rig);
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed } });
    await rig.clock.advance(95_000);
    rig.driver.requests.length = 0;
    rig.driver.setPhy(
      phyState("wifi0", { channelStates: [{ control: 2412, dfs: "cac_in_progress", nolRemaining: 0 }] }),
    );
    await rig.clock.advance(100_000);
    assert.equal(rig.driver.requests.length, 0);
    assert.equal(rig.wireless.confsync.limitations.length, 1);
    assert.ok(!rig.log().some((line) => line.includes("does it now")));
    rig.driver.setPhy(phyState("wifi0"));
    await rig.clock.advance(limits.confsyncRetry);
    assert.equal(rig.driver.requests.length, 1);
  });

  it("a phy that comes anew is asked everything again", async () => {
    const rig = await home();
    cutsAclTo64(rig);
    rig.wireless.overrides.setVif("wifi0", "home-ap-24", { ap: { aclPolicy: "deny", acl: listed } });
    await rig.clock.advance(95_000);
    rig.driver.removePhy("wifi0");
    await rig.settle();
    rig.driver.applyVif = applyToVif;
    rig.driver.setPhy(phyState("wifi0"));
    rig.driver.setVif(apVif("wifi0", "home-ap-24"));
    await rig.settle();
    assert.deepEqual(rig.wireless.confsync.limitations, []);
    assert.equal(rig.wireless.confsync.settled, true);
  });

  it("a STA vif whose link is never what was asked for keeps it after some tries, instead of dropping it for ever", async () => {
    const network = {
      ssid: "up",
      bssid: null,
      psk: "12345678",
      wpa: wpa2,
      bridge: "br-wan",
      multiAp: true,
      priority: 0,
    };
    const rig = await home({}, [staVif("wifi0", "bhaul-sta-24")]);
    rig.driver.applyVif = (request, before) => {
      const after = applyToVif(request, before);
      if (after.type !== "sta") return after;
      return { ...after, sta: { ...after.sta, link: { ...after.sta.link, bridge: "" } } };
    };
    rig.wireless.overrides.setVif("wifi0", "bhaul-sta-24", { enabled: true, sta: { networks: [network] } });
    await rig.clock.advance(20_000);
    const vif = rig.wireless.state.vifs.get("bhaul-sta-24");
    assert.equal(vif?.type === "sta" && vif.sta.link.status, "connected");
    assert.equal(rig.wireless.confsync.settled, true);
    assert.equal(rig.wireless.confsync.limitations[0]?.attribute, "operation");
  });
});

describe("a listener that changes the configuration", () => {
  it("is heard, whatever it listens to", async () => {
    const rig = await home({ capabilities: { band: "2.4G", aclLimit: 1 } });
    const { confsync, overrides } = rig.wireless;
    const ssids = ["from transition", "from limitations", "from settled"];
    confsync.events.on("transition", ({ to }) => to === "WAITING" && wish(rig, ssids.shift() ?? "last"));
    confsync.events.on("limitations", () => wish(rig, ssids.shift() ?? "last"));
    confsync.events.on("settled", () => wish(rig, ssids.shift() ?? "last"));
    overrides.setVif("wifi0", "home-ap-24", { ap: { acl: [macNumber(1), macNumber(2)] } });
    await rig.settle();
    const vif = rig.wireless.state.vifs.get("home-ap-24");
    assert.equal(vif?.type === "ap" && vif.ap.ssid, "last");
    assert.equal(confsync.settled, true);
  });
});

describe("phys and vifs that come and go", () => {
  it("what is wanted of them is applied when they come", async () => {
    const rig = await startRig();
    rig.wireless.overrides.setPhy("wifi0", { txChainmask: 1 });
    wish(rig, "new");
    await rig.settle();
    assert.equal(rig.wireless.confsync.settled, true);
    rig.driver.setPhy(phyState("wifi0"));
    rig.driver.setVif(apVif("wifi0", "home-ap-24", {}, { status: "disabled" }));
    await rig.settle();
    assert.equal(rig.wireless.confsync.settled, true);
    const vif = rig.wireless.state.vifs.get("home-ap-24");
    assert.equal(vif?.type === "ap" && vif.status === "enabled" && vif.ap.ssid, "new");
    assert.equal(rig.wireless.state.phys.get("wifi0")?.txChainmask, 1);
  });

  it("one that goes while it is waited for is waited for no longer", async () => {
    const rig = await home();
    rig.driver.applies = false;
    wish(rig, "new");
    await rig.settle();
    assert.equal(rig.wireless.confsync.settled, false);
    rig.driver.removeVif("wifi0", "home-ap-24");
    await rig.settle();
    assert.equal(rig.wireless.confsync.state, "IDLE");
    assert.equal(rig.wireless.confsync.settled, true);
  });

  it("two drivers get each their own, once", async () => {
    let other: DummyDriver | undefined;
    const rig = await startRig({
      phys: [phyState("wifi0")],
      vifs: [apVif("wifi0", "home-ap-24")],
      more: (clock) => {
        other = new DummyDriver({ clock, name: "other" });
        other.setPhy(phyState("wifi1", { band: "5G" }));
        other.setVif(apVif("wifi1", "home-ap-50", { channel: channel("5G", 36) }));
        return [other];
      },
    });
    rig.wireless.overrides.batch(() => {
      rig.wireless.overrides.setPhy("wifi0", { txChainmask: 1 });
      rig.wireless.overrides.setPhy("wifi1", { txChainmask: 2 });
    });
    await rig.settle();
    assert.deepEqual(rig.driver.requests, [{ phys: [{ name: "wifi0", txChainmask: 1, vifs: [] }] }]);
    assert.deepEqual(other?.requests, [{ phys: [{ name: "wifi1", txChainmask: 2, vifs: [] }] }]);
    rig.wireless.deauth("wifi1", "home-ap-50", macNumber(1), 1);
    assert.equal(other?.deauths.length, 1);
  });
});

describe("a vif on its way up", () => {
  const starting = async () => {
    const rig = await startRig({
      phys: [phyState("wifi0")],
      vifs: [apVif("wifi0", "home-ap-24", {}, { status: "disabled" })],
    });
    rig.driver.applyDelay = 4_000;
    return rig;
  };

  it("is not disturbed, and gets the rest as soon as it is up", async () => {
    const rig = await starting();
    wish(rig, "first");
    await rig.settle();
    wish(rig, "second");
    await rig.settle();
    assert.equal(rig.driver.requests.length, 1);
    assert.deepEqual(rig.wireless.confsync.unsettled, ["wifi0/home-ap-24: enabled"]);
    await rig.clock.advance(2_100);
    assert.equal(rig.driver.requests.length, 2);
    await rig.clock.advance(5_000);
    assert.equal(rig.wireless.confsync.settled, true);
  });

  it("is disturbed once it has had its 10 s", async () => {
    const rig = await starting();
    rig.driver.applies = false;
    wish(rig, "first");
    await rig.settle();
    wish(rig, "second");
    await rig.clock.advance(limits.enableGrace - 1_100);
    assert.equal(rig.driver.requests.length, 1);
    await rig.clock.advance(200);
    assert.equal(rig.driver.requests.length, 2);
  });

  it("of which the driver does not say whether it is up is not taken for up", async () => {
    const rig = await startRig({
      phys: [phyState("wifi0")],
      vifs: [apVif("wifi0", "home-ap-24", {}, { status: "unknown" })],
    });
    wish(rig, "home");
    await rig.clock.advance(85_000);
    assert.equal(rig.driver.requests.length, 0);
    assert.deepEqual(rig.wireless.confsync.unsettled, ["wifi0/home-ap-24: status"]);
    await rig.clock.advance(10_000);
    assert.deepEqual(
      rig.wireless.confsync.limitations.map(({ attribute, asked, holds }) => [attribute, asked, holds]),
      [["status", "enabled", "unknown"]],
    );
    rig.driver.setVif(apVif("wifi0", "home-ap-24"));
    await rig.settle();
    assert.equal(rig.wireless.confsync.settled, true);
    assert.deepEqual(rig.wireless.confsync.limitations, []);
  });

  it("and never gets there, is given up, told, and asked again within 5 minutes", async () => {
    const rig = await starting();
    rig.driver.applies = false;
    wish(rig, "home");
    await rig.clock.advance(120_000);
    assert.equal(rig.wireless.confsync.settled, true);
    const told = rig.wireless.confsync.limitations.map(({ attribute, asked, holds }) => [attribute, asked, holds]);
    assert.deepEqual(told, [["enabled", "true", "false"]]);
    await rig.clock.advance(3_600_000);
    rig.driver.applies = true;
    await rig.clock.advance(limits.quarantineLongestDown);
    assert.equal(rig.wireless.state.vifs.get("home-ap-24")?.status, "enabled");
    assert.deepEqual(rig.wireless.confsync.limitations, []);
  });
});

describe("a channel availability check", () => {
  const dfs = channel("5G", 100);
  const phy = (state: "cac_possible" | "cac_in_progress" | "cac_completed", control = 5500) =>
    phyState("wifi1", { band: "5G", channelStates: [{ control, dfs: state, nolRemaining: 0 }] });

  /** A radio that takes 60 s to check channel 100 before its AP comes up there. */
  async function radar(): Promise<Rig> {
    const rig = await startRig({
      phys: [phy("cac_possible")],
      vifs: [apVif("wifi1", "home-ap-50", { channel: dfs }, { status: "disabled" })],
    });
    rig.driver.applyVif = (request, before) => {
      if (!request.enabled) return applyToVif(request, before);
      rig.driver.setPhy(phy("cac_in_progress"));
      rig.clock.setTimer(60_000, () => {
        rig.driver.setPhy(phy("cac_completed"));
        rig.clock.setTimer(200, () => rig.driver.setVif(applyToVif(request, before)));
      });
      return before;
    };
    return rig;
  }

  it("is waited out without being unsettled, and the AP comes up after one request", async () => {
    const rig = await radar();
    const { confsync } = rig.wireless;
    rig.wireless.overrides.setVif("wifi1", "home-ap-50", { enabled: true });
    await rig.settle();
    assert.equal(confsync.settled, true);
    assert.deepEqual(confsync.postponed, ["wifi1/home-ap-50: waits for the CAC of wifi1"]);
    await rig.clock.advance(65_000);
    assert.equal(rig.wireless.state.vifs.get("home-ap-50")?.status, "enabled");
    assert.equal(confsync.settled, true);
    assert.deepEqual(confsync.postponed, []);
    assert.equal(rig.driver.requests.length, 1);
  });

  it("the other vifs of the phy follow one by one as soon as it is done", async () => {
    const rig = await radar();
    rig.driver.setVif(apVif("wifi1", "bhaul-ap-50", { channel: dfs }, { status: "disabled" }));
    rig.driver.setVif(apVif("wifi1", "onboard-ap-50", { channel: dfs }, { status: "disabled" }));
    await rig.settle();
    const apply = rig.driver.applyVif;
    rig.driver.applyVif = (request, before) => (rig.driver.requests.length === 1 ? apply : applyToVif)(request, before);
    rig.wireless.overrides.batch(() => {
      for (const vif of ["home-ap-50", "bhaul-ap-50", "onboard-ap-50"]) {
        rig.wireless.overrides.setVif("wifi1", vif, { enabled: true });
      }
    });
    await rig.clock.advance(62_000);
    assert.deepEqual(
      rig.driver.requests.map(({ phys }) => phys.flatMap(({ vifs }) => vifs.map(({ name }) => name))),
      [["bhaul-ap-50"], ["home-ap-50"], ["onboard-ap-50"]],
    );
    assert.equal(rig.wireless.confsync.settled, true);
  });

  it("holds back changes of its phy, not of others", async () => {
    const rig = await radar();
    rig.driver.setPhy(phyState("wifi0"));
    rig.driver.setVif(apVif("wifi0", "home-ap-24"));
    rig.wireless.overrides.setVif("wifi1", "home-ap-50", { enabled: true });
    await rig.settle();
    rig.wireless.overrides.setVif("wifi1", "home-ap-50", { enabled: true, ap: { ssid: "later" } });
    wish(rig, "now");
    await rig.settle();
    assert.deepEqual(
      rig.driver.requests[1]?.phys.map(({ name }) => name),
      ["wifi0"],
    );
    await rig.clock.advance(70_000);
    const last = rig.driver.requests.at(-1);
    assert.deepEqual(last?.phys[0]?.vifs, [{ name: "home-ap-50", ap: { ssid: "later" } }]);
  });

  it("that does not end is not waited for after two minutes, or twenty on weather radar channels", async () => {
    for (const [control, timeout] of [
      [5500, limits.cacTimeout],
      [5600, limits.weatherCacTimeout],
    ] as const) {
      const rig = await startRig({
        phys: [phy("cac_in_progress", control)],
        vifs: [apVif("wifi1", "home-ap-50", { channel: dfs })],
      });
      rig.wireless.overrides.setVif("wifi1", "home-ap-50", { ap: { ssid: "new" } });
      await rig.clock.advance(timeout - 2_000);
      assert.equal(rig.driver.requests.length, 0);
      await rig.clock.advance(3_000);
      assert.equal(rig.driver.requests.length, 1);
    }
  });
});

describe("stopping", () => {
  it("leaves no timer that does anything", async () => {
    const rig = await home();
    rig.driver.applies = false;
    wish(rig, "new");
    await rig.settle();
    const { driver, wireless, transitions } = rig;
    wireless.stop();
    const before = transitions.length;
    wish(rig, "too late");
    await rig.clock.advance(600_000);
    assert.equal(driver.requests.length, 1);
    assert.equal(transitions.length, before);
  });
});
