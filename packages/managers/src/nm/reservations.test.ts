import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseIpv4 } from "./addresses.ts";
import { reservations as maxReservations } from "./limits.ts";
import { assignReservations, type ReservedAddress, type ServedSubnet } from "./reservations.ts";

function subnet(name: string, address: string, serves = true): ServedSubnet {
  return { name, address: parseIpv4(address) ?? 0, netmask: 0xffffff00, serves };
}

const home = subnet("br-home", "192.168.40.1");
const guest = subnet("br-guest", "192.168.50.1");

function row(hw_addr: string, ip_addr: string, hostname: string | null = null): ReservedAddress {
  return { hw_addr, ip_addr, hostname };
}

function assigned(rows: readonly ReservedAddress[], subnets = [home, guest]) {
  const { byInterface, problems } = assignReservations(rows, subnets);
  const entries = [...byInterface].map(([name, list]) => [name, list.map(({ mac, address }) => `${mac} ${address}`)]);
  return { ...Object.fromEntries(entries), problems } as { readonly [name: string]: readonly string[] };
}

const mac = "02:00:00:00:00:0a";

describe("reserved addresses", () => {
  it("go to the interface whose subnet holds them, sorted, MAC addresses in lower case", () => {
    assert.deepEqual(
      assigned([
        row("02:00:00:00:00:0B", "192.168.40.20"),
        row(mac, "192.168.40.3"),
        row("02:00:00:00:00:0c", "192.168.50.3"),
      ]),
      {
        "br-home": [`${mac} 192.168.40.3`, "02:00:00:00:00:0b 192.168.40.20"],
        "br-guest": ["02:00:00:00:00:0c 192.168.50.3"],
        problems: [],
      },
    );
  });

  it("keep host names that are some", () => {
    const list = (hostname: string) => {
      const { byInterface, problems } = assignReservations([row(mac, "192.168.40.3", hostname)], [home]);
      return [byInterface.get("br-home")?.[0]?.hostname, problems.length];
    };
    assert.deepEqual(list("tv-2"), ["tv-2", 0]);
    assert.deepEqual(list("tv;reboot"), [null, 1]);
  });

  const bad: readonly (readonly [string, readonly ReservedAddress[], RegExp])[] = [
    ["of what is no MAC address", [row("02:00:00:00:0a", "192.168.40.3")], /hw_addr is no MAC address/],
    ["that are no addresses", [row(mac, "192.168.40")], /ip_addr is no IPv4 address/],
    ["outside every subnet", [row(mac, "10.0.0.3")], /no interface has a subnet .* waits/],
    ["that are the network's own", [row(mac, "192.168.40.255")], /no interface has a subnet/],
    ["that are the server's own", [row(mac, "192.168.40.1")], /br-home's own/],
  ];
  for (const [what, rows, expected] of bad) {
    it(`${what} are left out, and the reason is told`, () => {
      const { problems, ...rest } = assigned(rows);
      assert.deepEqual(Object.keys(rest), []);
      assert.match(problems?.join() ?? "", expected);
    });
  }

  it("wait where there is no DHCP server, but go to another interface of the same subnet that has one", () => {
    const wan = subnet("eth0", "192.168.40.77", false);
    assert.match(assigned([row(mac, "192.168.40.3")], [wan]).problems?.join() ?? "", /eth0 has no DHCP server/);
    assert.deepEqual(assigned([row(mac, "192.168.40.3")], [wan, home])["br-home"], [`${mac} 192.168.40.3`]);
  });

  it("count once per client and address: the row that came first", () => {
    const found = assigned([
      row(mac, "192.168.40.3"),
      row(mac.toUpperCase(), "192.168.40.4"),
      row("02:00:00:00:00:0b", "192.168.40.3"),
    ]);
    assert.deepEqual(found["br-home"], [`${mac} 192.168.40.3`]);
    assert.match(found.problems?.join() ?? "", /client has a reservation already.*,.*address is reserved already/);
  });

  it("are bounded", () => {
    const many = Array.from({ length: maxReservations + 3 }, (_, n) =>
      row(
        `02:00:00:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`,
        `10.${n >> 8}.${n & 255}.7`,
      ),
    );
    assert.equal(assigned(many, []).problems?.filter((problem) => /more than/.test(problem)).length, 3);
  });
});
