/** OVSDB on a connection that we opened: does the other end speak it, does it answer, does it ask? */

import { messageOf } from "@opensync-ts/base/errors";
import { stringifyJson } from "@opensync-ts/ovsdb/json";
import { JsonRpcError } from "@opensync-ts/ovsdb/pending-requests";
import { askHello } from "./client-hello.ts";
import type { CloudContext, Place } from "./context.ts";
import { alertOf, isAboutCertificate } from "./handshake.ts";
import { doctorLimits } from "./limits.ts";
import type { NodeDouble } from "./node-double.ts";
import { type Finding, failed, ok, skipped, warning } from "./report.ts";
import { refusedCertificate, type Secured } from "./tls-steps.ts";
import { nameOf } from "./trust.ts";

/** Step `TLS client cert`: whether the server asks for our certificate, and takes it. TLS 1.3 tells only after the handshake. */
export async function examineClientCertificate(
  { part }: Place,
  double: NodeDouble,
  { handshake, own }: Secured,
  { recorder, clock, tls, timeoutMs }: CloudContext,
): Promise<boolean> {
  const since = clock.now();
  const { heard } = double;
  await double.until(() => heard.bytes > 0, Math.min(doctorLimits.certificateGraceMs, timeoutMs));
  const asks = handshake.asksForCertificate;
  const error = heard.ended?.error;
  const alert = error && alertOf(error);
  const isRefusal =
    heard.bytes === 0 && heard.ended !== undefined && (asks || (alert !== undefined && isAboutCertificate(alert)));
  const name = nameOf(own.certificate.subject);
  const finding = isRefusal
    ? refusedCertificate(alert, own, tls.certificate)
    : asks
      ? ok(`the server asked for it, and took ${name}`)
      : warning(
          "the server asks for no client certificate: anybody can pose as a node there",
          "have the server ask for certificates of nodes, and check them against its CA",
        );
  return recorder.add(part, "TLS client cert", `${tls.certificate}: is it asked for, is it taken?`, finding, since);
}

/** Steps `OVSDB echo` and `OVSDB requests`. */
export async function examineOvsdb(
  place: Place,
  ip: string,
  double: NodeDouble,
  context: CloudContext,
): Promise<boolean> {
  const { recorder, clock, timeoutMs } = context;
  const { part } = place;
  const since = clock.now();
  const word = "opensync doctor";
  const tried = "our echo request to the cloud, which has to send it back";
  let finding: Finding;
  try {
    const reply = await double.echo(word, timeoutMs);
    const isSame = stringifyJson(reply) === stringifyJson([word]);
    finding = isSame
      ? ok("answered")
      : failed(
          `answered by something else: ${stringifyJson(reply)}`,
          "is this an OVSDB client (a redirector or controller)?",
        );
  } catch (error) {
    // What it has asked says already that it speaks OVSDB.
    const hasAsked = double.managerAddress !== "" || double.heard.methods.size > 0;
    finding =
      hasAsked && double.ended && double.heard.excess === undefined
        ? skipped("the cloud left as soon as it knew what it wanted to know")
        : await judgeSilence(place, ip, double, error, context);
  }
  const speaks = recorder.add(part, "OVSDB echo", tried, finding, since) || finding.status === "skipped";
  if (!speaks) return false;
  const asked = await double.until(() => double.heard.methods.size > 0, timeoutMs);
  return recorder.add(
    part,
    "OVSDB requests",
    "what the cloud asks the node for",
    judgeRequests(double, asked, timeoutMs),
    since,
  );
}

function judgeRequests({ heard }: NodeDouble, asked: boolean, limitMs: number): Finding {
  const methods = [...heard.methods].map(([method, count]) => (count === 1 ? method : `${method} (${count} times)`));
  if (asked) return ok(methods.join(", "));
  const found = `nothing${heard.ended ? " before it closed the connection" : ` within ${limitMs} ms`}`;
  return failed(found, "is this a redirector or controller? In OVSDB it is the one that asks");
}

/** Why an echo was not answered. */
async function judgeSilence(
  place: Place,
  ip: string,
  { heard, ended }: NodeDouble,
  error: unknown,
  context: CloudContext,
): Promise<Finding> {
  const { address } = place;
  if (error instanceof JsonRpcError)
    return failed(`answered by an error: ${error.message}`, "update the cloud: it must answer echo");
  if (heard.excess !== undefined) return failed(`the cloud floods the connection: ${heard.excess} came`, notOvsdb);
  const secured = `ssl:${address.host}:${address.port}`;
  if (heard.isTls) return failed("it speaks TLS, and the address says tcp:", `write ${secured}`);
  const began = heard.bytes > 0 ? `; it began with '${heard.head}'` : "";
  const words = ended ? withoutName(messageOf(ended)) : "";
  if (words.startsWith("not JSON-RPC")) return failed(`it does not speak OVSDB: ${words}${began}`, notOvsdb);
  if (address.protocol === "tcp" && heard.bytes === 0) {
    // A TLS server may just hang up on what is no TLS.
    const answer = await askHello(ip, address.port, "TLSv1.2", context);
    if (answer.kind === "taken" || answer.kind === "refused") {
      return failed("it speaks TLS, and the address says tcp:", `write ${secured}`);
    }
  }
  if (ended && heard.bytes === 0)
    return failed(`the cloud closed the connection at once, without a word (${words})`, seeLog);
  if (ended) return failed(`the connection ended: ${words}${began}`, seeLog);
  const found = heard.bytes === 0 ? "the cloud says nothing" : `no answer to echo${began}`;
  return failed(`${found} within ${context.timeoutMs} ms`, notOvsdb);
}

const notOvsdb = "is this a redirector or controller? Check host and port of the address";
const seeLog = "see the cloud's log: does it know this node?";

/** The reason alone: a `ConnectionError` begins with the name of its connection. */
export function withoutName(message: string): string {
  return message.replace(/^\S+:\s/, "");
}
