import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { toStation } from "./action.ts";
import { buildFarewell, type Farewell, parseFarewell, reasonCodes } from "./deauthentication.ts";
import { address } from "./testing/arbitrary-action.ts";
import { hex, octets } from "./testing/hex.ts";

const addresses = toStation(mac("aa:bb:cc:dd:ee:ff"), mac("00:11:22:33:44:55"));
const head = "00 00 aa bb cc dd ee ff 00 11 22 33 44 55 00 11 22 33 44 55 00 00";

describe("a deauthentication", () => {
  it("is the frame that deployed devices send (ow_steer_executor_action_deauth_tx_frame)", () => {
    const frame = buildFarewell(addresses, { kind: "deauthentication", reason: reasonCodes.leavingNetwork });
    assert.equal(hex(frame), hex(octets(`c0 00 ${head} 03 00`)));
  });

  it("differs from a disassociation by the subtype", () => {
    const frame = buildFarewell(addresses, { kind: "disassociation", reason: 0x0102 });
    assert.equal(hex(frame), hex(octets(`a0 00 ${head} 02 01`)));
  });

  it("gives back kind, reason and addresses", () => {
    const kind = fc.constantFrom<Farewell["kind"]>("deauthentication", "disassociation");
    fc.assert(
      fc.property(kind, fc.integer({ min: 0, max: 0xffff }), address, address, (each, reason, station, bssid) => {
        const parsed = parseFarewell(buildFarewell(toStation(station, bssid), { kind: each, reason }));
        assert.ok(parsed.ok);
        const { header } = parsed.value;
        assert.deepEqual([parsed.value.kind, parsed.value.reason], [each, reason]);
        assert.deepEqual([header.receiver, header.transmitter, header.bssid], [station, bssid, bssid]);
      }),
    );
  });

  it("may have elements after the reason", () => {
    const parsed = parseFarewell(octets(`c0 00 ${head} 03 00 dd 03 00 11 22`));
    assert.ok(parsed.ok && parsed.value.reason === 3);
  });

  it("is refused with a reason where it is none", () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [`c0 00 ${head} 03`, /it ends within the reason code/],
      [`80 00 ${head} 03 00`, /its subtype is 8/],
      ["c0 00", /it ends within the duration/],
    ];
    for (const [text, message] of cases) {
      const parsed = parseFarewell(octets(text));
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, message);
    }
    assert.throws(() => buildFarewell(addresses, { kind: "deauthentication", reason: 65_536 }), RangeError);
  });
});
