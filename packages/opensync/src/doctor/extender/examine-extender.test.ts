import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { firstFault, Recorder, type Step, verdict } from "../report.ts";
import { bridgeMac, ExtenderHome, secret, station } from "../testing/extender-home.ts";
import { clientPlace } from "./backhaul.ts";
import { type ExtenderCase, gatewayTables } from "./case.ts";
import { examineExtender } from "./examine-extender.ts";

function examine(it: ExtenderCase): readonly Step[] {
  const recorder = new Recorder(new VirtualClock());
  examineExtender(recorder, it);
  assert.ok(!JSON.stringify(recorder.steps).includes(secret), "a key is told");
  return recorder.steps;
}

/** The cable of a wired extender is out. */
async function pulled(home: ExtenderHome): Promise<void> {
  await home.extender.set("Wifi_Master_State", "eth0", { port_state: "inactive" });
  await home.extender.set("Connection_Manager_Uplink", null, { has_L2: false, has_L3: null, is_used: false });
}

const client = "02:00:00:00:03:01";

function brief(steps: readonly Step[]): readonly string[] {
  return steps.map(({ part, name, status }) => `${part} ${name} ${status}`);
}

interface Fault {
  readonly what: string;
  readonly make: (home: ExtenderHome) => Promise<void>;
  /** Part and name of the step, and its status where that is no failure. */
  readonly step: string;
  readonly found: RegExp;
  readonly fix: RegExp;
}

function faults(start: () => Promise<ExtenderHome>, list: readonly Fault[]): void {
  for (const { what, make, step, found, fix } of list) {
    it(`names ${what}`, async () => {
      const home = await start();
      await make(home);
      const steps = examine(home.case());
      const fault = firstFault(steps);
      assert.ok(fault, brief(steps).join("\n"));
      const name = `${fault.part} ${fault.name}${fault.status === "failed" ? "" : ` ${fault.status}`}`;
      assert.equal(name, step, fault.found);
      assert.match(fault.found, found);
      assert.match(fault.fix ?? "", fix);
    });
  }
}

describe("the checklist of an extender on Wi-Fi with a tunnel", () => {
  it("finds a healthy one well, from access point to cloud", async () => {
    const steps = examine((await ExtenderHome.gre()).case());
    assert.deepEqual(brief(steps), [
      "extender backhaul ok",
      "gateway backhaul AP ok",
      "extender station ok",
      "gateway association ok",
      "gateway backhaul DHCP ok",
      "gateway lease ok",
      "gateway tunnel ok",
      "gateway tunnel port ok",
      "extender tunnel end ok",
      "gateway LAN DHCP ok",
      "extender uplink ok",
      "extender uplink port ok",
      "extender LAN address ok",
      "gateway LAN lease ok",
      "extender cloud ok",
    ]);
    assert.match(
      steps.find(({ name }) => name === "tunnel")?.found ?? "",
      /^pgd3-5: 169\.254\.3\.1 to 169\.254\.3\.5 over/,
    );
  });

  it("examines the gateway's side alone where the extender's database is not at hand", async () => {
    const steps = examine((await ExtenderHome.gre()).case([station], false));
    assert.equal(verdict(steps), "ok");
    assert.equal(steps.at(-1)?.status, "skipped");
    assert.equal(steps.find(({ name }) => name === "tunnel port")?.status, "ok");
  });

  it("follows the band in use where stations of several are associated", async () => {
    const home = await ExtenderHome.gre();
    const other = "02:00:00:00:02:24";
    await home.gateway.client.transact((transaction) => {
      const client = transaction.insert("Wifi_Associated_Clients", { mac: other, state: "active" });
      const ap = { if_name: "bhaul-ap-24", enabled: true, mode: "ap", ssid: "we.backhaul" } as const;
      transaction.insert("Wifi_VIF_State", { ...ap, mac: "02:00:00:00:01:24", associated_clients: [client] });
      transaction.insert("DHCP_leased_IP", { hwaddr: other, inet_addr: "169.254.2.9" });
    });
    await home.extender.add("Wifi_VIF_State", {
      if_name: "bhaul-sta-24",
      enabled: true,
      mode: "sta",
      mac: other,
      parent: "02:00:00:00:01:24",
    });
    const steps = examine(home.case([other, station]));
    assert.equal(verdict(steps), "ok", firstFault(steps)?.found);
    const found = (name: string) => steps.find((step) => step.name === name)?.found ?? "";
    assert.match(found("association"), /^02:00:00:00:02:50 is on bhaul-ap-50/);
    assert.match(found("lease"), /^169\.254\.3\.5 for 02:00:00:00:02:50/);
  });

  it("goes no further than the first break", async () => {
    const home = await ExtenderHome.gre();
    await home.gateway.remove("Wifi_Associated_Clients");
    const steps = examine(home.case());
    assert.ok(brief(steps).includes("gateway lease, tunnel skipped"));
    assert.ok(brief(steps).includes("extender LAN address skipped"));
  });

  const gateway =
    (table: Parameters<ExtenderHome["gateway"]["set"]>[0], name: string | null, columns: object) =>
    (home: ExtenderHome) =>
      home.gateway.set(table, name, columns as never);
  const extender =
    (table: Parameters<ExtenderHome["gateway"]["set"]>[0], name: string | null, columns: object) =>
    (home: ExtenderHome) =>
      home.extender.set(table, name, columns as never);
  const apart = (change: (home: ExtenderHome) => Promise<void>) => async (home: ExtenderHome) => {
    await home.extender.set("Wifi_VIF_State", "bhaul-sta-50", { parent: null });
    await home.gateway.remove("Wifi_Associated_Clients");
    await change(home);
  };

  faults(ExtenderHome.gre, [
    {
      what: "a backhaul AP that nobody configured",
      make: (home) => home.gateway.remove("Wifi_VIF_Config"),
      step: "gateway backhaul AP",
      found: /no backhaul AP is configured/,
      fix: /vif_configs/,
    },
    {
      what: "a backhaul AP without state",
      make: (home) => home.gateway.remove("Wifi_VIF_State"),
      step: "gateway backhaul AP",
      found: /bhaul-ap-50 is configured, and has no row in Wifi_VIF_State/,
      fix: /explain confsync/,
    },
    {
      what: "a backhaul AP that is down",
      make: gateway("Wifi_VIF_State", "bhaul-ap-50", { enabled: false }),
      step: "gateway backhaul AP",
      found: /not up/,
      fix: /explain confsync/,
    },
    {
      what: "an SSID that is not as configured",
      make: gateway("Wifi_VIF_State", "bhaul-ap-50", { ssid: "old" }),
      step: "gateway backhaul AP",
      found: /ssid is 'we\.backhaul' in Wifi_VIF_Config and 'old' in Wifi_VIF_State/,
      fix: /explain confsync/,
    },
    {
      what: "a station that knows another SSID",
      make: apart((home) => home.extender.set("Wifi_Credential_Config", null, { ssid: "we.other" })),
      step: "extender station",
      found: /it knows 'we\.other', and the gateway's backhaul is 'we\.backhaul'/,
      fix: /backhaul SSID/,
    },
    {
      what: "a station that knows no network",
      make: apart((home) => home.extender.remove("Wifi_Credential_Config")),
      step: "extender station",
      found: /knows no network/,
      fix: /Wifi_Credential_Config/,
    },
    {
      what: "a station with another key, which it does not tell",
      make: apart((home) => home.extender.set("Wifi_Credential_Config", null, { security: { key: `${secret}!` } })),
      step: "extender station",
      found: /its key for 'we\.backhaul' is not the gateway's/,
      fix: /same key/,
    },
    {
      what: "a station whose key is that of another band only, though nobody else is wrong",
      make: async (home) => {
        await home.twoBands("another key", secret);
      },
      step: "extender station",
      found: /^bhaul-sta-24 is on no network: its key for 'we\.backhaul' is not the gateway's \(bhaul-ap-24\)/,
      fix: /same key/,
    },
    {
      what: "a wrong key before a station that finds nobody on another band",
      make: async (home) => {
        await home.twoBands(secret, secret);
        const [own] = home.extender.rows(["Wifi_VIF_Config"]).Wifi_VIF_Config;
        await home.extender.client.transact((transaction) =>
          transaction.update("Wifi_Credential_Config", [["_uuid", "==", own?.credential_configs[0] as never]], {
            security: { key: "wrong" },
          }),
        );
      },
      step: "extender station",
      found: /^bhaul-sta-50 is on no network: its key for 'we\.backhaul' is not the gateway's \(bhaul-ap-50\)/,
      fix: /same key/,
    },
    {
      what: "an access list that keeps the station out",
      make: apart((home) =>
        home.gateway.set("Wifi_VIF_Config", null, { mac_list_type: "whitelist", mac_list: [bridgeMac] }),
      ),
      step: "extender station",
      found: /does not let 02:00:00:00:02:50 in \(whitelist\)/,
      fix: /mac_list of bhaul-ap-50/,
    },
    {
      what: "a station that finds nobody",
      make: apart(async () => {}),
      step: "extender station",
      found: /though SSID and key are the gateway's/,
      fix: /nearer/,
    },
    {
      what: "a station on a home SSID",
      make: gateway("Wifi_VIF_State", "bhaul-ap-50", { associated_clients: [] }),
      step: "gateway association",
      found: /no backhaul AP refers to it/,
      fix: /home SSID/,
    },
    {
      what: "a backhaul without DHCP server",
      make: gateway("Wifi_Inet_Config", "bhaul-ap-50", { dhcpd: new Map() }),
      step: "gateway backhaul DHCP",
      found: /no DHCP server/,
      fix: /fill dhcpd/,
    },
    {
      what: "a backhaul whose address is not there",
      make: gateway("Wifi_Inet_State", "bhaul-ap-50", { inet_addr: "0.0.0.0" }),
      step: "gateway backhaul DHCP",
      found: /has no address instead of 169\.254\.3\.1/,
      fix: /NM's lines/,
    },
    {
      what: "a backhaul whose range is impossible",
      make: gateway("Wifi_Inet_Config", "bhaul-ap-50", {
        dhcpd: new Map([
          ["start", "169.254.3.9"],
          ["stop", "169.254.3.2"],
        ]),
      }),
      step: "gateway backhaul DHCP",
      found: /bhaul-ap-50 hands out nothing.*start 169\.254\.3\.9 is behind stop/,
      fix: /dhcpd of bhaul-ap-50/,
    },
    {
      what: "a missing lease",
      make: (home) => home.gateway.remove("DHCP_leased_IP"),
      step: "gateway lease",
      found: /no lease of 02:00:00:00:02:50/,
      fix: /does the extender ask/,
    },
    {
      what: "a lease outside of the backhaul's addresses",
      make: (home) => home.gateway.set("DHCP_leased_IP", null, { inet_addr: "192.168.40.9" }),
      step: "gateway lease",
      found: /no backhaul address/,
      fix: /CM builds no tunnel/,
    },
    {
      what: "a lease that the extender does not use",
      make: extender("Wifi_Inet_State", "bhaul-sta-50", { inet_addr: "169.254.3.9" }),
      step: "gateway lease",
      found: /169\.254\.3\.5, but the extender's station has 169\.254\.3\.9/,
      fix: /dhcp_renew/,
    },
    {
      what: "a tunnel that the cloud has not inserted",
      make: (home) => home.gateway.remove("Wifi_Inet_Config", "pgd3-5"),
      step: "gateway tunnel",
      found: /no row pgd3-5 in Wifi_Inet_Config/,
      fix: /cloud has to insert it: if_type gre, gre_ifname bhaul-ap-50, gre_remote_inet_addr 169\.254\.3\.5/,
    },
    {
      what: "a tunnel to another address",
      make: gateway("Wifi_Inet_Config", "pgd3-5", { gre_remote_inet_addr: "169.254.3.6" }),
      step: "gateway tunnel",
      found: /pgd3-5 leads to 169\.254\.3\.6 instead of 169\.254\.3\.5/,
      fix: /gre_remote_inet_addr of pgd3-5/,
    },
    {
      what: "a tunnel over another interface",
      make: gateway("Wifi_Inet_Config", "pgd3-5", { gre_ifname: "bhaul-ap-24" }),
      step: "gateway tunnel",
      found: /runs over bhaul-ap-24/,
      fix: /gre_ifname/,
    },
    {
      what: "a tunnel that is switched off",
      make: gateway("Wifi_Inet_Config", "pgd3-5", { network: false }),
      step: "gateway tunnel",
      found: /switched off/,
      fix: /enabled and network/,
    },
    {
      what: "a tunnel that is not up",
      make: (home) => home.gateway.remove("Wifi_Inet_State", "pgd3-5"),
      step: "gateway tunnel",
      found: /not up/,
      fix: /NM's lines/,
    },
    {
      what: "a tunnel that is no port of the LAN bridge",
      make: async (home) => {
        await home.gateway.client.transact((transaction) => transaction.update("Bridge", [], { ports: [] }));
      },
      step: "gateway tunnel port",
      found: /pgd3-5 is no port of br-home \(it has none\)/,
      fix: /one transaction/,
    },
    {
      what: "an extender that has built no tunnel",
      make: (home) => home.extender.remove("Wifi_Inet_Config", "g-bhaul-sta-50"),
      step: "extender tunnel end",
      found: /no row g-bhaul-sta-50 .*CM has built no tunnel/,
      fix: /extender's log/,
    },
    {
      what: "an extender whose tunnel leads elsewhere",
      make: extender("Wifi_Inet_Config", "g-bhaul-sta-50", { gre_remote_inet_addr: "169.254.9.1" }),
      step: "extender tunnel end",
      found: /leads to 169\.254\.9\.1 instead of 169\.254\.3\.1/,
      fix: /first address of the leased network/,
    },
    {
      what: "an uplink that gets no answer of DHCP",
      make: extender("Connection_Manager_Uplink", null, { is_used: false, has_L3: false }),
      step: "extender uplink",
      found: /none is used: g-bhaul-sta-50 \(no DHCP: has_L3\)/,
      fix: /CM's lines/,
    },
    {
      what: "an uplink that is in no bridge",
      make: async (home) => {
        await home.extender.client.transact((transaction) => transaction.update("Bridge", [], { ports: [] }));
      },
      step: "extender uplink port",
      found: /g-bhaul-sta-50 is no port of br-home \(it has none\)/,
      fix: /CM's lines/,
    },
    {
      what: "a missing address on the LAN",
      make: extender("Wifi_Inet_State", "br-home", { inet_addr: "0.0.0.0" }),
      step: "extender LAN address",
      found: /br-home has no address/,
      fix: /tcpdump/,
    },
    {
      what: "an address of another network",
      make: extender("Wifi_Inet_State", "br-home", { inet_addr: "10.0.0.7" }),
      step: "extender LAN address",
      found: /10\.0\.0\.7, which is not of the gateway's LAN 192\.168\.40\.1/,
      fix: /another network/,
    },
    {
      what: "an extender without cloud",
      make: extender("Manager", null, { is_connected: false, status: { last_error: "refused" } }),
      step: "extender cloud",
      found: /not connected \(ssl:\[192\.0\.2\.1\]:6640: refused\)/,
      fix: /opensync doctor --node extender/,
    },
    {
      what: "an extender on another node",
      make: async (home) => {
        await home.extender.set("Wifi_VIF_State", "bhaul-sta-50", { parent: "02:00:00:00:09:50" });
        await home.gateway.remove("Wifi_Associated_Clients");
      },
      step: "gateway association",
      found: /no row of/,
      fix: /SSID and key/,
    },
  ]);

  it("finds a tunnel by its remote end, whatever its name, and warns of the name", async () => {
    const home = await ExtenderHome.gre();
    await home.gateway.set("Wifi_Inet_State", "pgd3-5", { if_name: "pgd3-9" });
    await home.gateway.set("Wifi_Inet_Config", "pgd3-5", { if_name: "pgd3-9" });
    const step = examine(home.case()).find(({ name }) => name === "tunnel");
    assert.equal(step?.status, "warning");
    assert.match(step.found, /pgd3-9 leads to 169\.254\.3\.5, though its name should be pgd3-5/);
  });

  it("goes on with the access points that are up", async () => {
    const home = await ExtenderHome.gre();
    await home.gateway.add("Wifi_VIF_Config", { if_name: "bhaul-ap-24", enabled: true, mode: "ap" });
    const steps = brief(examine(home.case()));
    assert.ok(steps.includes("gateway backhaul AP failed"));
    assert.ok(steps.includes("extender tunnel end ok"), steps.join("\n"));
  });

  it("does not send a station nearer to a band on which the gateway has nobody", async () => {
    const home = await ExtenderHome.gre();
    await home.twoBands(secret, secret);
    await home.gateway.remove("Wifi_VIF_Config", "bhaul-ap-24");
    await home.gateway.remove("Wifi_VIF_State", "bhaul-ap-24");
    const found = examine(home.case()).filter(({ name }) => name === "station");
    assert.equal(found.length, 2);
    assert.ok(found.some((step) => /sta-24 .*: the gateway has no backhaul AP up on 2\.4G/.test(step.found)));
    assert.ok(found.some((step) => /sta-50 .*though SSID and key/.test(step.found)));
  });

  it("warns of a wrong key on a band that is not in use", async () => {
    const home = await ExtenderHome.gre();
    await home.twoBands("another key", secret);
    await home.extender.set("Wifi_VIF_State", "bhaul-sta-50", { parent: "02:00:00:00:01:50" });
    const found = examine(home.case()).filter(({ name }) => name === "station");
    assert.deepEqual(
      found.map(({ status }) => status),
      ["ok", "warning"],
    );
    assert.match(found[1]?.found ?? "", /bhaul-sta-24 .*its key/);
  });

  it("says where an extender hangs that is on another node", async () => {
    const home = await ExtenderHome.gre();
    await home.extender.set("Wifi_VIF_State", "bhaul-sta-50", { parent: "02:00:00:00:09:50" });
    const step = examine(home.case()).find(({ name }) => name === "station");
    assert.equal(step?.status, "warning");
    assert.match(step.fix ?? "", /--node/);
  });
});

describe("the checklist of an extender with four addresses", () => {
  it("wants neither lease nor tunnel", async () => {
    const home = await ExtenderHome.gre();
    await home.gateway.set("Wifi_VIF_Config", null, { multi_ap: "backhaul_bss" });
    await home.gateway.set("Wifi_VIF_State", null, { multi_ap: "backhaul_bss" });
    await home.extender.set("Wifi_VIF_State", "bhaul-sta-50", { multi_ap: "backhaul_sta" });
    await home.extender.set("Connection_Manager_Uplink", null, { if_name: "bhaul-sta-50", if_type: "vif" });
    const steps = examine(home.case());
    assert.equal(verdict(steps), "ok", brief(steps).join("\n"));
    assert.ok(brief(steps).includes("gateway lease, tunnel skipped"));
    assert.ok(brief(steps).includes("gateway AP's port ok"));
  });
});

describe("the checklist of an extender on a cable", () => {
  it("finds a healthy one well", async () => {
    const steps = examine((await ExtenderHome.wired()).case());
    assert.deepEqual(brief(steps), [
      "extender backhaul ok",
      "extender port ok",
      "gateway LAN DHCP ok",
      "extender uplink ok",
      "extender uplink port ok",
      "extender LAN address ok",
      "gateway LAN lease ok",
      "extender cloud ok",
    ]);
  });

  it("is a wired one still when the cable is out, unless a station is configured", async () => {
    const home = await ExtenderHome.wired();
    await pulled(home);
    const backhaul = () => examine(home.case()).find(({ name }) => name === "backhaul")?.found;
    assert.match(backhaul() ?? "", /^a cable \(eth0\), as no station is configured/);
    await home.extender.add("Wifi_VIF_Config", { if_name: "bhaul-sta-50", mode: "sta", enabled: true });
    assert.match(backhaul() ?? "", /^Wi-Fi, .*; eth0 has no cable, either/);
    await home.extender.remove("Connection_Manager_Uplink");
    await home.extender.remove("Wifi_VIF_Config");
    assert.match(backhaul() ?? "", /^a cable \(eth0\)/);
  });

  it("warns of what the simulation has broken before the rows show it", async () => {
    const home = await ExtenderHome.wired();
    const outage = { wan: "the line of the uplink is dead, its cable is in", cloud: null };
    const fault = firstFault(examine({ ...home.case(), outage }));
    assert.deepEqual([fault?.name, fault?.status], ["simulation", "warning"]);
    assert.match(fault?.found ?? "", /the line of the uplink is dead.*; the node has not noticed yet/);
    assert.equal(fault?.fix, "opensync sim wan-up extender");
    await pulled(home);
    assert.equal(firstFault(examine({ ...home.case(), outage }))?.name, "port");
    assert.equal(
      verdict(examine({ ...(await ExtenderHome.wired()).case(), outage: { wan: null, cloud: null } })),
      "ok",
    );
  });

  it("is not gone through for a client, which is named as such", async () => {
    const home = await ExtenderHome.wired();
    await home.gateway.client.transact((transaction) => {
      const row = transaction.insert("Wifi_Associated_Clients", { mac: client, state: "active" });
      const ap = { if_name: "home-ap-24", enabled: true, mode: "ap", ssid: "home" } as const;
      transaction.insert("Wifi_VIF_State", { ...ap, associated_clients: [row] });
    });
    const place = clientPlace("gateway", home.gateway.rows(gatewayTables), client);
    const steps = examine({ ...home.case([client], false), client: place });
    assert.deepEqual(brief(steps), ["extender backhaul failed", "extender all skipped"]);
    assert.match(firstFault(steps)?.found ?? "", /03:01 is a client of home-ap-24 on 'gateway', not an extender/);
    const wireless = await ExtenderHome.gre();
    assert.equal(clientPlace("gateway", wireless.gateway.rows(gatewayTables), station), undefined);
    assert.equal(clientPlace("gateway", wireless.gateway.rows(gatewayTables), client), undefined);
  });

  it("is content with clients that have a lease, on the bridge of the uplink or behind a VLAN of it", async () => {
    const home = await ExtenderHome.wired();
    await home.gateway.add("DHCP_leased_IP", { hwaddr: client, inet_addr: "192.168.40.8" });
    await home.serve("br-home", [client]);
    const steps = examine(home.case());
    assert.equal(verdict(steps), "ok", firstFault(steps)?.found);
    assert.ok(brief(steps).includes("extender home APs ok"));
    assert.match(steps.find(({ name }) => name === "home clients")?.found ?? "", /^1, all with a lease of 'gateway'/);
    await home.takeUplinkOut();
    await home.extender.client.transact((transaction) => {
      const inner = transaction.insert("Interface", { name: "eth0.10" });
      const port = transaction.insert("Port", { name: "eth0.10", interfaces: [inner] });
      transaction.update("Bridge", [], { ports: [port] });
      transaction.insert("Wifi_Inet_State", { if_name: "eth0.10", if_type: "vlan", parent_ifname: "eth0" });
    });
    assert.ok(brief(examine(home.case())).includes("extender home APs ok"));
  });

  it("leaves an extender alone that hands out addresses itself", async () => {
    const home = await ExtenderHome.wired();
    await home.serve("br-home", []);
    await home.takeUplinkOut();
    await home.extender.set("Wifi_Inet_State", "br-home", { dhcpd: new Map([["start", "10.0.0.2"]]) });
    assert.ok(brief(examine(home.case())).includes("extender home APs ok"));
  });

  it("asks a gateway in bridge mode for no lease", async () => {
    const home = await ExtenderHome.wired();
    await home.gateway.set("Wifi_Inet_Config", "br-home", { ip_assign_scheme: "none", inet_addr: null });
    await home.gateway.set("Wifi_Inet_State", "br-home", { inet_addr: "0.0.0.0" });
    const steps = examine(home.case());
    assert.equal(verdict(steps), "ok");
    assert.ok(brief(steps).includes("gateway LAN lease skipped"));
  });

  it("knows a cable by the gateway's side, too", async () => {
    const home = await ExtenderHome.wired();
    await home.gateway.add("OVS_MAC_Learning", { brname: "br-home", ifname: "eth1", hwaddr: bridgeMac, vlan: 0 });
    const steps = examine(home.case([bridgeMac], false));
    assert.match(
      steps.find(({ name }) => name === "LAN")?.found ?? "",
      /port eth1 of br-home, has lease 192\.168\.40\.7/,
    );
  });

  const set =
    (table: Parameters<ExtenderHome["gateway"]["set"]>[0], name: string | null, columns: object) =>
    (home: ExtenderHome) =>
      home.extender.set(table, name, columns as never);
  faults(ExtenderHome.wired, [
    {
      what: "a cable that is out",
      make: set("Wifi_Master_State", "eth0", { port_state: "inactive" }),
      step: "extender port",
      found: /eth0: port_state inactive/,
      fix: /cable/,
    },
    {
      what: "a cable that is out, where no uplink is in use",
      make: pulled,
      step: "extender port",
      found: /eth0: port_state inactive/,
      fix: /cable/,
    },
    {
      what: "a port whose network is down",
      make: set("Wifi_Master_State", "eth0", { network_state: "down" }),
      step: "extender port",
      found: /network_state down/,
      fix: /enabled and network/,
    },
    {
      what: "a link that is gone",
      make: set("Connection_Manager_Uplink", null, { has_L2: false }),
      step: "extender uplink",
      found: /has no link \(has_L2\)/,
      fix: /cable/,
    },
    {
      what: "a LAN that gives no address",
      make: set("Connection_Manager_Uplink", null, { has_L3: false }),
      step: "extender uplink",
      found: /gets nothing by DHCP/,
      fix: /DHCP server/,
    },
    {
      what: "a LAN whose address is not there",
      make: (home) => home.gateway.set("Wifi_Inet_State", "br-home", { inet_addr: "0.0.0.0" }),
      step: "gateway LAN DHCP",
      found: /br-home has no address instead of 192\.168\.40\.1/,
      fix: /NM's lines/,
    },
    {
      what: "a LAN that hands out nothing",
      make: (home) => home.gateway.set("Wifi_Inet_Config", "br-home", { dhcpd: new Map() }),
      step: "gateway LAN DHCP warning",
      found: /hands out no addresses/,
      fix: /fill dhcpd/,
    },
    {
      what: "a LAN that nobody configured",
      make: (home) => home.gateway.remove("Wifi_Inet_Config", "br-home"),
      step: "gateway LAN DHCP",
      found: /no row of br-home/,
      fix: /configure the LAN/,
    },
    ...(
      [
        ["starts above its stop", { start: "192.168.40.200", stop: "192.168.40.9" }, /start .*200 is behind stop/],
        [
          "is of another network",
          { start: "192.168.41.2", stop: "192.168.41.9" },
          /41\.9 is not within.*40\.1, netmask/,
        ],
        ["has one end only", { start: "192.168.40.2" }, /stop is missing/],
        ["begins with no address", { start: "192.168.40.300", stop: "192.168.40.9" }, /300" is no IPv4 address/],
      ] as const
    ).map(([how, dhcpd, found]) => ({
      what: `a range of the LAN that ${how}, also where the state shows the same`,
      make: async (home: ExtenderHome) => {
        for (const table of ["Wifi_Inet_Config", "Wifi_Inet_State"] as const)
          await home.gateway.set(table, "br-home", { dhcpd: new Map(Object.entries(dhcpd)) });
      },
      step: "gateway LAN DHCP",
      found,
      fix: /start and stop in dhcpd of br-home/,
    })),
    {
      what: "a LAN that is to hand out addresses, and does not",
      make: (home) => home.gateway.set("Wifi_Inet_State", "br-home", { dhcpd: new Map() }),
      step: "gateway LAN DHCP",
      found: /is to hand out 192\.168\.40\.2 to .*254, but hands out nothing \(dhcpd in Wifi_Inet_State is empty\)/,
      fix: /NM's lines/,
    },
    {
      what: "a LAN that hands out other addresses than it is to",
      make: (home) =>
        home.gateway.set("Wifi_Inet_Config", "br-home", {
          dhcpd: new Map([
            ["start", "192.168.40.100"],
            ["stop", "192.168.40.199"],
          ]),
        }),
      step: "gateway LAN DHCP",
      found: /is to hand out 192\.168\.40\.100 to .*199, but hands out 192\.168\.40\.2 to/,
      fix: /NM's lines/,
    },
    {
      what: "home access points whose bridge does not lead to the uplink",
      make: async (home) => {
        await home.serve("br-home", []);
        await home.takeUplinkOut();
      },
      step: "extender home APs",
      found: /home-ap-50: on br-home, of which the uplink eth0 is no port \(it has none\): their clients reach nobody/,
      fix: /Connection_Manager_Uplink\.bridge = br-home of eth0; by hand.* -w if_name==eth0 bridge:=br-home$/,
    },
    {
      what: "home access points on another bridge than the uplink",
      make: (home) => home.serve("br-guest", []),
      step: "extender home APs",
      found: /on br-guest, of which the uplink eth0 is no port/,
      fix: /the uplink is on br-home: .*Wifi_VIF_Config/,
    },
    {
      what: "clients without a lease",
      make: (home) => home.serve("br-home", [client, bridgeMac]),
      step: "gateway home clients warning",
      found: /1 of 2 without a lease of 'gateway': 02:00:00:00:03:01$/,
      fix: /does their DHCP come through/,
    },
    {
      what: "an address without lease",
      make: (home) => home.gateway.remove("DHCP_leased_IP"),
      step: "gateway LAN lease warning",
      found: /no lease of 02:00:00:00:02:01/,
      fix: /another DHCP server/,
    },
    {
      what: "an address that is another's",
      make: (home) => home.gateway.set("DHCP_leased_IP", null, { hwaddr: "02:00:00:00:07:07" }),
      step: "gateway LAN lease",
      found: /192\.168\.40\.7 is leased to 02:00:00:00:07:07/,
      fix: /two devices/,
    },
  ]);
});
