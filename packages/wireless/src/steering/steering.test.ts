import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { macNumber } from "../testing/fixtures.ts";
import { steeringLimits } from "./limits.ts";
import { startSteering } from "./testing/start-steering.ts";
import { bssid24, bssid50, client } from "./testing/steering-driver.ts";

describe("steering on a driver", () => {
  it("asks a client on 2.4 GHz that is heard well to go to 5 GHz, has 2.4 GHz refuse it meanwhile, and lets it be there (ow_steer_executor_call)", async () => {
    const { clock, driver, refused, steering, said } = await startSteering({ hwm: 30 });
    driver.connect("home-ap-24");
    driver.onFrame = (action) => {
      if (action.kind !== "btm-request") return;
      assert.deepEqual(refused(), ["home-ap-24"]);
      assert.deepEqual(
        action.candidates?.map(({ bssid, opClass, channel, preference }) => [bssid, opClass, channel, preference]),
        [[bssid50, 128, 36, 255]],
      );
      const answer = {
        kind: "btm-response",
        token: action.token,
        status: 0,
        terminationDelay: 0,
        target: bssid50,
      } as const;
      driver.say("home-ap-24", { ...answer, candidates: [] });
      driver.connect("home-ap-50");
    };
    await clock.advance(9_000);
    assert.deepEqual(driver.sent, []);
    await clock.advance(10_000);
    assert.equal(driver.sent.length, 1);
    assert.deepEqual(refused(), []);
    const [explanation] = steering.explain(client);
    assert.equal(explanation?.attempts[0]?.result, "moved");
    assert.equal(explanation?.attempts[0]?.status, 0);
    assert.ok(
      said().includes(`INFO ow: steer: ${client}: hwm_2g: moved: it is on home-ap-50 (1 BTM requests, 0 deauths)`),
    );
    const json = said().find((line) => line.startsWith("INFO ow: steer: explanation: "));
    assert.equal(JSON.parse(json?.slice("INFO ow: steer: explanation: ".length) ?? "").station, client);
  });

  it("deauthenticates in the end who does not answer, and forgets the block", async () => {
    const { clock, driver, refused } = await startSteering({ hwm: 30 });
    driver.connect("home-ap-24");
    await clock.advance(20_000);
    assert.equal(driver.sent.length, 3);
    assert.deepEqual(
      driver.deauths.map(({ vif, station, reason }) => [vif, station, reason]),
      [["home-ap-24", client, 1]],
    );
    await clock.advance(10_000);
    assert.deepEqual(refused(), []);
  });

  it("takes no response from a station that is not associated, nor broken frames, and counts them", async () => {
    const { clock, driver, steering, said } = await startSteering({ hwm: 30 });
    driver.connect("home-ap-24");
    await clock.advance(11_000);
    const answer = { kind: "btm-response", token: 0xff, status: 1, terminationDelay: 0, candidates: [] } as const;
    driver.say("home-ap-24", answer, mac("0e:00:00:00:00:09"));
    driver.say("home-ap-50", answer);
    const frame = new Uint8Array([0xd0, 0, 0, 0, ...new Array(18).fill(2), 0, 0, 10, 8]);
    frame.set(Buffer.from(bssid24.replaceAll(":", ""), "hex"), 4);
    driver.events.frameReceived("wifi0", "home-ap-24", frame);
    await clock.advance(100);
    assert.equal(steering.explain(client)[0]?.attempt?.status, null);
    assert.deepEqual([steering.counters.forgedFrames, steering.counters.brokenFrames], [2, 1]);
    assert.equal(said().filter((line) => line.startsWith("WARNING")).length, 3);
  });

  it("makes nothing of responses to what it has not asked, or asked before, and says so once", async () => {
    const { clock, driver, steering, said } = await startSteering();
    driver.connect("home-ap-24");
    await clock.advance(11_000);
    const refusal = { kind: "btm-response", status: 6, terminationDelay: 0 } as const;
    const candidates = [{ ...{ bssid: bssid24, bssidInfo: 0, opClass: 81, channel: 1, phyType: 0 }, preference: 255 }];
    const before = JSON.stringify(steering.explain(client)[0]?.policies);
    for (let token = 0; token < 256; token++) driver.say("home-ap-24", { ...refusal, token, candidates });
    await clock.advance(100);
    assert.equal(JSON.stringify(steering.explain(client)[0]?.policies), before);
    assert.equal(steering.counters.unaskedResponses, 256);
    assert.equal(
      said().filter((line) => /256|1 BTM responses of stations on home-ap-24 to nothing/.test(line)).length,
      1,
    );
  });

  it("takes the first response to a request for the answer, however many there are", async () => {
    const { clock, driver, steering, apply } = await startSteering();
    driver.connect("home-ap-24");
    await clock.advance(11_000);
    apply({ hwm: 30 });
    await clock.advance(500);
    const token = steering.explain(client)[0]?.attempt?.token ?? 0;
    const say = (status: number) =>
      driver.say("home-ap-24", { kind: "btm-response", token, status, terminationDelay: 0, candidates: [] });
    say(0);
    await clock.advance(100);
    for (let i = 0; i < 1_000; i++) say(1);
    await clock.advance(100);
    assert.equal(steering.explain(client)[0]?.attempt?.status, 0);
    assert.deepEqual([steering.counters.unaskedResponses, steering.counters.droppedEvents], [1_000, 0]);
  });

  it("waits with kick_upon_idle for three minutes of fewer than 200 PPDUs a minute", async () => {
    const { clock, driver } = await startSteering({ hwm: 30, kickUponIdle: true });
    driver.framesPerSecond = 10;
    driver.connect("home-ap-24");
    await clock.advance(400_000);
    assert.deepEqual(driver.sent, []);
    driver.framesPerSecond = 1;
    await clock.advance(100_000);
    assert.deepEqual(driver.sent, []);
    await clock.advance(100_000);
    assert.equal(driver.sent.length > 0, true);
  });

  it("explains what it waits for by the figure of traffic that it shows, whenever it is asked", async () => {
    const { clock, driver, steering } = await startSteering({ hwm: 30, kickUponIdle: true });
    driver.framesPerSecond = 3.4;
    driver.connect("home-ap-24");
    for (let second = 0; second < 600 && driver.sent.length === 0; second++) {
      await clock.advance(977);
      if (second === 250) driver.framesPerSecond = 3.3;
      const [explanation] = steering.explain(client);
      const { ppdusPerMinute: figure = null, policies = [] } = explanation ?? {};
      const word = policies.find(({ policy }) => policy === "hwm_2g")?.word ?? "";
      if (second < 12) continue;
      if (figure === null) assert.match(word, /^not yet observed/);
      else assert.equal(word === "not idle: 200 PPDUs a minute or more", figure >= 200, `${figure}: ${word}`);
      const lines = steering.describe().join("\n");
      assert.equal(lines.includes("traffic: not yet known"), figure === null);
      // There is no other figure beside it that could differ.
      assert.doesNotMatch(lines.replace(/traffic: .*|: 200 PPDUs a minute or more/g, ""), /PPDUs/);
    }
    assert.equal(driver.sent.length > 0, true);
  });

  it("refuses on 2.4 GHz before association, and lets in after rejections (ow_steer_executor_mutate)", async () => {
    const { clock, driver, refused } = await startSteering({ pref5g: "always", maxRejects: 3, blockTimeout: 0 });
    assert.deepEqual(refused(), ["home-ap-24"]);
    for (let i = 0; i < 3; i++) driver.probe("home-ap-24");
    await clock.advance(200);
    assert.deepEqual(refused(), []);
  });

  it("moves clients off an access point that goes down, which waits for it", async () => {
    const { clock, driver, wireless } = await startSteering();
    driver.connect("home-ap-24");
    await clock.advance(1_000);
    wireless.overrides.setVif("wifi0", "home-ap-24", { enabled: false });
    driver.onFrame = (action) => {
      if (action.kind === "btm-request") driver.connect("home-ap-50");
    };
    await clock.advance(5_000);
    assert.equal(driver.sent.length, 1);
    assert.equal(wireless.state.vifs.get("home-ap-24")?.status, "disabled");
  });

  it("sends nobody where the configured ACL keeps it out", async () => {
    const { clock, driver, wireless, steering } = await startSteering({ hwm: 30 });
    wireless.overrides.setVif("wifi1", "home-ap-50", { ap: { aclPolicy: "allow", acl: [macNumber(77)] } });
    driver.connect("home-ap-24");
    await clock.advance(60_000);
    assert.deepEqual(driver.sent, []);
    const reasons = steering.explain(client)[0]?.candidates.map(({ vif, reason }) => `${vif}: ${reason}`);
    assert.ok(reasons?.includes("home-ap-50: its own ACL refuses the client"));
  });

  it("undoes its blocks when clients, groups or itself are gone", async () => {
    for (const end of ["client", "group", "stop"] as const) {
      const { clock, steering, refused } = await startSteering({ pref5g: "always" });
      assert.deepEqual(refused(), ["home-ap-24"]);
      if (end === "stop") steering.stop();
      else
        steering.apply({
          groups: end === "client" ? [{ id: "group", vifs: ["home-ap-24", "home-ap-50"] }] : [],
          clients: [],
          neighbors: [],
        });
      await clock.advance(1_000);
      assert.deepEqual(refused(), []);
    }
  });

  it("keeps what it remembers of a client whose settings change", async () => {
    const { clock, driver, steering, apply } = await startSteering({ hwm: 30 });
    driver.connect("home-ap-24");
    await clock.advance(40_000);
    assert.equal(steering.explain(client)[0]?.attempts.length, 1);
    apply({ hwm: 20 });
    await clock.advance(1_000);
    assert.equal(steering.explain(client)[0]?.attempts.length, 1);
    assert.match(steering.describe().join("\n"), /hwm_2g +backoff, .* left/);
  });

  it("holds its bounds, whatever comes", async () => {
    const { clock, driver, steering, said } = await startSteering({ pref5g: "always" });
    for (let i = 0; i < 200; i++) driver.probe("home-ap-24");
    for (let i = 2; i < steeringLimits.knownStations + 100; i++)
      driver.events.probeRequest("wifi0", "home-ap-24", { station: macNumber(i), snr: 9, ssid: "" });
    await clock.advance(100);
    assert.equal(steering.counters.droppedEvents, 200 - steeringLimits.waitingEvents);
    assert.equal(said().filter((line) => /events of stations of which too many came at once/.test(line)).length, 1);
  });
});
