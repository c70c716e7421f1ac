/** Certificates as facts, and what follows from them: does a chain lead to a CA, is it in time, whom does it name. Pure. */

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { doctorLimits } from "./limits.ts";
import { type Finding, failed, ok, warning } from "./report.ts";

const day = 86_400_000;

/** The certificates of a PEM text, at most so many as a CA file may have. Throws for what is none. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error("there is no PEM certificate in it");
  return blocks.slice(0, doctorLimits.authorities).map((block) => new X509Certificate(block));
}

/** `CN=…` of a subject, or all of it in one line. */
export function nameOf(distinguished: string): string {
  const commonName = /^CN=(.*)$/m.exec(distinguished)?.[1];
  return commonName === undefined ? distinguished.replaceAll("\n", ", ") || "(no name)" : `'${commonName}'`;
}

/**
 * The way from the peer's own certificate (the first of `chain`) up, over what it sent and what we trust: each is signed by the
 * next. It ends at the first that is among `authorities`, or where nobody known has signed.
 */
export function pathOf(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): readonly X509Certificate[] {
  const trusted = new Set(authorities.map(({ fingerprint256 }) => fingerprint256));
  const path = chain.slice(0, 1);
  for (let last = path[0]; last && path.length < doctorLimits.chain && !trusted.has(last.fingerprint256); ) {
    const below = last;
    last = [...chain, ...authorities].find(
      (issuer) => !path.includes(issuer) && below.checkIssued(issuer) && isSignedBy(below, issuer),
    );
    if (last) path.push(last);
  }
  return path;
}

/** Whether the chain leads to one of `authorities`. */
export function judgeTrust(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  caFile: string,
): Finding {
  const path = pathOf(chain, authorities);
  const leaf = path[0];
  const last = path.at(-1);
  if (!leaf || !last) {
    return failed("the server shows no certificate", "give the server a certificate of the nodes' CA");
  }
  const shown = path.map(({ subject }) => nameOf(subject)).join(" <- ");
  if (authorities.some(({ fingerprint256 }) => fingerprint256 === last.fingerprint256)) {
    return ok(`${shown}, of ${caFile}`);
  }
  const fix = `give the server a certificate of that CA, or put the CA of its certificate into ${caFile}`;
  if (last.checkIssued(last)) {
    if (last === leaf) return failed(`${shown}: the server's certificate is signed by itself`, fix);
    return failed(`${shown}: ends at unknown CA ${nameOf(last.subject)}, which is not in ${caFile}`, fix);
  }
  if (authorities.some(({ subject }) => subject === last.issuer)) {
    const why = `a CA of the same name as ${nameOf(last.issuer)} in ${caFile} signed it, with another key`;
    return failed(
      `${shown}: ${why}`,
      `put the CA that is in use now into ${caFile}, or renew the server's certificate`,
    );
  }
  const found = `${shown}: signed by unknown CA ${nameOf(last.issuer)}, which is not in ${caFile}`;
  return failed(found, `${fix}; if that CA is an intermediate one, have the server send its whole chain`);
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/** Whether all certificates are in time; `now` is this machine's clock, ms since the Unix epoch. */
export function judgeTimes(whose: string, chain: readonly X509Certificate[], now: number): Finding {
  const today = new Date(now).toISOString().slice(0, 16);
  for (const certificate of chain) {
    const name = nameOf(certificate.subject);
    const begins = certificate.validFromDate.getTime();
    const ends = certificate.validToDate.getTime();
    if (now < begins) {
      const found = `certificate ${name} is not yet valid: it begins ${minute(begins)}, and this clock says ${today}`;
      const never = now < saneClock ? "the clock was never set: " : "";
      const fix = `${never}set this machine's clock (NTP) if it is behind; else renew ${name} of ${whose}`;
      return failed(found, fix);
    }
    if (now > ends) {
      const found = `certificate ${name} has expired ${days(now - ends)} ago, ${minute(ends)}; this clock says ${today}`;
      return failed(found, `renew ${name} of ${whose}; if that date is to come, set this machine's clock (NTP)`);
    }
  }
  const left = chain.map((certificate) => ({
    name: nameOf(certificate.subject),
    ms: certificate.validToDate.getTime() - now,
  }));
  const words = left.map(({ name, ms }) => `${name} ${days(ms)} left`).join(", ");
  const soon = left.find(({ ms }) => ms < doctorLimits.expirySoonDays * day);
  return soon ? warning(words, `renew ${soon.name} of ${whose} in time`) : ok(words);
}

/** CM, too, takes a clock before this (February 2014) for one that was never set. */
const saneClock = Date.UTC(2014, 1, 1);

function minute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

function days(ms: number): string {
  const count = Math.floor(ms / day);
  return count === 1 ? "1 day" : `${count} days`;
}

/**
 * Whether the certificate names what was dialled. Only a warning where it does not: nodes dial addresses, and trust any certificate
 * of their CA.
 */
export function judgeName(certificate: X509Certificate, host: string): Finding {
  const named = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  const names = certificate.subjectAltName ?? `only its common name ${nameOf(certificate.subject)}`;
  if (named !== undefined) return ok(`it names ${host}`);
  return warning(
    `the certificate does not name ${host}, but ${names}`,
    `is this the right server? If so, add ${host} to its certificate: OpenSync nodes do not look at the name, but MQTT and HTTPS clients do`,
  );
}
