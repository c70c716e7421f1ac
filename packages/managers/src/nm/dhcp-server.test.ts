import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseIpv4 } from "./addresses.ts";
import { parseDhcpServer } from "./dhcp-server.ts";
import { defaultLeaseSeconds } from "./limits.ts";

const range = { start: "192.168.40.2", stop: "192.168.40.254" };
const home = { address: parseIpv4("192.168.40.1") ?? 0, netmask: 0xffffff00 };

function parse(dhcpd: { readonly [key: string]: string }) {
  return parseDhcpServer(new Map(Object.entries(dhcpd)), home);
}

describe("dhcpd", () => {
  it("is no server without a range, and nobody complains", () => {
    assert.deepEqual(parse({ lease_time: "12h" }), { server: null, problems: [] });
  });

  it("is a server with start and stop", () => {
    assert.deepEqual(parse(range), {
      server: { ...range, leaseTime: defaultLeaseSeconds, options: new Map(), reservations: [] },
      problems: [],
    });
  });

  for (const [text, seconds] of Object.entries({
    "12h": 43_200,
    "30m": 1_800,
    "90s": 90,
    "3600": 3_600,
    "1H": 3_600,
  })) {
    it(`gives leases of ${text}`, () => {
      const { server, problems } = parse({ ...range, lease_time: text });
      assert.deepEqual([server?.leaseTime, problems], [seconds, []]);
    });
  }

  for (const text of ["12x", "", "-1", "1.5h", "0", "99999999999", "9999999999", "h"]) {
    it(`gives leases of an hour where lease_time is ${JSON.stringify(text)}, and says so`, () => {
      const { server, problems } = parse({ ...range, lease_time: text });
      assert.equal(server?.leaseTime, defaultLeaseSeconds);
      assert.match(problems.join(), /lease_time .* is no time such as 12h/);
    });
  }

  it("tells options, whose values may hold commas", () => {
    const { server, problems } = parse({ ...range, dhcp_option: "6,192.168.40.1,9.9.9.9; 26,1400;" });
    assert.deepEqual(
      [[...(server?.options ?? [])], problems],
      [
        [
          [6, "192.168.40.1,9.9.9.9"],
          [26, "1400"],
        ],
        [],
      ],
    );
  });

  it("leaves options out that cannot be read, and says which", () => {
    const { server, problems } = parse({ ...range, dhcp_option: "0,a;256,b;x,c;6;15,;42,192.0.2.1" });
    assert.deepEqual([...(server?.options ?? [])], [[42, "192.0.2.1"]]);
    assert.equal(problems.length, 5);
  });

  const bad: readonly (readonly [string, { readonly [key: string]: string }, RegExp])[] = [
    ["without stop", { start: range.start }, /stop is missing/],
    ["without start", { stop: range.stop }, /start is missing/],
    ["whose start is no address", { ...range, start: "x" }, /start "x" is no IPv4 address/],
    ["whose stop is no address", { ...range, stop: "192.168.40.256" }, /stop .* is no IPv4 address/],
    ["that goes backwards", { start: range.stop, stop: range.start }, /is behind/],
    ["of another subnet", { start: "10.0.0.2", stop: "10.0.0.9" }, /not within the subnet/],
    ["that holds the broadcast address", { ...range, stop: "192.168.40.255" }, /not within the subnet/],
  ];
  for (const [what, dhcpd, expected] of bad) {
    it(`${what} is no server, and the reason is told`, () => {
      const { server, problems } = parse(dhcpd);
      assert.equal(server, null);
      assert.match(problems.join(), expected);
    });
  }
});
