import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { type Action, buildActionFrame, parseActionBody, toStation } from "./action.ts";
import type { BeaconReport } from "./beacon-report.ts";
import { type BeaconRequest, wildcardBssid } from "./beacon-request.ts";
import type { MeasurementReport } from "./measurement.ts";
import { dbmOfRcpi } from "./signal.ts";
import { hex, octets } from "./testing/hex.ts";

const station = mac("aa:bb:cc:dd:ee:ff");
const bssid = mac("00:11:22:33:44:55");
const ssid = new TextEncoder().encode("home");

function read(text: string): Action {
  const parsed = parseActionBody(octets(text));
  assert.ok(parsed.ok, parsed.ok ? "" : parsed.reason);
  return parsed.value;
}

function reason(text: string): string {
  const parsed = parseActionBody(octets(text));
  assert.ok(!parsed.ok);
  return parsed.reason;
}

/** Both ways. */
function same(text: string, action: Action): void {
  assert.deepEqual(read(text), action);
  assert.equal(hex(buildActionFrame(toStation(station, bssid), action).subarray(24)), hex(octets(text)));
}

const beaconRequest: BeaconRequest = {
  opClass: 81,
  channel: 1,
  randomizationInterval: 0,
  duration: 100,
  mode: "active",
  bssid: mac("00:00:00:00:00:00"),
  ssid,
  reporting: { condition: 0, threshold: 0 },
  detail: "none",
};

describe("a measurement request", () => {
  it("for beacons is the frame that deployed devices send (osw_rrm_meas_ut_build_frame, osw_rrm_ut_build_single_req_frame)", () => {
    same(
      `
      05 00 80          | radio measurement, request, token
      00 00             | not repeated
      26 1d 01 00 05    | element of 3 + 13 + 6 + 4 + 3 octets, its token, mode, beacon
      51 01             | class, channel
      00 00 64 00 01    | at once, 100 TU, active
      00 00 00 00 00 00 | BSSID
      00 04 68 6f 6d 65 | SSID
      01 02 00 00       | reported after each measurement
      02 01 00          | without frame body
    `,
      {
        kind: "measurement-request",
        token: 0x80,
        repetitions: 0,
        requests: [{ token: 1, mode: 0, measurement: { kind: "beacon", request: beaconRequest } }],
      },
    );
  });

  it("has an SSID that is empty where one is given", () => {
    const { reporting: _, detail: __, ...plain } = beaconRequest;
    same("05 00 80 00 00 26 12 01 00 05 51 01 00 00 64 00 01 00 00 00 00 00 00 00 00", {
      kind: "measurement-request",
      token: 0x80,
      repetitions: 0,
      requests: [
        { token: 1, mode: 0, measurement: { kind: "beacon", request: { ...plain, ssid: new Uint8Array(0) } } },
      ],
    });
  });

  it("has every subelement of a beacon request", () => {
    same(
      `
      05 00 81 03 00
      26 37 02 10 05           | 3 + 13 + 39 octets, duration mandatory
      51 ff 34 12 64 00 00     | those of the lists, within 0x1234 TU, passive
      ff ff ff ff ff ff        | any BSSID
      01 02 05 f6              | RCPI above that of the serving one by -5 dB
      02 01 01                 | with the elements that are asked for
      0a 02 00 30              | SSID, RSN
      0b 02 ff 24              | HE operation
      33 04 51 01 06 0b        | AP channel reports
      33 03 73 24 28
      a3 03 01 2a 32           | wide bandwidth channel switch
      a4 01 01                 | say which is the last
      dd 03 00 11 22
    `,
      {
        kind: "measurement-request",
        token: 0x81,
        repetitions: 3,
        requests: [
          {
            token: 2,
            mode: 0x10,
            measurement: {
              kind: "beacon",
              request: {
                opClass: 81,
                channel: 255,
                randomizationInterval: 0x1234,
                duration: 100,
                mode: "passive",
                bssid: wildcardBssid,
                reporting: { condition: 5, threshold: -10 },
                detail: "requested",
                elements: [0, 48],
                extendedElements: [36],
                apChannels: [
                  { opClass: 81, channels: [1, 6, 11] },
                  { opClass: 115, channels: [36, 40] },
                ],
                wideBandwidth: { width: 1, center0: 42, center1: 50 },
                lastIndication: true,
                others: [{ id: 221, body: octets("00 11 22") }],
              },
            },
          },
        ],
      },
    );
  });

  it("holds several, each with its token (osw_rrm_ut_build_multi_req_frame)", () => {
    const action = read(`
      05 00 82 00 00
      26 10 01 00 05 51 01 00 00 64 00 02 00 00 00 00 00 00
      26 10 02 00 05 73 24 00 00 64 00 02 00 00 00 00 00 00
      26 06 03 00 03 51 01 00
    `);
    assert.ok(action.kind === "measurement-request");
    assert.deepEqual(
      action.requests.map(({ token, measurement }) => [
        token,
        measurement.kind === "beacon" ? measurement.request.channel : measurement.kind,
      ]),
      [
        [1, 1],
        [2, 36],
        [3, "other"],
      ],
    );
  });

  it("that enables or disables requests asks for no beacons", () => {
    same("05 00 82 00 00 26 03 01 02 05", {
      kind: "measurement-request",
      token: 0x82,
      repetitions: 0,
      requests: [{ token: 1, mode: 2, measurement: { kind: "other", type: 5, body: new Uint8Array(0) } }],
    });
  });

  it("of which one is malformed still has the others", () => {
    const text = `
      05 00 82 00 00
      26 10 01 00 05 51 01 00 00 64 00 07 00 00 00 00 00 00
      26 10 02 00 05 73 24 00 00 64 00 02 00 00 00 00 00 00
      26 04 03 00 05 51
    `;
    const action = read(text);
    assert.ok(action.kind === "measurement-request");
    assert.deepEqual(
      action.requests.map(({ measurement }) =>
        measurement.kind === "malformed" ? measurement.reason : measurement.kind,
      ),
      ["beacon request: measurement mode 7 is reserved", "beacon", "beacon request: it ends within the channel"],
    );
    same(text, action);
  });
});

describe("a measurement report", () => {
  const neighbor = (last: string, rcpi: string) => `
      27 1d 01 00 05    | element of 3 + 26 octets
      80 2c             | class 128, channel 44
      08 07 06 05 04 03 02 01 64 00
      09 ${rcpi} ff     | VHT beacon, RCPI, no RSNI
      00 ${last.repeat(4)} ${last}  | BSSID
      00 78 56 34 12    | antenna, parent TSF
  `;
  const report = (last: string, rcpi: number): MeasurementReport => ({
    token: 1,
    late: false,
    incapable: false,
    refused: false,
    measurement: {
      kind: "beacon",
      report: {
        opClass: 128,
        channel: 44,
        startTime: 0x0102_0304_0506_0708n,
        duration: 100,
        phyType: 9,
        frameType: "beacon",
        rcpi,
        rsni: 255,
        bssid: mac(`00:${Array.from({ length: 5 }, () => last.trim()).join(":")}`),
        antenna: 0,
        parentTsf: 0x1234_5678,
      },
    },
  });

  it("has one element for each BSS that was heard (osw_rrm_process_multi_report)", () => {
    // 0xa4 = 164 is 164 / 2 - 110 = -28 dBm, 0xa2 = 162 is -29 dBm.
    same(`05 01 80\n${neighbor("aa ", "a4")}${neighbor("bb ", "a2")}`, {
      kind: "measurement-report",
      token: 0x80,
      reports: [report("aa", 164), report("bb", 162)],
    });
    assert.equal(dbmOfRcpi(164), -28);
    assert.equal(dbmOfRcpi(162), -29);
  });

  it("says that a station did not measure, with an element without a report", () => {
    for (const [mode, outcome] of [
      ["01", { late: true }],
      ["02", { incapable: true }],
      ["04", { refused: true }],
      ["00", {}],
    ] as const) {
      same(`05 01 80 27 03 01 ${mode} 05`, {
        kind: "measurement-report",
        token: 0x80,
        reports: [
          {
            token: 1,
            ...{ late: false, incapable: false, refused: false, ...outcome },
            measurement: { kind: "beacon" },
          },
        ],
      });
    }
  });

  it("without an element has no reports (osw_rrm_process_empty_report)", () => {
    same("05 01 80", { kind: "measurement-report", token: 0x80, reports: [] });
  });

  it("has the beacon, in fragments where it is long", () => {
    const text = `05 01 80
      27 28 01 00 05    | 3 + 26 + 11 octets
      51 06 00 00 00 00 00 00 00 00 64 00 87 50 3c 00 aa aa aa aa aa 01 00 00 00 00
      01 02 00 04       | part of its body
      02 02 07 83       | report 7, fragment 3, more follow
      a4 01 00          | not the last
    `;
    const action = read(text);
    assert.ok(action.kind === "measurement-report");
    const [first] = action.reports;
    assert.ok(first?.measurement.kind === "beacon");
    const wanted: Partial<BeaconReport> = {
      phyType: 7,
      frameType: "pilot",
      rsni: 60,
      antenna: 1,
      frameBody: octets("00 04"),
      fragment: { id: 7, number: 3, more: true },
      last: false,
    };
    assert.deepEqual({ ...first.measurement.report, ...wanted }, first.measurement.report);
    assert.equal(reason(text.replace("27 28", "27 27")), "measurement report: it ends within the length of element 0");
  });

  it("of which one is malformed still has the others", () => {
    const action = read(`05 01 80 27 0d 01 00 05 51 06 00 00 00 00 00 00 00 00\n${neighbor("aa ", "a4")}`);
    assert.ok(action.kind === "measurement-report");
    const [first, second] = action.reports;
    assert.ok(first?.measurement.kind === "malformed");
    assert.equal(first.measurement.reason, "beacon report: it ends within the measurement duration");
    assert.deepEqual(second, report("aa", 164));
  });

  it("with an element that is cut short is refused", () => {
    assert.equal(reason("05 01 80 27 02 01 00"), "measurement report: it ends within the type of a measurement report");
    assert.equal(reason("05 01 80 27 20 01 00 05"), "measurement report: it ends within the element 39");
  });
});

describe("a link measurement", () => {
  it("is asked for with powers, and answered with power, margin and signal", () => {
    // -1 dBm is 0xff; 20 dBm is 0x14.
    same("05 02 07 ff 14", { kind: "link-measurement-request", token: 7, txPower: -1, maxTxPower: 20 });
    same("05 03 07 23 02 0f fb 01 02 78 50", {
      kind: "link-measurement-report",
      token: 7,
      txPower: 15,
      linkMargin: -5,
      rxAntenna: 1,
      txAntenna: 2,
      rcpi: 120,
      rsni: 80,
    });
  });

  it("without the powers is refused", () => {
    assert.equal(
      reason("05 03 07 24 02 0f fb 01 02 78 50"),
      "link measurement report: it has no TPC report of 2 octets",
    );
    assert.equal(reason("05 02 07 ff"), "link measurement request: it ends within the maximum transmit power");
  });
});

describe("a list of neighbours", () => {
  it("is asked for, of this network or another one", () => {
    same("05 04 09", { kind: "neighbor-report-request", token: 9 });
    same("05 04 09 00 04 68 6f 6d 65 27 03 01 00 08", {
      kind: "neighbor-report-request",
      token: 9,
      ssid,
      others: [{ id: 39, body: octets("01 00 08") }],
    });
  });

  it("has what is known of each", () => {
    same(
      `05 05 09
      34 2f 00 aa aa aa aa aa 8f 04 20 00 80 24 0e  | FT, same security, EHT
      01 04 10 00 64 00                             | 16 TU after ours, every 100
      02 02 44 45                                   | DE
      03 01 c8
      04 0a 01 00 00 00 00 00 00 00 ff ff           | for good
      06 03 01 2a 32                                | 160 MHz around channel 50
      47 02 02 00                                   | multiple BSSIDs
      34 0d 00 bb bb bb bb bb 8f 00 00 00 51 06 07
    `,
      {
        kind: "neighbor-report-response",
        token: 9,
        neighbors: [
          {
            bssid: mac("00:aa:aa:aa:aa:aa"),
            bssidInfo: 0x20_048f,
            opClass: 128,
            channel: 36,
            phyType: 14,
            tsf: { offset: 16, beaconInterval: 100 },
            country: "DE",
            preference: 200,
            termination: { tsf: 1n, minutes: 65_535 },
            wideBandwidth: { width: 1, center0: 42, center1: 50 },
            others: [{ id: 71, body: octets("02 00") }],
          },
          { bssid: mac("00:bb:bb:bb:bb:bb"), bssidInfo: 0x8f, opClass: 81, channel: 6, phyType: 7 },
        ],
      },
    );
  });
});
