/** The mapping from end to end: rows in the database, a driver, rows in the database. */

import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Write } from "@opensync-ts/schema/opensync";
import { Device, type Radios, twoRadios } from "./testing/device.ts";
import { apVif, channel, offered, phyState } from "./testing/rows.ts";

const radio24: Write<"Wifi_Radio_Config"> = {
  if_name: "wifi0",
  freq_band: "2.4G",
  enabled: true,
  channel: 6,
  ht_mode: "HT20",
  hw_mode: "11ax",
};
const radio50: Write<"Wifi_Radio_Config"> = { ...radio24, if_name: "wifi1", freq_band: "5G", channel: 36 };

const home24: Write<"Wifi_VIF_Config"> = {
  if_name: "home-ap-24",
  mode: "ap",
  enabled: true,
  ssid: "home",
  bridge: "br-home",
  wpa: true,
  rsn_pairwise_ccmp: true,
  wpa_key_mgmt: ["wpa-psk"],
  wpa_psks: { key: "password-1" },
};
const home50: Write<"Wifi_VIF_Config"> = { ...home24, if_name: "home-ap-50" };

const key = "0123456789abcdef".repeat(4);
const fastTransition: Write<"Wifi_VIF_Config"> = {
  wpa_key_mgmt: ["ft-psk", "wpa-psk"],
  ft_encr_key: key,
  ft_mobility_domain: 4660,
};

let device = new Device();

async function start(radios: Radios = twoRadios()): Promise<void> {
  device = new Device(radios);
  await device.start();
}

const problems = () =>
  device
    .dump()
    .split("\n")
    .filter((line) => line.startsWith("  problem: "))
    .map((line) => line.slice("  problem: ".length));

describe("rows beside Wifi_VIF_Config", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
    assert.ok(!device.log.records().some(({ text }) => text.includes("radius-secret") || text.includes(key)));
  });

  it("RADIUS: servers follow their rows, and show as references", async () => {
    await start();
    const server = await device.insert("RADIUS", {
      ip_addr: "192.0.2.1",
      port: 1812,
      secret: "radius-secret",
      type: "A",
    });
    await device.configure(radio24, { ...home24, wpa_key_mgmt: ["wpa-eap"], primary_radius: server });
    assert.deepEqual(device.driver.ap("home-ap-24").radius, [
      { server: "192.0.2.1", port: 1812, secret: "radius-secret" },
    ]);
    assert.equal(device.vifState("home-ap-24").primary_radius, server);
    await device.update("RADIUS", server, { port: 1645 });
    assert.equal(device.driver.ap("home-ap-24").radius[0]?.port, 1645);
    assert.equal(device.vifState("home-ap-24").primary_radius, server);
    await device.update("RADIUS", server, { secret: "" });
    assert.equal(device.driver.vif("home-ap-24").status, "disabled");
    assert.equal(device.vifState("home-ap-24").primary_radius, null);
    assert.match(problems().join(), /RADIUS '192.0.2.1': secret '': is not set; the server is left out/);
    await device.delete("RADIUS", server);
    assert.deepEqual(problems(), []);
    assert.ok(!device.dump().includes("radius-secret"));
  });

  it("Passpoint_Config: its changes reach the driver", async () => {
    await start();
    const passpoint = await device.insert("Passpoint_Config", {
      enabled: true,
      hessid: "02:00:00:00:00:01",
      domain_name: ["example.com"],
    });
    await device.configure(radio24, { ...home24, passpoint_config: passpoint });
    assert.deepEqual(device.driver.ap("home-ap-24").passpoint?.domainNames, ["example.com"]);
    assert.equal(device.vifState("home-ap-24").passpoint_config, passpoint);
    await device.update("Passpoint_Config", passpoint, { domain_name: ["example.org"] });
    assert.deepEqual(device.driver.ap("home-ap-24").passpoint?.domainNames, ["example.org"]);
    await device.delete("Passpoint_Config", passpoint);
    assert.equal(device.driver.ap("home-ap-24").passpoint, null);
  });

  it("Wifi_VIF_Neighbors: neighbours, and keys for every fast transition AP of the SSID", async () => {
    await start();
    await device.configure(radio24, { ...home24, ...fastTransition, nas_identifier: "ap-24" });
    await device.configure(radio50, { ...home50, ...fastTransition, nas_identifier: "ap-50" });
    const other = await device.insert("Wifi_VIF_Neighbors", {
      if_name: "home-ap-50",
      bssid: "02:00:00:00:0c:01",
      op_class: 115,
      channel: 40,
      phy_type: 9,
      ft_enabled: true,
      nas_identifier: "other",
      ft_encr_key: key,
    });
    const told = (name: string) => device.driver.ap(name).ftNeighbors.map(({ nasIdentifier }) => nasIdentifier);
    assert.deepEqual(told("home-ap-24"), ["ap-24", "ap-50", "other"]);
    assert.deepEqual(told("home-ap-50"), ["ap-24", "ap-50", "other"]);
    assert.deepEqual(device.driver.ap("home-ap-24").neighbors, []);
    assert.deepEqual(
      device.driver.ap("home-ap-50").neighbors.map(({ bssid, opClass, channel }) => [bssid, opClass, channel]),
      [["02:00:00:00:0c:01", 115, 40]],
    );
    const { ft_mobility_domain, ft_over_ds, ft_pmk_r0_key_lifetime_sec } = device.vifState("home-ap-50");
    assert.deepEqual([ft_mobility_domain, ft_over_ds, ft_pmk_r0_key_lifetime_sec], [4660, true, 1_209_600]);
    await device.update("Wifi_VIF_Neighbors", other, { bssid: "02:00:00:00:0c:02" });
    assert.deepEqual(
      device.driver.ap("home-ap-50").neighbors.map(({ bssid }) => bssid),
      ["02:00:00:00:0c:02"],
    );
    await device.delete("Wifi_VIF_Neighbors", other);
    assert.deepEqual(device.driver.ap("home-ap-50").neighbors, []);
    assert.deepEqual(told("home-ap-24"), ["ap-24", "ap-50"]);
  });
});

describe("a radio that can do more", () => {
  afterEach(() => device.stop());

  const able: Radios = {
    phys: [
      phyState({
        radar: "enabled",
        zeroWaitDfs: "disable",
        regDomain: { country: "US", isoNumber: 840, revision: 3, dfs: "fcc" },
      }),
    ],
    vifs: [apVif({ status: "disabled" }, { channel: channel(36, 80) })],
  };

  it("takes country, dfs_demo and zero_wait_dfs, and shows them", async () => {
    await start(able);
    await device.configure({ ...radio50, country: "DE", dfs_demo: true, zero_wait_dfs: "precac" }, home50);
    const { country, dfs_demo, zero_wait_dfs } = device.radioState("wifi1");
    assert.deepEqual({ country, dfs_demo, zero_wait_dfs }, { country: "DE", dfs_demo: true, zero_wait_dfs: "precac" });
    assert.deepEqual(problems(), []);
    const { length } = device.driver.requests;
    await device.clock.advance(600_000);
    assert.equal(device.driver.requests.length, length, "settled");
  });

  it("counts the radar it hears", async () => {
    await start(able);
    const [phy] = able.phys;
    assert.ok(phy);
    const hear = async (number: number) => {
      const [struck] = offered("5G", number);
      const channelStates = phy.channelStates.map((each) =>
        each.control === struck?.control ? { ...each, dfs: "nol" as const, nolRemaining: 1800 } : each,
      );
      device.driver.setPhy({ ...phy, channelStates });
      await device.settle();
    };
    assert.deepEqual(device.radioState("wifi1").radar, new Map());
    await hear(100);
    await hear(104);
    const { last_channel, num_detected } = Object.fromEntries(device.radioState("wifi1").radar);
    assert.deepEqual([last_channel, num_detected], ["104", "2"]);
  });

  it("has its AP_VLANs up, whatever no row says", async () => {
    const { vifs } = able;
    await start({
      ...able,
      vifs: [
        ...vifs,
        {
          name: "home-ap-50.sta1",
          phy: "wifi1",
          mac: mac("02:00:00:00:01:09"),
          status: "disabled",
          txPower: 0,
          type: "ap_vlan",
          stations: [mac("02:00:00:00:0a:01")],
        },
      ],
    });
    const { enabled, wds, ap_vlan_sta_addr } = device.vifState("home-ap-50.sta1");
    assert.deepEqual(
      { enabled, wds, ap_vlan_sta_addr },
      { enabled: true, wds: true, ap_vlan_sta_addr: "02:00:00:00:0a:01" },
    );
  });
});

interface BadRows {
  readonly radio?: Partial<Write<"Wifi_Radio_Config">>;
  readonly vif?: Partial<Write<"Wifi_VIF_Config">>;
  readonly problem: RegExp;
  /** The access point itself cannot come up as asked. */
  readonly down?: true;
}

/** As a row has integers beyond 2⁵³. */
const huge = (2n ** 62n) as unknown as number;

const badRows: Readonly<Record<string, BadRows>> = {
  "WPA3 alone without PMF": {
    vif: { wpa_key_mgmt: ["sae"], pmf: "disabled" },
    problem: /pmf 'disabled': SAE \(WPA3\) needs protected management frames; required is used/,
  },
  "WPA2 and WPA3 without PMF": {
    vif: { wpa_key_mgmt: ["sae", "wpa-psk"], pmf: "disabled" },
    problem: /pmf 'disabled': SAE \(WPA3\) needs protected management frames; optional is used/,
  },
  "80 MHz on channel 165": {
    radio: { channel: 165, ht_mode: "HT80" },
    problem: /ht_mode 'HT80': wifi1 does not offer channel 169, 173, 177; HT20 is used/,
  },
  "an SSID of 33 octets": {
    vif: { ssid: "x".repeat(33) },
    problem: /ssid 'x{33}': 33 octets long, an SSID has at most 32; cut to 'x{32}'/,
  },
  "a PSK of 7 characters": {
    vif: { wpa_psks: { key: "7-chars" } },
    problem: /wpa_psks 'key': its value is neither 8 to 63 printable characters nor 64/,
    down: true,
  },
  "key management that OWM does not know": {
    vif: { wpa_key_mgmt: ["dpp"] },
    problem: /wpa_key_mgmt 'dpp': not supported on an AP/,
    down: true,
  },
  "11b on 5 GHz": { vif: { min_hw_mode: "11b" }, problem: /min_hw_mode '11b': 5G has none of the rates of 11b/ },
  "an STA's multi_ap": { vif: { multi_ap: "backhaul_sta" }, problem: /multi_ap 'backhaul_sta': that is for stations/ },
  "too long a NAS identifier": {
    vif: { nas_identifier: "n".repeat(49) },
    problem: /nas_identifier 'n{49}': more than 48 octets/,
  },
  "a key that is none": { vif: { ft_encr_key: "z".repeat(64) }, problem: /ft_encr_key '': not 64 hexadecimal digits/ },
  "a negative number of stations": { vif: { max_sta: -1 }, problem: /max_sta '-1': not from 0 to 65535/ },
  "a power of 64 bits": { radio: { tx_power: huge }, problem: /tx_power '4611686018427387904': no transmit power/ },
  "a chain mask of 64 bits": {
    radio: { tx_chainmask: huge },
    problem: /tx_chainmask '4611686018427387904': not a mask/,
  },
  "a puncture bitmap of 64 bits": {
    radio: { puncture_bitmap: huge },
    problem: /channel '36': no HT20 puncture_bitmap 4611686018427387904 channel on 5G/,
  },
  "a group rekey interval of 64 bits": {
    vif: { group_rekey: huge },
    problem: /group_rekey '4611686018427387904': no number of seconds/,
  },
  "a RADIUS port of 64 bits": {
    vif: { radius_srv_addr: "192.0.2.1", radius_srv_port: huge },
    problem: /radius_srv/,
  },
  "a mobility domain of three octets": {
    vif: { ft_mobility_domain: 65_536 },
    problem: /ft_mobility_domain '65536': not from 0 to 65535/,
  },
  "a country that is none": {
    radio: { country: "Freedonia" },
    problem: /country 'Freedonia': .*does not say in which/,
  },
  "zero-wait DFS that the radio does not do": {
    radio: { zero_wait_dfs: "enable" },
    problem: /zero_wait_dfs 'enable': wifi1 cannot check a channel while it serves another/,
  },
  "basic rates that are not supported": {
    radio: { supported_rates: ["6", "12"], basic_rates: ["24"] },
    problem: /basic_rates '24': not among supported_rates: 24/,
  },
};

describe("bad rows", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, [], "nothing restarts");
  });

  const radios = (): Radios => {
    const { phys, vifs } = twoRadios();
    const upTo165 = phyState({ channelStates: offered("5G", 36, 40, 44, 48, 149, 153, 157, 161, 165) });
    return { phys: phys.map((phy) => (phy.name === "wifi1" ? upTo165 : phy)), vifs };
  };

  /** Settled for good: nothing is asked any more, and the other radio works. */
  const restsWithTheOthersUp = async () => {
    const { length } = device.driver.requests;
    await device.clock.advance(600_000);
    assert.equal(device.driver.requests.length, length, "requests");
    assert.equal(device.vifState("home-ap-24").enabled, true);
    assert.equal(device.vifState("home-ap-24").ssid, "home");
  };

  for (const [what, { radio = {}, vif = {}, problem, down }] of Object.entries(badRows)) {
    it(`are told once, and the rest applies: ${what}`, async () => {
      await start(radios());
      await device.configure(radio24, home24);
      await device.configure({ ...radio50, bcn_int: 200, ...radio }, { ...home50, ssid: "guests", btm: 1, ...vif });
      assert.match(problems().join("\n"), problem);
      assert.equal(problems().length, 1);
      assert.equal(device.said("WARNING").filter((line) => problem.test(line)).length, 1);
      const ap = device.driver.ap("home-ap-50");
      assert.equal(device.vifState("home-ap-50").enabled, down !== true);
      if (!down) assert.deepEqual([ap.beaconInterval, ap.mode.wnmBssTransition, ap.bridge], [200, true, "br-home"]);
      await restsWithTheOthersUp();
    });
  }

  it("two for one vif: one is used, always the same", async () => {
    await start(radios());
    await device.configure(radio24, home24);
    await device.configure(radio50, home50, { ...home50, ssid: "the other" });
    assert.match(problems().join(), /home-ap-50': _uuid '.*': another row has this if_name/);
    await restsWithTheOthersUp();
  });

  it("a vif on two radios: it stays on the one that has it", async () => {
    await start(radios());
    await device.configure(radio24, home24);
    const { vifs } = await device.configure(radio50, home50);
    const state = device.find("Wifi_Radio_Config", { if_name: "wifi0" });
    await device.update("Wifi_Radio_Config", state._uuid, { vif_configs: [...state.vif_configs, ...vifs] });
    assert.match(problems().join(), /home-ap-50': _uuid '.*': referred to by several radios/);
    assert.equal(device.vifState("home-ap-50").enabled, true);
    await restsWithTheOthersUp();
  });

  it("a vif on no radio, or on another than its own: the row has no effect", async () => {
    await start(radios());
    const { radio } = await device.configure(radio24, home24);
    const vif = await device.insert("Wifi_VIF_Config", home50);
    assert.match(problems().join(), /home-ap-50': _uuid '.*': no Wifi_Radio_Config row refers to it/);
    const { vif_configs } = device.find("Wifi_Radio_Config", { if_name: "wifi0" });
    await device.update("Wifi_Radio_Config", radio, { vif_configs: [...vif_configs, vif] });
    assert.match(problems().join(), /home-ap-50': if_name '.*': phy_name mismatch: bound to wifi0, but it is on wifi1/);
    assert.equal(device.driver.vif("home-ap-50").status, "disabled");
    await restsWithTheOthersUp();
  });
});
