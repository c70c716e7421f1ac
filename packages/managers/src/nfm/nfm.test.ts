import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Write } from "@opensync-ts/schema/opensync";
import type { FirewallRule } from "@opensync-ts/target/firewall";
import { Bench } from "../testing/bench.ts";
import { nfmLimits } from "./limits.ts";
import { nfm } from "./nfm.ts";

const phone = "02:00:00:00:01:02";

class Told {
  readonly sets: (readonly FirewallRule[])[] = [];
  refuses = new Map<string, string>();

  setRules(rules: readonly FirewallRule[]) {
    this.sets.push(rules);
    return this.refuses;
  }

  get rules() {
    return (this.sets.at(-1) ?? []).map(({ family, chain, match, target }) => `${family} ${chain} ${match} ${target}`);
  }
}

async function running(firewall: Told | undefined = new Told()) {
  const bench = new Bench();
  bench.firewall = firewall;
  const manager = await bench.start(nfm);
  const insert = async (...rows: Write<"Netfilter">[]) => {
    await bench.client.transact((transaction) => {
      for (const row of rows) transaction.insert("Netfilter", row);
    });
    await bench.settle();
  };
  return { bench, firewall: firewall as Told, manager, insert };
}

function row(name: string, rule: string, more: Partial<Write<"Netfilter">> = {}): Write<"Netfilter"> {
  const where = { protocol: "eth", table: "filter", chain: "FORWARD", target: "DROP" } as const;
  return { name, enable: true, priority: 50, rule, ...where, ...more };
}

const statuses = (bench: Bench) =>
  Object.fromEntries(bench.rows("Netfilter").map(({ name, status }) => [name, status]));

describe("NFM", () => {
  it("states the rules of enabled rows in the order of family, table, chain, priority, target, and says so", async () => {
    const { bench, firewall, insert, manager } = await running();
    await insert(
      row("d", "-p x", { protocol: "ipv4" }),
      row("a", "-s b"),
      row("b", "-s a"),
      row("c", "-s c", { priority: 40, target: "ACCEPT" }),
      row("off", "-s d", { enable: false }),
    );
    assert.deepEqual(firewall.rules, [
      "eth FORWARD -s c ACCEPT",
      "eth FORWARD -s a DROP",
      "eth FORWARD -s b DROP",
      "ipv4 FORWARD -p x DROP",
    ]);
    assert.deepEqual(statuses(bench), { a: "enabled", b: "enabled", c: "enabled", d: "enabled", off: "disabled" });
    assert.match(manager.dump(), /^c: eth filter FORWARD -s c -j ACCEPT\n/);
  });

  it("follows tags: a rule for each client that has one, and none where nobody has", async () => {
    const { bench, firewall, insert } = await running();
    await insert(row("zone.guest.bridged", `-s \${zone-guest}`));
    assert.deepEqual([firewall.rules, statuses(bench)], [[], { "zone.guest.bridged": "enabled" }]);
    const tag = { name: "zone-guest", device_value: [phone], cloud_value: [] };
    await bench.client.transact((transaction) => transaction.insert("Openflow_Tag", tag));
    await bench.settle();
    assert.deepEqual(firewall.rules, [`eth FORWARD -s ${phone} DROP`]);
    await bench.client.transact((transaction) => transaction.delete("Openflow_Tag", []));
    await bench.settle();
    assert.deepEqual(firewall.rules, []);
  });

  it("states nothing anew where nothing changes for the firewall, and writes no status twice", async () => {
    const { bench, firewall, insert } = await running();
    await insert(row("a", "-s a"));
    const [sets, before] = [firewall.sets.length, bench.row("Netfilter")];
    await bench.client.transact((transaction) =>
      transaction.insert("Openflow_Tag", { name: "other", device_value: [phone], cloud_value: [] }),
    );
    await bench.settle();
    assert.deepEqual([firewall.sets.length, bench.row("Netfilter")], [sets, before]);
  });

  it("says of a row what cannot be, in its status and in the log; the others act", async () => {
    const { bench, firewall, insert } = await running();
    firewall.refuses = new Map([["odd", "no such match"]]);
    const tags = Array.from({ length: nfmLimits.tagsPerRule + 1 }, () => `\${x}`).join(" ");
    await insert(
      row("odd", "-m u32"),
      row("chain", "-s a", { chain: "DROP" }),
      row("spaces", "-s a", { chain: "two words" }),
      row("unset", "-s a", { protocol: "" }),
      row("tags", tags),
      row("good", "-s a"),
    );
    const error = { odd: "error", chain: "error", spaces: "error", unset: "error", tags: "error" };
    assert.deepEqual(statuses(bench), { ...error, good: "enabled" });
    const said = bench.ring.records().map(({ text }) => text);
    for (const name of Object.keys(error))
      assert.ok(
        said.some((text) => text.includes(`Netfilter ${name}: `)),
        name,
      );
  });

  it("says so where there is no firewall", async () => {
    const bench = new Bench();
    await bench.start(nfm);
    await bench.client.transact((transaction) => transaction.insert("Netfilter", row("a", "-s a")));
    await bench.settle();
    assert.deepEqual(statuses(bench), { a: "error" });
  });
});
