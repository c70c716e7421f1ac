import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { ProbeRequest } from "@opensync-ts/target/driver";
import { type Action, buildActionFrame, parseActionFrame, toStation } from "@opensync-ts/target/ieee80211/action";
import { parseAssociationRequest } from "@opensync-ts/target/ieee80211/association-request";
import type { BeaconRequest } from "@opensync-ts/target/ieee80211/beacon-request";
import { buildFarewell } from "@opensync-ts/target/ieee80211/deauthentication";
import { managementSubtypes, parseManagementFrame } from "@opensync-ts/target/ieee80211/management-frame";
import { action } from "@opensync-ts/target/ieee80211/testing/arbitrary-action";
import { plainMode } from "@opensync-ts/target/plain-ap";
import type { ClientSpec } from "@opensync-ts/world/spec";
import fc from "fast-check";
import { bench, homeNetwork, phone, wpa2 } from "./testing/observer.ts";

const phoneMac = mac(phone.mac);

/** A phone on the gateway's 5 GHz; what its access points receive, as actions and subtypes. */
async function joined(spec: Partial<ClientSpec>, network = homeNetwork) {
  const all = bench({ clients: [{ ...phone, ...spec }] });
  const { driver, observer, clock, request } = all;
  const actions: Action[] = [];
  const others: string[] = [];
  const probes: ProbeRequest[] = [];
  observer.onProbe = (_, probe) => probes.push(probe);
  observer.onFrame = (vif, frame) => {
    const parsed = parseManagementFrame(frame);
    assert.ok(parsed.ok);
    const { subtype, receiver, transmitter, bssid, body } = parsed.value;
    assert.deepEqual([receiver, transmitter], [bssid, phoneMac]);
    assert.equal(observer.vifs.get(vif)?.mac, bssid);
    if (subtype !== managementSubtypes.action) {
      others.push(`${vif} ${subtype} ${body.join(" ")}`);
      return;
    }
    const action = parseActionFrame(frame);
    assert.ok(action.ok);
    actions.push(action.value.action);
  };
  request("wifi1", [{ ...network, name: "home-ap-50" }]);
  await clock.advance(3000);
  request("wifi0", [network]);
  await clock.advance(0);
  const bssidOf = (vif: string): Mac => observer.vifs.get(vif)?.mac ?? phoneMac;
  const send = (action: Action, to: Mac = phoneMac) => {
    const frame = buildActionFrame(toStation(to, bssidOf("home-ap-50")), action);
    driver.transmitFrame({ phy: "wifi1", vif: "home-ap-50", frame, token: 1 });
  };
  assert.ok(observer.station("home-ap-50", phoneMac));
  return { ...all, actions, others, probes, bssidOf, send };
}

function btmRequest(target: Mac, preference: number): Action {
  return {
    kind: "btm-request",
    token: 0x99,
    abridged: true,
    disassociationImminent: false,
    disassociationTimer: 0,
    validityInterval: 255,
    candidates: [{ bssid: target, bssidInfo: 0x8f, opClass: 81, channel: 6, phyType: 0, preference }],
  };
}

const beaconRequest: BeaconRequest = {
  opClass: 81,
  channel: 6,
  randomizationInterval: 0,
  duration: 100,
  mode: "active",
  bssid: "ff:ff:ff:ff:ff:ff" as Mac,
  ssid: new TextEncoder().encode("home"),
};

function measurement(request: Partial<BeaconRequest> = {}): Action {
  return {
    kind: "measurement-request",
    token: 7,
    repetitions: 0,
    requests: [{ token: 3, mode: 0, measurement: { kind: "beacon", request: { ...beaconRequest, ...request } } }],
  };
}

describe("a BSS transition request in a frame", () => {
  it("is answered in a frame, and followed to the other access point", async () => {
    const { clock, observer, actions, bssidOf, send } = await joined({ transition: {} });
    send(btmRequest(bssidOf("home-ap-24"), 255));
    await clock.advance(2000);
    assert.equal(observer.log.filter((line) => line === "frameTransmitted 1 submitted").length, 1);
    assert.deepEqual(actions, [
      {
        kind: "btm-response",
        token: 0x99,
        status: 0,
        terminationDelay: 0,
        target: bssidOf("home-ap-24"),
        candidates: [],
      },
    ]);
    assert.ok(observer.station("home-ap-24", phoneMac));
    assert.equal(observer.station("home-ap-50", phoneMac), undefined);
  });

  it("is refused with the station's own candidates, where it is of that kind", async () => {
    const { clock, observer, actions, bssidOf, send } = await joined({
      transition: { accept: 0, rejections: { "6": 1 } },
    });
    send(btmRequest(bssidOf("home-ap-24"), 255));
    await clock.advance(2000);
    const [answer] = actions;
    assert.ok(answer?.kind === "btm-response");
    assert.deepEqual(
      [answer.status, answer.target, answer.candidates],
      [
        6,
        undefined,
        [{ bssid: bssidOf("home-ap-24"), bssidInfo: 0, opClass: 81, channel: 6, phyType: 0, preference: 255 }],
      ],
    );
    assert.ok(observer.station("home-ap-50", phoneMac));
  });

  it("to an excluded access point, or to a station of no 802.11v, moves nobody", async () => {
    const willing = await joined({ transition: {} });
    willing.send(btmRequest(willing.bssidOf("home-ap-24"), 0));
    await willing.clock.advance(2000);
    assert.equal(willing.actions[0]?.kind === "btm-response" && willing.actions[0].status, 7);
    const deaf = await joined({});
    deaf.send(btmRequest(deaf.bssidOf("home-ap-24"), 255));
    await deaf.clock.advance(5000);
    assert.deepEqual(deaf.actions, []);
    assert.ok(deaf.observer.station("home-ap-50", phoneMac));
  });

  it("leads nowhere while the other access point's list bars the station", async () => {
    const { clock, observer, bssidOf, send, request } = await joined({ transition: {} });
    request("wifi0", [{ name: "home-ap-24", ap: { aclPolicy: "deny", acl: [phoneMac] } }]);
    send(btmRequest(bssidOf("home-ap-24"), 255));
    await clock.advance(5000);
    assert.ok(observer.station("home-ap-50", phoneMac));
    assert.ok(observer.log.includes(`authFailed home-ap-24 ${phoneMac}`));
  });
});

describe("a beacon request in a frame", () => {
  it("is answered with what the station hears there, with the tokens of the request", async () => {
    const { clock, actions, bssidOf, send, world } = await joined({ measurement: {} });
    send(measurement({ lastIndication: true }));
    await clock.advance(2000);
    const [report] = actions;
    assert.ok(report?.kind === "measurement-report" && report.reports.length === 1);
    assert.equal(report.token, 7);
    const [first] = report.reports;
    assert.deepEqual([first?.token, first?.refused, first?.incapable], [3, false, false]);
    assert.ok(first?.measurement.kind === "beacon");
    const { bssid, opClass, channel, rcpi, last } = first.measurement.report ?? {};
    assert.deepEqual([bssid, opClass, channel, last], [bssidOf("home-ap-24"), 81, 6, true]);
    const uplink = world.heardAt(bssidOf("home-ap-24"), phoneMac) ?? 0;
    // The same path, other powers: 20 + 3 dBm down, 15 dBm up.
    assert.equal(rcpi, Math.round(2 * (uplink + 8 + 110)));
  });

  it("of all zeros as BSSID means any; of another network, or a channel of no class, finds nothing", async () => {
    const { clock, actions, send } = await joined({ measurement: {} });
    const found = async (request: Partial<BeaconRequest>) => {
      actions.length = 0;
      send(measurement(request));
      await clock.advance(3000);
      const [report] = actions;
      assert.ok(report?.kind === "measurement-report");
      return report.reports.filter((each) => each.measurement.kind === "beacon" && each.measurement.report).length;
    };
    assert.equal(await found({ bssid: "00:00:00:00:00:00" as Mac }), 1);
    assert.equal(await found({ opClass: 115, channel: 0 }), 1);
    assert.equal(
      await found({
        channel: 255,
        apChannels: [
          { opClass: 81, channels: [6] },
          { opClass: 115, channels: [36] },
        ],
      }),
      2,
    );
    assert.equal(await found({ ssid: new TextEncoder().encode("other") }), 0);
    assert.equal(await found({ opClass: 250 }), 0);
    assert.equal(await found({ channel: 99 }), 0);
  });

  it("is refused in a mode that the station lacks", async () => {
    const { clock, actions, send } = await joined({ measurement: { modes: ["table"] } });
    send(measurement());
    await clock.advance(2000);
    const [report] = actions;
    assert.ok(report?.kind === "measurement-report");
    assert.deepEqual(
      report.reports.map(({ incapable, refused }) => [incapable, refused]),
      [[true, false]],
    );
  });
});

describe("frames of a station", () => {
  it("ask for neighbours, which the access point tells it by itself if it is told to", async () => {
    const neighbor = { bssid: mac("02:00:00:00:00:77"), bssidInfo: 0x8f, opClass: 115, channel: 40, phyType: 0 };
    const network = {
      ...homeNetwork,
      ap: { ...homeNetwork.ap, neighbors: [neighbor], mode: { ...plainMode, rrmNeighborReport: true } },
    };
    const all = bench({ clients: [{ ...phone, measurement: { asksNeighbors: true } }] });
    const told: Action[] = [];
    all.world.events.on("frameToClient", ({ frame }) => {
      const parsed = parseActionFrame(frame);
      if (parsed.ok) told.push(parsed.value.action);
    });
    all.request("wifi0", [network]);
    await all.clock.advance(3000);
    assert.deepEqual(told, [{ kind: "neighbor-report-response", token: 1, neighbors: [neighbor] }]);
    assert.ok(all.observer.log.includes("frameReceived home-ap-24"));
  });

  it("ask to be let in by the algorithm of their key, also where they are blocked", async () => {
    const { clock, driver, ...first } = await joined({});
    const asked = ({ others }: { readonly others: readonly string[] }) =>
      others.filter((each) => each.split(" ")[1] === String(managementSubtypes.authentication));
    const { others } = first;
    assert.deepEqual(asked(first), ["home-ap-50 11 0 0 1 0 0 0"]);
    driver.admits = () => false;
    driver.requestDeauth("wifi1", "home-ap-50", phoneMac, 1);
    await clock.advance(2000);
    assert.ok(others.includes("home-ap-24 11 0 0 1 0 0 0"));
    const secure = await joined(
      { networks: [{ ssid: "home", psk: "correct-horse" }] },
      { ...homeNetwork, ap: { ...homeNetwork.ap, wpa: { ...wpa2, akm: ["sae"], pmf: "required" } } },
    );
    assert.deepEqual(asked(secure), ["home-ap-50 11 3 0 1 0 0 0"]);
  });

  it("ask to be let in as what they are, and name the access point that they come from", async () => {
    const { clock, send, bssidOf, observer } = await joined({ transition: {} });
    const requests: { readonly vif: string; readonly currentAp: Mac | undefined; readonly elements: number }[] = [];
    observer.onFrame = (vif, frame) => {
      const request = parseAssociationRequest(frame);
      if (!request.ok) return;
      const { currentAp, elements } = request.value;
      assert.deepEqual(elements, observer.station(vif, phoneMac)?.assocIes ?? elements);
      requests.push({ vif, currentAp, elements: elements.length });
    };
    const come = async () => {
      await clock.advance(3000);
      return requests.splice(0).map(({ vif, currentAp }) => [vif, currentAp]);
    };
    send(btmRequest(bssidOf("home-ap-24"), 255));
    assert.deepEqual(await come(), [["home-ap-24", bssidOf("home-ap-50")]]);
  });

  it("name the network that they look for, where the station asks by name", async () => {
    const { probes } = await joined({ probing: { directed: true } });
    assert.deepEqual([...new Set(probes.map(({ ssid }) => ssid))], ["home"]);
    assert.ok(probes.every(({ station, snr }) => station === phoneMac && snr > 0));
  });
});

describe("a farewell in a frame", () => {
  it("ends the association of one, or, to all, of everybody", async () => {
    const { clock, driver, bssidOf, observer } = await joined({});
    const away = async (receiver: string, kind: "deauthentication" | "disassociation") => {
      const header = { ...toStation(mac(receiver), bssidOf("home-ap-50")) };
      const frame = buildFarewell(header, { kind, reason: 1 });
      driver.transmitFrame({ phy: "wifi1", vif: "home-ap-50", frame, token: 2 });
      await clock.advance(1);
      const gone = observer.station("home-ap-50", phoneMac) === undefined;
      await clock.advance(3000);
      return gone;
    };
    assert.equal(await away(phone.mac, "deauthentication"), true);
    assert.equal(await away(phone.mac, "disassociation"), true);
    assert.equal(await away("ff:ff:ff:ff:ff:ff", "deauthentication"), true);
  });
});

describe("a frame that no station can make sense of", () => {
  it("never does harm, whatever it is", async () => {
    const { clock, driver, bssidOf, world } = await joined({ transition: {}, measurement: {} });
    const header = toStation(phoneMac, bssidOf("home-ap-50"));
    const spoilt = fc.record({ action, at: fc.nat(400), value: fc.nat(255), cut: fc.nat(400) });
    await fc.assert(
      fc.asyncProperty(fc.array(spoilt, { minLength: 1, maxLength: 8 }), async (frames) => {
        for (const { action: content, at, value, cut } of frames) {
          const frame = buildActionFrame(header, content);
          // The receiver stays who it is.
          if (at >= 10 && at < frame.length) frame[at] = value;
          const sent = frame.subarray(0, Math.max(24, frame.length - cut));
          driver.transmitFrame({ phy: "wifi1", vif: "home-ap-50", frame: sent, token: 1 });
        }
        await clock.advance(100_000);
        const at = ["home-ap-24", "home-ap-50"].filter((vif) => world.stations(bssidOf(vif)).length > 0);
        assert.ok(at.length <= 1);
      }),
      { numRuns: 60 },
    );
    assert.ok(driver.unreadableFrames > 0);
  });

  it("is sent, counted, and changes nothing", async () => {
    const { clock, driver, actions, bssidOf, send, observer } = await joined({ transition: {}, measurement: {} });
    const whole = buildActionFrame(toStation(phoneMac, bssidOf("home-ap-50")), btmRequest(bssidOf("home-ap-24"), 255));
    for (let length = 24; length < whole.length; length++) {
      driver.transmitFrame({ phy: "wifi1", vif: "home-ap-50", frame: whole.subarray(0, length), token: length });
      await clock.advance(1);
      assert.ok(observer.log.includes(`frameTransmitted ${length} submitted`));
    }
    assert.ok(driver.unreadableFrames > 0);
    send({ kind: "other", category: 127, action: 1, body: Uint8Array.of(1, 2, 3) });
    await clock.advance(5000);
    assert.ok(actions.length <= 1);
    assert.ok(observer.station("home-ap-50", phoneMac) ?? observer.station("home-ap-24", phoneMac));
  });
});
