import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { followedWords, hasWorked, nodeProof, proofSummary, rowProofs } from "./proof-words.ts";

const node = { connection: "connected", settled: true, state: "SETTLED", pending: null } as const;

describe("the proof of a version by a node", () => {
  it("is there only once the node was given that very version", () => {
    assert.deepEqual(
      nodeProof(node, 4, 5),
      { state: "working", words: "the cloud is about to begin" },
      "what it shows is the version before",
    );
    assert.deepEqual(nodeProof({ ...node, connection: "absent", settled: false, state: null }, 4, 5), {
      state: "waiting",
      words: "not connected; it is written when it comes back",
    });
    assert.equal(nodeProof(node, 5, 5).state, "proven");
    assert.match(nodeProof(node, 6, 5).words, /version 6/);
  });

  it("says what a node is about, and why it cannot", () => {
    const open = { ...node, settled: false };
    assert.equal(nodeProof({ ...open, state: "WRITING" }, 5, 5).state, "working");
    assert.equal(nodeProof({ ...open, state: "VERIFYING" }, 5, 5).state, "working");
    assert.deepEqual(nodeProof({ ...open, state: "UNSETTLED", pending: "no radio of 6G" }, 5, 5), {
      state: "failed",
      words: "no radio of 6G",
    });
    assert.equal(
      nodeProof({ ...open, connection: "absent", state: null, pending: "not connected" }, 5, 5).state,
      "waiting",
    );
  });
});

describe("the proof of rows", () => {
  it("tells of those that were to be written, also of what is gone", () => {
    const row = (id: string, kind: "update" | "delete") => ({ id, kind, table: "T", columns: [], reason: null });
    const planned = { node: "gateway", rows: [row("T a", "update"), row("T b", "delete")], reason: null, refused: [] };
    const now = [{ id: "T a", stated: "networks[0]", status: "unproven", reason: "ssid is Old" } as const];
    assert.deepEqual(
      rowProofs(planned, now).map(({ id, words }) => `${id}: ${words}`),
      ["T a: written; the node does not show it: ssid is Old", "T b: removed"],
    );
  });
});

describe("a version that another one has followed", () => {
  it("is told to be that, with what had become of it", () => {
    assert.equal(followedWords(2, 2, true), undefined);
    assert.equal(followedWords(2, null, false), undefined);
    assert.match(followedWords(2, 4, true) ?? "", /^It worked on every node\. Since then version 4 holds/);
    assert.match(followedWords(2, 3, false) ?? "", /^It was not proven by every node\./);
  });
});

describe("the summary", () => {
  it("says that it works only where the cloud says that every node has shown it", () => {
    const [proven, failed, working, waiting] = (["proven", "failed", "working", "waiting"] as const).map((state) => ({
      state,
      words: "",
    }));
    const all = (proofs: readonly (typeof proven)[]) => proofs.filter((proof) => proof !== undefined);
    const of = (...proofs: (typeof proven)[]) => proofSummary(all(proofs), false, null);
    assert.equal(
      proofSummary(all([proven, proven]), true, 1260),
      "It works: proven by all 2 nodes, 1.3 s after it was applied.",
    );
    assert.equal(of(proven, proven), "Asking the nodes …", "they may show the version before");
    assert.match(of(proven, working), /1 of 2 nodes so far/);
    assert.match(of(proven, waiting), /others are not here/);
    assert.match(of(proven, failed), /1 of 2 cannot/);
    assert.match(of(), /no node yet/);
  });

  it("does not say in its first moment that nodes are not here that are", () => {
    const proofs = [nodeProof(node, 4, 5), nodeProof(node, null, 5)];
    assert.equal(proofSummary(proofs, false, null), "On its way: proven by 0 of 2 nodes so far.");
  });

  it("keeps its tick once every node has shown it, whatever they are about then, until one cannot", () => {
    const [proven, failed, working] = (["proven", "failed", "working"] as const).map((state) => ({ state, words: "" }));
    assert.ok(proven && failed && working);
    assert.deepEqual(
      [
        hasWorked([proven, working], true),
        hasWorked([proven, working], false),
        hasWorked([proven, proven], false),
        hasWorked([proven, failed], true),
      ],
      [true, false, false, false],
    );
    assert.match(proofSummary([proven, working], true, 1260), /^It works: proven by all 2 nodes, 1\.3 s after/);
    assert.match(proofSummary([proven, failed], true, 1260), /1 of 2 cannot/);
  });
});
