/**
 * The way from a node to its cloud: redirector, its answer, manager. The doctor plays the node, from a scratch database; the real
 * node and its rows are never touched.
 */

import { isIP } from "node:net";
import { type CloudAddress, parseCloudAddress } from "@opensync-ts/managers/cm/address";
import { formatRemote } from "@opensync-ts/ovsdb/remote";
import { SocketTransport } from "@opensync-ts/ovsdb/socket-transport";
import type { CloudContext, Place } from "./context.ts";
import { examineName } from "./names.ts";
import { NodeDouble } from "./node-double.ts";
import { examineClientCertificate, examineOvsdb, withoutName } from "./ovsdb-steps.ts";
import { examineAddresses, open } from "./reach.ts";
import { type Finding, failed, ok, skipped, warning } from "./report.ts";
import { examineRunning, examineRunningUplink, type RunningConnection } from "./running-node.ts";
import { examineTls } from "./tls-steps.ts";

export interface CloudExamination {
  /** `AWLAN_Node.redirector_addr` */
  readonly redirector: string;
  /** The node itself runs, and would be thrown off by a second session of its own. */
  readonly running: RunningConnection | undefined;
  /** The redirector is another than that of the running node, whose own uplink and session then say nothing about it. */
  readonly isForeign?: boolean | undefined;
  /** Play the node at the manager, too; by default unless it runs. */
  readonly manager: boolean | undefined;
}

/** Records all steps. */
export async function examineCloud(examination: CloudExamination, context: CloudContext): Promise<void> {
  const { recorder, identity } = context;
  const { redirector, running, isForeign = false } = examination;
  if (running && !isForeign) examineRunningUplink(running, identity.id, recorder);
  const address = examineAddress("redirector", "AWLAN_Node.redirector_addr", redirector, context);
  const answer = address && (await examineRedirector({ part: "redirector", address }, context));
  const manager = answer === undefined ? undefined : parseCloudAddress(answer);
  const plays = examination.manager ?? running === undefined;
  if (manager && plays) await examineManager({ part: "manager", address: manager }, running !== undefined, context);
  else if (manager) await reachManager({ part: "manager", address: manager }, running !== undefined, context);
  else recorder.add("manager", "all", "", skipped("the redirector gave no address"));
  if (running && isForeign) {
    const why = `${redirector} is not the redirector of the running node: its uplink and its own session are not looked at`;
    recorder.add("node", "all", "", skipped(why));
  } else if (running) examineRunning(running, answer, redirector, recorder);
}

function examineAddress(
  part: string,
  column: string,
  text: string,
  { recorder }: CloudContext,
): CloudAddress | undefined {
  const address = parseCloudAddress(text);
  if (!address) {
    const found = text === "" ? "there is none" : `'${text}' is no address: CM ignores it`;
    recorder.add(
      part,
      "address",
      column,
      failed(found, `write ssl:HOST:PORT into ${column} (opensync node --redirector)`),
    );
  }
  return address;
}

/** The address that the redirector gave. */
async function examineRedirector(place: Place, context: CloudContext): Promise<string | undefined> {
  const { recorder, clock, timeoutMs } = context;
  const double = await connectDouble(place, context);
  if (!double) return undefined;
  const since = clock.now();
  try {
    const tried = "AWLAN_Node.manager_addr, which the redirector has to write";
    await double.until(() => double.managerAddress !== "", timeoutMs);
    const answer = double.managerAddress;
    recorder.add(place.part, "answer", tried, judgeAnswer(double, place.address, context), since);
    return answer === "" ? undefined : answer;
  } finally {
    await double.close();
  }
}

function judgeAnswer(double: NodeDouble, redirector: CloudAddress, { identity, timeoutMs }: CloudContext): Finding {
  const text = double.managerAddress;
  if (text === "") {
    const written = [...double.written].map(([table, rows]) => `${rows} rows of ${table}`).join(", ");
    if (written !== "") {
      const found = `it wrote ${written}, but not manager_addr: this is a controller, not a redirector`;
      return failed(found, "put the redirector's address into redirector_addr");
    }
    const how = double.ended
      ? `the connection ended without one (${withoutName(double.ended.message)})`
      : `none within ${timeoutMs} ms`;
    return failed(
      `no address: ${how}`,
      `does the cloud know node '${identity.id}'? See its log, and add the node there`,
    );
  }
  const address = parseCloudAddress(text);
  if (!address) {
    return failed(
      `'${text}' is no address: CM ignores it`,
      "have the redirector hand out ssl:HOST:PORT of the controller",
    );
  }
  if (/^0\.0\.0\.0$|^::$/.test(address.host)) {
    return failed(
      `${text}: nobody can be reached at ${address.host}`,
      "have the redirector hand out the controller's own address",
    );
  }
  if (isLoopback(address.host) && !isLoopback(redirector.host)) {
    return warning(
      `${text}: on a node that is the node itself`,
      "have the redirector hand out an address by which nodes reach the controller",
    );
  }
  if (isIP(address.host) === 6) {
    const fix = "have the redirector hand out a name or an IPv4 address";
    return warning(`${text}: deployed nodes split it at its first colons and ignore it`, fix);
  }
  if (address.protocol === "tcp" && redirector.protocol === "ssl") {
    return warning(`${text}: without TLS`, "have the redirector hand out an ssl: address");
  }
  return ok(text);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

async function examineManager(place: Place, runs: boolean, context: CloudContext): Promise<void> {
  const { recorder, clock, timeoutMs, holdMs } = context;
  const double = await connectDouble(place, context);
  if (!double) return;
  try {
    const since = clock.now();
    const monitors = () => [...double.heard.methods.keys()].some((method) => method.startsWith("monitor"));
    await double.until(monitors, timeoutMs);
    const began = monitors();
    const tried = `does the controller monitor the node, and keep the connection for ${holdMs} ms?`;
    // Also where it does not monitor: that it hangs up is the graver fault.
    await double.until(() => false, holdMs);
    recorder.add(place.part, "session", tried, judgeSession(double, began, runs, context), since);
  } finally {
    await double.close();
  }
}

function judgeSession(
  { ended }: NodeDouble,
  monitors: boolean,
  runs: boolean,
  { identity, timeoutMs }: CloudContext,
): Finding {
  if (ended && monitors && runs) return ok("it monitored the node, until the running node, thrown off, had come back");
  if (ended) {
    const found = `the controller hung up (${withoutName(ended.message)})`;
    return failed(found, `see the controller's log: does it know node '${identity.id}', and take its certificate?`);
  }
  if (monitors) return ok("it monitors the node and keeps the connection");
  return failed(`it does not monitor the node within ${timeoutMs} ms`, "is this the controller's address?");
}

/** As far as one comes without saying who one is. */
async function reachManager({ part, address }: Place, runs: boolean, context: CloudContext): Promise<void> {
  const { recorder } = context;
  const addresses = await examineName(recorder, part, address.host, context);
  const ip =
    addresses.length === 0 ? undefined : await examineAddresses(recorder, part, addresses, address.port, context);
  if (ip === undefined) return;
  const why = "a second session would throw the running node off; --manager opens one all the same";
  recorder.add(part, "TLS, OVSDB", "", skipped(runs ? why : "--no-manager"));
}

/** Up to OVSDB. The double is the caller's to close. */
async function connectDouble(place: Place, context: CloudContext): Promise<NodeDouble | undefined> {
  const { recorder, clock } = context;
  const { part, address } = place;
  const skip = (name: string, why: string) => recorder.add(part, name, "", skipped(`${why}`));
  const addresses = await examineName(recorder, part, address.host, context);
  if (addresses.length === 0) {
    skip("TCP, TLS, OVSDB", "there is no address");
    return undefined;
  }
  const ip = await examineAddresses(recorder, part, addresses, address.port, context);
  if (ip === undefined) {
    skip("TLS, OVSDB", "there is no TCP connection");
    return undefined;
  }
  const name = formatRemote({ kind: address.protocol, host: ip, port: address.port });
  if (address.protocol === "tcp") {
    skip("TLS", "the address says tcp:, without TLS");
    const socket = await open(ip, address.port, context).catch(() => undefined);
    if (!socket) {
      const finding = failed(
        "the second connection failed, the first did not",
        "try again: the server may be overloaded",
      );
      recorder.add(part, "OVSDB", `connect to ${name}`, finding);
      return undefined;
    }
    return checked(place, ip, await NodeDouble.serve(new SocketTransport(socket, name), context), context);
  }
  const secured = await examineTls(place, ip, context);
  if (!secured) {
    skip("OVSDB", "a node does not get through TLS");
    return undefined;
  }
  const since = clock.now();
  const double = await NodeDouble.serve(new SocketTransport(secured.handshake.socket, name), context);
  if (await examineClientCertificate(place, double, secured, context)) return checked(place, ip, double, context);
  recorder.add(part, "OVSDB", "", skipped("the server does not take the node's certificate"), since);
  await double.close();
  return undefined;
}

async function checked(
  place: Place,
  ip: string,
  double: NodeDouble,
  context: CloudContext,
): Promise<NodeDouble | undefined> {
  if (await examineOvsdb(place, ip, double, context)) return double;
  const { recorder } = context;
  recorder.add(place.part, place.part === "redirector" ? "answer" : "session", "", skipped("no OVSDB"));
  await double.close();
  return undefined;
}
