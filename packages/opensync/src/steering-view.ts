/** A steering report as tables: the counts of each client and band, then what happened, in order. */

import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import { figure, moment } from "./report-cells.ts";
import { type Column, table } from "./table.ts";

export function steeringLines(report: SteeringReport, width: number): string[] {
  const rows = report.clients.flatMap(({ mac, mldMac, bands }) =>
    bands.map((band) => ({ mac, mldMac: mldMac ?? "", ...band })),
  );
  const events = rows.flatMap(({ mac, band, events: own }) => own.map((event) => ({ mac, band, event })));
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "CLIENT", cell: ({ mac }) => mac },
    { title: "MLD", cell: ({ mldMac }) => mldMac },
    { title: "BAND", cell: ({ band }) => band },
    { title: "VIF", cell: ({ ifName }) => ifName },
    { title: "CONNECTED", cell: ({ connected }) => (connected ? "yes" : "no") },
    figure("REJECTS", ({ rejects }) => rejects),
    figure("CONNECTS", ({ connects }) => connects),
    figure("DISCONNECTS", ({ disconnects }) => disconnects),
    figure("ACTIVITY", ({ activityChanges }) => activityChanges),
    figure("STEERED", ({ steeringSuccesses }) => steeringSuccesses),
    figure("FAILED", ({ steeringFailures }) => steeringFailures),
    figure("KICKS", ({ steeringKicks }) => steeringKicks),
    figure("STICKY KICKS", ({ stickyKicks }) => stickyKicks),
    figure("PROBES", ({ broadcastProbes }) => broadcastProbes),
  ];
  const eventColumns: Column<(typeof events)[number]>[] = [
    figure("AGO ms", ({ event }) => event.offsetMs),
    { title: "CLIENT", cell: ({ mac }) => mac },
    { title: "BAND", cell: ({ band }) => band },
    { title: "EVENT", cell: ({ event }) => event.type },
    { title: "DETAILS", cell: ({ event }) => details(event) },
  ];
  const inOrder = events.toSorted((a, b) => b.event.offsetMs - a.event.offsetMs);
  return [
    `steering, ${moment(report.timestampMs)}`,
    ...table(columns, rows, width),
    ...(events.length > 0 ? table(eventColumns, inOrder, width) : []),
  ];
}

function details(event: SteeringEvent): string {
  switch (event.type) {
    case "PROBE":
      return words(`snr ${event.snrDb} dB`, event.broadcast && "broadcast", event.blocked && "blocked");
    case "CONNECT":
      return event.snrDb === 0 ? "" : `snr ${event.snrDb} dB`;
    case "DISCONNECT":
      return words(`snr ${event.snrDb} dB`, `${event.source} ${event.disconnectType}`, `reason ${event.reason}`);
    case "BACKOFF":
      return event.enabled ? `for ${event.periodSeconds} s` : "ended";
    case "ACTIVITY":
      return event.active ? "active" : "idle";
    case "AUTH_BLOCK":
      return words(`snr ${event.snrDb} dB`, event.rejected && "rejected");
    case "CLIENT_BTM_STATUS":
      return `status ${event.status}`;
    case "CLIENT_CAPABILITIES": {
      const { band2G, band5G, band6G, btm, rrm, muMimo, maxStreams, maxMcs, maxTxPowerDbm } = event.capabilities;
      const bands = [band2G && "2.4G", band5G && "5G", band6G && "6G"].filter(Boolean).join("/");
      return words(
        bands,
        btm && "BTM",
        rrm && "RRM",
        muMimo && "MU-MIMO",
        `${maxStreams} streams`,
        `MCS ${maxMcs}`,
        `${maxTxPowerDbm} dBm`,
      );
    }
    default:
      return "";
  }
}

function words(...parts: readonly (string | false)[]): string {
  return parts.filter(Boolean).join(", ");
}
