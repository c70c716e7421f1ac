import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { NodeFaults } from "./node-faults.ts";
import { RadioFaults } from "./radio-shortfall.ts";
import type { TableReader } from "./rows.ts";

/** A radio that stays on channel 6, whatever it is told. */
function aBench() {
  const radio = { if_name: "wifi0", freq_band: "2.4G", enabled: true, channel: 6 };
  let told: object = radio;
  const rows = ((table: string) =>
    new Map([
      ["row-1", table === "Wifi_Radio_Config" ? told : { ...radio, allowed_channels: [1, 6, 11] }],
    ])) as unknown as TableReader;
  const radios = new RadioFaults(new VirtualClock());
  const node = new NodeFaults();
  const session = {
    tables: rows,
    get radioFaults() {
      return radios.faults;
    },
  };
  const tell = (channel: number | null) => {
    told = { ...radio, channel };
    radios.look(rows);
  };
  const write = (before: number | null, after: number | null, name = "ana") => {
    const place = { table: "Wifi_Radio_Config", row: "wifi0", column: "channel" };
    const forget = node.handWritten([{ ...place, before, after, name, at: 1000 }], session);
    tell(after);
    return forget;
  };
  const news = () => node.news(session).map(({ isOver, text, writer }) => [isOver, text, writer]);
  return { node, session, tell, write, news };
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
    assert.deepEqual(news(), [[true, `${over}; ben wrote that by hand`, "ben"]]);
    assert.deepEqual([news(), node.note(session)], [[], null]);
  });

  it("are told also where nobody knows who it was, and then there is nothing to put back", () => {
    const { node, session, tell, news } = aBench();
    tell(99);
    assert.deepEqual(news(), [[false, `${fault}; the home's settings do not ask for that`, null]]);
    assert.deepEqual(
      node.views(session).map(({ writer, undo }) => [writer, undo]),
      [[null, null]],
    );
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
