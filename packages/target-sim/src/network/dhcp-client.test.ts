import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { DhcpClient } from "./dhcp-client.ts";
import type { DhcpAnswer, DhcpRequest, Grant } from "./dhcp-message.ts";

const grant = (more: Partial<Grant> = {}): Grant => ({
  ...{ address: 10, prefix: 24, leaseTime: 1000, server: 1, gateway: 1, dns: [] },
  options: new Map([[3, "0.0.0.1"]]),
  ...more,
});
const ack = (more: Partial<Grant> = {}): DhcpAnswer => ({ kind: "ack", grant: grant(more) });

function setUp(reply: (request: DhcpRequest) => DhcpAnswer | null) {
  const clock = new VirtualClock();
  const sent: string[] = [];
  const leases: (number | null)[] = [];
  const server = { reply };
  const client = new DhcpClient({
    clock,
    random: new SeededRandom(1),
    backoff: { tries: [1000, 2000], pause: 20_000 },
    send(request, answered) {
      sent.push(`${Math.round(clock.now() / 1000)} ${request.kind} ${request.address}`);
      return clock.setTimer(10, () => answered(server.reply(request)));
    },
    onLease: () => leases.push(client.grant?.address ?? null),
  });
  return { clock, sent, leases, client, server };
}

describe("a DHCP client", () => {
  it("asks until it is answered, less often after a while, and only between start and stop", async () => {
    const { clock, sent, client } = setUp(() => null);
    await clock.advance(10_000);
    assert.deepEqual([client.state, sent], ["INIT", []]);
    client.start();
    client.start();
    assert.equal(client.state, "SELECTING");
    await clock.advance(30_000);
    client.stop();
    await clock.advance(100_000);
    assert.ok(sent.length >= 5 && sent.length <= 6, String(sent));
  });

  it("renews half-way, at the same server, and says nothing while nothing changes", async () => {
    const { clock, sent, leases, client } = setUp(() => ack());
    client.start();
    await clock.advance(1_100_000);
    assert.deepEqual(sent, ["0 discover null", "500 renew 10", "1000 renew 10"]);
    assert.deepEqual([leases, client.state], [[10], "BOUND"]);
  });

  it("asks any server near the end, and loses the address at the end", async () => {
    const { clock, sent, leases, client, server } = setUp(() => ack());
    client.start();
    await clock.advance(100);
    server.reply = () => null;
    await clock.advance(999_000);
    assert.deepEqual(sent.slice(1), [
      "500 renew 10",
      "750 renew 10",
      "875 rebind 10",
      "938 rebind 10",
      "998 rebind 10",
    ]);
    assert.equal(client.state, "REBINDING");
    await clock.advance(1000);
    assert.deepEqual([leases, client.state, sent.at(-1)], [[10, null], "SELECTING", "1000 discover 10"]);
  });

  it("asks for what it had when its link comes back, and takes something else when that is refused", async () => {
    const { clock, sent, leases, client, server } = setUp(() => ack());
    client.start();
    await clock.advance(100);
    client.stop();
    assert.equal(client.grant, null);
    client.start();
    assert.equal(client.state, "REBOOTING");
    await clock.advance(100);
    server.reply = (request) => (request.kind === "discover" ? ack({ address: 77 }) : { kind: "nak" });
    client.moved();
    await clock.advance(100);
    assert.deepEqual(
      sent.map((each) => each.split(" ").slice(1).join(" ")),
      ["discover null", "reboot 10", "reboot 10", "discover null"],
    );
    assert.deepEqual(leases, [10, null, 10, null, 77]);
  });

  it("takes anything when nobody remembers it", async () => {
    const { clock, sent, client, server } = setUp(() => ack());
    client.start();
    await clock.advance(100);
    server.reply = (request) => (request.kind === "discover" ? ack({ address: 5 }) : null);
    client.moved();
    await clock.advance(7000);
    assert.deepEqual(
      sent.slice(1).map((each) => each.split(" ")[1]),
      ["reboot", "reboot", "discover"],
    );
    assert.equal(client.grant?.address, 5);
  });

  it("renews when it is told, once at a time, and starts over when it is told again and got no answer", async () => {
    const { clock, sent, client, server } = setUp(() => ack());
    client.renew();
    client.start();
    client.renew();
    await clock.advance(100);
    client.renew();
    client.renew();
    await clock.advance(100);
    assert.equal(sent.length, 2);
    server.reply = () => null;
    client.renew();
    await clock.advance(100);
    assert.equal(client.state, "RENEWING");
    client.renew();
    assert.deepEqual([client.state, client.grant], ["SELECTING", null]);
  });

  it("keeps a lease without end without a timer", async () => {
    const { clock, sent, client } = setUp(() => ack({ leaseTime: Number.POSITIVE_INFINITY }));
    client.start();
    await clock.advance(1e9);
    assert.deepEqual([sent.length, client.state], [1, "BOUND"]);
  });

  it("tells of a lease that says something else", async () => {
    const { clock, leases, client, server } = setUp(() => ack());
    client.start();
    await clock.advance(100);
    server.reply = () => ack({ options: new Map([[3, "0.0.0.2"]]) });
    client.renew();
    await clock.advance(100);
    assert.deepEqual(leases, [10, 10]);
  });
});
