import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { DhcpLease } from "@opensync-ts/target/network";
import { LeaseBook } from "./leases.ts";
import { leases as maxLeases } from "./limits.ts";

const lease: DhcpLease = {
  link: "br-home",
  mac: mac("02:00:00:00:00:0a"),
  address: "192.168.40.10",
  hostname: "laptop",
  fingerprint: "1,3,6,15",
  vendorClass: "MSFT 5.0",
  leaseTime: 43_200,
};
const second = { ...lease, address: "192.168.40.11" };

function shown(book: LeaseBook): readonly unknown[] {
  return [...book.leased().values()].map(({ inet_addr }) => inet_addr);
}

describe("leases", () => {
  it("are shown with who has them", () => {
    const book = new LeaseBook();
    book.update([lease]);
    assert.deepEqual(book.leased().get(lease.mac), {
      hwaddr: lease.mac,
      inet_addr: lease.address,
      hostname: "laptop",
      fingerprint: "1,3,6,15",
      vendor_class: "MSFT 5.0",
      lease_time: 43_200,
    });
    assert.deepEqual(
      [...book.neighbors().values()],
      [{ address: lease.address, hwaddr: lease.mac, if_name: "br-home", source: "dhcp" }],
    );
  });

  it("of one client: the one that came last, whatever the order they are told in; then the one before", () => {
    const book = new LeaseBook();
    book.update([lease]);
    book.update([second, lease]);
    assert.deepEqual(shown(book), [second.address]);
    assert.equal(book.neighbors().size, 2);
    book.update([lease]);
    assert.deepEqual(shown(book), [lease.address]);
    book.update([]);
    assert.deepEqual(shown(book), []);
  });

  it("never show a time of 0, which would mean an end", () => {
    const book = new LeaseBook();
    book.update([{ ...lease, leaseTime: 0 }]);
    assert.equal(book.leased().get(lease.mac)?.lease_time, -1);
  });

  it("are bounded", () => {
    const book = new LeaseBook();
    book.update(Array.from({ length: maxLeases + 5 }, (_, n) => ({ ...lease, mac: `${n}` as DhcpLease["mac"] })));
    assert.equal(book.leased().size, maxLeases);
  });
});
