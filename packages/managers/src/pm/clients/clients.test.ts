import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Emitter } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Write } from "@opensync-ts/schema/opensync";
import type { ClientRecords, Clients, Freeze } from "@opensync-ts/target/clients";
import { Bench } from "../../testing/bench.ts";
import { ProcessLogs } from "../log-levels.ts";
import { createPm } from "../pm.ts";

const phone = mac("02:00:00:00:01:02");
const byCloud: Freeze = { source: "cloud", type: "always" };
const atDevice: Freeze = { source: "gw", type: "always" };

class Records<Value> implements ClientRecords<Value> {
  readonly #values = new Map<Mac, Value>();
  readonly #events = new Emitter<{ change: null }>();
  readonly told: (readonly [Mac, Value | null])[] = [];
  full = false;

  entries() {
    return this.#values;
  }

  set(address: Mac, value: Value | null) {
    if (this.full) throw new UserError("no room");
    this.told.push([address, value]);
    if (value === null) this.#values.delete(address);
    else this.#values.set(address, value);
    this.#events.emit("change", null);
  }

  onChange(listener: () => void) {
    return this.#events.on("change", listener);
  }
}

async function running(bench = new Bench(), clients?: { frozen: Records<Freeze>; nicknames: Records<string> }) {
  const device = clients ?? { frozen: new Records<Freeze>(), nicknames: new Records<string>() };
  bench.clients = device satisfies Clients;
  const manager = await bench.start(createPm({ logs: new ProcessLogs(bench.log) }));
  await bench.settle();
  const freeze = async (row: Write<"Client_Freeze_Config">) => {
    await bench.client.transact((transaction) => transaction.insert("Client_Freeze_Config", row));
    await bench.settle();
  };
  const unfreeze = async () => {
    await bench.client.transact((transaction) => transaction.delete("Client_Freeze_Config", []));
    await bench.settle();
  };
  return { bench, device, manager, freeze, unfreeze };
}

const frozenRows = (bench: Bench) =>
  bench.rows("Client_Freeze_Config").map(({ mac: address, source, type, blocked }) => [address, source, type, blocked]);

describe("PM: Client_Freeze_Config", () => {
  it("has the device freeze a client for as long as there is a row, and no longer", async () => {
    const { bench, device, manager, freeze, unfreeze } = await running();
    await freeze({ mac: phone.toUpperCase(), ...byCloud, blocked: true });
    assert.deepEqual([...device.frozen.entries()], [[phone, byCloud]]);
    assert.match(manager.dump(), /client freeze:\n {2}02:00:00:00:01:02 cloud always/);
    await unfreeze();
    assert.deepEqual(device.frozen.told, [
      [phone, byCloud],
      [phone, null],
    ]);
    assert.deepEqual(frozenRows(bench), []);
  });

  it("takes a row with the address alone for a freeze, as of old, and none with 'blocked' false", async () => {
    const { bench, device, freeze } = await running();
    await freeze({ mac: phone });
    assert.equal(device.frozen.entries().size, 1);
    await bench.client.transact((transaction) => transaction.update("Client_Freeze_Config", [], { blocked: false }));
    await bench.settle();
    assert.equal(device.frozen.entries().size, 0);
  });

  it("holds a client while one of several rows of it does", async () => {
    const { bench, device, freeze } = await running();
    await freeze({ mac: phone, ...byCloud, blocked: false });
    await freeze({ mac: phone, ...atDevice, blocked: true });
    assert.deepEqual([...device.frozen.entries()], [[phone, atDevice]]);
    await bench.client.transact((transaction) =>
      transaction.delete("Client_Freeze_Config", [["source", "==", "gw"]] as never),
    );
    await bench.settle();
    assert.equal(device.frozen.entries().size, 0);
  });

  it("shows what is frozen at the device as a row of source 'gw', and ends it with that row", async () => {
    const { bench, device, unfreeze } = await running();
    device.frozen.set(phone, atDevice);
    await bench.settle();
    assert.deepEqual(frozenRows(bench), [[phone, "gw", "always", true]]);
    await unfreeze();
    assert.equal(device.frozen.entries().size, 0);
    device.frozen.set(phone, atDevice);
    await bench.settle();
    device.frozen.set(phone, null);
    await bench.settle();
    assert.deepEqual(frozenRows(bench), []);
  });

  it("puts back after a boot what the device keeps, and ends what was the cloud's", async () => {
    const first = await running();
    const tablet = mac("02:00:00:00:01:03");
    first.device.frozen.set(phone, atDevice);
    first.device.frozen.set(tablet, byCloud);
    await first.manager.stop();
    const { bench, device } = await running(new Bench(), first.device);
    assert.deepEqual(frozenRows(bench), [[phone, "gw", "always", true]]);
    assert.deepEqual([...device.frozen.entries()], [[phone, atDevice]]);
  });

  it("writes nothing where both sides agree when it starts again", async () => {
    const { bench, device, manager, freeze } = await running();
    await freeze({ mac: phone, ...byCloud, blocked: true });
    await manager.stop();
    const told = device.frozen.told.length;
    const [before] = bench.rows("Client_Freeze_Config");
    await running(bench, device);
    assert.equal(device.frozen.told.length, told);
    assert.equal(bench.row("Client_Freeze_Config"), before);
  });

  it("says which row is no client's, and what the device cannot hold; the others act", async () => {
    const { bench, device, freeze } = await running();
    await freeze({ mac: "not an address", blocked: true });
    await freeze({ mac: phone, blocked: true });
    assert.equal(device.frozen.entries().size, 1);
    device.frozen.full = true;
    await freeze({ mac: "02:00:00:00:01:03", blocked: true });
    const said = (text: string) => bench.ring.records().some((record) => record.text.includes(text));
    assert.ok(said("Client_Freeze_Config 'not an address' is not a MAC address"));
    assert.ok(said("Client_Freeze_Config 02:00:00:00:01:03: no room"));
    device.frozen.full = false;
    await freeze({ mac: "02:00:00:00:01:04", blocked: true });
    assert.equal(device.frozen.entries().size, 3);
  });

  it("is said to do nothing on a device that cannot", async () => {
    const bench = new Bench();
    await bench.start(createPm({ logs: new ProcessLogs(bench.log) }));
    await bench.client.transact((transaction) => transaction.insert("Client_Freeze_Config", { mac: phone }));
    await bench.settle();
    assert.ok(bench.ring.records().some(({ text }) => text.includes("cannot keep clients from the Internet")));
  });
});

describe("PM: Client_Nickname_Config", () => {
  it("gives names to the device and takes those given there, also after a boot", async () => {
    const first = await running();
    await first.bench.client.transact((transaction) =>
      transaction.insert("Client_Nickname_Config", { mac: phone, nickname: "Ana" }),
    );
    await first.bench.settle();
    assert.deepEqual([...first.device.nicknames.entries()], [[phone, "Ana"]]);
    first.device.nicknames.set(phone, "Ana's phone");
    await first.bench.settle();
    assert.equal(first.bench.row("Client_Nickname_Config").nickname, "Ana's phone");
    const { bench } = await running(new Bench(), first.device);
    assert.deepEqual(
      bench.rows("Client_Nickname_Config").map(({ mac: address, nickname }) => [address, nickname]),
      [[phone, "Ana's phone"]],
    );
  });
});
