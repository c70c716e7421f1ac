import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { neighborhoodOf } from "./neighbors.ts";
import { problemText } from "./problems.ts";
import type { VifNeighbor } from "./rows.ts";
import { row, uuid } from "./testing/rows.ts";

const key = "00112233445566778899aabbccddeeff".repeat(2);
const neighbor = (n: number, columns: Partial<VifNeighbor> = {}) =>
  row("Wifi_VIF_Neighbors", { _uuid: uuid(n), if_name: "home-ap-50", bssid: `02:00:00:00:0c:0${n}`, ...columns });

function of(...rows: readonly VifNeighbor[]) {
  const problems: string[] = [];
  return { ...neighborhoodOf(rows, (problem) => problems.push(problemText(problem))), problems };
}

describe("Wifi_VIF_Neighbors", () => {
  it("are told of by BSSID, in its order", () => {
    const { neighbors, problems } = of(
      neighbor(2, { op_class: 81, channel: 6, phy_type: 7 }),
      neighbor(1, { op_class: 115, channel: 36, phy_type: 9, ft_enabled: true }),
    );
    assert.deepEqual(neighbors, [
      { bssid: "02:00:00:00:0c:01", bssidInfo: 0x48f, opClass: 115, channel: 36, phyType: 9 },
      { bssid: "02:00:00:00:0c:02", bssidInfo: 0x8f, opClass: 81, channel: 6, phyType: 7 },
    ]);
    assert.deepEqual(problems, []);
  });

  it("are no neighbours before something is known of them", () => {
    assert.deepEqual(of(neighbor(1)).neighbors, []);
    assert.equal(of(neighbor(1, { channel: 6 })).neighbors.length, 1);
  });

  it("hand keys over where they do fast transition, and have a name and a key", () => {
    const whole = { ft_enabled: true, nas_identifier: "other", ft_encr_key: key };
    assert.deepEqual(of(neighbor(1, whole)).ftNeighbors, [{ bssid: "02:00:00:00:0c:01", nasIdentifier: "other", key }]);
    for (const less of [{ ft_enabled: false }, { nas_identifier: "" }, { ft_encr_key: null }])
      assert.deepEqual(of(neighbor(1, { ...whole, ...less })).ftNeighbors, []);
  });

  it("that cannot be are left out and named, keys never", () => {
    const bad = "x".repeat(64);
    const { neighbors, ftNeighbors, problems } = of(
      neighbor(1, { bssid: "printer", channel: 6 }),
      neighbor(2, { channel: 6, ft_enabled: true, nas_identifier: "other", ft_encr_key: bad }),
    );
    assert.deepEqual([neighbors.length, ftNeighbors.length], [1, 0]);
    assert.deepEqual(problems, [
      "Wifi_VIF_Neighbors 'home-ap-50': bssid 'printer': not a MAC address (aa:bb:cc:dd:ee:ff); the neighbour is left out",
      "Wifi_VIF_Neighbors 'home-ap-50': ft_encr_key '': not 64 hexadecimal digits; no keys are shared with this neighbour",
    ]);
  });
});
