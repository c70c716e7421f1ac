import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { SteeringNeighbor } from "../bss-table.ts";
import type { Bss } from "../model.ts";
import type { ClientSettings } from "../settings.ts";
import { ap24, ap50, far50, phone, StationRig } from "../testing/station-rig.ts";
import { dumpSteering } from "./dump.ts";

const golden = new URL("./dump.golden.txt", import.meta.url);
const group = "0f3a5b6c-1111-4000-8000-0000009c1d42";
const bsses: readonly Bss[] = [ap24, ap50, far50];
const neighbor: SteeringNeighbor = {
  ...{ bssid: far50.bssid, vif: "home-ap-50", channel: 44, center: 42, opClass: 115, priority: 1, mldAddr: null },
};

function rigWith(settings: Partial<ClientSettings>): StationRig {
  return new StationRig({ bsses, settings, snapshot: { group } });
}

function linesOf(rig: StationRig): readonly string[] {
  rig.decide();
  const { snapshot, settings, state, last } = rig;
  assert.ok(last);
  return dumpSteering({
    groups: [
      {
        id: group,
        vifs: ["home-ap-24", "home-ap-50"],
        bsses: { bsses, members: snapshot.members, groupMlo: false },
      },
    ],
    neighbors: [neighbor],
    clients: [settings],
    stations: [{ snapshot, settings, state, explanation: last.explanation }],
    vifs: new Map(),
  });
}

/** Of the station's part, without its prefix. */
function stationLines(rig: StationRig): string[] {
  const prefix = `ow: steer: bm: 0f3a~1d42: sta: ${phone}: `;
  return linesOf(rig).flatMap((line) => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []));
}

function policy(rig: StationRig, name: string): string[] {
  const lines = stationLines(rig);
  const from = lines.indexOf(`policy_stack: ${name}`) + 1;
  const to = lines.findIndex((line, index) => index >= from && line.startsWith("policy_stack:"));
  return lines.slice(from, to < 0 ? undefined : to).map((line) => line.slice(2));
}

describe("the dump of steering", () => {
  it("has the sections, labels and values of deployed devices", () => {
    const rig = rigWith({ hwm: 35, lwm: 20, pref5g: "always" });
    rig.connected(ap24, 30);
    assert.deepEqual(linesOf(rig), readFileSync(golden, "utf8").trimEnd().split("\n"));
  });

  it("is the same twice, but for timers", () => {
    const rig = rigWith({ hwm: 35 });
    rig.connected(ap24, 40);
    assert.deepEqual(linesOf(rig), linesOf(rig));
  });

  it("has a timer's rest in seconds, and the target of a directed kick", () => {
    const rig = rigWith({});
    rig.connected(ap24);
    const { client } = rig.settings;
    rig.set({ forceKick: "directed", client: { ...client, btm: { ...client.btm, target: ap50.bssid } } });
    rig.now += 1_500;
    assert.deepEqual(policy(rig, "force_kick"), ["config: (set)", "enforce_timer: 58.50 sec remaining"]);
    assert.deepEqual(policy(rig, "cs_kick_filter"), [
      ...["included_preference:", "  override: true", "  preference: available"],
      ...["excluded_preference:", "  override: true", "  preference: hard-blocked"],
      ...["bssids:", `  - ${ap50.bssid}`],
    ]);
    assert.ok(stationLines(rig).includes("    preference: hard-blocked (not the target of a directed kick)"));
    assert.ok(linesOf(rig).includes("ow: steer: bm:     force_kick: directed"));
  });

  it("shows client steering, and what it allows and denies", () => {
    const rig = rigWith({ clientSteering: { mode: "home", band: "5GL", period: 60_000, round: 0 } });
    assert.ok(policy(rig, "cs_allow_filter").includes(`  - ${ap50.bssid}`));
    assert.ok(policy(rig, "cs_deny_filter").includes("  preference: soft-blocked"));
    const lines = linesOf(rig).map((line) => line.replace("ow: steer: bm:", "").trim());
    assert.equal(lines[lines.indexOf("cs_params:") + 1], "band: 5ghz lower");
    assert.equal(lines[lines.indexOf("cs_params:") + 2], "enforce_period_secs: 60");
  });

  it("shows a low water mark that enforces, by each link", () => {
    const rig = rigWith({ lwm: 20, filterByBeaconReport: false });
    rig.connected(ap50, 40);
    rig.hear(15);
    assert.deepEqual(policy(rig, "snr_xing_lwm"), [
      ...["links:", "  count: 1", "  link:", `    bssid: ${ap50.bssid}`, `    addr: ${phone}`, "    snr: 15 dB"],
      ...["btm: true", "rrm: false", "idle: false", "level: below", "latched: no", "enforcing: yes"],
      ...["config:", "  bssids:", `    - ${ap24.bssid}`, `    - ${ap50.bssid}`, "  mode: lwm", "  snr: 20"],
    ]);
  });

  it("shows before association what was rejected and what is left of its time", () => {
    const rig = rigWith({ pref5g: "hwm", maxRejects: 3 });
    rig.probe(ap24);
    rig.advance(1_000);
    const lines = policy(rig, "pre_assoc");
    for (const line of [
      "    reject_limit: 3",
      "    reject_timeout_msec: 4000",
      "  backoff_condition: threshold snr 30",
      "  reject_cnt: 1",
      "  reject_timer: 3.00 sec remaining",
      "  backoff_timer: inactive",
    ])
      assert.ok(
        lines.some((each) => each.endsWith(line)),
        `${line} of ${lines.join("\n")}`,
      );
  });

  it("shows access points that go down, and what the client answered", () => {
    const rig = rigWith({});
    rig.connected(ap24);
    rig.change({ bsses: [{ ...ap24, leaving: true }, ap50, far50] });
    rig.answer(1);
    const hard = ["included_preference:", "  override: true", "  preference: hard-blocked"];
    assert.deepEqual(policy(rig, "defer_vif_down_deny").slice(0, 3), hard);
    assert.deepEqual(policy(rig, "btm_response").slice(0, 4), [
      ...["response neighbors:", "  neighbor:", `    bssid: ${ap50.bssid}`, "    preference: out-of-scope"],
    ]);
  });

  it("of nothing has its sections", () => {
    const lines = dumpSteering({ groups: [], neighbors: [], clients: [], stations: [], vifs: new Map() });
    const titles = ["neighbors", "vifs", "clients", "groups", "bsses", "stas"];
    assert.deepEqual(lines, [
      ...titles.map((title) => `ow: steer: bm: ${title}:`),
      "ow: steer: stas:",
      "osw: bss_map: bss_tree:",
    ]);
  });
});
