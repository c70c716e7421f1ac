import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bandsOf, type Home, parseHome, readHome } from "./home.ts";

const psk = "correct horse battery";

/** A home that is fine, with parts replaced. */
function homeText(parts: object = {}, network: object = {}, security: object = {}): string {
  const keys = [{ id: "key", psk }];
  return JSON.stringify({
    name: "Test home",
    nodes: [{ id: "gateway", role: "gateway" }],
    networks: [{ ssid: "Test", security: { mode: "wpa2", keys, ...security }, ...network }],
    ...parts,
  });
}

const gateway = { id: "gateway", role: "gateway" };
const leaf = { id: "attic", role: "extender", uplink: "wifi" };
const station = "02:00:00:00:0e:01";

function problemsOf(text: string): string[] {
  try {
    parseHome(text, "homes/x.json");
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

describe("a home file", () => {
  it("gives what it leaves out its defaults, and leaves opinions it does not state unstated", () => {
    const { networks, radios, lan } = parseHome(homeText(), "x");
    const [network] = networks as [Home["networks"][number]];
    assert.deepEqual(
      [network.enabled, network.hidden, network.isolate, network.bridge, network.acl, network.bands],
      [true, false, false, "br-home", undefined, undefined],
    );
    assert.deepEqual([radios, lan], [[], undefined]);
  });

  it("passes the simulation through untouched", () => {
    const simulation = { walls: [{ any: "thing" }], seed: 3 };
    assert.deepEqual(parseHome(homeText({ simulation }), "x").simulation, simulation);
  });

  it("is the demo: SSID and security stated, two keys, channels left open, eight clients to simulate", async () => {
    const home = await readHome(new URL("../../../homes/demo.json", import.meta.url).pathname);
    assert.deepEqual(
      home.nodes.map(({ id, role }) => [id, role]),
      [
        ["gateway", "gateway"],
        ["extender", "extender"],
      ],
    );
    assert.deepEqual(
      home.networks[0]?.security.keys.map(({ id }) => id),
      ["key", "key-1"],
    );
    assert.deepEqual(home.radios, []);
    assert.equal((home.simulation as { clients: unknown[] }).clients.length, 8);
  });

  it("is the demo with its extender on Wi-Fi", async () => {
    const home = await readHome(new URL("../../../homes/wifi-extender.json", import.meta.url).pathname);
    assert.deepEqual(
      home.nodes.map(({ id, uplink }) => [id, uplink]),
      [
        ["gateway", "ethernet"],
        ["extender", "wifi"],
      ],
    );
    assert.equal(home.backhaul?.ssid, "Demo Home backhaul");
  });

  it("puts a WPA2 network on every band but 6 GHz, and any other on all", () => {
    const bands = (mode: string) => bandsOf(parseHome(homeText({}, {}, { mode }), "x").networks[0] as never);
    assert.deepEqual(bands("wpa2"), ["2.4G", "5G"]);
    assert.deepEqual(bands("wpa2-wpa3"), ["2.4G", "5G", "6G"]);
  });

  it("takes extenders to be wired, and says nothing of the backhaul, unless told", () => {
    const home = parseHome(homeText(), "x");
    assert.deepEqual([home.nodes[0]?.uplink, home.backhaul], ["ethernet", undefined]);
    const parts = {
      backhaul: { ssid: "Between", psk },
      nodes: [gateway, { ...leaf, stations: ["02:00:00:00:0E:01"] }],
    };
    const wireless = parseHome(homeText(parts), "x");
    assert.equal(wireless.backhaul?.enabled, true);
    assert.deepEqual(wireless.nodes[1]?.stations, ["02:00:00:00:0e:01"]);
  });

  it("writes MAC addresses in lower case", () => {
    const home = parseHome(homeText({}, { acl: { policy: "deny", macs: ["AA:BB:CC:00:11:22"] } }), "x");
    assert.deepEqual(home.networks[0]?.acl?.macs, ["aa:bb:cc:00:11:22"]);
  });
});

describe("a malformed home file", () => {
  const cases: [string, string, RegExp][] = [
    [
      "text that is no JSON",
      '{ "name": "x",\n  nodes: [] }',
      /^homes\/x\.json: line 2, column 3: not JSON; expected a member name/,
    ],
    ["a missing part", "{}", /: name: is missing; give a string$/],
    ["another type", homeText({ nodes: "gateway" }), /: nodes: is not an array; give an array$/],
    ["an unknown member", homeText({ network: [] }), /: network: is not known here; remove it$/],
    [
      "an unknown role",
      homeText({ nodes: [{ id: "a", role: "pod" }] }),
      /: nodes\[0\]\.role: .* use gateway, extender$/,
    ],
    ["no node", homeText({ nodes: [] }), /: nodes: is empty; give at least one node$/],
    [
      "two nodes of one id",
      homeText({
        nodes: [
          { id: "a", role: "gateway" },
          { id: "a", role: "extender" },
        ],
      }),
      /: nodes\[1\]\.id: is the same as in nodes\[0\]/,
    ],
    [
      "a passphrase of 7 characters",
      homeText({}, {}, { keys: [{ id: "key", psk: "seven77" }] }),
      /: networks\[0\]\.security\.keys\[0\]\.psk: is not usable; a passphrase has 8 to 63/,
    ],
    [
      "a key id that OWM would not tell apart",
      homeText({}, {}, { keys: [{ id: "key--1", psk }] }),
      /keys\[0\]\.id: is not a key id; name the first key 'key'/,
    ],
    [
      "two keys of one id",
      homeText(
        {},
        {},
        {
          keys: [
            { id: "key", psk },
            { id: "key", psk: `${psk}!` },
          ],
        },
      ),
      /keys\[1\]\.id: is the same as in keys\[0\]/,
    ],
    [
      "two keys alike",
      homeText(
        {},
        {},
        {
          keys: [
            { id: "key", psk },
            { id: "key-1", psk },
          ],
        },
      ),
      /keys\[1\]\.psk: is the same as in keys\[0\]/,
    ],
    [
      "several keys for SAE alone",
      homeText(
        {},
        {},
        {
          mode: "wpa3",
          keys: [
            { id: "key", psk },
            { id: "key-1", psk: `${psk}!` },
          ],
        },
      ),
      /SAE \(WPA3\) knows one; keep one, or use mode 'wpa2-wpa3'$/,
    ],
    [
      "a raw key for SAE",
      homeText({}, {}, { mode: "wpa3", keys: [{ id: "key", psk: "0".repeat(64) }] }),
      /needs a passphrase/,
    ],
    ["WPA2 on 6 GHz", homeText({}, { bands: ["6G"] }), /: networks\[0\]\.bands: 6 GHz allows WPA3 only/],
    [
      "an SSID of 33 octets",
      homeText({}, { ssid: "ä".repeat(17) }),
      /: networks\[0\]\.ssid: is too long; an SSID has 1 to 32 octets/,
    ],
    [
      "an address that is none",
      homeText({}, { acl: { policy: "deny", macs: ["aa:bb"] } }),
      /acl\.macs\[0\]: is not a MAC address/,
    ],
    [
      "a channel the band lacks",
      homeText({ radios: [{ band: "2.4G", channel: 36, width: 20 }] }),
      /: radios\[0\]\.channel: is not a channel of 2\.4 GHz; use 1, 2/,
    ],
    [
      "a channel without a width",
      homeText({ radios: [{ band: "5G", channel: 36 }] }),
      /: radios\[0\]\.width: is missing; a radio takes a channel only together/,
    ],
    [
      "a width the band lacks",
      homeText({ radios: [{ band: "2.4G", channel: 1, width: 80 }] }),
      /cannot be 80 MHz wide on 2\.4 GHz/,
    ],
    [
      "an opinion about a node it does not state",
      homeText({ radios: [{ node: "attic", band: "5G" }] }),
      /: radios\[0\]\.node: .*known: gateway$/,
    ],
    [
      "an extender on Wi-Fi without a backhaul",
      homeText({ nodes: [gateway, leaf] }),
      /: nodes\[1\]\.uplink: needs 'backhaul', .*; state its 'ssid' and 'psk'$/,
    ],
    [
      "a gateway on Wi-Fi",
      homeText({ nodes: [{ ...gateway, uplink: "wifi" }], backhaul: { ssid: "Between", psk } }),
      /: nodes\[0\]\.uplink: is for extenders; .*leave it out$/,
    ],
    [
      "stations of a wired extender",
      homeText({ nodes: [gateway, { ...leaf, uplink: "ethernet", stations: [station] }] }),
      /: nodes\[1\]\.stations: is for extenders whose 'uplink' is 'wifi'/,
    ],
    [
      "a station of two extenders",
      homeText({
        nodes: [gateway, { ...leaf, stations: [station] }, { ...leaf, id: "cellar", stations: [station] }],
        backhaul: { ssid: "Between", psk },
      }),
      /: nodes\[2\]\.stations\[0\]: is the same as one of nodes\[1\]; each must differ$/,
    ],
    [
      "a station that is no address",
      homeText({ nodes: [gateway, { ...leaf, stations: ["attic"] }], backhaul: { ssid: "Between", psk } }),
      /: nodes\[1\]\.stations\[0\]: is not a MAC address/,
    ],
    [
      "a backhaul with a short passphrase",
      homeText({ backhaul: { ssid: "Between", psk: "seven77" } }),
      /: backhaul\.psk: is not usable; a passphrase has 8 to 63/,
    ],
    ["a backhaul without a passphrase", homeText({ backhaul: { ssid: "Between" } }), /: backhaul\.psk: is missing/],
    [
      "a backhaul of the name of a network",
      homeText({ backhaul: { ssid: "Test", psk } }),
      /: backhaul\.ssid: is that of networks\[0\], .*; give it another$/,
    ],
    [
      "a DHCP range that is backwards",
      homeText({ lan: { address: "10.0.5.1", dhcp: { start: "10.0.5.20", stop: "10.0.5.10" } } }),
      /: lan\.dhcp\.start: is behind 'stop'; exchange the two$/,
    ],
    [
      "a DHCP range that begins outside the LAN",
      homeText({ lan: { address: "10.0.5.1", dhcp: { start: "10.0.6.10", stop: "10.0.5.20" } } }),
      /: lan\.dhcp\.start: is not in the LAN of 10\.0\.5\.1, netmask 255\.255\.255\.0; give one from 10\.0\.5\.1 to 10\.0\.5\.254$/,
    ],
    [
      "a DHCP range that ends with the broadcast address",
      homeText({ lan: { address: "10.0.5.1", dhcp: { start: "10.0.5.10", stop: "10.0.5.255" } } }),
      /: lan\.dhcp\.stop: is not in the LAN/,
    ],
    [
      "a netmask that is none",
      homeText({ lan: { address: "10.0.5.1", netmask: "255.0.255.0" } }),
      /: lan\.netmask: is not a netmask; write it as 255\.255\.255\.0$/,
    ],
    [
      "a LAN whose address is the network's",
      homeText({ lan: { address: "10.0.5.0" } }),
      /: lan\.address: is the address of a whole network, .*; give one from 10\.0\.5\.1 to 10\.0\.5\.254$/,
    ],
    ["no LAN address", homeText({ lan: { address: "192.168.1" } }), /: lan\.address: is not an IPv4 address/],
  ];
  for (const [what, text, expected] of cases) {
    it(`is told of ${what} in one line`, () => {
      const problems = problemsOf(text);
      assert.equal(problems.filter((line) => expected.test(line)).length, 1, problems.join("\n"));
      assert.ok(problems.every((line) => line.startsWith("homes/x.json: ")));
    });
  }

  it("is told that two networks meet on a band", () => {
    const network = { ssid: "B", security: { mode: "wpa2", keys: [{ id: "key", psk }] }, bands: ["5G"] };
    const both = JSON.parse(homeText());
    both.networks.push(network);
    assert.match(problemsOf(JSON.stringify(both)).join(), /networks\[1\]\.bands: networks\[0\] is on 5G already/);
  });

  it("never repeats a passphrase", () => {
    const secret = "hunter2";
    const broken = `{ "networks": [ { "psk": "${secret}" ] }`;
    const wrong = homeText(
      {},
      {},
      {
        keys: [
          { id: "key", psk: secret },
          { id: secret, psk: 12 },
        ],
      },
    );
    const between = homeText({ backhaul: { ssid: "Between", psk: secret } });
    for (const text of [broken, wrong, between]) assert.ok(!problemsOf(text).join("\n").includes(secret));
  });

  it("lists 20 problems and counts the rest", () => {
    const nodes = Array.from({ length: 30 }, (_, index) => ({ id: `-${index}`, role: "gateway" }));
    const problems = problemsOf(homeText({ nodes }));
    assert.deepEqual([problems.length, problems.at(-1)], [21, "homes/x.json: and 10 problems more"]);
  });

  it("is named when it is not there", async () => {
    await assert.rejects(
      readHome("/nowhere/home.json"),
      /^UserError: \/nowhere\/home\.json: cannot be read .*name an existing/,
    );
  });
});
