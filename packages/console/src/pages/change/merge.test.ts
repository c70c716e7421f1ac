import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { merge, withChangedSecrets } from "./merge.ts";

const key = (id: string, parts: object = {}) => ({ id, psk: null, ...parts });
const network = (ssid: string, parts: object = {}, keys: readonly object[] = [key("key")]) => ({
  ssid,
  hidden: false,
  security: { mode: "wpa2", keys },
  ...parts,
});
const doc = (...networks: readonly object[]) => ({ name: "Home", networks });

describe("the merge of two edits", () => {
  it("takes from each what only they have changed, also within one network", () => {
    const base = doc(network("A"), network("B"));
    const mine = doc(network("A", { hidden: true }), network("B"));
    const theirs = { ...doc(network("A", { isolate: true }), network("B", { hidden: true })), name: "Villa" };
    const { document, conflicts } = merge(base, mine, theirs as never);
    assert.deepEqual(conflicts, []);
    assert.deepEqual(document, {
      name: "Villa",
      networks: [network("A", { isolate: true, hidden: true }), network("B", { hidden: true })],
    });
  });

  it("asks where both have changed the same thing, keeps theirs until then, and mine where that is chosen", () => {
    const [base, mine, theirs] = ["Home", "Mine", "Theirs"].map((name) => ({ ...doc(network("A")), name }));
    const asked = merge(base, mine, theirs);
    assert.deepEqual(
      asked.conflicts.map(({ id, base, mine, theirs }) => [id, base, mine, theirs]),
      [["name", "Home", "Mine", "Theirs"]],
    );
    assert.equal(asked.document?.name, "Theirs");
    assert.equal(merge(base, mine, theirs, { name: "mine" }).document?.name, "Mine");
  });

  it("knows a network under its new name, and asks where both have renamed it", () => {
    const base = doc(network("A"));
    const mine = doc(network("Mine"));
    const theirs = doc(network("A", { hidden: true }));
    const { document, conflicts } = merge(base, mine, theirs);
    assert.deepEqual([document, conflicts], [doc(network("Mine", { hidden: true })), []]);
    const both = merge(base, mine, doc(network("Theirs")));
    assert.deepEqual(
      both.conflicts.map(({ id, mine, theirs }) => [id, mine, theirs]),
      [["networks/A/ssid", "Mine", "Theirs"]],
    );
    assert.deepEqual(both.document, doc(network("Theirs")));
    assert.deepEqual(merge(base, mine, doc(network("Theirs")), { "networks/A/ssid": "mine" }).document, mine);
  });

  it("is no conflict where both have done the same", () => {
    const base = doc(network("A"));
    const both = doc(network("A", { hidden: true }));
    assert.deepEqual(merge(base, both, structuredClone(both)).conflicts, []);
  });

  it("keeps two new keys of one number as two keys", () => {
    const base = doc(network("A"));
    const mine = doc(network("A", {}, [key("key"), key("key-1", { label: "mine", psk: "of mine, my own" })]));
    const theirs = doc(network("A", {}, [key("key"), key("key-1", { label: "theirs" })]));
    const { document, conflicts } = merge(base, mine, theirs);
    assert.deepEqual(conflicts, []);
    assert.deepEqual(
      document,
      doc(
        network("A", {}, [
          key("key"),
          key("key-1", { label: "theirs" }),
          key("key-2", { label: "mine", psk: "of mine, my own" }),
        ]),
      ),
    );
  });

  it("removes what one has removed, and asks where the other has changed it", () => {
    const base = doc(network("A"), network("B"));
    const removed = doc(network("A"));
    assert.deepEqual(merge(base, removed, base).document, removed);
    assert.deepEqual(merge(base, base, removed).document, removed);
    const changed = doc(network("A"), network("B", { hidden: true }));
    const { conflicts, document } = merge(base, removed, changed);
    assert.equal(conflicts.length, 1);
    assert.match(conflicts[0]?.words ?? "", /network “B”/);
    assert.deepEqual(document, changed);
    assert.deepEqual(merge(base, removed, changed, { "networks/B": "mine" }).document, removed);
  });

  it("sees that the other has changed a passphrase, though neither document shows it", () => {
    const base = doc(network("A"));
    const theirs = withChangedSecrets(base, [["networks", 0, "security", "keys", 0, "psk"]]);
    const untouched = merge(base, { ...base, name: "Villa" }, theirs);
    assert.deepEqual(untouched.conflicts, []);
    assert.deepEqual(untouched.document, { ...base, name: "Villa" });
    const mine = doc(network("A", {}, [key("key", { psk: "my new passphrase" })]));
    const { conflicts } = merge(base, mine, theirs);
    assert.deepEqual(
      conflicts.map(({ words }) => words),
      ["network “A”, key “key”, passphrase"],
    );
    const [conflict] = conflicts;
    const chosen = merge(base, mine, theirs, { [conflict?.id ?? ""]: "mine" }).document;
    assert.deepEqual(chosen, mine);
  });

  it("keeps the order in which I have put ways to the Internet", () => {
    const way = (type: string) => ({ type });
    const base = { wan: [way("dhcp"), way("pppoe")] };
    const mine = { wan: [way("pppoe"), way("dhcp")] };
    const theirs = { wan: [way("dhcp"), way("pppoe"), way("static")] };
    assert.deepEqual(merge(base, mine, theirs).document, { wan: [way("pppoe"), way("dhcp"), way("static")] });
  });

  it("lets a list that I state for the first time in, beside theirs", () => {
    const forward = (port: number) => ({ protocol: "tcp", port, to: "192.168.40.9" });
    const { document, conflicts } = merge<object>({}, { forwards: [forward(80)] }, { forwards: [forward(443)] });
    assert.deepEqual(conflicts, []);
    assert.deepEqual(document, { forwards: [forward(443), forward(80)] });
  });
});
