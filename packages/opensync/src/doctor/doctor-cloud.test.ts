import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { parseHome } from "@opensync-ts/cloud/home";
import { type HomeCloud, startCloud } from "@opensync-ts/cloud/start-cloud";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import { firstFault, verdict } from "./report.ts";
import { Clinic } from "./testing/clinic.ts";

const home = parseHome(
  JSON.stringify({
    name: "Test home",
    nodes: [
      { id: "gateway", role: "gateway" },
      { id: "extender", role: "extender" },
    ],
    networks: [{ ssid: "Test", security: { mode: "wpa2-wpa3", keys: [{ id: "key", psk: "correct horse battery" }] } }],
  }),
  "test.json",
);

describe("the doctor at our own cloud", () => {
  let clinic: Clinic;
  let cloud: HomeCloud;
  let tls: TlsFiles;
  const ring = new LogRing(200);

  before(async () => {
    clinic = await Clinic.open();
    cloud = await startCloud({
      directory: clinic.directory,
      home,
      redirector: "pssl:0:127.0.0.1",
      controller: "pssl:0:127.0.0.1",
      clock: clinic.clock,
      random: new SystemRandom(),
      log: Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 }),
    });
    tls = (await cloud.certificates?.node("gateway")) as TlsFiles;
  });
  after(async () => {
    await cloud.stop();
    await clinic.close();
  });

  it("comes as far as a controller that takes it for the node, and leaves nothing behind", async () => {
    const steps = await clinic.examine(cloud.redirectorAddress, { tls });
    assert.equal(verdict(steps), "ok", JSON.stringify(steps, null, 1));
    assert.equal(steps.find(({ name }) => name === "answer")?.found, cloud.controllerAddress);
    assert.match(steps.find(({ name }) => name === "session")?.found ?? "", /monitors the node and keeps/);
    assert.equal(cloud.location.node("gateway")?.sessions, 1);
    while (cloud.location.node("gateway")?.connection !== "absent") await clinic.clock.sleep(5);
  });

  it("stays away from the controller on request", async () => {
    const { sessions } = cloud.location.node("gateway") ?? {};
    const steps = await clinic.examine(cloud.redirectorAddress, { tls, manager: false });
    assert.equal(verdict(steps), "ok");
    assert.equal(cloud.location.node("gateway")?.sessions, sessions);
  });

  it("learns that the redirector does not believe a node with another's certificate", async () => {
    const own = await cloud.certificates?.node("extender");
    const steps = await clinic.examine(cloud.redirectorAddress, { tls: own as TlsFiles });
    const fault = firstFault(steps);
    assert.equal(fault?.name, "answer");
    assert.match(fault.found, /no address: the connection ended without one/);
    assert.match(fault.fix ?? "", /does the cloud know node 'gateway'/);
  });
});
