import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ForwardRow, portForwards } from "./forwards.ts";
import { portForwards as maxForwards } from "./limits.ts";

const row: ForwardRow = {
  protocol: "tcp",
  src_ifname: "eth0",
  src_port: 8080,
  dst_port: 80,
  dst_ipaddr: "192.168.40.9",
  nat_loopback: true,
};
const known = new Set(["eth0"]);
const anywhere = () => true;

describe("port forwards", () => {
  it("are told with everything they say, in an order of their own", () => {
    const { forwards, problems } = portForwards([{ ...row, protocol: "udp" }, row], known, anywhere);
    assert.deepEqual(problems, []);
    assert.deepEqual(forwards[0], {
      protocol: "tcp",
      link: "eth0",
      port: 8080,
      toAddress: "192.168.40.9",
      toPort: 80,
      loopback: true,
    });
    assert.deepEqual(
      forwards.map(({ protocol }) => protocol),
      ["tcp", "udp"],
    );
  });

  const bad: readonly (readonly [string, Partial<ForwardRow>, RegExp])[] = [
    ["without protocol", { protocol: "" }, /protocol must be tcp or udp/],
    ["of port 0", { src_port: 0 }, /src_port/],
    ["to a port that is none", { dst_port: 65_536 }, /dst_port 65536/],
    ["to what is no address", { dst_ipaddr: "192.168.40.x" }, /dst_ipaddr/],
    ["from an interface that is not there", { src_ifname: "ppp0" }, /no such interface: waits/],
  ];
  for (const [what, change, expected] of bad) {
    it(`${what} are left out, and the reason is told`, () => {
      const { forwards, problems } = portForwards([{ ...row, ...change }], known, anywhere);
      assert.equal(forwards.length, 0);
      assert.match(problems.join(), expected);
    });
  }

  it("of one port count once, and are bounded", () => {
    const twice = portForwards([row, { ...row, dst_port: 81 }], known, anywhere);
    assert.deepEqual([twice.forwards[0]?.toPort, twice.forwards.length, twice.problems.length], [80, 1, 1]);
    const many = Array.from({ length: maxForwards + 2 }, (_, n) => ({ ...row, src_port: n + 1 }));
    assert.equal(portForwards(many, known, anywhere).forwards.length, maxForwards);
  });
});
