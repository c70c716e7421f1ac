/** For tests: pictures of homes. */

import type { Picture, PicturedClient, PicturedLink } from "../picture.ts";

export const when = "2026-08-01T18:00:00.000Z";

export function aClient(number: number, more: Partial<PicturedClient> = {}): PicturedClient {
  const mac = `02:00:00:00:${hex(number >> 8)}:${hex(number & 255)}`;
  return {
    ...{ mac, name: `client ${number}`, node: "gateway", ssid: "Home", band: "5G", channel: 36, snrDb: 30 },
    ...{ rxLinkMbps: 300, txLinkMbps: 400, rxMbps: 0, txMbps: 1, links: 1, since: when, frozen: false, zone: null },
    lastKnownAt: null,
    ...more,
  };
}

export function aLink(node: string, parent: string | null, more: Partial<PicturedLink> = {}): PicturedLink {
  return {
    ...{ node, parent, medium: "ethernet", up: true, band: null, channel: null, snrDb: null },
    ...{ downLinkMbps: null, upLinkMbps: null },
    ...more,
  };
}

/** A gateway and extenders on it, with so many clients in turn. */
export function aPicture(nodes = 2, clients = 4, more: Partial<Picture> = {}): Picture {
  const ids = Array.from({ length: nodes }, (_, index) => (index === 0 ? "gateway" : `extender-${index}`));
  return {
    ...{ at: when, from: "now", stepSeconds: null, knownFrom: null, knownTo: null, truncated: false },
    ...{ radios: [], unknown: [] },
    nodes: ids.map((id, index) => ({
      ...{ id, role: index === 0 ? ("gateway" as const) : ("extender" as const), model: "SIM" },
      ...{ connection: "connected" as const, settled: true, pending: null },
      ...{ heardAt: when, silent: false, faults: [], note: null },
    })),
    links: ids.map((id, index) => aLink(id, index === 0 ? null : "gateway")),
    clients: Array.from({ length: clients }, (_, index) => aClient(index, { node: ids[index % nodes] ?? "gateway" })),
    ...more,
  };
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}
