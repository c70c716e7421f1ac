import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { NodeFaults } from "./node-faults.ts";
import { RadioFaults } from "./radio-shortfall.ts";
import type { TableReader } from "./rows.ts";

/** A radio that stays on channel 6, whatever it is told, and sends with the power that is left to it. */
function aBench() {
  const radio = { if_name: "wifi0", freq_band: "2.4G", enabled: true, channel: 6, tx_power: 20 };
  let told: object = radio;
  let shown: object = radio;
  const rows = ((table: string) =>
    new Map([
      ["row-1", table === "Wifi_Radio_Config" ? told : { ...shown, allowed_channels: [1, 6, 11] }],
    ])) as unknown as TableReader;
  const clock = new VirtualClock();
  const radios = new RadioFaults(clock);
  const node = new NodeFaults();
  const session = {
    tables: rows,
    get radioFaults() {
      return radios.faults;
    },
  };
  const tell = (columns: object) => {
    told = { ...radio, ...columns };
    radios.look(rows);
  };
  const show = (columns: object) => {
    shown = { ...radio, ...columns };
    radios.look(rows);
  };
  const write = (before: number | null, after: number | null, name = "ana") => {
    const place = { table: "Wifi_Radio_Config", row: "wifi0", column: "channel" };
    const forget = node.handWritten([{ ...place, before, after, name, at: 1000 }], session);
    tell({ channel: after });
    return forget;
  };
  const news = () => node.news(session).map(({ isOver, text, writer }) => [isOver, text, writer]);
  return { clock, node, session, tell, show, write, news };
}

const fault = "its 2.4 GHz radio is not as it was told: channel 99 asked for, 6 is on, and it may not use 99";

describe("radios of a node that are not as they were told", () => {
  it("are told once, with who wrote that, and so is their end", () => {
    const { node, session, write, news } = aBench();
    assert.deepEqual([news(), node.note(session)], [[], null]);
    write(null, 99);
    assert.deepEqual(news(), [[false, `${fault}; ana wrote that by hand`, "ana"]]);
    assert.deepEqual([news(), node.note(session)], [[], `${fault}; ana wrote that by hand`]);
    write(99, null, "ben");
    const over = "its 2.4 GHz radio is as it was told again: channel 99 is no longer asked for";
    assert.deepEqual(news(), [[true, `${over}; ben changed that by hand`, "ben"]]);
    assert.deepEqual([news(), node.note(session)], [[], null]);
  });

  it("are told also where nobody knows who it was, and then there is nothing to put back", () => {
    const { node, session, tell, news } = aBench();
    tell({ channel: 99 });
    assert.deepEqual(news(), [[false, `${fault}; the home's settings do not ask for that`, null]]);
    assert.deepEqual(
      node.views(session).map(({ writer, undo }) => [writer, undo]),
      [[null, null]],
    );
  });

  it("are not told to be as they were told where they have done a part of it", () => {
    const { tell, show, news } = aBench();
    const nobody = "the home's settings do not ask for that";
    tell({ channel: 99, tx_power: 3 });
    assert.deepEqual(news(), [[false, `${fault}; 3 dBm asked for, it sends with 20 dBm; ${nobody}`, null]]);
    show({ tx_power: 3 });
    assert.deepEqual(news(), []);
    tell({ channel: 98, tx_power: 3 });
    assert.deepEqual(news(), [[false, `${fault.replaceAll("99", "98")}; ${nobody}`, null]]);
    tell({ tx_power: 3 });
    const over = "its 2.4 GHz radio is as it was told again: channel 98 is no longer asked for";
    assert.deepEqual(news(), [[true, over, null]]);
  });

  it("say of each part why it is over", () => {
    const { tell, show, news } = aBench();
    tell({ channel: 99, tx_power: 3 });
    news();
    show({ tx_power: 3 });
    tell({ tx_power: 3 });
    const over = "its 2.4 GHz radio is as it was told again: channel 99 is no longer asked for; 3 dBm is there now";
    assert.deepEqual(news(), [[true, over, null]]);
  });

  it("can be put back as they were before somebody wrote what is not followed", () => {
    const { node, session, write } = aBench();
    const undo = () => node.views(session)[0]?.undo;
    write(null, 99);
    assert.deepEqual(undo(), { row: "row-1", set: { channel: null }, guard: { channel: 99 } });
    write(99, 98);
    assert.deepEqual(undo(), { row: "row-1", set: { channel: null }, guard: { channel: 98 } });
  });

  it("were written by nobody where the node did not take it", () => {
    const { node, session, write } = aBench();
    write(null, 99)();
    assert.equal(node.views(session)[0]?.writer, null);
  });
});
