import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { byNeed, healthText, type NodeAnswer, type RowStatus, rowWords, settingsText } from "./row-words.ts";

const row = (id: string, status: RowStatus["status"], stated: string | null = "networks[0]"): RowStatus => ({
  ...{ id, status, stated, reason: null },
});
const node = (more: Partial<NodeAnswer>): NodeAnswer => ({
  ...{ id: "gateway", role: "gateway", connection: "connected", refused: null, state: "SETTLED", settled: true },
  ...{ pending: null, counters: { writes: 0, transactions: 0, refused: 0 }, sessions: 1, peer: null, model: null },
  ...{ heardAt: "2026-08-01T18:00:00.000Z", silent: false, faults: [], note: null },
  ...{ serialNumber: null, firmware: null, rows: [] },
  ...more,
});

describe("rows of a node in words", () => {
  it("say what it is, how it is, and what follows", () => {
    assert.deepEqual(rowWords(row("Wifi_VIF_Config home-ap-50", "proven")), {
      ...{ what: "Access point home-ap-50", kind: "good", state: "done", follows: "The node shows that it is so." },
    });
    assert.match(
      rowWords(row("Wifi_Radio_Config wifi0 ht_mode", "refused", "radios[1]")).follows,
      /Change it under Network, Channels and power, or leave it/,
    );
    assert.equal(rowWords(row("Some_Table x", "pending")).what, "Some_Table x");
  });

  it("come with what is wrong first", () => {
    const rows = [row("B b", "proven"), row("C c", "refused"), row("A a", "pending"), row("A b", "proven")];
    assert.deepEqual(
      byNeed(rows).map(({ id }) => id),
      ["C c", "A a", "A b", "B b"],
    );
  });
});

describe("the settings of a node", () => {
  it("are told in one line, with how many nobody can show", () => {
    const text = (...all: RowStatus["status"][]) => settingsText(all.map((status, n) => row(`A ${n}`, status))).text;
    assert.equal(
      text("proven", "unprovable", "unprovable"),
      "All 3 settings that the cloud has made are written: for 1 it shows that they are so, the other 2 are of a kind that nodes do not report back.",
    );
    assert.match(text("proven", "proven"), /^All 2 settings that the cloud has made are written, and it shows/);
    assert.equal(text("refused", "proven", "unprovable"), "1 of the 3 settings that the cloud makes is not done.");
    assert.match(text(), /not connected/);
  });
});

describe("the health of a node", () => {
  const text = (of: NodeAnswer) => healthText(of, (at) => new Date(at).toISOString().slice(11, 16));

  it("is one line with the reason", () => {
    assert.equal(text(node({})), "It works as it should: the node itself shows so.");
    const note = "its 2.4 GHz radio is not as it was told: channel 99 asked for, 6 is on";
    assert.equal(text(node({ note })), `All that the cloud has set is so. But ${note}.`);
    assert.equal(text(node({ settled: false, pending: "writing", note })), `Not yet as it should be: writing; ${note}`);
    assert.match(text(node({ settled: false, pending: "Radio wifi0 applied" })), /Radio wifi0 applied/);
    assert.match(text(node({ connection: "absent" })), /has not called again\. It was heard of last at 18:00\./);
    assert.match(
      text(node({ connection: "absent", heardAt: null })),
      /has not called\. Has it power.* it calls by itself within a minute or so\.$/,
    );
    assert.match(text(node({ silent: true })), /^It does not answer\. It was heard of last at 18:00\./);
    assert.doesNotMatch(text(node({ settled: false, state: "WRITING" })), /WRITING|stated/);
    const refused = { reason: "another certificate", peer: "192.0.2.9", at: "2026-01-01T00:00:00Z" };
    assert.match(text(node({ connection: "refused", refused })), /192\.0\.2\.9.*another certificate/);
  });
});
