import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonValue } from "@opensync-ts/ovsdb/json";
import { maskMessage } from "./mask-message.ts";

const psks = ["map", [["key", "correct horse"]]];
const masked = ["map", [["key", "****"]]];

describe("messages without their secrets", () => {
  const cases: readonly (readonly [string, JsonValue, JsonValue])[] = [
    [
      "rows that are written",
      { op: "insert", table: "Wifi_VIF_Config", row: { ssid: "Home", wpa_psks: psks } },
      { op: "insert", table: "Wifi_VIF_Config", row: { ssid: "Home", wpa_psks: masked } },
    ],
    [
      "conditions and mutations",
      { where: [["wpa_psks", "==", psks]], mutations: [["ft_encr_key", "insert", "0123"]] },
      { where: [["wpa_psks", "==", masked]], mutations: [["ft_encr_key", "insert", "****"]] },
    ],
    [
      "updates of a monitor",
      [7, { Wifi_VIF_State: { uuid: { new: { radius_srv_secret: "s3cret", ssid: "x" } } } }],
      [7, { Wifi_VIF_State: { uuid: { new: { radius_srv_secret: "****", ssid: "x" } } } }],
    ],
    [
      "keys of maps that are not secret as a whole",
      {
        row: {
          security: [
            "map",
            [
              ["encryption", "WPA-PSK"],
              ["key", "battery staple"],
            ],
          ],
        },
      },
      {
        row: {
          security: [
            "map",
            [
              ["encryption", "WPA-PSK"],
              ["key", "****"],
            ],
          ],
        },
      },
    ],
    [
      "tables of keys and values",
      {
        rows: [
          { module: "X", key: "admin_password", value: "hunter22" },
          { key: "level", value: "3" },
        ],
      },
      {
        rows: [
          { module: "X", key: "admin_password", value: "****" },
          { key: "level", value: "3" },
        ],
      },
    ],
    [
      "what is unset",
      { row: { wpa_psks: ["set", []], radius_srv_secret: "" } },
      { row: { wpa_psks: ["set", []], radius_srv_secret: "" } },
    ],
    [
      "what a node says of a value that it refuses",
      { error: "constraint violation", details: 'value "correct horse" is too short' },
      { error: "constraint violation", details: 'value "…" is too short' },
    ],
    [
      "anything else, which stays",
      { method: "echo", params: [1, null, "key", [true]], id: "echo" },
      { method: "echo", params: [1, null, "key", [true]], id: "echo" },
    ],
  ];
  for (const [what, message, expected] of cases) {
    it(`are ${what}`, () => assert.deepEqual(maskMessage(message), expected));
  }
});
