import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loserLines } from "./key-losers.ts";

const doc = (ssid: string) => ({
  networks: [
    {
      ...{ ssid, enabled: true, hidden: false, isolate: false, bridge: "br-home" },
      security: {
        mode: "wpa2" as const,
        keys: [
          { id: "key", psk: null },
          { id: "key-1", label: "Guests", psk: null },
        ],
      },
    },
  ],
});
const device = (mac: string, key: string | null, ssid = "Home") =>
  ({ mac, nickname: mac, now: { ssid, key: key === null ? null : { key } } }) as unknown as Parameters<
    typeof loserLines
  >[3][number];
const psk = (position: number, kind = "changed") => ({ kind, path: `networks[0].security.keys[${position}].psk` });
const all = [device("tv", "key-1"), device("phone", "key-1"), device("desk", "key"), device("other", "key-1", "Other")];

describe("a new passphrase", () => {
  it("takes the Wi-Fi from all that are connected by its key, until they have it", () => {
    assert.deepEqual(loserLines([psk(1)], doc("Home"), doc("Home"), all), [
      "New passphrase of key “Guests” of “Home”: 2 clients that are connected with it now lose the Wi-Fi until they have the new one: phone, tv.",
    ]);
    assert.match(loserLines([psk(0)], doc("Home"), doc("New"), all)[0] ?? "", /1 client .* loses .*: desk\.$/);
  });

  it("takes it from nobody else, and says of how many that is not known", () => {
    assert.match(
      loserLines([psk(1)], doc("Home"), doc("Home"), [device("cam", null)])[0] ?? "",
      /: nobody is connected with it now \(of 1 on this network the node does not say by which key\)\.$/,
    );
    assert.deepEqual(
      loserLines([psk(1, "added"), { kind: "changed", path: "name" }], doc("Home"), doc("Home"), all),
      [],
    );
  });
});
