import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import { type Action, buildActionFrame, toAccessPoint, toStation } from "./action.ts";
import { buildAssociationRequest } from "./association-request.ts";
import { buildFarewell } from "./deauthentication.ts";
import { readRmCapabilities } from "./rm-capabilities.ts";
import { stationElements } from "./station-capabilities.ts";
import { decode, withoutTshark } from "./testing/tshark.ts";

const station = mac("02:00:00:00:00:0a");
const bssid = mac("02:00:00:00:00:01");
const other = mac("02:00:00:00:00:02");
const text = (value: string) => new TextEncoder().encode(value);

type Expected = Readonly<Record<string, string | readonly string[]>>;

interface Case {
  readonly name: string;
  readonly frame: Uint8Array;
  readonly expected: Expected;
}

function action(name: string, value: Action, expected: Expected): Case {
  return { name, frame: buildActionFrame({ ...toStation(station, bssid), sequence: 7 }, value), expected };
}

const neighbor = (address: Mac, preference: number) => ({
  bssid: address,
  bssidInfo: 0x7c8f,
  opClass: 125,
  channel: 157,
  phyType: 9,
  country: "DE",
  preference,
});

/** Fields that tshark 4.0 reads in the wrong byte order are not looked at: repetitions, TSF offset, termination of a neighbour. */
const cases: readonly Case[] = [
  action(
    "a BTM request",
    {
      kind: "btm-request",
      token: 0x81,
      abridged: true,
      disassociationImminent: true,
      disassociationTimer: 258,
      validityInterval: 200,
      termination: { tsf: 0x0102_0304_0506_0708n, minutes: 300 },
      sessionUrl: "http://a",
      candidates: [neighbor(bssid, 255), neighbor(other, 127)],
      mbo: { cellularPreference: "avoid", transitionReason: 5, associationRetryDelay: 300 },
    },
    {
      "wlan.fc.type_subtype": "13",
      "wlan.ra": station,
      "wlan.ta": bssid,
      "wlan.bssid": bssid,
      "wlan.seq": "7",
      "wlan.duration": "60",
      "wlan.fixed.category_code": "10",
      "wlan.fixed.action_code": "7",
      "wlan.fixed.dialog_token": "129",
      "wlan.fixed.request_mode.pref_cand": "1",
      "wlan.fixed.request_mode.abridged": "1",
      "wlan.fixed.request_mode.disassoc_imminent": "1",
      "wlan.fixed.request_mode.bss_term_included": "1",
      "wlan.fixed.request_mode.ess_disassoc_imminent": "1",
      "wlan.fixed.disassoc_timer": "258",
      "wlan.fixed.validity_interval": "200",
      "wlan.nreport.subelem.bss_ter_tsf": "72623859790382856",
      "wlan.nreport.subelem.bss_dur": "300",
      "wlan.fixed.session_information.url": "http://a",
      "wlan.nreport.bssid": [bssid, other],
      "wlan.nreport.bssid.info": ["31887", "31887"],
      "wlan.nreport.bssid.info.reachability": ["3", "3"],
      "wlan.nreport.bssid.info.mobilitydomain": ["1", "1"],
      "wlan.nreport.bssid.info.vht": ["1", "1"],
      "wlan.nreport.bssid.info.he": ["1", "1"],
      "wlan.nreport.opeclass": ["125", "125"],
      "wlan.nreport.channumber": ["157", "157"],
      "wlan.nreport.phytype": ["9", "9"],
      "wlan.nreport.subelem.country_code": ["DE", "DE"],
      "wlan.nreport.subelem.bss_trn_can_pref": ["255", "127"],
      "wlan.wfa.ie.mbo.cellular_pref": "1",
      "wlan.wfa.ie.mbo.transition.reason": "5",
      "wlan.wfa.ie.mbo.assoc_retry.delay": "300",
    },
  ),
  action(
    "a BTM response",
    {
      kind: "btm-response",
      token: 9,
      status: 0,
      terminationDelay: 3,
      target: other,
      candidates: [neighbor(other, 9)],
      mbo: { transitionRejection: 4 },
    },
    {
      "wlan.fixed.action_code": "8",
      "wlan.fixed.bss_transition_status_code": "0",
      "wlan.fixed.bss_termination_delay": "3",
      "wlan.fixed.bss_transition_target_bss": other,
      "wlan.nreport.bssid": other,
      "wlan.nreport.subelem.bss_trn_can_pref": "9",
      "wlan.wfa.ie.mbo.transition_rej.reason": "4",
    },
  ),
  action(
    "a BTM query",
    { kind: "btm-query", token: 9, reason: 16, candidates: [neighbor(other, 3)] },
    {
      "wlan.fixed.action_code": "6",
      "wlan.fixed.bss_transition_query_reason": "16",
      "wlan.nreport.bssid": other,
    },
  ),
  action(
    "a beacon request",
    {
      kind: "measurement-request",
      token: 9,
      repetitions: 0,
      requests: [
        {
          token: 1,
          mode: 0x10,
          measurement: {
            kind: "beacon",
            request: {
              opClass: 81,
              channel: 6,
              randomizationInterval: 0x102,
              duration: 100,
              mode: "active",
              bssid: other,
              ssid: text("home"),
              reporting: { condition: 5, threshold: -10 },
              detail: "requested",
              elements: [0, 48],
              apChannels: [{ opClass: 81, channels: [1, 6] }],
              wideBandwidth: { width: 1, center0: 42, center1: 50 },
              lastIndication: true,
            },
          },
        },
      ],
    },
    {
      "wlan.fixed.category_code": "5",
      "wlan.fixed.action_code": "0",
      "wlan.rm.dialog_token": "9",
      "wlan.measure.req.token": "1",
      "wlan.measure.req.reqmode.duration_mandatory": "1",
      "wlan.measure.req.reqtype": "5",
      "wlan.measure.req.operatingclass": "81",
      "wlan.measure.req.channelnumber": "6",
      "wlan.measure.req.randint": "258",
      "wlan.measure.req.duration": "100",
      "wlan.measure.req.measurementmode": "1",
      "wlan.measure.req.bssid": other,
      "wlan.measure.req.beacon.sub.id": ["0", "1", "2", "10", "51", "163", "164"],
      "wlan.measure.req.beacon.sub.ssid": "home",
      "wlan.measure.req.beacon.sub.bri.repcond": "5",
      "wlan.measure.req.beacon.sub.bri.threshold_offset": "246",
      "wlan.measure.req.beacon.sub.bri.reporting_detail": "1",
      "wlan.ap_channel_report.operating_class": "81",
      "wlan.ap_channel_report.channel_list": ["1", "6"],
      "wlan.wide_bw.new_channel_center_freq_segment1": "50",
      "wlan.measure.req.beacon.sub.last_report_ind_req": "1",
    },
  ),
  action(
    "a beacon report and a refusal",
    {
      kind: "measurement-report",
      token: 9,
      reports: [
        {
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
              rcpi: 164,
              rsni: 60,
              bssid: other,
              antenna: 1,
              parentTsf: 0x0102_0304,
              // Time stamp, interval, capability, and the SSID "A".
              frameBody: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 100, 0, 1, 0, 0, 1, 65),
              fragment: { id: 7, number: 2, more: true },
              last: true,
            },
          },
        },
        { token: 2, late: false, incapable: false, refused: true, measurement: { kind: "beacon" } },
      ],
    },
    {
      "wlan.fixed.action_code": "1",
      "wlan.measure.rep.repmode.late": ["0", "0"],
      "wlan.measure.rep.repmode.refused": ["0", "1"],
      "wlan.measure.rep.reptype": ["5", "5"],
      "wlan.measure.rep.operatingclass": "128",
      "wlan.measure.rep.channelnumber": "44",
      "wlan.measure.rep.starttime": "72623859790382856",
      "wlan.measure.rep.duration": "100",
      "wlan.measure.rep.frameinfo.phytype": "9",
      "wlan.measure.rep.frameinfo.frametype": "0",
      "wlan.measure.rep.rcpi": "164",
      "wlan.measure.rep.rsni": "60",
      "wlan.measure.rep.bssid": other,
      "wlan.measure.rep.antid": "1",
      "wlan.measure.rep.parenttsf": "16909060",
      "wlan.measure.rep.beacon.frag_id.report_id": "7",
      "wlan.measure.rep.beacon.frag_id.number": "2",
      "wlan.measure.rep.beacon.frag_id.more": "1",
      "wlan.measure.req.beacon.sub.last_report": "1",
      "wlan.ssid": "41",
    },
  ),
  action(
    "a link measurement request",
    { kind: "link-measurement-request", token: 7, txPower: -1, maxTxPower: 20 },
    { "wlan.fixed.action_code": "2", "wlan.rm.tx_power": "-1", "wlan.rm.max_tx_power": "20" },
  ),
  action(
    "a link measurement report",
    {
      ...{ kind: "link-measurement-report", token: 7, txPower: 15, linkMargin: -5 },
      ...{ rxAntenna: 1, txAntenna: 2, rcpi: 120, rsni: 80 },
    },
    {
      "wlan.fixed.action_code": "3",
      "wlan.rm.tpc.tx_power": "15",
      "wlan.rm.tpc.link_margin": "-5",
      "wlan.rm.rx_antenna_id": "1",
      "wlan.rm.tx_antenna_id": "2",
      "wlan.rm.rcpi": "120",
      "wlan.rm.rsni": "80",
    },
  ),
  action(
    "a neighbor report request",
    { kind: "neighbor-report-request", token: 9, ssid: text("home") },
    { "wlan.fixed.action_code": "4", "wlan.rm.dialog_token": "9", "wlan.ssid": "686f6d65" },
  ),
  action(
    "a neighbor report response",
    { kind: "neighbor-report-response", token: 9, neighbors: [neighbor(bssid, 1), neighbor(other, 2)] },
    { "wlan.fixed.action_code": "5", "wlan.nreport.bssid": [bssid, other], "wlan.nreport.channumber": ["157", "157"] },
  ),
  {
    name: "a deauthentication",
    frame: buildFarewell(toStation(station, bssid), { kind: "deauthentication", reason: 3 }),
    expected: { "wlan.fc.type_subtype": "12", "wlan.fixed.reason_code": "3", "wlan.ra": station },
  },
  {
    name: "an association request",
    frame: buildAssociationRequest(toAccessPoint(station, bssid), {
      capability: 0x1431,
      listenInterval: 10,
      elements: Uint8Array.from([
        ...[0, 1, 65, 1, 1, 0x82],
        ...stationElements({
          power: { min: -5, max: 21 },
          channels: [1, 2, 3, 36, 40],
          operatingClasses: { current: 115, supported: [81, 115, 131] },
          rm: readRmCapabilities(Uint8Array.of(0x73, 0x18, 0x01, 0x00, 0x04)),
          extended: [19, 46],
          ht: { width: 40, streams: 2, maxMcs: 15, smPowerSave: "disabled" },
          vht: { width: 160, muBeamformee: true, streams: 2, maxMcs: 9 },
          he: { width2g: 40, width: 160, streams: 2, maxMcs: 11 },
          mbo: {
            cellularData: "unavailable",
            nonPreferred: [{ opClass: 81, channels: [6], preference: 0, reason: 1 }],
          },
        }),
      ]),
    }),
    expected: {
      "wlan.fc.type_subtype": "0",
      "wlan.powercap.min": "-5",
      "wlan.powercap.max": "21",
      "wlan.supopeclass.current": "115",
      "wlan.rmcap.b0": "1",
      "wlan.rmcap.b1": "1",
      "wlan.rmcap.b4": "1",
      "wlan.rmcap.b5": "1",
      "wlan.rmcap.b6": "1",
      "wlan.rmcap.b12": "1",
      "wlan.rmcap.b34": "1",
      "wlan.rmcap.b35": "0",
      "wlan.extcap.b19": "1",
      "wlan.extcap.b46": "1",
      "wlan.ht.capabilities.width": "1",
      "wlan.ht.capabilities.sm": "3",
      "wlan.ht.mcsset.rxbitmask.8to15": "255",
      "wlan.ht.mcsset.rxbitmask.16to23": "0",
      "wlan.vht.capabilities.supportedchanwidthset": "1",
      "wlan.vht.capabilities.mubeamformee": "1",
      "wlan.vht.mcsset.rxmcsmap": "65530",
      "wlan.wfa.ie.mbo.cellular_cap": "2",
      "wlan.wfa.ie.mbo.non_pref_chan.op_class": "81",
      "wlan.wfa.ie.mbo.non_pref_chan.chan": "6",
    },
  },
];

describe("Wireshark", { skip: withoutTshark, timeout: 120_000 }, () => {
  const complaint = "_ws.expert.message";
  let decoded: Awaited<ReturnType<typeof decode>> = [];

  before(async () => {
    const fields = new Set([complaint, ...cases.flatMap(({ expected }) => Object.keys(expected))]);
    decoded = await decode(
      cases.map(({ frame }) => frame),
      [...fields],
    );
  });

  for (const [index, { name, expected }] of cases.entries()) {
    it(`reads ${name} as it was meant`, () => {
      const found = decoded[index] ?? {};
      assert.equal(found[complaint], undefined);
      const wanted = Object.fromEntries(Object.entries(expected).map(([field, value]) => [field, [value].flat()]));
      assert.deepEqual(Object.fromEntries(Object.keys(expected).map((field) => [field, found[field]])), wanted);
    });
  }
});
