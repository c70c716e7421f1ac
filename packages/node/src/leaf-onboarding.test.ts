import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { createSimTarget } from "@opensync-ts/target-sim/sim-target";
import { World } from "@opensync-ts/world/world";
import { type RunningNode, startNode } from "./start-node.ts";
import { rowsOf } from "./testing/bench.ts";

const backhaul = {
  enabled: true,
  ssid: "backhaul",
  wpa: true,
  wpa_key_mgmt: ["wpa2-psk"],
  wpa_psks: { key: "a-key-of-the-test" },
  vif_radio_idx: 1,
} as const;

/** A gateway with a cable, and an extender without: two nodes in one home, by simulated radios and network. */
class Home implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly log = new LogRing(5_000);
  readonly #directory = mkdtempSync(join(tmpdir(), "opensync-leaf-"));
  readonly #random = new SeededRandom(22);
  readonly #world = new World({ clock: this.clock, seed: 1, spec: {} });
  readonly #fabric = new Fabric({ clock: this.clock, world: this.#world });
  readonly #nodes: RunningNode[] = [];

  async start(id: string, model: string, x: number): Promise<RunningNode> {
    const { clock } = this;
    const node = await startNode({
      directory: join(this.#directory, id),
      clock,
      random: this.#random,
      logSink: this.log.sink,
      redirector: "tcp:[127.0.0.1]:9",
      target: ({ directory }) =>
        createSimTarget({
          world: this.#world,
          clock,
          random: this.#random,
          node: { id, model, place: { x, y: 0 } },
          directory,
          fabric: this.#fabric,
          ...(model === "extender" ? { uplink: null } : {}),
        }),
    });
    this.#nodes.push(node);
    return node;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) await node.stop();
    this.#world.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

async function setVif(node: RunningNode, ifName: string, mode: "ap" | "sta"): Promise<void> {
  await node.client.transact((transaction) => {
    const vif = transaction.insert("Wifi_VIF_Config", { ...backhaul, if_name: ifName, mode });
    const columns = { enabled: true, channel: 44, ht_mode: "HT80", vif_configs: [vif] } as const;
    transaction.update("Wifi_Radio_Config", [["if_name", "==", "wifi1"]], columns);
  });
}

async function addressOf(node: RunningNode, ifName: string): Promise<string> {
  const row = (await rowsOf(node.client, "Wifi_Inet_State")).find((each) => each.if_name === ifName);
  return row?.inet_addr ?? "none";
}

async function uplinkOf(node: RunningNode): Promise<string> {
  const row = (await rowsOf(node.client, "Connection_Manager_Uplink")).find((each) => each.is_used === true);
  return row ? `${row.if_name} in ${row.bridge}` : "none";
}

describe("an extender without a cable", () => {
  it("gets its uplink over the gateway's backhaul: DHCP, tunnel, bridge; and loses it with the access point", async () => {
    await using home = new Home();
    const gateway = await home.start("GW1", "gateway", 0);
    const leaf = await home.start("EX1", "extender", 4);
    await gateway.client.transact((transaction) => {
      transaction.update("Wifi_Inet_Config", [["if_name", "==", "br-home"]], {
        network: true,
        ip_assign_scheme: "static",
        inet_addr: "192.168.40.1",
        netmask: "255.255.255.0",
        dhcpd: { start: "192.168.40.2", stop: "192.168.40.200", lease_time: "12h" },
      });
      transaction.insert("Wifi_Inet_Config", {
        if_name: "bhaul-ap-50",
        if_type: "vif",
        enabled: true,
        network: true,
        ip_assign_scheme: "static",
        inet_addr: "169.254.3.1",
        netmask: "255.255.255.128",
        dhcpd: { start: "169.254.3.10", stop: "169.254.3.100", lease_time: "12h" },
      });
    });
    await setVif(gateway, "bhaul-ap-50", "ap");
    await setVif(leaf, "bhaul-sta-50", "sta");
    await home.clock.advance(60_000);
    const station = await addressOf(leaf, "bhaul-sta-50");
    assert.match(station, /^169\.254\.3\.\d+$/);
    // The gateway's end is the cloud's to make, as soon as it sees the lease.
    await gateway.client.transact((transaction) => {
      transaction.insert("Wifi_Inet_Config", {
        if_name: "pgd3-10",
        if_type: "gre",
        enabled: true,
        network: true,
        ip_assign_scheme: "none",
        mtu: 1500,
        gre_ifname: "bhaul-ap-50",
        gre_local_inet_addr: "169.254.3.1",
        gre_remote_inet_addr: station,
      });
      const port = transaction.insert("Port", {
        name: "pgd3-10",
        interfaces: [transaction.insert("Interface", { name: "pgd3-10" })],
      });
      transaction.insertInto("Bridge", [["name", "==", "br-home"]], "ports", [port]);
    });
    await home.clock.advance(60_000);
    assert.equal(await uplinkOf(leaf), "g-bhaul-sta-50 in br-home");
    const [gatewayLan, leafLan] = [await addressOf(gateway, "br-home"), await addressOf(leaf, "br-home")];
    assert.notEqual(leafLan, "0.0.0.0");
    assert.equal(leafLan.replace(/\d+$/, ""), gatewayLan.replace(/\d+$/, ""));
    assert.notEqual(leafLan, gatewayLan);
    const [uplink] = (await rowsOf(leaf.client, "Connection_Manager_Uplink")).filter((row) => row.is_used);
    assert.deepEqual([uplink?.ipv4, uplink?.priority, uplink?.unreachable_router_counter], ["active", 8, 0]);

    await gateway.client.transact((transaction) =>
      transaction.update("Wifi_VIF_Config", [["if_name", "==", "bhaul-ap-50"]], { enabled: false }),
    );
    await home.clock.advance(30_000);
    assert.equal(await uplinkOf(leaf), "none");
    assert.equal(
      (await rowsOf(leaf.client, "Wifi_Inet_Config")).some((row) => row.if_type === "gre"),
      false,
    );
  });
});
