import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Write } from "@opensync-ts/schema/opensync";
import { stationElements } from "@opensync-ts/target/ieee80211/station-capabilities";
import type { SteeredBand } from "@opensync-ts/telemetry/steering";
import { phone } from "../stats/testing/reporting-device.ts";
import { station } from "../testing/rows.ts";
import { type SteeringDevice, startSteering } from "./testing/steering-device.ts";

type ClientColumns = Write<"Band_Steering_Clients">;

/** What the reports, decoded, say of one access point; the first one by default. */
function told(device: SteeringDevice, ifName: string, report = 0): SteeredBand {
  const bands = device.of("steering")[report]?.message.clients.flatMap((client) => client.bands) ?? [];
  const band = bands.find((one) => one.ifName === ifName);
  assert.ok(band, `report ${report} has nothing of ${ifName}`);
  return band;
}

function untimed(band: SteeredBand) {
  return band.events.map(({ offsetMs: _, ...event }) => event);
}

function joinPlainly(device: SteeringDevice, vif: string, extended: readonly number[] = []): void {
  const { phy } = device.driver.vif(vif);
  const assocIes = stationElements({ extended: [...extended] });
  device.driver.join({ ...station({ mac: phone, vif, phy, connectedAt: device.clock.now() }), assocIes });
}

const snr = (device: SteeringDevice, vif: string, db: number) =>
  device.driver.count(vif, phone, { snr: db, txFrames: 1, rxFrames: 1 });

describe("steering reports", () => {
  it("have an event for each probe request, and count those for any SSID (ow_steer_bm_stats_probe)", async () => {
    const device = await startSteering({});
    device.events.probeRequest("wifi0", "home-ap-24", { station: phone, snr: 30, ssid: "" });
    device.events.probeRequest("wifi0", "home-ap-24", { station: phone, snr: 31, ssid: "home" });
    await device.until(61);
    const band = told(device, "home-ap-24");
    assert.equal(band.broadcastProbes, 1);
    assert.deepEqual(untimed(band), [
      { type: "PROBE", snrDb: 30, broadcast: true, blocked: false },
      { type: "PROBE", snrDb: 31, broadcast: false, blocked: false },
    ]);
    await device.stop();
  });

  it("tell of a connection, and that it is active (ow_steer_bm_stats_connect)", async () => {
    const device = await startSteering({});
    joinPlainly(device, "home-ap-50");
    await device.clock.advance(500);
    await device.until(61);
    const band = told(device, "home-ap-50");
    assert.deepEqual([band.connects, band.connected], [1, true]);
    assert.deepEqual(untimed(band).slice(0, 2), [
      { type: "CONNECT", snrDb: 0 },
      { type: "ACTIVITY", active: true },
    ]);
    await device.stop();
  });

  it("tell of a connection with the first signal after it (ow_steer_bm_stats_connect_snr)", async () => {
    const device = await startSteering({});
    joinPlainly(device, "home-ap-50");
    await device.clock.advance(200);
    snr(device, "home-ap-50", 76);
    await device.clock.advance(2_000);
    snr(device, "home-ap-50", 20);
    await device.until(61);
    assert.deepEqual(untimed(told(device, "home-ap-50"))[0], { type: "CONNECT", snrDb: 76 });
    await device.stop();
  });

  it("tell of the end of a connection (ow_steer_bm_stats_disconnect)", async () => {
    const device = await startSteering({});
    joinPlainly(device, "home-ap-50");
    await device.settle();
    device.driver.leave("home-ap-50", phone);
    await device.until(61);
    const band = told(device, "home-ap-50");
    assert.deepEqual([band.disconnects, band.connected], [1, false]);
    const end = { source: "LOCAL", disconnectType: "DEAUTH", reason: 0 };
    assert.deepEqual(untimed(band).at(-1), { type: "DISCONNECT", snrDb: 0, ...end });
    await device.stop();
  });

  it("tell of the end of a connection with the last signal before it (ow_steer_bm_stats_disconnect_snr)", async () => {
    const device = await startSteering({});
    joinPlainly(device, "home-ap-50");
    for (const db of [11, 22, 33, 44, 55]) {
      snr(device, "home-ap-50", db);
      await device.clock.advance(1_000);
    }
    device.driver.leave("home-ap-50", phone);
    await device.until(61);
    const end = untimed(told(device, "home-ap-50")).find(({ type }) => type === "DISCONNECT");
    assert.ok(end?.type === "DISCONNECT");
    assert.equal(end.snrDb, 55);
    await device.stop();
  });

  it("take a client whose channels are all of 5 GHz to be of 5 GHz only (ow_steer_bm_is_band_cap_5ghz_only)", async () => {
    const device = await startSteering({});
    const assocIes = stationElements({ channels: [36, 40, 44, 48] });
    device.driver.join({ ...station({ mac: phone, vif: "home-ap-50", phy: "wifi1" }), assocIes });
    await device.until(61);
    const found = told(device, "home-ap-50").events.find(({ type }) => type === "CLIENT_CAPABILITIES");
    assert.ok(found?.type === "CLIENT_CAPABILITIES");
    const { band2G, band5G, band6G } = found.capabilities;
    assert.deepEqual([band2G, band5G, band6G], [false, true, false]);
    await device.stop();
  });

  it("end a client's events of one minute with OVERRUN, and go on in the next", async () => {
    const device = await startSteering({});
    const probe = () => device.events.probeRequest("wifi0", "home-ap-24", { station: phone, snr: 30, ssid: "" });
    for (let n = 0; n < 200; n++) {
      probe();
      await device.clock.advance(10);
    }
    await device.until(61);
    probe();
    await device.until(121);
    const { events, broadcastProbes } = told(device, "home-ap-24");
    assert.deepEqual([events.length, events[59]?.type, broadcastProbes], [60, "OVERRUN", 200]);
    assert.deepEqual(
      told(device, "home-ap-24", 1).events.map(({ type }) => type),
      ["PROBE"],
    );
    await device.stop();
  });
});

/** Each kind of kick, of a client that neither answers nor goes: its BTM requests, its deauthentications, and who counts them. */
interface Kick {
  readonly title: string;
  readonly row: ClientColumns;
  readonly on: "home-ap-24" | "home-ap-50";
  /** Supports 802.11v. */
  readonly btm: boolean;
  /** What makes it happen, once the client is there. */
  readonly cause?: (device: SteeringDevice) => void | Promise<void>;
  readonly events: readonly string[];
  readonly counts: { readonly steeringKicks: number; readonly stickyKicks: number };
}

const noCounts = { steeringKicks: 0, stickyKicks: 0 };
const weaken = async (device: SteeringDevice) => {
  snr(device, "home-ap-24", 40);
  snr(device, "home-ap-50", 40);
  await device.clock.advance(12_000);
  device.driver.counters.clear();
  snr(device, "home-ap-24", 5);
  snr(device, "home-ap-50", 5);
};
const force = (force_kick: "speculative" | "directed") => (device: SteeringDevice) =>
  device.update("Band_Steering_Clients", device.clientRow()._uuid, { force_kick });
const ladder = (request: string, kick: string) => [request, `${request}_RETRY`, `${request}_RETRY`, kick];

const kicks: readonly Kick[] = [
  {
    title: "by the high water mark (ow_steer_bm_stats_steering_kick_2g)",
    ...{ row: { hwm: 100 }, on: "home-ap-24", btm: true },
    events: ladder("CLIENT_BS_BTM", "CLIENT_BS_KICK"),
    counts: { steeringKicks: 4, stickyKicks: 0 },
  },
  {
    title: "by the low water mark (ow_steer_bm_stats_sticky_kick_2g)",
    ...{ row: { lwm: 20 }, on: "home-ap-50", btm: true, cause: weaken },
    events: ladder("CLIENT_STICKY_BTM", "CLIENT_STICKY_KICK"),
    counts: { steeringKicks: 0, stickyKicks: 4 },
  },
  {
    title: "by the bottom low water mark, of who cannot be asked (ow_steer_bm_stats_sticky_kick_bottom_2g)",
    ...{ row: { bottom_lwm: 20 }, on: "home-ap-24", btm: false, cause: weaken },
    events: ["CLIENT_STICKY_KICK"],
    counts: { steeringKicks: 0, stickyKicks: 1 },
  },
  {
    title: "that is speculative (ow_steer_bm_stats_force_kick)",
    ...{ row: {}, on: "home-ap-24", btm: true, cause: force("speculative") },
    events: ladder("CLIENT_BTM", "CLIENT_SPECULATIVE_KICK"),
    counts: noCounts,
  },
  {
    title: "that is speculative, of who cannot be asked",
    ...{ row: {}, on: "home-ap-24", btm: false, cause: force("speculative") },
    events: ["CLIENT_SPECULATIVE_KICK"],
    counts: noCounts,
  },
  {
    title: "that is directed",
    row: {
      sc_btm_params: new Map([["bssid", "02:00:00:00:01:01"]]),
      ...{ cs_mode: "home", cs_params: new Map([["band", "5G"]]) },
    },
    ...{ on: "home-ap-24", btm: true, cause: force("directed") },
    events: ladder("CLIENT_BTM", "CLIENT_DIRECTED_KICK"),
    counts: noCounts,
  },
];

describe("reports of a kick", () => {
  for (const { title, row, on, btm, cause, events, counts } of kicks) {
    it(title, async () => {
      const device = await startSteering({ send_rrm_after_assoc: false, ...row });
      // It may be on both bands, as far as anybody knows.
      device.events.probeRequest("wifi1", "home-ap-50", { station: phone, snr: 30, ssid: "" });
      device.events.probeRequest("wifi0", "home-ap-24", { station: phone, snr: 30, ssid: "" });
      joinPlainly(device, on, btm ? [19] : []);
      await device.settle();
      await cause?.(device);
      await device.until(61);
      const band = told(device, on);
      assert.deepEqual(
        band.events.map(({ type }) => type).filter((type) => /BTM|KICK/.test(type)),
        events,
      );
      const { steeringKicks, stickyKicks } = band;
      assert.deepEqual({ steeringKicks, stickyKicks }, counts);
      await device.stop();
    });
  }

  it("off an access point that goes down", async () => {
    const device = await startSteering({});
    const vif = { if_name: "home-ap-24", mode: "ap", enabled: true, ssid: "home" } as const;
    const { vifs } = await device.configure({ if_name: "wifi0", enabled: true }, vif);
    joinPlainly(device, "home-ap-24", [19]);
    await device.settle();
    assert.ok(vifs[0]);
    await device.update("Wifi_VIF_Config", vifs[0], { enabled: false });
    await device.until(61);
    assert.deepEqual(
      told(device, "home-ap-24")
        .events.map(({ type }) => type)
        .filter((type) => /BTM|KICK/.test(type)),
      ladder("CLIENT_BTM", "CLIENT_KICKED"),
    );
    await device.stop();
  });
});
