/** Beacon reports as deployed devices have them, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Mac } from "@opensync-ts/base/units";
import type { MeasurementReport } from "@opensync-ts/target/ieee80211/measurement";
import { startSteering } from "./testing/start-steering.ts";
import { ap24, ap50, far24, far50, StationRig } from "./testing/station-rig.ts";

describe("beacon reports", () => {
  const heard = (bssid: Mac, rcpi: number, at: number) => ({ bssid, rcpi, at });

  it("are asked for from 5 s after an association on, channel by channel of other bands (osw_rrm_meas_ut_send_single_meas)", () => {
    const rig = new StationRig({
      bsses: [ap24, ap50, far24, far50],
      settings: { beaconRequests: true },
      snapshot: { rrm: true },
    });
    rig.advance(10_000);
    assert.deepEqual(rig.actions, []);
    rig.connect(ap24);
    rig.advance(20_000);
    const requests = rig.log.filter((line) => line.includes("beacon request"));
    assert.deepEqual(requests, ["15 beacon request 36", "16 beacon request 44"]);
  });

  it("order what is offered, from who is associated only (osw_rrm_meas_ut_process_rrm_report)", async () => {
    const { clock, driver, steering } = await startSteering({});
    const token = 0x80;
    const reports = [{ token: 1, late: false, incapable: false, refused: false, measurement: beacon(164) }];
    driver.say("home-ap-24", { kind: "measurement-report", token, reports });
    await clock.advance(100);
    assert.equal(steering.counters.forgedFrames, 1);
    driver.connect("home-ap-24");
    await clock.advance(1_000);
    driver.say("home-ap-24", { kind: "measurement-report", token, reports });
    const refused = [
      { token: 1, late: false, incapable: false, refused: true, measurement: { kind: "beacon" } },
    ] as const;
    driver.say("home-ap-24", { kind: "measurement-report", token, reports: refused });
    await clock.advance(100);
    assert.equal(steering.counters.forgedFrames, 1);
    assert.equal(steering.counters.brokenFrames, 0);
  });

  it("are asked for before a weak client moves, and say where to (osw_rrm_ut_typical_usage)", () => {
    const rig = new StationRig({
      bsses: [ap24, ap50, far24, far50],
      settings: { lwm: 20 },
      snapshot: { rrm: true },
    });
    rig.connected(ap50, 40);
    rig.hear(15);
    assert.deepEqual(
      rig.log.filter((line) => line.includes("beacon request")),
      ["0 beacon request 36 44 1 6"],
    );
    const at = rig.now;
    rig.change({ beaconReports: [heard(ap50.bssid, 60, at), heard(far50.bssid, 100, at), heard(far24.bssid, 80, at)] });
    rig.advance(2_000);
    const request = rig.actions.find((action) => action.type === "btm");
    assert.equal(request?.type === "btm" && request.candidates[0]?.bssid, far50.bssid);
  });

  it("count for rrm_age_time, and then no more (osw_rrm_bcn_meas_rpt_cache_lifetime)", () => {
    const offered = (age: number) => {
      const rig = new StationRig({ bsses: [ap24, far24, far50], settings: { reportAge: 10_000 } });
      rig.connected(ap24);
      const at = rig.now - age;
      const beaconReports = [heard(ap24.bssid, 60, at), heard(far24.bssid, 120, at), heard(far50.bssid, 61, at)];
      rig.change({ beaconReports });
      const { candidates = [] } = rig.last?.explanation ?? {};
      return candidates.find(({ rank }) => rank === 1)?.bssid;
    };
    assert.deepEqual([offered(0), offered(10_000), offered(10_001)], [far24.bssid, far24.bssid, far50.bssid]);
  });
});

function beacon(rcpi: number): MeasurementReport["measurement"] {
  return {
    kind: "beacon",
    report: {
      ...{ opClass: 128, channel: 36, startTime: 0n, duration: 100, phyType: 9, frameType: "beacon" as const },
      ...{ rcpi, rsni: 255, bssid: ap50.bssid, antenna: 0, parentTsf: 0 },
    },
  };
}
