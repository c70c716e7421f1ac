import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Route } from "@opensync-ts/target/network";
import { routeStates as maxStates } from "./limits.ts";
import { type RouteRow, routeConfigs, routeStates } from "./routes.ts";

const row: RouteRow = {
  dest_addr: "10.9.0.0",
  dest_mask: "255.255.0.0",
  gateway: "192.168.40.9",
  if_name: "br-home",
  metric: null,
  pref_src: null,
  table: null,
};
const types = new Map([
  ["br-home", "bridge"],
  ["g-bhaul-sta-24", "gre"],
  ["home-ap-24", "vif"],
]);
const route: Route = {
  link: "eth0",
  destination: "0.0.0.0",
  netmask: "0.0.0.0",
  gateway: "192.0.2.1",
  gatewayMac: mac("02:00:00:00:00:01"),
  metric: 100,
};

describe("routes wanted", () => {
  it("are told with everything they say", () => {
    const { routes, problems } = routeConfigs([{ ...row, metric: 7 }], types);
    assert.deepEqual(problems, []);
    assert.deepEqual(routes, [
      { link: "br-home", destination: "10.9.0.0", netmask: "255.255.0.0", gateway: "192.168.40.9", metric: 7 },
    ]);
  });

  for (const [if_name, metric] of Object.entries({
    "br-home": 100,
    "g-bhaul-sta-24": 110,
    "home-ap-24": 130,
    other: 199,
  })) {
    it(`through ${if_name} have metric ${metric} where the row says nothing`, () => {
      assert.equal(routeConfigs([{ ...row, if_name }], types).routes[0]?.metric, metric);
    });
  }

  it("without interface go by their gateway, and without gateway lie on the interface", () => {
    const rows = [
      { ...row, if_name: null },
      { ...row, gateway: "0.0.0.0" },
    ];
    const found = routeConfigs(rows, types).routes;
    assert.deepEqual(
      found
        .map(({ link, gateway, metric }) => [link, gateway, metric])
        .sort(([a], [b]) => (a === null ? -1 : b === null ? 1 : 0)),
      [
        [null, "192.168.40.9", null],
        ["br-home", null, 100],
      ],
    );
  });

  const bad: readonly (readonly [string, Partial<RouteRow>, RegExp])[] = [
    ["to what is no address", { dest_addr: "10.9.0.300" }, /dest_addr is no IPv4/],
    ["with a mask that is none", { dest_mask: "255.0.255.0" }, /dest_mask/],
    ["to a host within a network", { dest_addr: "10.9.0.1" }, /the network is 10\.9\.0\.0/],
    ["over what is no address", { gateway: "10.9.0.x" }, /gateway/],
    ["that lead nowhere", { gateway: null, if_name: null }, /neither gateway nor if_name/],
    ["in another table", { table: 7 }, /no routing table 7/],
    ["of a metric below zero", { metric: -1 }, /metric -1/],
  ];
  for (const [what, change, expected] of bad) {
    it(`${what} are left out, and the reason is told`, () => {
      const { routes, problems } = routeConfigs([{ ...row, ...change }], types);
      assert.equal(routes.length, 0);
      assert.match(problems.join(), expected);
    });
  }

  it("with a source are told without it", () => {
    const { routes, problems } = routeConfigs([{ ...row, pref_src: "192.168.40.1" }], types);
    assert.deepEqual([routes.length, problems.length], [1, 1]);
  });
});

describe("routes there are", () => {
  it("are shown with the address of their gateway", () => {
    const onLink = { ...route, destination: "192.0.2.0", netmask: "255.255.255.0", gateway: null, gatewayMac: null };
    assert.deepEqual(
      [...routeStates([route, onLink]).values()],
      [
        {
          if_name: "eth0",
          dest_addr: "0.0.0.0",
          dest_mask: "0.0.0.0",
          gateway: "192.0.2.1",
          gateway_hwaddr: "02:00:00:00:00:01",
          metric: 100,
        },
        {
          if_name: "eth0",
          dest_addr: "192.0.2.0",
          dest_mask: "255.255.255.0",
          gateway: "0.0.0.0",
          gateway_hwaddr: null,
          metric: 100,
        },
      ],
    );
  });

  it("are no more than the table holds, the best of them", () => {
    const many = Array.from({ length: maxStates + 9 }, (_, n) => ({ ...route, metric: maxStates + 9 - n }));
    const metrics = [...routeStates(many).values()].map(({ metric }) => metric);
    assert.deepEqual([metrics.length, metrics[0], metrics.at(-1)], [maxStates, 1, maxStates]);
  });
});
