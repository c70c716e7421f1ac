/** TLS, step by step: versions, our files, handshake, trust, expiry, name. */

import { messageOf } from "@opensync-ts/base/errors";
import { askHello, type HelloAnswer, type TlsVersion, tlsVersions } from "./client-hello.ts";
import type { CloudContext, Place } from "./context.ts";
import { alertOf, alertText, type Handshake, isAboutCertificate, shakeHands } from "./handshake.ts";
import { examineOwnFiles, type OwnIdentity } from "./own-files.ts";
import { type Finding, failed, ok, skipped, warning } from "./report.ts";
import { judgeName, judgeTimes, judgeTrust, nameOf, pathOf } from "./trust.ts";

export interface Secured {
  readonly handshake: Handshake;
  readonly own: OwnIdentity;
}

/** A connection that a node would go on with; undefined, with the step that says why, where it would not. */
export async function examineTls(place: Place, ip: string, context: CloudContext): Promise<Secured | undefined> {
  const { recorder, clock, tls } = context;
  const { part, address } = place;
  const own = examineOwnFiles(recorder, part, tls, clock.wallTime());
  if (!(await examineVersions(place, ip, context))) return undefined;
  if (!own) {
    recorder.add(part, "TLS handshake", "", skipped("the node's TLS files do not serve"));
    return undefined;
  }
  const handshake = await examineHandshake(place, ip, own, context);
  if (!handshake) return undefined;
  const { chain } = handshake;
  const [leaf] = chain;
  const trust = judgeTrust(chain, own.authorities, tls.caCert);
  const times = judgeTimes("the server", pathOf(chain, own.authorities), clock.wallTime());
  const isOfTime = /EXPIRED|NOT_YET_VALID/.test(handshake.objection ?? "");
  const tried = `the chain that the server sent, against ${tls.caCert}`;
  const trusts = recorder.add(part, "TLS trust", tried, objected(trust, isOfTime ? undefined : handshake.objection));
  const inTime = recorder.add(part, "TLS expiry", "the server's chain, by this machine's clock", times);
  if (leaf) recorder.add(part, "TLS name", `${address.host} among the server's names`, judgeName(leaf, address.host));
  if (trusts && inTime) return { handshake, own };
  handshake.socket.destroy();
  return undefined;
}

/** OpenSSL may have something against a chain that looks well otherwise. */
function objected(trust: Finding, objection: string | undefined): Finding {
  if (trust.status === "failed" || objection === undefined) return trust;
  return failed(
    `${trust.found}; but OpenSSL refuses it: ${objection}`,
    "renew the server's certificate (usage, key size, hash)",
  );
}

async function examineVersions({ part, address }: Place, ip: string, context: CloudContext): Promise<boolean> {
  const { recorder, clock, timeoutMs } = context;
  const since = clock.now();
  const answers = new Map<TlsVersion, HelloAnswer>();
  for (const version of tlsVersions) {
    const answer = await askHello(ip, address.port, version, context);
    answers.set(version, answer);
    // Whoever does not understand one does not understand the next.
    if (answer.kind === "plain" || answer.kind === "silent") break;
  }
  const tried = `a hello of each version to ${ip}:${address.port}; nodes speak ${spoken.join(", ")}`;
  return recorder.add(
    part,
    "TLS versions",
    tried,
    judgeVersions(answers, address.host, address.port, timeoutMs),
    since,
  );
}

const spoken: readonly TlsVersion[] = ["TLSv1.3", "TLSv1.2"];

function judgeVersions(
  answers: ReadonlyMap<TlsVersion, HelloAnswer>,
  host: string,
  port: number,
  limitMs: number,
): Finding {
  const all = [...answers.values()];
  const plain = all.find((answer) => answer.kind === "plain");
  if (plain) {
    const fix = `if it is meant to be without TLS, the address is tcp:${host}:${port}; else listen there with TLS (pssl:)`;
    return failed(`it answers in plain text, not TLS: '${plain.head}'`, fix);
  }
  if (all.some(({ kind }) => kind === "silent")) {
    const fix = "check that a TLS server listens there, and that nothing on the way swallows its answers";
    return failed(`it takes the connection, but does not answer a TLS hello within ${limitMs} ms`, fix);
  }
  // A hello for TLS 1.2 may be answered by an older version.
  const versions = new Set(all.map((answer) => (answer.kind === "taken" ? answer.version : undefined)));
  const taken = tlsVersions.filter((version) => versions.has(version));
  if (taken.some((version) => spoken.includes(version))) {
    const old = taken.filter((version) => !spoken.includes(version));
    const note = old.length > 0 ? ` (${old.join(" and ")} had better be switched off there)` : "";
    return ok(`the server takes ${taken.join(", ")}${note}`);
  }
  if (taken.length > 0) {
    return failed(
      `the server takes only ${taken.join(", ")}; nodes speak ${spoken.join(", ")}`,
      "switch TLSv1.2 on at the server",
    );
  }
  if (all.every(hangsUp)) {
    const fix = `see the handshake, and the server's log; does a TLS server listen at ${host}:${port}?`;
    return warning("the server hangs up at once on every TLS hello, without a word", fix);
  }
  const refusals = [...answers].map(([version, answer]) => `${version}: ${refusalText(answer)}`);
  return warning(`the server takes no version of TLS (${refusals.join("; ")})`, "see the handshake");
}

function hangsUp({ kind }: HelloAnswer): boolean {
  return kind === "closed";
}

function refusalText(answer: HelloAnswer): string {
  if (answer.kind === "refused") return alertText(answer.alert);
  if (answer.kind === "closed") return "it hangs up";
  return answer.kind === "failed" ? answer.reason : answer.kind;
}

async function examineHandshake(
  { part, address }: Place,
  ip: string,
  own: OwnIdentity,
  { recorder, clock, timeoutMs, tls }: CloudContext,
): Promise<Handshake | undefined> {
  const since = clock.now();
  const tried = `handshake with ${ip}:${address.port} as ${nameOf(own.certificate.subject)}`;
  try {
    const handshake = await shakeHands(ip, address.port, { clock, timeoutMs, identity: own });
    recorder.add(part, "TLS handshake", tried, ok(`${handshake.protocol}, ${handshake.cipher}`), since);
    return handshake;
  } catch (error) {
    const alert = error instanceof Error ? alertOf(error) : undefined;
    // Up to TLS 1.2 our certificate is refused within the handshake.
    if (alert !== undefined && isAboutCertificate(alert)) {
      recorder.add(part, "TLS client cert", tried, refusedCertificate(alert, own, tls.certificate), since);
    } else {
      recorder.add(part, "TLS handshake", tried, judgeFailure(error, alert), since);
    }
    return undefined;
  }
}

function judgeFailure(error: unknown, alert: number | undefined): Finding {
  if (alert === unrecognizedName) {
    const fix = "have the server do without a server name (SNI): nodes dial addresses and send none";
    return failed(`the server ended it with ${alertText(alert)}`, fix);
  }
  if (alert !== undefined) {
    const fix = "see the server's log; versions, ciphers or the kind of our certificate do not suit it";
    return failed(`the server ended it with ${alertText(alert)}`, fix);
  }
  const { code = "", reason } = error as NodeJS.ErrnoException & { reason?: string };
  const words = reason ?? messageOf(error);
  switch (code) {
    case "ETIMEDOUT":
      return failed(words, "check the server, and a firewall or a small MTU on the way");
    case "ECONNRESET":
    case "EPIPE":
      return failed(
        `the server hangs up on the node's hello, before the handshake is done (${code})`,
        "see the server's log: is it a TLS server, are its own certificate and key in order, does it turn this address away?",
      );
    default:
      return failed(`${words} (${code})`, "see the server's log");
  }
}

const unrecognizedName = 112;

/** The server's `alert` to our certificate. */
export function refusedCertificate(alert: number | undefined, own: OwnIdentity, file: string): Finding {
  const { subject, issuer } = own.certificate;
  const ours = `our certificate ${nameOf(subject)}, issued by ${nameOf(issuer)}`;
  const found =
    alert === undefined
      ? `the server closed the connection, without a word, right after it was shown ${ours}: it does not take it, most likely`
      : `the server refused ${ours}: ${alertText(alert)}`;
  const known = own.authorities.some((authority) => own.certificate.checkIssued(authority));
  const hint = known ? "" : "; it is of another CA than the one the node trusts";
  return failed(found, `give the node a certificate that this cloud has issued (${file})${hint}`);
}
