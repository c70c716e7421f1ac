import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Row } from "@opensync-ts/ovsdb/datum";
import fc from "fast-check";
import { desiredState } from "./desired.ts";
import { type HomeNode, parseHome } from "./home.ts";
import { mirrored } from "./mirror.ts";
import { nodeFacts } from "./node-facts.ts";
import { prove } from "./proof.ts";
import { beginning, type Change, plan } from "./reconcile.ts";
import { homeText } from "./test-home.ts";
import { TestNode } from "./test-node.ts";
import { describeChange, writeChanges } from "./write-changes.ts";

const psk = "between the nodes";
const backhaul = { ssid: "Test backhaul", psk };
const leafMac = "02:00:00:00:0e:50";
const strangerMac = "02:00:00:00:0e:99";

function homeOf(parts: object = {}) {
  return parseHome(homeText({ networks: [], backhaul, ...parts }), "home.json");
}

function leafOf(stations?: readonly string[]): object {
  const leaf = { id: "extender", role: "extender", uplink: "wifi", ...(stations && { stations }) };
  return { nodes: [{ id: "gateway", role: "gateway" }, leaf] };
}

function desiredOf(node: TestNode, parts: object = {}, role: "gateway" | "extender" = "gateway") {
  const home = homeOf(parts);
  return desiredState(home, home.nodes.find((entry) => entry.role === role) as HomeNode, nodeFacts(node.rows));
}

function planOf(node: TestNode, parts: object = {}): readonly Change[] {
  const { rows, silent } = desiredOf(node, parts);
  return plan(rows, node.rows, new Set(), silent);
}

async function apply(node: TestNode, changes: readonly Change[]): Promise<void> {
  await node.client.transact((transaction) => {
    writeChanges(changes, transaction);
  });
}

/** Brings the node to what the home states now; the changes in words. */
async function provision(node: TestNode, parts: object = {}): Promise<readonly string[]> {
  const changes = planOf(node, parts);
  await apply(node, changes);
  return changes.map(describeChange);
}

/** A gateway with its switch, brought to what the home states. */
async function gateway(parts: object = {}): Promise<TestNode> {
  const node = await TestNode.boot({ bridge: "br-home" });
  await provision(node, parts);
  return node;
}

async function lease(node: TestNode, address: string | null, mac = leafMac): Promise<void> {
  await node.client.transact((transaction) => {
    transaction.delete("DHCP_leased_IP", [["hwaddr", "==", mac]]);
    if (address !== null) transaction.insert("DHCP_leased_IP", { hwaddr: mac, inet_addr: address, lease_time: 43_200 });
  });
}

async function associate(node: TestNode, mac = leafMac, ifName = "bhaul-ap-50"): Promise<void> {
  await node.client.transact((transaction) => {
    const client = transaction.insert("Wifi_Associated_Clients", { mac });
    transaction.insert("Wifi_VIF_State", { if_name: ifName, associated_clients: [client] });
  });
}

async function leave(node: TestNode): Promise<void> {
  await node.client.transact((transaction) => transaction.delete("Wifi_Associated_Clients", []));
}

/** The tunnels, and which of them are ports of the LAN bridge. */
function tunnels(node: TestNode) {
  const names = node
    .all("Wifi_Inet_Config")
    .map(({ if_name }) => String(if_name))
    .filter((name) => name.startsWith("pgd"));
  return { names: names.sort(), ports: portsOf(node).filter((name) => name !== "br-home") };
}

function portsOf(node: TestNode): readonly string[] {
  const ports = (node.all("Bridge")[0]?.ports ?? []) as readonly string[];
  return node
    .all("Port")
    .filter(({ _uuid }) => ports.includes(_uuid))
    .map(({ name }) => String(name))
    .sort();
}

describe("the backhaul of a gateway", () => {
  it("is a hidden access point for extenders only on each band but 6 GHz, with addresses of its own", async () => {
    const node = await gateway();
    const aps = node.all("Wifi_VIF_Config");
    assert.deepEqual(aps.map(({ if_name }) => if_name).sort(), ["bhaul-ap-24", "bhaul-ap-50"]);
    const ap = node.row("Wifi_VIF_Config", "bhaul-ap-50") as Row;
    assert.deepEqual(
      [ap.ssid, ap.ssid_broadcast, ap.mode, ap.bridge, ap.wpa_key_mgmt, ap.wpa_psks],
      ["Test backhaul", "disabled", "ap", null, ["wpa-psk"], new Map([["key", psk]])],
    );
    assert.deepEqual(node.row("Wifi_Radio_Config", "wifi1")?.vif_configs, [ap._uuid]);
    const subnets = ["bhaul-ap-24", "bhaul-ap-50"].map((name) => {
      const row = node.row("Wifi_Inet_Config", name) as Row;
      return [
        row.ip_assign_scheme,
        row.inet_addr,
        row.netmask,
        row.mtu,
        Object.fromEntries(row.dhcpd as Map<string, string>),
      ];
    });
    const server = (n: number) => ({
      start: `169.254.${n}.2`,
      stop: `169.254.${n}.254`,
      lease_time: "12h",
      dhcp_option: "26,1600",
    });
    assert.deepEqual(subnets, [
      ["static", "169.254.2.1", "255.255.255.0", 1600, server(2)],
      ["static", "169.254.5.1", "255.255.255.0", 1600, server(5)],
    ]);
  });

  it("stands beside the home's access points on the same radios, and has a network for each half of a split band", async () => {
    const node = await TestNode.boot({ bridge: "br-home", bands: ["2.4G", "5GL", "5GU"] });
    const networks = [{ ssid: "Test", security: { mode: "wpa2", keys: [{ id: "key", psk: "another one" }] } }];
    await provision(node, { networks });
    const referred = ((node.row("Wifi_Radio_Config", "wifi2") as Row).vif_configs as string[]).map(
      (uuid) => node.all("Wifi_VIF_Config").find((row) => row._uuid === uuid)?.if_name,
    );
    assert.deepEqual(referred.sort(), ["bhaul-ap-u50", "home-ap-u50"]);
    const addresses = ["l50", "u50"].map((suffix) => node.row("Wifi_Inet_Config", `bhaul-ap-${suffix}`)?.inet_addr);
    assert.deepEqual(addresses, ["169.254.5.1", "169.254.6.1"]);
  });

  it("is nothing of an extender, whose own rows for it are left as they are", async () => {
    const node = await TestNode.boot({ id: "extender", bridge: "br-home" });
    await node.client.transact((transaction) => {
      const vif = transaction.insert("Wifi_VIF_Config", { if_name: "bhaul-sta-50", mode: "sta" });
      transaction.update("Wifi_Radio_Config", [["if_name", "==", "wifi1"]], { vif_configs: [vif] });
      transaction.insert("Wifi_VIF_Config", { if_name: "bhaul-ap-24", mode: "ap" });
    });
    const { rows, silent } = desiredOf(node, leafOf(), "extender");
    assert.deepEqual(plan(rows, node.rows, new Set(), silent), []);
  });

  it("lets in nobody but the stations that the home states, once it states those of all its extenders", async () => {
    const acl = async (parts: object) => {
      const row = (await gateway(parts)).row("Wifi_VIF_Config", "bhaul-ap-24") as Row;
      return [row.mac_list_type, row.mac_list];
    };
    assert.deepEqual(await acl(leafOf([leafMac.toUpperCase()])), ["whitelist", [leafMac]]);
    assert.deepEqual(await acl(leafOf()), ["none", []]);
    assert.deepEqual(await acl({}), ["none", []]);
  });

  it("goes off the air, with its tunnels, when it is not enabled; and is left as it is when it is not stated", async () => {
    const node = await gateway();
    await associate(node);
    await lease(node, "169.254.5.7");
    await provision(node);
    assert.deepEqual(planOf(node, { backhaul: undefined }), []);
    await provision(node, { backhaul: { ...backhaul, enabled: false } });
    assert.deepEqual(tunnels(node), { names: [], ports: [] });
    assert.equal(node.row("Wifi_VIF_Config", "bhaul-ap-50")?.enabled, false);
    assert.equal(node.row("Wifi_Inet_Config", "bhaul-ap-50")?.enabled, false);
  });

  it("is brought back where it drifts, and no more than that", async () => {
    const node = await gateway();
    await node.set("Wifi_Inet_Config", "bhaul-ap-50", { mtu: 1500 });
    await node.set("Wifi_VIF_Config", "bhaul-ap-24", { wpa_psks: { key: "somebody else's" } });
    assert.deepEqual(await provision(node), [
      "update Wifi_VIF_Config bhaul-ap-24: wpa_psks=1 keys (was wpa_psks=1 keys)",
      "update Wifi_Inet_Config bhaul-ap-50: mtu=1600 (was mtu=1500)",
    ]);
    assert.deepEqual(planOf(node), []);
  });

  it("never shows its passphrase", async () => {
    const node = await TestNode.boot({ bridge: "br-home" });
    assert.doesNotMatch(planOf(node).map(describeChange).join("\n"), new RegExp(psk));
  });
});

describe("the tunnel to an extender", () => {
  it("is made once its station is associated and has an address, and leads into the LAN bridge", async () => {
    const node = await gateway();
    await lease(node, "169.254.5.7");
    assert.deepEqual(planOf(node), [], "an address alone is not enough");
    await associate(node);
    await provision(node);
    const row = node.row("Wifi_Inet_Config", "pgd5-7") as Row;
    assert.deepEqual(
      [row.if_type, row.enabled, row.network, row.ip_assign_scheme, row.mtu],
      ["gre", true, true, "none", 1562],
    );
    assert.deepEqual(
      [row.gre_ifname, row.gre_local_inet_addr, row.gre_remote_inet_addr],
      ["bhaul-ap-50", "169.254.5.1", "169.254.5.7"],
    );
    assert.deepEqual(portsOf(node), ["br-home", "pgd5-7"]);
    assert.deepEqual(planOf(node), []);
  });

  it("leads into the bridge of the home's LAN", async () => {
    const lan = { bridge: "brlan0", address: "192.168.0.1" };
    const node = await TestNode.boot({ bridge: "brlan0" });
    await associate(node);
    await lease(node, "169.254.5.7");
    await provision(node, { lan });
    assert.deepEqual(portsOf(node), ["brlan0", "pgd5-7"]);
  });

  it("needs no association to be known of a station that the home states, and is made to no other then", async () => {
    const node = await gateway(leafOf([leafMac]));
    await lease(node, "169.254.5.7");
    await lease(node, "169.254.5.8", strangerMac);
    await associate(node, strangerMac);
    await provision(node, leafOf([leafMac]));
    assert.deepEqual(tunnels(node), { names: ["pgd5-7"], ports: ["pgd5-7"] });
  });

  const others = ["192.168.40.7", "169.254.7.7", "169.254.5.1", "169.254.5.255", "169.254.5", "nonsense", ""];
  for (const address of others) {
    it(`is not made to '${address}', which is no address for extenders`, async () => {
      const node = await gateway();
      await associate(node);
      await lease(node, address);
      assert.deepEqual(planOf(node), []);
    });
  }

  it("stays while its extender is away for a moment, and goes with the lease", async () => {
    const node = await gateway();
    await associate(node);
    await lease(node, "169.254.5.7");
    await provision(node);
    await leave(node);
    assert.deepEqual(planOf(node), []);
    await lease(node, null);
    await provision(node);
    assert.deepEqual(tunnels(node), { names: [], ports: [] });
    assert.deepEqual(
      node.all("Port").map(({ name }) => name),
      ["br-home"],
      "what no bridge refers to is gone",
    );
    assert.deepEqual(planOf(node), []);
  });

  it("follows its extender to another address in one transaction, and leaves no other behind", async () => {
    const node = await gateway();
    await associate(node);
    await lease(node, "169.254.5.7");
    await provision(node);
    await lease(node, "169.254.5.9");
    const changes = planOf(node);
    assert.deepEqual(changes.map(({ kind, id }) => `${kind} ${id}`).sort(), [
      "delete Wifi_Inet_Config pgd5-7",
      "insert Interface pgd5-9",
      "insert Port pgd5-9",
      "insert Wifi_Inet_Config pgd5-9",
      "references Bridge br-home",
    ]);
    await apply(node, changes);
    assert.deepEqual(tunnels(node), { names: ["pgd5-9"], ports: ["pgd5-9"] });
  });

  it("is made once however often it is sent: after a lost reply it is refused as a whole", async () => {
    const node = await gateway();
    await associate(node);
    await lease(node, "169.254.5.7");
    const changes = planOf(node);
    await apply(node, changes);
    await assert.rejects(apply(node, changes), { error: "timed out" });
    assert.deepEqual(planOf(node), []);
    assert.equal(node.all("Wifi_Inet_Config").filter(({ if_name }) => if_name === "pgd5-7").length, 1);
  });

  it("is put back where somebody took it out of the bridge or changed its end, and other ports stay", async () => {
    const node = await gateway();
    await associate(node);
    await lease(node, "169.254.5.7");
    await provision(node);
    await node.client.transact((transaction) => {
      const eth1 = transaction.insert("Port", {
        name: "eth1",
        interfaces: [transaction.insert("Interface", { name: "eth1" })],
      });
      const pgd = node.all("Port").find(({ name }) => name === "pgd5-7") as Row;
      transaction.mutate(
        "Bridge",
        [],
        [
          ["ports", "delete", [pgd._uuid]],
          ["ports", "insert", [eth1]],
        ],
      );
    });
    await node.set("Wifi_Inet_Config", "pgd5-7", { gre_remote_inet_addr: "169.254.5.8" });
    await provision(node);
    assert.deepEqual(portsOf(node), ["br-home", "eth1", "pgd5-7"]);
    assert.equal(node.row("Wifi_Inet_Config", "pgd5-7")?.gre_remote_inet_addr, "169.254.5.7");
  });

  it("is shown as refused where the node has no such bridge", async () => {
    const node = await TestNode.boot();
    await associate(node);
    await lease(node, "169.254.5.7");
    const { refusals, rows } = desiredOf(node);
    assert.deepEqual(
      refusals.map(({ id, stated }) => [id, stated]),
      [["Bridge br-home", "backhaul"]],
    );
    assert.ok(!rows.some(({ table }) => table === "Port" || table === "Interface" || table === "Bridge"));
  });

  it("is proven by its State row, and the access point's address by its own", async () => {
    const node = await gateway();
    await associate(node);
    await lease(node, "169.254.5.7");
    await provision(node);
    const { rows } = desiredOf(node);
    const proofOf = (id: string) => {
      const row = rows.find((entry) => entry.id === id);
      assert.ok(row, id);
      return prove(row, node.rows);
    };
    const stateOf = async (ifName: string, other: object) => {
      const { if_type, ip_assign_scheme, inet_addr, netmask, gre_ifname, gre_local_inet_addr, gre_remote_inet_addr } =
        node.row("Wifi_Inet_Config", ifName) as Row;
      const tunnel = { gre_ifname, gre_local_inet_addr, gre_remote_inet_addr };
      const shown = { if_name: ifName, if_type, ip_assign_scheme, inet_addr, netmask, ...tunnel, ...other };
      await node.client.transact((transaction) =>
        transaction.insert("Wifi_Inet_State", { enabled: true, network: true, ...shown } as never),
      );
    };
    await stateOf("pgd5-7", { gre_remote_inet_addr: "169.254.5.99" });
    assert.match(JSON.stringify(proofOf("Wifi_Inet_Config pgd5-7")), /gre_remote_inet_addr is 169\.254\.5\.99, wanted/);
    assert.match(JSON.stringify(proofOf("Wifi_Inet_Config bhaul-ap-50")), /no Wifi_Inet_State row for bhaul-ap-50/);
    await stateOf("bhaul-ap-50", {});
    assert.deepEqual(proofOf("Wifi_Inet_Config bhaul-ap-50"), { kind: "proven" });
    await node.client.transact((transaction) =>
      transaction.update("Wifi_Inet_State", [["if_name", "==", "pgd5-7"]], { gre_remote_inet_addr: "169.254.5.7" }),
    );
    assert.deepEqual(proofOf("Wifi_Inet_Config pgd5-7"), { kind: "proven" });
  });

  it("is written together with its port, however little is sent at a time", async () => {
    const node = await gateway();
    await associate(node);
    await lease(node, "169.254.5.7");
    await node.set("Wifi_VIF_Config", "bhaul-ap-24", { ssid: "Drifted" });
    for (let sent = 0; planOf(node).length > 0; sent++) {
      assert.ok(sent < 4, "each transaction brings it closer");
      await apply(node, beginning(planOf(node), 1));
    }
    assert.deepEqual(tunnels(node), { names: ["pgd5-7"], ports: ["pgd5-7"] });
  });

  it("is not half made where its interface is withheld", async () => {
    const node = await gateway();
    await associate(node);
    await lease(node, "169.254.5.7");
    const { rows, silent } = desiredOf(node);
    await apply(node, plan(rows, node.rows, new Set(["Interface pgd5-7"] as const), silent));
    assert.deepEqual(tunnels(node), { names: ["pgd5-7"], ports: [] });
  });

  it("leads to every extender with a lease and to nobody else, whatever there was before", async () => {
    const host = fc.integer({ min: 2, max: 6 });
    const before = fc.record({
      leases: fc.uniqueArray(fc.tuple(fc.constantFrom(2, 5, 9), host), { maxLength: 5, selector: String }),
      associated: fc.array(fc.nat(4), { maxLength: 5 }),
      tunnels: fc.array(fc.tuple(fc.constantFrom(2, 5, 9), host, fc.boolean()), { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(before, async ({ leases, associated, tunnels: stale }) => {
        const node = await gateway();
        const macOf = (index: number) => `02:00:00:00:0e:0${index}`;
        for (const [index, [n, y]] of leases.entries()) await lease(node, `169.254.${n}.${y}`, macOf(index));
        for (const index of associated) await associate(node, macOf(index));
        await node.client.transact((transaction) => {
          for (const [n, y, bridged] of new Map(stale.map((entry) => [`${entry[0]}-${entry[1]}`, entry])).values()) {
            const name = `pgd${n}-${y}`;
            transaction.insert("Wifi_Inet_Config", { if_name: name, if_type: "gre", mtu: 1400 });
            if (!bridged) continue;
            const port = transaction.insert("Port", { name, interfaces: [transaction.insert("Interface", { name })] });
            transaction.mutate("Bridge", [], [["ports", "insert", [port]]]);
          }
        });
        const expected = leases
          .filter(([n], index) => n !== 9 && (associated.includes(index) || isStale(stale, leases[index])))
          .map(([n, y]) => `pgd${n}-${y}`)
          .sort();
        await provision(node);
        assert.deepEqual(tunnels(node), { names: expected, ports: expected });
        assert.deepEqual(planOf(node), [], "nothing is left to do");
      }),
      { numRuns: 40 },
    );
  });
});

function isStale(stale: readonly (readonly [number, number, boolean])[], lease?: readonly [number, number]): boolean {
  return stale.some(([n, y]) => n === lease?.[0] && y === lease?.[1]);
}

describe("the mirror", () => {
  it("shows every column that the backhaul holds", async () => {
    const node = await TestNode.boot({ bridge: "br-home" });
    await associate(node);
    await lease(node, "169.254.5.7");
    for (const { table, columns, entries, references, key } of desiredOf(node).rows) {
      const shown: readonly string[] = mirrored[table].columns;
      const held = [columns, entries, key].flatMap((part) => Object.keys(part));
      for (const column of [...held, ...(references ? [references.column] : [])]) {
        assert.ok(shown.includes(column), `${table}.${column}`);
      }
    }
  });
});
