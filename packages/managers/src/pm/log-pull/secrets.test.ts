import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openSync } from "@opensync-ts/schema/opensync";
import { isSecretColumn } from "@opensync-ts/schema/secrets";
import fc from "fast-check";
import { createMasker, maskRow } from "./secrets.ts";

/** Columns whose names speak of keys and that hold none: numbers, names, methods, tags of flows, public keys, a file's name. */
const harmless = new Set(
  `key token group_rekey ft_psk ft_psk_generate_local ft_pmk_r0_key_lifetime_sec ft_pmk_r1_max_key_lifetime_sec
  wps_pbc_key_id wpa_key_mgmt key_id configurator_key_curve own_bi_key_curve key_exchange
  server_pubkey node_pubkey node_gen_key_type node_gen_key_bits private_key`.split(/\s+/),
);

describe("secrets of the database", () => {
  it("are all columns that speak of a passphrase, a password or a key", () => {
    const columns = Object.entries(openSync.tables).flatMap(([table, { columns: all }]) =>
      Object.keys(all).map((column) => ({ table, column })),
    );
    const telling = columns.filter(({ column }) =>
      /(^|_)(psks?|pskc|pass(word)?|secret|token|\w*key(_hex)?)(_|$)/.test(column),
    );
    const open = telling.filter(({ column }) => !isSecretColumn(column) && !harmless.has(column));
    assert.deepEqual(open, []);
    assert.ok(telling.length > 30);
  });

  it("are masked in their rows, keys of maps stay", () => {
    const found = new Set<string>();
    const row = {
      ssid: "home",
      wpa_psks: new Map([["key--1", "correct horse"]]),
      security: new Map([
        ["key", "battery staple"],
        ["mode", "2"],
      ]),
      other_config: new Map([
        ["username", "me"],
        ["password", "s3cret"],
      ]),
      radius_srv_secret: null,
      ft_psk: 1,
      vif_radio_idx: 2,
    };
    assert.deepEqual(maskRow(row, found), {
      ssid: "home",
      wpa_psks: { "key--1": "****" },
      security: { key: "****", mode: "2" },
      other_config: { username: "me", password: "****" },
      radius_srv_secret: null,
      ft_psk: 1,
      vif_radio_idx: 2,
    });
    assert.deepEqual([...found], ["correct horse", "battery staple", "s3cret"]);
    assert.deepEqual(maskRow({ module: "X", key: "admin_password", value: "hunter22" }, found), {
      module: "X",
      key: "admin_password",
      value: "****",
    });
  });

  it("are masked in texts, wherever and however they stand there", () => {
    const secret = fc.string({ minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 5 }), fc.string(), (secrets, filling) => {
        const masker = createMasker(new Set(secrets));
        const text = secrets.map((each) => `${filling}${each}${JSON.stringify({ psk: each })}`).join(filling);
        const result = masker(text);
        // What a mask and its neighbours happen to spell is no secret that was there.
        for (const part of result.split("****")) for (const each of secrets) assert.ok(!part.includes(each));
      }),
    );
  });

  it("of less than four characters do not mask every text", () => {
    assert.equal(createMasker(new Set(["a", ""]))("a day"), "a day");
  });
});
