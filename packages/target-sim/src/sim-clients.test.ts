import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UserError } from "@opensync-ts/base/errors";
import { type Mac, mac } from "@opensync-ts/base/units";
import { createFileStorage } from "@opensync-ts/target/file-storage";
import { SimulatedDisk } from "@opensync-ts/target/testing/simulated-disk";
import { clientCommand } from "./client-command.ts";
import { maxFrozenClients } from "./limits.ts";
import { SimClients } from "./sim-clients.ts";

const phone = mac("02:00:00:00:01:02");
const tablet = mac("02:00:00:00:01:03");

function boot(disk = new SimulatedDisk()) {
  const storage = createFileStorage({ directory: "/device", ops: disk });
  const held: string[][] = [];
  const clients = new SimClients(storage, (macs) => held.push([...macs]));
  return { disk, storage, clients, held, run: (line: string) => clientCommand(clients, line.split(" ")) };
}

describe("the clients of a simulated device", () => {
  it("are kept from the Internet until that is over, and it is said once", () => {
    const { clients, held } = boot();
    let changes = 0;
    clients.frozen.onChange(() => changes++);
    const freeze = { source: "cloud", type: "always" } as const;
    clients.frozen.set(phone, freeze);
    clients.frozen.set(phone, { ...freeze });
    clients.frozen.set(tablet, null);
    clients.frozen.set(phone, null);
    assert.deepEqual([held, changes], [[[phone], []], 2]);
  });

  it("are found frozen after a reboot where that was done at the device, and with their nicknames", () => {
    const { disk, clients } = boot();
    clients.frozen.set(phone, { source: "gw", type: "always" });
    clients.frozen.set(tablet, { source: "cloud", type: "schedule" });
    clients.nicknames.set(tablet, "Ana's tablet");
    const again = boot(disk);
    assert.deepEqual([...again.clients.frozen.entries()], [[phone, { source: "gw", type: "always" }]]);
    assert.deepEqual(again.held, [[phone]]);
    assert.deepEqual([...again.clients.nicknames.entries()], [[tablet, "Ana's tablet"]]);
    // The cloud has taken it over: it is the cloud's to say again.
    again.clients.frozen.set(phone, { source: "cloud", type: "always" });
    assert.equal(boot(disk).clients.frozen.entries().size, 0);
  });

  it("are as many as there is room for, and flash that holds nonsense costs nothing but that", () => {
    const { disk, storage, clients } = boot();
    const numbered = (index: number) => mac(`02:00:00:00:${hex(index >> 8)}:${hex(index & 255)}`) as Mac;
    storage
      .open("frozen_clients")
      .write(
        new Map([
          ["nobody", "always"],
          [phone, "sometimes"],
          ...Array.from({ length: maxFrozenClients - 1 }, (_, index) => [numbered(index + 600), "always"] as const),
        ]),
      );
    const again = boot(disk);
    again.clients.frozen.set(phone, { source: "cloud", type: null });
    assert.equal(again.clients.frozen.entries().size, maxFrozenClients);
    assert.throws(() => again.clients.frozen.set(tablet, { source: "cloud", type: null }), UserError);
    assert.throws(() => clients.nicknames.set(phone, "x".repeat(256)), /at most 255 characters/);
  });

  it("are changed by somebody at the device with 'sim client'", () => {
    const { clients, run } = boot();
    assert.match(run("list"), /^no client/);
    assert.match(run(`freeze ${phone.toUpperCase()}`), /has no Internet/);
    run(`name ${phone} Ana's old phone`);
    assert.equal(run("list"), `${phone}  frozen at the device  'Ana's old phone'\n`);
    run(`unfreeze ${phone}`);
    run(`unname ${phone}`);
    assert.equal(clients.frozen.entries().size + clients.nicknames.entries().size, 0);
    for (const line of [
      "",
      "freeze",
      "freeze me",
      `freeze ${phone} now`,
      `name ${phone}`,
      `melt ${phone}`,
      "toString x",
    ]) {
      assert.throws(() => run(line), UserError, line);
    }
  });
});

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
