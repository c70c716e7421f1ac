/** A decoded statistics report as tables. */

import type { AuthFailuresReport } from "@opensync-ts/telemetry/auth-failures";
import type { Average } from "@opensync-ts/telemetry/average";
import type { CapacityReport } from "@opensync-ts/telemetry/capacity";
import type { ClientsReport } from "@opensync-ts/telemetry/clients";
import type { NeighborReport } from "@opensync-ts/telemetry/neighbor";
import type { RadiusReport } from "@opensync-ts/telemetry/radius";
import type { StatsReport } from "@opensync-ts/telemetry/report";
import type { RssiReport } from "@opensync-ts/telemetry/rssi";
import type { SurveyAverage, SurveyReport, SurveySample } from "@opensync-ts/telemetry/survey";
import { deviceLines } from "./device-view.ts";
import { figure, moment } from "./report-cells.ts";
import { steeringLines } from "./steering-view.ts";
import { type Column, printable, table } from "./table.ts";

/** Who sent it, then a title and a table for each report in it. Rows are cut to `width`. */
export function reportLines(report: StatsReport, width: number): string[] {
  const mode = report.powerMode === undefined ? "" : `, power mode ${report.powerMode}`;
  const sections = [
    ...report.surveys.map((survey) => surveyLines(survey, width)),
    ...report.neighbors.map((neighbors) => neighborLines(neighbors, width)),
    ...report.clients.map((clients) => clientLines(clients, width)),
    ...report.rssi.map((rssi) => rssiLines(rssi, width)),
    ...report.capacities.map((capacity) => capacityLines(capacity, width)),
    ...report.devices.map((device) => deviceLines(device, width)),
    ...report.steering.map((steering) => steeringLines(steering, width)),
    ...report.authFailures.map((failures) => authFailureLines(failures, width)),
    ...report.radius.map((radius) => radiusLines(radius, width)),
  ];
  return [printable(`node ${report.nodeId}${mode}`), ...sections.flatMap((lines) => ["", ...lines])];
}

function surveyLines(report: SurveyReport, width: number): string[] {
  const title = `survey ${report.band} ${report.surveyType}, ${report.reportType}, ${moment(report.timestampMs)}`;
  if (report.reportType === "average") {
    const share = (name: string, value: (row: SurveyAverage) => Average) => ({
      title: name,
      cell: (row: SurveyAverage) => spread(value(row)),
    });
    const columns = [
      figure<SurveyAverage>("CHANNEL", ({ channel }) => channel),
      share("BUSY %", ({ busy }) => busy),
      share("TX %", ({ busyTx }) => busyTx),
      share("RX %", ({ busyRx }) => busyRx),
      share("SELF %", ({ busySelf }) => busySelf),
      share("EXT %", ({ busyExt }) => busyExt),
      share("NOISE dBm", ({ noiseFloor }) => noiseFloor),
    ];
    return [title, ...table(columns, report.averages, width)];
  }
  const columns: Column<SurveySample>[] = [
    figure("CHANNEL", ({ channel }) => channel),
    { title: "WIDTH", cell: ({ width: channelWidth }) => channelWidth ?? "" },
    figure("CENTER MHz", ({ center0FreqMhz }) => center0FreqMhz),
    figure("BUSY %", ({ busyPercent }) => busyPercent),
    figure("TX %", ({ busyTxPercent }) => busyTxPercent),
    figure("RX %", ({ busyRxPercent }) => busyRxPercent),
    figure("SELF %", ({ busySelfPercent }) => busySelfPercent),
    figure("EXT %", ({ busyExtPercent }) => busyExtPercent),
    figure("NOISE dBm", ({ noiseFloorDbm }) => noiseFloorDbm),
    figure("DURATION ms", ({ durationMs }) => durationMs),
    figure("AGO ms", ({ offsetMs }) => offsetMs),
    { title: "PUNCTURED", cell: ({ puncture }) => (puncture === undefined ? "" : `0x${puncture.toString(16)}`) },
  ];
  // In the last place, and only where there is something to count.
  const counted = report.samples.some(({ totalCount }) => totalCount !== undefined);
  const samplesOf = ({ sampleCount = 0, totalCount = 0 }: SurveySample) => `${sampleCount} of ${totalCount}`;
  if (counted) columns.push({ title: "SAMPLES", align: "right", cell: samplesOf });
  return [title, ...table(columns, report.samples, width)];
}

/** `average (least to most, number of samples)` */
function spread({ average, least, most, samples }: Average): string {
  return samples === 0 ? String(average) : `${average} (${least} to ${most}, ${samples})`;
}

function neighborLines(report: NeighborReport, width: number): string[] {
  const columns: Column<(typeof report.bsses)[number]>[] = [
    { title: "BSSID", cell: ({ bssid }) => bssid },
    { title: "SSID", cell: ({ ssid }) => ssid },
    figure("CHANNEL", ({ channel }) => channel),
    { title: "WIDTH", cell: ({ width: channelWidth }) => channelWidth },
    figure("SNR dB", ({ snrDb }) => snrDb),
    { title: "STATUS", cell: ({ status }) => status ?? "" },
    figure("IES bytes", ({ beaconIes }) => beaconIes?.length),
  ];
  const title = `neighbors ${report.band} ${report.scanType}, ${report.reportType}, ${moment(report.timestampMs)}`;
  return [title, ...table(columns, report.bsses, width)];
}

function clientLines(report: ClientsReport, width: number): string[] {
  type Client = (typeof report.clients)[number];
  const columns: Column<Client>[] = [
    { title: "CLIENT", cell: ({ mac }) => mac },
    { title: "MLD", cell: ({ mldMac }) => mldMac ?? "" },
    { title: "SSID", cell: ({ ssid }) => ssid },
    { title: "CONNECTED", cell: ({ connected }) => (connected ? "yes" : "no") },
    figure("CONNECTS", ({ connectCount }) => connectCount),
    figure("DISCONNECTS", ({ disconnectCount }) => disconnectCount),
    figure("DURATION ms", ({ durationMs }) => durationMs),
    figure("SNR dB", ({ stats }) => stats.snrDb || undefined),
    figure("RX Mbit/s", ({ stats }) => stats.rxRateMbps),
    figure("TX Mbit/s", ({ stats }) => stats.txRateMbps),
    figure("RX bytes", ({ stats }) => stats.rxBytes),
    figure("TX bytes", ({ stats }) => stats.txBytes),
    figure("RX frames", ({ stats }) => stats.rxFrames),
    figure("TX frames", ({ stats }) => stats.txFrames),
    figure("RX retries", ({ stats }) => stats.rxRetries),
    figure("TX retries", ({ stats }) => stats.txRetries),
    figure("RX errors", ({ stats }) => stats.rxErrors),
    figure("TX errors", ({ stats }) => stats.txErrors),
  ];
  const uplink = report.uplinkType === "" ? "" : `, uplink ${report.uplinkType}${report.uplinkChanged ? " (new)" : ""}`;
  const title = `clients ${report.band} channel ${report.channel}${uplink}, ${moment(report.timestampMs)}`;
  return [printable(title), ...table(columns, report.clients, width), ...rateLines(report, width)];
}

/** What went over each rate and through each queue, where a node tells it. */
function rateLines({ clients }: ClientsReport, width: number): string[] {
  const rates = clients.flatMap(({ mac, rx, tx }) => [
    ...rx.map((rate) => ({ mac, way: "rx", ...rate })),
    ...tx.map((rate) => ({ mac, way: "tx", ...rate, snrDb: 0 })),
  ]);
  const rateColumns: Column<(typeof rates)[number]>[] = [
    { title: "RATES OF", cell: ({ mac }) => mac },
    { title: "WAY", cell: ({ way }) => way },
    figure("MCS", ({ mcs }) => mcs),
    figure("NSS", ({ nss }) => nss),
    figure("BW", ({ bw }) => bw),
    figure("BYTES", ({ bytes }) => bytes),
    figure("MSDUS", ({ msdus }) => msdus),
    figure("MPDUS", ({ mpdus }) => mpdus),
    figure("PPDUS", ({ ppdus }) => ppdus),
    figure("RETRIES", ({ retries }) => retries),
    figure("ERRORS", ({ errors }) => errors),
    figure("SNR dB", ({ snrDb }) => snrDb || undefined),
  ];
  const queues = clients.flatMap(({ mac, tids }) =>
    tids.flatMap(({ offsetMs, sojourn }) => sojourn.map((entry) => ({ mac, offsetMs, ...entry }))),
  );
  const queueColumns: Column<(typeof queues)[number]>[] = [
    { title: "QUEUES OF", cell: ({ mac }) => mac },
    { title: "AC", cell: ({ ac }) => ac },
    figure("TID", ({ tid }) => tid),
    figure("MSDUS", ({ msdus }) => msdus),
    figure("AVERAGE ms", ({ averageMs }) => averageMs),
    figure("SUM ms", ({ sumMs }) => sumMs),
    figure("AGO ms", ({ offsetMs }) => offsetMs),
  ];
  return [
    ...(rates.length > 0 ? table(rateColumns, rates, width) : []),
    ...(queues.length > 0 ? table(queueColumns, queues, width) : []),
  ];
}

function rssiLines(report: RssiReport, width: number): string[] {
  const columns: Column<(typeof report.peers)[number]>[] = [
    { title: "PEER", cell: ({ mac }) => mac },
    { title: "SOURCE", cell: ({ source }) => source ?? "" },
    {
      title: "SNR dB",
      cell: ({ samples, averageDb }) =>
        averageDb ? spread(averageDb) : samples.map(({ snrDb }) => String(snrDb)).join(" "),
    },
    figure("RX PPDUs", ({ rxPpdus }) => rxPpdus),
    figure("TX PPDUs", ({ txPpdus }) => txPpdus),
  ];
  const title = `rssi ${report.band}, ${report.reportType}, ${moment(report.timestampMs)}`;
  return [title, ...table(columns, report.peers, width)];
}

function capacityLines(report: CapacityReport, width: number): string[] {
  const columns: Column<(typeof report.samples)[number]>[] = [
    figure("AGO ms", ({ offsetMs }) => offsetMs),
    figure("TX %", ({ busyTxPercent }) => busyTxPercent),
    figure("TX bytes", ({ bytesTx }) => bytesTx),
    figure("SAMPLES", ({ sampleCount }) => sampleCount),
    figure("VO", ({ vo }) => vo),
    figure("VI", ({ vi }) => vi),
    figure("BE", ({ be }) => be),
    figure("BK", ({ bk }) => bk),
    figure("BEACON", ({ beacon }) => beacon),
    figure("CAB", ({ cab }) => cab),
  ];
  return [`capacity ${report.band}, ${moment(report.timestampMs)}`, ...table(columns, report.samples, width)];
}

function authFailureLines({ band, bsses }: AuthFailuresReport, width: number): string[] {
  const rows = bsses.flatMap(({ ifName, clients }) => clients.map((client) => ({ ifName, ...client })));
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "VIF", cell: ({ ifName }) => ifName },
    { title: "CLIENT", cell: ({ mac }) => mac },
    figure("FAILURES", ({ authFails }) => authFails),
    figure("WRONG PSK", ({ invalidPsk }) => invalidPsk),
  ];
  return [`authentication failures ${band}`, ...table(columns, rows, width)];
}

function radiusLines(report: RadiusReport, width: number): string[] {
  const columns: Column<(typeof report.records)[number]>[] = [
    { title: "VIF", cell: ({ vifName }) => vifName },
    { title: "ROLE", cell: ({ vifRole }) => vifRole },
    { title: "SERVER", cell: ({ serverAddress, serverPort }) => `${serverAddress} port ${serverPort}` },
    figure("INDEX", ({ serverIndex }) => serverIndex),
    figure("ROUND TRIP ms", ({ roundTripMs }) => roundTripMs),
    figure("REQUESTS", ({ accessRequests }) => accessRequests),
    figure("AGAIN", ({ accessRetransmissions }) => accessRetransmissions),
    figure("ACCEPTS", ({ accessAccepts }) => accessAccepts),
    figure("REJECTS", ({ accessRejects }) => accessRejects),
    figure("CHALLENGES", ({ accessChallenges }) => accessChallenges),
    figure("MALFORMED", ({ malformedAccessResponses }) => malformedAccessResponses),
    figure("BAD AUTH", ({ badAuthenticators }) => badAuthenticators),
    figure("PENDING", ({ pendingRequests }) => pendingRequests),
    figure("TIMEOUTS", ({ timeouts }) => timeouts),
    figure("UNKNOWN", ({ unknownTypes }) => unknownTypes),
    figure("DROPPED", ({ packetsDropped }) => packetsDropped),
  ];
  return [`radius, ${moment(report.timestampMs)}`, ...table(columns, report.records, width)];
}
