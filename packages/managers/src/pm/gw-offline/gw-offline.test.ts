import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Bench } from "../../testing/bench.ts";
import { ProcessLogs } from "../log-levels.ts";
import { createPm } from "../pm.ts";
import { storeName } from "./keys.ts";
import { configureHome, extraPsk, Gateway, portsOf, primaryPsk, vifsByRadio } from "./testing/home.ts";

const homeVifs = { wifi0: ["home-ap-24"], wifi1: ["home-ap-50"] };

describe("cloudless operation", () => {
  it("follows the documented flow, step by step", async () => {
    const gateway = new Gateway();
    await gateway.boot();
    assert.equal(gateway.state(), undefined, "before anybody asks there is no status");

    // 1: the cloud enables the feature and monitoring.
    await gateway.set("gw_offline_cfg", "true", true);
    assert.deepEqual([gateway.state("gw_offline_cfg"), gateway.state()], ["true", "enabled"]);
    await gateway.set("gw_offline_mon", "true");
    // 2: PM collects what it needs.
    await gateway.change(configureHome);
    assert.equal(gateway.stored("vif_config"), undefined, "not while it may still change");
    await gateway.quiet();
    assert.equal(gateway.state(), "ready");
    assert.equal(gateway.writes(), 2, "the flag, and everything else at once");
    // 3: a change of values is saved.
    await gateway.change((transaction) =>
      transaction.update("Wifi_VIF_Config", [["bridge", "==", "br-home"]], { ssid: "Home again" }),
    );
    await gateway.quiet();
    assert.deepEqual([gateway.writes(), gateway.state()], [3, "ready"]);

    // 4, 5: power cycle; enabled by what was stored, monitoring off.
    await gateway.boot();
    const flag = gateway.bench.row("Node_Config");
    assert.deepEqual([flag.module, flag.key, flag.value, flag.persist], ["PM", "gw_offline_cfg", "true", true]);
    assert.deepEqual([gateway.bench.rows("Node_Config").length, gateway.state()], [1, "ready"]);
    // 6, 7, 8: the cloud is there; what it configures is what is stored: nothing is written.
    await gateway.set("gw_offline_mon", "true");
    await gateway.change((transaction) => {
      configureHome(transaction);
      transaction.update("Wifi_VIF_Config", [["bridge", "==", "br-home"]], { ssid: "Home again" });
    });
    await gateway.quiet();
    assert.deepEqual([gateway.writes(), gateway.state()], [3, "ready"]);

    // 9, 10, 11, 12: power cycle without the cloud; CM asks for offline mode.
    await gateway.boot();
    assert.equal(gateway.state(), "ready");
    assert.equal(gateway.bench.rows("Wifi_VIF_Config").length, 0);
    await gateway.set("gw_offline", "true");
    assert.equal(gateway.state(), "active");
    assert.deepEqual(gateway.tag(), [" "]);
    assert.deepEqual(vifsByRadio(gateway.bench), homeVifs);
    assert.ok(gateway.bench.rows("Wifi_VIF_Config").every(({ ssid }) => ssid === "Home again"));
    // 13, 14: the cloud is back; nothing is reverted, and a second outage is served.
    await gateway.set("gw_offline", "false");
    assert.deepEqual([gateway.state(), gateway.tag()], ["ready", []]);
    assert.deepEqual(vifsByRadio(gateway.bench), homeVifs);
    await gateway.set("gw_offline_mon", "true");
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), gateway.tag()], ["active", [" "]]);
    await gateway.set("gw_offline", "false");
    assert.equal(gateway.state(), "ready");

    // 15, 16, 17: the user disables the feature; no remnants, also after a reboot.
    await gateway.set("gw_offline_cfg", "false", true);
    assert.deepEqual([gateway.state("gw_offline_cfg"), gateway.state()], ["false", "disabled"]);
    assert.deepEqual(gateway.storage.open(storeName).keys(), []);
    await gateway.boot();
    assert.equal(gateway.bench.rows("Node_Config").length, 0);
    await gateway.stop();
  });

  it("restores the home LAN as it was: networks, subnet, name servers, reservations, ports, channels", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.boot();
    await gateway.set("gw_offline", "true");
    const { bench } = gateway;
    const lan = bench.row("Wifi_Inet_Config", ({ if_name }) => if_name === "br-home");
    assert.deepEqual([lan.ip_assign_scheme, lan.inet_addr, lan.network], ["static", "192.168.40.1", true]);
    assert.deepEqual(Object.fromEntries(lan.dns), { primary: "9.9.9.9", secondary: "1.1.1.1" });
    assert.equal(lan.dhcpd.get("start"), "192.168.40.10");
    const radio = bench.row("Wifi_Radio_Config", ({ if_name }) => if_name === "wifi1");
    assert.deepEqual([radio.channel, radio.channel_mode, radio.country], [44, "manual", "SI"]);
    assert.deepEqual(portsOf(bench), ["br-home", "home-ap-24", "home-ap-50"]);
    assert.equal(bench.row("Wifi_Inet_Config", ({ if_name }) => if_name === "home-ap-50").if_type, "vif");
    const { ip_addr, hw_addr, hostname } = bench.row("DHCP_reserved_IP");
    assert.deepEqual([ip_addr, hw_addr, hostname], ["192.168.40.50", "02:00:00:00:0a:01", "nas"]);
    await gateway.stop();
  });

  it("restores nothing that is documented as not restored", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    const { database } = gateway.bench;
    const filled = [...database.schema.tables.keys()].filter((table) => database.rows(table).size > 0);
    await gateway.boot();
    await gateway.set("gw_offline", "true");
    const { bench } = gateway;
    const restored = filled.filter((table) => bench.database.rows(table).size > 0).sort();
    const kept = [
      "Bridge",
      "DHCP_reserved_IP",
      "Interface",
      "Node_Config",
      "Node_State",
      "Open_vSwitch",
      "Openflow_Tag",
    ];
    const rest = ["Port", "Wifi_Inet_Config", "Wifi_Radio_Config", "Wifi_VIF_Config"];
    assert.deepEqual(restored, [...kept, ...rest].filter((table) => filled.includes(table)).sort());
    for (const table of ["IP_Port_Forward", "IPv6_RouteAdv", "DHCPv6_Server", "Openflow_Config", "FSM_Policy"]) {
      assert.ok(filled.includes(table) && !restored.includes(table), table);
    }
    assert.deepEqual(
      bench.rows("Openflow_Tag").map(({ name }) => name),
      ["offline_mode"],
    );
    assert.deepEqual(vifsByRadio(bench), homeVifs, "neither backhaul nor onboarding");
    for (const { wpa_psks, wpa_oftags } of bench.rows("Wifi_VIF_Config")) {
      assert.deepEqual(
        [Object.fromEntries(wpa_psks), Object.fromEntries(wpa_oftags)],
        [{ key: primaryPsk }, { key: "home-0" }],
      );
    }
    assert.ok(bench.rows("Wifi_Inet_Config").every(({ if_name }) => !if_name.startsWith("bhaul")));
    await gateway.stop();
  });

  it("keeps no extra password in its store, and none at all in log and dump", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    assert.ok(!JSON.stringify(gateway.stored("vif_config")).includes(extraPsk));
    const texts = [gateway.dump(), ...gateway.bench.ring.records().map(({ text }) => text)].join("\n");
    assert.ok(!texts.includes(primaryPsk) && !texts.includes(extraPsk));
    assert.match(
      gateway.dump(),
      /status: ready since .*\n.*monitoring: on\n(.*\n)*.*stored vif_config: 2 rows, \d+ bytes/,
    );
    await gateway.stop();
  });

  it("does not restore over what the cloud has configured since the node booted", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    const versions = () => gateway.bench.rows("Wifi_VIF_Config").map(({ _uuid, _version }) => [_uuid, _version]);
    const before = versions();
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), gateway.tag()], ["active", [" "]]);
    assert.deepEqual(versions(), before);
    await gateway.stop();
  });

  it("saves nothing while offline, and what changed meanwhile afterwards", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.set("gw_offline", "true");
    const writes = gateway.writes();
    await gateway.change((transaction) => transaction.update("Wifi_VIF_Config", [], { ssid: "Elsewhere" }));
    await gateway.bench.clock.advance(3_600_000);
    assert.equal(gateway.writes(), writes);
    await gateway.set("gw_offline", "false");
    await gateway.quiet();
    assert.equal(gateway.writes(), writes + 1);
    await gateway.stop();
  });

  it("ignores the trigger without a stored configuration, and says so", async () => {
    const gateway = new Gateway();
    await gateway.boot();
    await gateway.set("gw_offline_cfg", "true");
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), gateway.tag()], ["enabled", null]);
    assert.ok(gateway.logged("offline mode was asked for, but the status is enabled"));
    await gateway.stop();
  });

  it("waits 15 s from the last change, and longer for devices that are used to it", async () => {
    for (const debounceMs of [15_000, 30_000]) {
      const gateway = new Gateway({ debounceMs });
      await gateway.configured();
      const writes = gateway.writes();
      for (const ssid of ["One", "Two"]) {
        await gateway.change((transaction) => transaction.update("Wifi_VIF_Config", [], { ssid }));
        await gateway.bench.clock.advance(debounceMs - 1_000);
      }
      assert.equal(gateway.writes(), writes);
      await gateway.bench.clock.advance(1_000);
      assert.equal(gateway.writes(), writes + 1);
      await gateway.stop();
    }
  });

  it("is saved although counters and states keep changing", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    const writes = gateway.writes();
    await gateway.change((transaction) => transaction.update("Wifi_VIF_Config", [], { ssid: "Quiet" }));
    for (let second = 1; second <= 15; second++) {
      await gateway.change((transaction) => {
        transaction.update("Interface", [], { statistics: { rx_packets: second } });
        transaction.update("Connection_Manager_Uplink", [], { unreachable_link_counter: second });
        transaction.update("Openflow_Tag", [["name", "==", "vip"]], { device_value: [String(second)] });
      });
      await gateway.bench.clock.advance(1_000);
    }
    assert.equal(gateway.writes(), writes + 1);
    await gateway.stop();
  });

  it("saves anew what somebody has erased, and does not go offline without it", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.set("gw_offline_mon", null);
    gateway.storage.erase(storeName);
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), gateway.tag()], ["enabled", null]);
    await gateway.set("gw_offline_mon", "true");
    await gateway.quiet();
    assert.equal(gateway.state(), "ready");
    await gateway.boot();
    await gateway.set("gw_offline", "true");
    assert.equal(gateway.state(), "active");
    await gateway.stop();
  });

  it("forgets with the boot a feature that was not to persist, but not before", async () => {
    const gateway = new Gateway();
    await gateway.boot();
    await gateway.set("gw_offline_cfg", "true");
    await gateway.restartPm();
    assert.equal(gateway.state(), "enabled");
    await gateway.boot();
    assert.equal(gateway.state(), undefined);
    await gateway.stop();
  });

  it("takes a deleted setting for off", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.set("gw_offline", "true");
    await gateway.set("gw_offline", null);
    assert.deepEqual([gateway.state(), gateway.tag()], ["ready", []]);
    await gateway.set("gw_offline_cfg", null);
    assert.deepEqual([gateway.state("gw_offline_cfg"), gateway.state()], ["false", "disabled"]);
    assert.deepEqual(gateway.storage.open(storeName).keys(), []);
    await gateway.stop();
  });

  it("is not there where it is not built in", async () => {
    const bench = new Bench();
    const pm = await bench.start(createPm({ logs: new ProcessLogs(bench.log) }));
    await bench.client.transact((transaction) =>
      transaction.insert("Node_Config", { module: "PM", key: "gw_offline_cfg", value: "true" }),
    );
    await bench.settle();
    assert.deepEqual([bench.rows("Node_State").length, pm.dump().includes("gw_offline")], [0, false]);
    await pm.stop();
  });
});

describe("a restart of PM, not of the node", () => {
  it("brings back the setting that was to persist, and its status, should the row have gone meanwhile", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.stop();
    await gateway.set("gw_offline_cfg", null);
    await gateway.startPm();
    const row = gateway.bench.row("Node_Config", ({ key }) => key === "gw_offline_cfg");
    assert.deepEqual([row.value, row.persist, gateway.state("gw_offline_cfg")], ["true", true, "true"]);
    assert.equal(gateway.state(), "ready");
    await gateway.stop();
  });

  it("leaves clients alone while the restored LAN is active", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.boot();
    await gateway.set("gw_offline", "true");
    const uuids = () => gateway.bench.rows("Wifi_VIF_Config").map(({ _uuid }) => _uuid);
    const before = uuids();
    await gateway.restartPm();
    assert.deepEqual([gateway.state(), uuids()], ["active", before]);
    await gateway.set("gw_offline", "false");
    assert.deepEqual([gateway.state(), gateway.tag()], ["ready", []]);
    await gateway.stop();
  });

  it("leaves clients alone when the rows say what is stored, whoever wrote them", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    await gateway.set("gw_offline_mon", "false");
    const uuids = () => gateway.bench.rows("Wifi_VIF_Config").map(({ _uuid }) => _uuid);
    const before = uuids();
    await gateway.set("gw_offline", "true");
    assert.deepEqual([gateway.state(), uuids()], ["active", before]);
    await gateway.stop();
  });

  it("goes on in every other state, too, without a write", async () => {
    const gateway = new Gateway();
    await gateway.configured();
    const writes = gateway.writes();
    await gateway.restartPm();
    await gateway.quiet();
    assert.deepEqual([gateway.state(), gateway.writes()], ["ready", writes]);
    await gateway.set("gw_offline", "true");
    await gateway.restartPm();
    assert.deepEqual([gateway.state(), gateway.tag()], ["active", [" "]]);
    await gateway.set("gw_offline_cfg", "false");
    await gateway.restartPm();
    assert.deepEqual([gateway.state(), gateway.tag()], ["disabled", []]);
    await gateway.stop();
  });
});
