import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { createAuthority, createCertificate } from "@opensync-ts/cloud/x509";
import { certificatesOf, judgeName, judgeTimes, judgeTrust, pathOf } from "./trust.ts";

const year = (number: number) => new Date(Date.UTC(number, 0, 1));
const now = Date.UTC(2026, 5, 1);

const authority = await createAuthority({
  commonName: "CA",
  serialNumber: "01",
  notBefore: year(2020),
  notAfter: year(2040),
});
const old = await createAuthority({
  commonName: "CA",
  serialNumber: "02",
  notBefore: year(2010),
  notAfter: year(2025),
});
const issue = async (by: typeof authority, from: Date, to: Date) =>
  new X509Certificate(
    (
      await createCertificate(
        {
          commonName: "cloud",
          serialNumber: "03",
          notBefore: from,
          notAfter: to,
          names: [
            { type: "dns", value: "*.example.com" },
            { type: "ip", value: "192.0.2.1" },
          ],
        },
        by,
      )
    ).certificate,
  );
const root = new X509Certificate(authority.certificate);
const oldRoot = new X509Certificate(old.certificate);
const leaf = await issue(authority, year(2025), year(2027));

describe("trust", () => {
  it("goes up to what is trusted, whether the peer sent it or not, in whatever order", () => {
    for (const chain of [[leaf], [leaf, root], [leaf, oldRoot, root]]) {
      assert.deepEqual(pathOf(chain, [oldRoot, root]), [leaf, root]);
      assert.equal(judgeTrust(chain, [oldRoot, root], "ca.pem").found, "'cloud' <- 'CA', of ca.pem");
    }
  });

  it("is given to a certificate that is in the CA file itself", () => {
    assert.equal(judgeTrust([leaf], [leaf], "ca.pem").status, "ok");
  });

  it("is not given to a CA that the peer brings along", () => {
    const stranger = judgeTrust([leaf, root], [], "ca.pem");
    assert.match(stranger.found, /ends at unknown CA 'CA', which is not in ca\.pem/);
    assert.match(judgeTrust([leaf, root], [oldRoot], "ca.pem").found, /ends at unknown CA/);
    assert.match(
      judgeTrust([leaf], [oldRoot], "ca.pem").found,
      /same name as 'CA' in ca\.pem signed it, with another key/,
    );
    assert.match(judgeTrust([], [root], "ca.pem").found, /shows no certificate/);
  });
});

describe("a certificate's time", () => {
  it("is told in days that are left, and warned of in its last month", () => {
    assert.equal(judgeTimes("the server", [leaf, root], now).status, "ok");
    const late = Date.UTC(2026, 11, 20, 12);
    assert.deepEqual(judgeTimes("the server", [leaf], late), {
      status: "warning",
      found: "'cloud' 11 days left",
      fix: "renew 'cloud' of the server in time",
    });
  });

  it("counts for the CA, too", async () => {
    const below = await issue(old, year(2025), year(2027));
    assert.match(
      judgeTimes("the server", [below, oldRoot], now).found,
      /'CA' has expired \d+ days ago, 2025-01-01T00:00Z/,
    );
  });

  it("may speak of a clock that was never set", () => {
    const { found, fix } = judgeTimes("the server", [leaf], Date.UTC(1970, 0, 1, 0, 5));
    assert.match(found, /it begins 2025-01-01T00:00Z, and this clock says 1970-01-01T00:05/);
    assert.match(fix ?? "", /the clock was never set: set this machine's clock \(NTP\)/);
    assert.doesNotMatch(judgeTimes("the server", [leaf], Date.UTC(2024, 0, 1)).fix ?? "", /never set/);
  });
});

describe("a certificate's name", () => {
  it("is compared as names and as addresses", () => {
    assert.equal(judgeName(leaf, "a.example.com").status, "ok");
    assert.equal(judgeName(leaf, "192.0.2.1").status, "ok");
    for (const host of ["example.com", "a.b.example.com", "192.0.2.2", "2001:db8::1"]) {
      const { status, found } = judgeName(leaf, host);
      assert.equal(status, "warning", host);
      assert.match(found, /DNS:\*\.example\.com, IP Address:192\.0\.2\.1/);
    }
  });
});

describe("a CA file", () => {
  it("holds any number of certificates between other text, and is refused without one", () => {
    const text = `first\n${authority.certificate}\nsecond\n${old.certificate}`;
    assert.equal(certificatesOf(text).length, 2);
    assert.throws(() => certificatesOf("nothing"), /no PEM certificate/);
    assert.throws(() => certificatesOf("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"));
  });
});
