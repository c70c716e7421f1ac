import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Location } from "../../location.ts";
import type { ClientNow } from "../../telemetry/queries/clients-now.ts";
import { presentAt } from "./present.ts";

const phone = mac("02:00:00:00:01:02");

describe("who is where at present", () => {
  it("keeps by which key somebody joined whose node is away, as all else that was known last", () => {
    const link = { band: "5G", channel: 36, snrDb: 30, rxLinkMbps: 1, txLinkMbps: 1, rxMbps: 0, txMbps: 0 } as const;
    const client: ClientNow = { mac: phone, node: "gw", ssid: "Home", since: null, ageMs: 0, links: [link] };
    const queries = { clientsNow: () => [client], since: () => undefined };
    const keyOf = (ssid: string) => {
      const away = { id: "gw", connection: "absent", heardAt: 1000, silent: false };
      const location = {
        ...{ id: "l", nodes: [away], session: () => undefined },
        lastClients: () => [{ mac: phone, ssid, key: "key-1" }],
      } as unknown as Location;
      return presentAt(queries, location, 2000).clients.map(({ band, key }) => [band, key]);
    };
    assert.deepEqual(keyOf("Home"), [["5G", "key-1"]]);
    assert.deepEqual(keyOf("Other"), [["5G", null]], "of another network");
  });
});
