/** What the live view of a home shows, and how it looks as text. Pure: a snapshot in, lines out. */

import { type Column, fit, table } from "./table.ts";

export interface HomeSnapshot {
  readonly location: string;
  /** Milliseconds since start. */
  readonly uptime: number;
  readonly nodes: readonly NodeSnapshot[];
  readonly clients: readonly ClientSnapshot[];
  /** Newest last. */
  readonly events: readonly HomeEvent[];
}

export interface NodeSnapshot {
  readonly id: string;
  readonly role: string;
  /** What `Manager` says of the connection: its target while connected. */
  readonly controller: string | null;
  readonly confsync: string;
  readonly settled: boolean;
  /** What the cloud has still to bring about; `null` when the node is as the home file says. */
  readonly pending: string | null;
  /** How long ago its last statistics report came, in ms; null: none yet. */
  readonly reportedMs: number | null;
  readonly radios: readonly RadioSnapshot[];
  readonly vifs: readonly VifSnapshot[];
}

export interface RadioSnapshot {
  readonly ifName: string;
  readonly band: string;
  readonly enabled: boolean;
  readonly channel: number | null;
  readonly htMode: string | null;
  /** dBm */
  readonly txPower: number | null;
  /** How busy its channel is, in percent, as reported; null: not known, or too long ago. */
  readonly busyPercent: number | null;
}

export interface VifSnapshot {
  readonly ifName: string;
  readonly radio: string;
  readonly ssid: string;
  readonly enabled: boolean;
  readonly clients: number;
}

export interface ClientSnapshot {
  readonly name: string;
  readonly mac: string;
  readonly node: string | null;
  readonly vif: string | null;
  readonly keyId: string | null;
  /** As the node reported it last; null: it has not, or too long ago. */
  readonly reported: ReportedClient | null;
}

export interface ReportedClient {
  /** How long ago, in ms. */
  readonly agoMs: number;
  /** dB; null: the node does not know. */
  readonly snr: number | null;
  /** To the client and from it, Mbit/s on average of the reporting interval; null: not known. */
  readonly downMbps: number | null;
  readonly upMbps: number | null;
}

export interface HomeEvent {
  /** Milliseconds since start. */
  readonly at: number;
  readonly text: string;
}

/** Every node is as the home file says, its radios are settled, and it stays so while nobody changes anything. */
export function isSettled(home: HomeSnapshot): boolean {
  return home.nodes.length > 0 && home.nodes.every((node) => node.settled && node.pending === null);
}

export function connectedClients(home: HomeSnapshot): number {
  return home.clients.filter((client) => client.node !== null).length;
}

export function statusLine(home: HomeSnapshot): string {
  const clients = connectedClients(home);
  return isSettled(home) ? `all settled, ${clients} clients` : `not settled yet, ${clients} clients`;
}

const nodeColumns: readonly Column<NodeSnapshot>[] = [
  { title: "NODE", cell: (node) => node.id },
  { title: "ROLE", cell: (node) => node.role },
  { title: "CONTROLLER", cell: (node) => node.controller ?? "not connected" },
  { title: "CONFSYNC", cell: (node) => `${node.confsync}${node.settled ? " (settled)" : ""}` },
  { title: "CLOUD", cell: (node) => node.pending ?? "applied" },
  { title: "REPORTED", cell: (node) => (node.reportedMs === null ? "not yet" : ago(node.reportedMs)) },
];

type RadioLine = RadioSnapshot & { readonly node: string };

const radioColumns: readonly Column<RadioLine>[] = [
  { title: "NODE", cell: (radio) => radio.node },
  { title: "RADIO", cell: (radio) => radio.ifName },
  { title: "BAND", cell: (radio) => radio.band },
  { title: "CHANNEL", align: "right", cell: (radio) => (radio.channel === null ? "-" : String(radio.channel)) },
  { title: "WIDTH", cell: (radio) => radio.htMode ?? "-" },
  { title: "POWER", align: "right", cell: (radio) => (radio.txPower === null ? "-" : `${radio.txPower} dBm`) },
  { title: "BUSY", align: "right", cell: (radio) => (radio.busyPercent === null ? "" : `${radio.busyPercent} %`) },
  { title: "STATE", cell: (radio) => (radio.enabled ? "up" : "down") },
];

type VifLine = VifSnapshot & { readonly node: string };

const vifColumns: readonly Column<VifLine>[] = [
  { title: "NODE", cell: (vif) => vif.node },
  { title: "VIF", cell: (vif) => vif.ifName },
  { title: "RADIO", cell: (vif) => vif.radio },
  { title: "SSID", cell: (vif) => vif.ssid },
  { title: "STATE", cell: (vif) => (vif.enabled ? "up" : "down") },
  { title: "CLIENTS", align: "right", cell: (vif) => String(vif.clients) },
];

const clientColumns: readonly Column<ClientSnapshot>[] = [
  { title: "CLIENT", cell: (client) => client.name },
  { title: "MAC", cell: (client) => client.mac },
  { title: "NODE", cell: (client) => client.node ?? "-" },
  { title: "VIF", cell: (client) => client.vif ?? "searching" },
  { title: "KEY", cell: (client) => client.keyId ?? "-" },
  { title: "SNR", align: "right", cell: ({ reported }) => (reported?.snr ? `${reported.snr} dB` : "") },
  { title: "DOWN Mbit/s", align: "right", cell: ({ reported }) => rate(reported?.downMbps) },
  { title: "UP Mbit/s", align: "right", cell: ({ reported }) => rate(reported?.upMbps) },
  { title: "REPORTED", align: "right", cell: ({ reported }) => (reported ? ago(reported.agoMs) : "") },
];

function rate(mbps: number | null | undefined): string {
  return mbps === null || mbps === undefined ? "" : mbps.toFixed(mbps < 10 ? 2 : 1);
}

function ago(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s ago`;
}

/** Events are worth these lines before another table is. */
const fewEvents = 4;

/**
 * The picture in at most `height` lines. Where not everything has room, nodes and clients come first, then the last events,
 * VIFs and radios.
 */
export function renderHome(home: HomeSnapshot, width: number, height: number): string[] {
  const seconds = (home.uptime / 1000).toFixed(1);
  const title = fit(`${home.location}: ${statusLine(home)}   up ${seconds} s   (Ctrl-C stops)`, width);
  const nodes = ["", ...table(nodeColumns, home.nodes, width)];
  const radios = home.nodes.flatMap((node) => node.radios.map((radio) => ({ ...radio, node: node.id })));
  const vifs = home.nodes.flatMap((node) => node.vifs.map((vif) => ({ ...vif, node: node.id })));
  const radioLines = ["", ...table(radioColumns, radios, width)];
  const vifLines = ["", ...table(vifColumns, vifs, width)];
  const clients = ["", ...table(clientColumns, home.clients, width)];

  let room = height - 1 - nodes.length - clients.length;
  const fits = (lines: readonly string[], besides: number) => {
    if (room - lines.length < besides) return [];
    room -= lines.length;
    return lines;
  };
  const shownVifs = fits(vifLines, fewEvents + 2);
  const shownRadios = fits(radioLines, fewEvents + 2);
  const events =
    room > 2 ? ["", "LAST EVENTS", ...home.events.slice(2 - room).map((event) => eventLine(event, width))] : [];
  return [title, ...nodes, ...shownRadios, ...shownVifs, ...clients, ...events].slice(0, height);
}

export function eventLine(event: HomeEvent, width: number): string {
  return fit(`${(event.at / 1000).toFixed(3).padStart(8)} s  ${event.text}`, width);
}
