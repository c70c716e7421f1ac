import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Write } from "@opensync-ts/schema/opensync";
import fc from "fast-check";
import { changes, readSubset } from "./read-subset.ts";
import { addPort, Gateway, prepopulate, primaryPsk, radios, rowsOf, vifsByRadio } from "./testing/home.ts";

interface Network {
  readonly radio: string;
  readonly row: Write<"Wifi_VIF_Config">;
  readonly isPort: boolean;
  readonly tag: number | null;
}

interface Home {
  readonly networks: readonly Network[];
  readonly channels: readonly (number | null)[];
  readonly lan: Write<"Wifi_Inet_Config">;
  readonly reserved: readonly Write<"DHCP_reserved_IP">[];
  readonly tags: readonly Write<"Openflow_Tag">[];
}

const text = (maxLength: number) => fc.string({ minLength: 1, maxLength, unit: "grapheme-ascii" });
const octet = fc.integer({ min: 1, max: 254 });

const network: fc.Arbitrary<Omit<Network, "radio">> = fc.record({
  row: fc.record(
    {
      ssid: text(32),
      enabled: fc.boolean(),
      ssid_broadcast: fc.constantFrom("enabled", "disabled"),
      mac_list: fc.uniqueArray(
        octet.map((n) => `02:00:00:00:00:${n.toString(16).padStart(2, "0")}`),
        { maxLength: 4 },
      ),
      mac_list_type: fc.constantFrom("blacklist", "none"),
      wpa_key_mgmt: fc.uniqueArray(fc.constantFrom("wpa-psk", "sae", "ft-psk"), { maxLength: 3 }),
      wpa_psks: fc.constantFrom({ key: primaryPsk }, { "key-3": primaryPsk }, {}),
      min_rssi: fc.integer({ min: -127, max: 0 }),
      ft_mobility_domain: fc.nat(65_535),
      rrm: fc.constantFrom(0, 1),
    },
    { requiredKeys: ["ssid"] },
  ),
  isPort: fc.boolean(),
  tag: fc.option(fc.integer({ min: 1, max: 4094 })),
}) as fc.Arbitrary<Omit<Network, "radio">>;

const home: fc.Arbitrary<Home> = fc.record({
  networks: fc.array(fc.tuple(network, fc.constantFrom(...radios)), { minLength: 1, maxLength: 6 }).map((all) =>
    all.map(([each, radio], n) => ({
      ...each,
      radio,
      row: { ...each.row, if_name: `home-ap-${n}`, mode: "ap" as const },
    })),
  ),
  channels: fc.array(fc.option(fc.integer({ min: 1, max: 233 })), { minLength: 2, maxLength: 2 }),
  lan: fc.record({
    ip_assign_scheme: fc.constant("static"),
    inet_addr: octet.map((n) => `192.168.${n}.1`),
    mtu: fc.option(fc.integer({ min: 576, max: 9000 })),
    dns: fc.dictionary(text(32), text(64), { maxKeys: 3 }),
    dhcpd: fc.dictionary(text(64), text(200), { maxKeys: 3 }),
  }) as fc.Arbitrary<Write<"Wifi_Inet_Config">>,
  reserved: fc.array(
    fc.record({
      ip_addr: octet.map((n) => `192.168.1.${n}`),
      hw_addr: octet.map((n) => `02:00:00:00:0b:${n.toString(16).padStart(2, "0")}`),
    }),
    { maxLength: 5 },
  ),
  tags: fc.uniqueArray(fc.record({ name: text(32), cloud_value: fc.uniqueArray(text(20), { maxLength: 3 }) }), {
    maxLength: 4,
    selector: ({ name }) => name,
  }),
});

const configure =
  ({ networks, channels, lan, reserved, tags }: Home) =>
  (transaction: TransactionBuilder<OpenSync>) => {
    for (const [index, channel] of channels.entries()) {
      transaction.update("Wifi_Radio_Config", [["if_name", "==", radios[index] ?? ""]], { channel });
    }
    for (const { radio, row, isPort, tag } of networks) {
      const vif = transaction.insert("Wifi_VIF_Config", { ...row, bridge: "br-home" });
      transaction.insertInto("Wifi_Radio_Config", [["if_name", "==", radio]], "vif_configs", [vif]);
      const name = row.if_name ?? "";
      transaction.insert("Wifi_Inet_Config", { if_name: name, if_type: "vif", enabled: true });
      if (!isPort) continue;
      addPort(transaction, name);
      transaction.update("Port", [["name", "==", name]], { tag });
    }
    transaction.update("Wifi_Inet_Config", [["if_name", "==", "br-home"]], lan);
    for (const row of reserved) transaction.insert("DHCP_reserved_IP", row);
    for (const row of tags) transaction.insert("Openflow_Tag", row);
  };

describe("any home, saved and restored on a newly populated database", () => {
  for (const keys of ["documented", "7.0"] as const) {
    it(`is the same home, each network on its radio (keys: ${keys})`, async () => {
      await fc.assert(
        fc.asyncProperty(home, async (given) => {
          const gateway = new Gateway({ keys });
          await gateway.boot();
          await gateway.set("gw_offline_cfg", "true", true);
          await gateway.set("gw_offline_mon", "true");
          await gateway.change(configure(given));
          await gateway.quiet();
          assert.equal(gateway.state(), "ready");
          const before = readSubset(rowsOf(gateway.bench), gateway.options);
          const references = vifsByRadio(gateway.bench);
          await gateway.boot();
          await gateway.set("gw_offline", "true");
          assert.equal(gateway.state(), "active", gateway.dump());
          const after = readSubset(rowsOf(gateway.bench), gateway.options);
          assert.ok(before.kind === "read" && after.kind === "read");
          assert.deepEqual([...changes(before.values, after.values).keys()], []);
          assert.deepEqual(vifsByRadio(gateway.bench), references);
          await gateway.stop();
        }),
        { numRuns: 40 },
      );
    });

    it(`survives any damage to what is stored, and says what it is (keys: ${keys})`, async () => {
      await fc.assert(
        fc.asyncProperty(home, fc.nat(), fc.nat(), fc.string(), async (given, which, where, junk) => {
          const gateway = new Gateway({ keys });
          await gateway.boot();
          await gateway.set("gw_offline_cfg", "true", true);
          await gateway.set("gw_offline_mon", "true");
          await gateway.change(configure(given));
          await gateway.quiet();
          const store = gateway.storage.open("pm_gw_offline_store");
          const key = store.keys()[which % store.keys().length] ?? "";
          const content = store.get(key) ?? "";
          const cut = where % (content.length + 1);
          store.set(key, content.slice(0, cut) + junk);
          await gateway.boot(prepopulate);
          await gateway.set("gw_offline", "true");
          assert.ok([undefined, "active", "error", "enabled"].includes(gateway.state()), gateway.state());
          const vifs = gateway.bench.rows("Wifi_VIF_Config").length;
          const referred = Object.values(vifsByRadio(gateway.bench)).flat().length;
          assert.equal(vifs, referred);
          assert.deepEqual(gateway.bench.failures, []);
          await gateway.stop();
        }),
        { numRuns: 40 },
      );
    });
  }
});
