import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { phone, second } from "../stats/testing/reporting-device.ts";
import { type SteeringDevice, startSteering, vifs } from "./testing/steering-device.ts";

function eventsOf(device: SteeringDevice, band: string): string[] {
  return device
    .of("steering")
    .flatMap(({ message }) => message.clients.flatMap(({ bands }) => bands))
    .filter((each) => each.band === band)
    .flatMap(({ events }) => events.map(({ type }) => type));
}

describe("Band_Steering_Clients", () => {
  it("hwm:=100 sends a client to 5 GHz; counters and reports tell of it", async () => {
    const device = await startSteering({ hwm: 100 });
    device.associate("home-ap-24");
    device.onRequest = ({ token, candidates }) => {
      assert.deepEqual(
        candidates?.map(({ bssid }) => bssid),
        [device.driver.vif("home-ap-50").mac],
      );
      assert.equal(device.refuses("home-ap-24"), true);
      device.answer11v("home-ap-24", token, device.driver.vif("home-ap-50").mac);
      device.associate("home-ap-50");
    };
    await device.until(20);
    assert.equal(device.isOn("home-ap-50"), true);
    assert.equal(device.refuses("home-ap-24"), false);
    const { steering_kick_cnt, steering_success_cnt, steering_fail_cnt, sticky_kick_cnt } = device.clientRow();
    assert.deepEqual([steering_kick_cnt, steering_success_cnt, steering_fail_cnt, sticky_kick_cnt], [1, 1, 0, 0]);
    await device.until(61);
    assert.deepEqual(eventsOf(device, "2.4G"), [
      "CONNECT",
      "ACTIVITY",
      "CLIENT_CAPABILITIES",
      "CLIENT_BS_BTM",
      "CLIENT_BTM_STATUS",
      "DISCONNECT",
    ]);
    assert.deepEqual(eventsOf(device, "5G").slice(0, 2), ["CONNECT", "ACTIVITY"]);
    await device.until(200);
    assert.equal(device.of("steering").length, 1);
    assert.deepEqual(device.failures, []);
    await device.stop();
  });

  it("pref_5g:=always refuses on 2.4 GHz by the guide's defaults, tells the cloud of probes, and lets in after 4 s", async () => {
    const device = await startSteering({ pref_5g: "always", pre_assoc_auth_block: true });
    assert.equal(device.refuses("home-ap-24"), true);
    device.events.probeRequest("wifi0", "home-ap-24", { station: phone, snr: 30, ssid: "" });
    await device.settle();
    await device.clock.advance(3_800);
    assert.equal(device.refuses("home-ap-24"), true);
    await device.clock.advance(300);
    assert.equal(device.refuses("home-ap-24"), false);
    await device.until(61);
    assert.deepEqual(eventsOf(device, "2.4G"), ["PROBE", "BAND_STEERING_ATTEMPT", "BACKOFF"]);
    const [report] = device.of("steering");
    assert.equal(report?.message.clients[0]?.bands[0]?.rejects, 1);
    await device.stop();
  });

  it("client steering says steering, then expired; what has ended does not begin again when OWM restarts, but when cs_state is cleared", async () => {
    const cs_params = new Map([
      ["band", "5G"],
      ["cs_enforce_period", "30"],
    ]);
    const device = await startSteering({ cs_mode: "home", cs_params });
    assert.equal(device.clientRow().cs_state, "steering");
    assert.equal(device.refuses("home-ap-24"), true);
    await device.clock.advance(30 * second);
    assert.equal(device.clientRow().cs_state, "expired");
    assert.equal(device.refuses("home-ap-24"), false);
    await device.stop();
    await device.start();
    assert.equal(device.clientRow().cs_state, "expired");
    assert.equal(device.refuses("home-ap-24"), false);
    await device.update("Band_Steering_Clients", device.clientRow()._uuid as Uuid, { cs_state: null });
    assert.equal(device.clientRow().cs_state, "steering");
    assert.equal(device.refuses("home-ap-24"), true);
    await device.stop();
  });

  it("says failed where client steering has nowhere to steer to", async () => {
    const device = await startSteering({ cs_mode: "home", cs_params: new Map([["band", "6G"]]) });
    assert.equal(device.clientRow().cs_state, "failed");
    await device.stop();
  });

  it("names bad values, and goes on with the rest of the row", async () => {
    const device = await startSteering({
      hwm: -5,
      lwm: 900,
      backoff_secs: -1,
      kick_reason: 99_999,
      steering_btm_params: new Map([
        ["bssid", "nonsense"],
        ["btm_max_retries", "many"],
        ["colour", "red"],
      ]),
      pref_5g: "always",
    });
    const warnings = device.said("WARNING").filter((line) => line.includes("Band_Steering_Clients"));
    assert.equal(warnings.length, 7);
    assert.ok(warnings.every((line) => line.includes(phone.toUpperCase())));
    assert.equal(device.refuses("home-ap-24"), true);
    await device.stop();
  });

  it("names rows without an address, second rows of a client, and an hwm below lwm", async () => {
    const device = await startSteering({ hwm: 20, lwm: 35 });
    await device.insert("Band_Steering_Clients", { mac: "not an address :-" });
    await device.insert("Band_Steering_Clients", { mac: phone });
    const texts = device.said("WARNING").map((line) => line.replace(/^ow: conf: Band_Steering_Clients '[^']*': /, ""));
    assert.ok(texts.includes("mac 'not an address :-': not a MAC address (aa:bb:cc:dd:ee:ff); the row has no effect"));
    assert.ok(texts.some((text) => text.endsWith("there is another row of this client, which counts")));
    assert.ok(texts.includes("hwm '20': below lwm (35), between them a client would go up and down; hwm counts as 35"));
    await device.stop();
  });

  it("gives its access points back when the row or the group goes", async () => {
    const device = await startSteering({ pref_5g: "always" });
    assert.equal(device.refuses("home-ap-24"), true);
    const group = device.rows("Band_Steering_Config")[0]?._uuid as Uuid;
    await device.delete("Band_Steering_Config", group);
    assert.equal(device.refuses("home-ap-24"), false);
    await device.insert("Band_Steering_Config", { if_name_2g: "home-ap-24", if_name_5g: "home-ap-50" });
    assert.equal(device.refuses("home-ap-24"), true);
    await device.delete("Band_Steering_Clients", device.clientRow()._uuid as Uuid);
    assert.equal(device.refuses("home-ap-24"), false);
    await device.stop();
  });

  it("shows in the dump of OWM why a client is where it is", async () => {
    const device = await startSteering({ pref_5g: "always" });
    assert.match(device.dump(), /^ow: steer: explanation:$/m);
    assert.match(
      device.dump(),
      /home-ap-24 +[0-9a-f:]{17} +2\.4G +channel 6 +soft-blocked +pre_assoc: 5G or 6G is preferred/,
    );
    await device.stop();
  });
});

describe("Band_Steering_Config and Wifi_VIF_Neighbors", () => {
  it("names a row that has both styles, or none, and an access point that two groups claim", async () => {
    const device = await startSteering({});
    await device.insert("Band_Steering_Config", { ifnames: vifs, if_name_2g: "home-ap-24" });
    await device.insert("Band_Steering_Config", {});
    await device.insert("Band_Steering_Config", { ifnames: new Map([["home-ap-24", "2.4G"]]) });
    const texts = device.said("WARNING").filter((line) => line.includes("Band_Steering_Config"));
    assert.equal(texts.length, 3);
    assert.match(texts[2] ?? "", /belongs to group .* already, and stays there$/);
    await device.stop();
  });

  it("names a neighbour whose class has no such channel", async () => {
    const device = await startSteering({});
    await device.insert("Wifi_VIF_Neighbors", {
      bssid: "02:00:00:00:77:01",
      if_name: "home-ap-50",
      channel: 36,
      op_class: 81,
    });
    const [text] = device.said("WARNING").filter((line) => line.includes("Wifi_VIF_Neighbors"));
    assert.match(text ?? "", /channel '36': operating class 81 has no channel 36; no client is sent there$/);
    await device.stop();
  });
});
