import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type HomeSnapshot, isSettled, renderHome, statusLine } from "./home-view.ts";
import { fit, table } from "./table.ts";

const reported = { agoMs: 2600, snr: 41, downMbps: 12.34, upMbps: 0.5 };

const home: HomeSnapshot = {
  location: "demo",
  uptime: 2150,
  nodes: [
    {
      id: "gateway",
      role: "gateway",
      controller: "ssl:127.0.0.1:6640",
      confsync: "IDLE",
      settled: true,
      pending: null,
      reportedMs: 3400,
      radios: [
        { ifName: "wifi0", band: "2.4G", enabled: true, channel: 6, htMode: "HT20", txPower: 20, busyPercent: 37 },
      ],
      vifs: [{ ifName: "home-ap-24", radio: "wifi0", ssid: "home", enabled: true, clients: 1 }],
    },
  ],
  clients: [
    { name: "phone", mac: "02:00:00:00:00:01", node: "gateway", vif: "home-ap-24", keyId: "key", reported },
    { name: "tv", mac: "02:00:00:00:00:02", node: null, vif: null, keyId: null, reported: null },
  ],
  events: [{ at: 1200, text: "phone joined home-ap-24" }],
};

describe("the live view", () => {
  it("says that all is settled, and how many clients are connected", () => {
    assert.equal(statusLine(home), "all settled, 1 clients");
  });

  it("is not settled while the cloud has something to bring about, or without nodes", () => {
    const [node] = home.nodes;
    assert.ok(node);
    assert.equal(isSettled({ ...home, nodes: [{ ...node, pending: "2 rows" }] }), false);
    assert.equal(isSettled({ ...home, nodes: [] }), false);
  });

  it("shows nodes, radios, VIFs, clients and events, within the terminal", () => {
    const lines = renderHome(home, 100, 40);
    const text = lines.join("\n");
    for (const part of ["gateway", "wifi0", "home-ap-24", "phone", "searching", "41 dB", "phone joined"]) {
      assert.ok(text.includes(part), part);
    }
    for (const line of renderHome(home, 40, 12)) assert.ok(line.length <= 40);
    assert.ok(renderHome(home, 40, 12).length <= 12);
  });

  it("shows what nodes have reported and how long ago, and nothing in place of what they have not", () => {
    const lines = renderHome(home, 120, 40);
    const line = (pattern: RegExp) => lines.find((text) => pattern.test(text)) ?? "";
    assert.match(line(/^phone/), /home-ap-24 {2}key {2}41 dB +12\.3 +0\.50 +3 s ago$/);
    assert.match(line(/^tv/), /searching +-$/);
    assert.match(line(/wifi0/), /37 % {2}up$/);
    assert.match(line(/^gateway +gateway/), /applied {2}3 s ago$/);
    const [node] = home.nodes;
    assert.ok(node);
    const silent = renderHome({ ...home, nodes: [{ ...node, reportedMs: null }] }, 120, 40);
    assert.ok(silent.some((text) => /applied {2}not yet$/.test(text)));
  });

  it("keeps nodes, clients and events where there is no room for all", () => {
    const text = renderHome(home, 80, 14).join("\n");
    for (const part of ["gateway", "phone", "searching", "phone joined"]) assert.ok(text.includes(part), part);
    assert.ok(!text.includes("RADIO"));
  });

  it("shows what strangers named without obeying it", () => {
    const [node] = home.nodes;
    assert.ok(node);
    const vifs = node.vifs.map((vif) => ({ ...vif, ssid: "\u001b[31mred\n" }));
    const lines = renderHome({ ...home, nodes: [{ ...node, vifs }] }, 100, 40);
    assert.ok(lines.some((line) => line.includes("\\x1b[31mred\\x0a")));
  });
});

describe("tables", () => {
  it("align numbers to the right and cut long lines visibly", () => {
    const columns = [
      { title: "A", cell: (row: readonly string[]) => row[0] ?? "" },
      { title: "NUMBER", align: "right" as const, cell: (row: readonly string[]) => row[1] ?? "" },
    ];
    assert.deepEqual(
      table(
        columns,
        [
          ["x", "1"],
          ["longer", "22"],
        ],
        80,
      ),
      ["A       NUMBER", "x            1", "longer      22"],
    );
    assert.equal(fit("abcdef", 4), "abc…");
  });
});
