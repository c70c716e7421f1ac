import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { TableReader } from "../../rows.ts";
import { defaultProfiles } from "../profiles.ts";
import { Knowledge } from "./knowledge.ts";

const tablet = mac("02:00:00:00:00:01");

/** Two radios; the tablet is on the access point of one of them. */
function tables(on: "24" | "50", is5On: boolean): TableReader {
  const ap = (suffix: string, address: string, enabled: boolean) => ({
    ...{ if_name: `home-ap-${suffix}`, mode: "ap", mac: address, ssid: "Home", enabled },
    associated_clients: on === suffix ? ["client"] : [],
  });
  const radios = [
    { if_name: "wifi0", freq_band: "2.4G", channel: 6 },
    { if_name: "wifi1", freq_band: "5G", channel: is5On ? 36 : null },
  ];
  const all: Readonly<Record<string, readonly (readonly [string, object])[]>> = {
    Wifi_Radio_Config: radios.map((row, index) => [`config ${index}`, row]),
    Wifi_Radio_State: radios.map((row, index) => [`state ${index}`, row]),
    Wifi_VIF_State: [
      ["a", ap("24", "02:00:00:00:aa:01", true)],
      ["b", ap("50", "02:00:00:00:aa:02", is5On)],
    ],
    Wifi_Associated_Clients: [["client", { mac: tablet }]],
  };
  return ((name: string) => new Map(all[name] ?? [])) as unknown as TableReader;
}

describe("who is where", () => {
  it("is nobody on an access point that has gone off the air", () => {
    const knowledge = new Knowledge(defaultProfiles, 0);
    knowledge.takeRows("gw", tables("50", true), 1000);
    assert.deepEqual(knowledge.presence.links(tablet), ["02:00:00:00:aa:02"]);
    knowledge.takeRows("gw", tables("24", false), 2000);
    assert.deepEqual(knowledge.presence.links(tablet), ["02:00:00:00:aa:01"]);
  });
});
