import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { checkHome } from "../../home.ts";
import { aDocument } from "../../testing/locations.ts";
import { holdingPolicies } from "./holding-policies.ts";

const tv = mac("02:00:00:00:00:01");
const now = Date.parse("2026-08-01T18:00:00Z");
const freeze = { kind: "freeze" };
const device = { kind: "device", mac: tv };

function held(policies: readonly object[]) {
  const document = aDocument() as { networks: readonly { ssid: string }[] };
  const home = checkHome({ ...document, policies }, "home");
  const ssid = document.networks[0]?.ssid ?? null;
  return holdingPolicies(home, { mac: tv, ssid, zone: null }, now);
}

describe("policies that hold for a client", () => {
  it("are of each kind the closest one, with whom it is for and where the document has it", () => {
    const found = held([
      { id: "all", scope: { kind: "everybody" }, action: freeze },
      {
        id: "mine",
        label: "Bed time",
        scope: device,
        action: freeze,
        schedule: { kind: "until", instant: "2026-08-01T20:00:00Z" },
      },
      { id: "band", scope: { kind: "everybody" }, action: { kind: "band", prefer: "5G" } },
    ]);
    assert.deepEqual(
      found.map(({ id, label, scope, stated, until }) => [id, label, scope.kind, stated, until]),
      [
        ["mine", "Bed time", "device", "policies[1]", Date.parse("2026-08-01T20:00:00Z")],
        ["band", null, "everybody", "policies[2]", null],
      ],
    );
  });

  it("are none that are off, over, or of somebody else", () => {
    const found = held([
      { id: "off", enabled: false, scope: device, action: freeze },
      { id: "over", scope: device, action: freeze, schedule: { kind: "until", instant: "2026-08-01T17:00:00Z" } },
      { id: "other", scope: { kind: "device", mac: "02:00:00:00:00:02" }, action: freeze },
    ]);
    assert.deepEqual(found, []);
  });
});
