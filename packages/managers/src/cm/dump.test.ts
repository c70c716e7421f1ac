import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Lab } from "./testing/lab.ts";

describe("CM's dump", () => {
  it("tells state, reason, time, destinations, uplink and gw_offline, and no secret", async () => {
    const lab = await new Lab().boot({ gwOffline: true });
    await lab.until("CONNECTED manager", 5_000);
    await lab.bench.clock.advance(61_000);
    assert.equal(
      lab.dump,
      [
        "state: CONNECTED",
        "destination: manager",
        "reason: manager",
        "time: 61 s of any",
        "disconnects: 0",
        "redirector: ssl:redirector.example.com:443, valid, resolved, left to try: 192.0.2.1",
        "manager: ssl:controller.example.com:6640, valid, resolved, left to try: 192.0.2.2",
        "uplink: eth0, IPv4",
        "device type: ROUTER",
        "target: ssl:[192.0.2.2]:6640, connected",
        "restarts skipped: 0",
        "gw_offline: ready, requests: 0",
        "bridging: none in a bridge",
        "checks: every 40 s",
        "outages: 0 kept, open: none",
      ].join("\n"),
    );
  });

  it("tells what is waited for, and for how long still", async () => {
    const lab = new Lab();
    lab.world.controller = false;
    lab.world.redirector = false;
    await lab.boot();
    await lab.until("QUIESCE_OVS", 60_000);
    assert.match(lab.dump, /^reason: no address answers, all have been tried\ntime: 0 s of \d\d s\ndisconnects: 1$/m);
    assert.match(lab.dump, /^redirector: .*left to try: none$/m);
  });

  it("names an address that is none", async () => {
    const lab = new Lab();
    await lab.boot();
    await lab.bench.client.transact((transaction) =>
      transaction.update("AWLAN_Node", [], { redirector_addr: "nonsense" }),
    );
    await lab.bench.settle();
    assert.match(lab.dump, /^redirector: nonsense, not PROTO:HOST:PORT$/m);
  });
});
