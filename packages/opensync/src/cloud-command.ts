/** `opensync cloud`: redirector, controller, broker and store, in the foreground. */

import { Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { socketThreads } from "@opensync-ts/cloud/limits";
import { type RunningCloud, startCloud } from "@opensync-ts/cloud/start-cloud";
import { forDevices } from "./cloud-certs-command.ts";
import { consoleDirectory } from "./console-directory.ts";
import { clock, operatorSink, say, stopAll, untilStopped } from "./run.ts";

export interface CloudCommandOptions {
  readonly dir: string;
  readonly home?: string;
  readonly redirector: string;
  readonly controller: string;
  /** False with `--no-mqtt`. */
  readonly mqtt: string | false;
  readonly tlsDir?: string;
  readonly insecure?: boolean;
  readonly store?: string;
  readonly advertise?: string;
  /** False with `--no-http`. */
  readonly http: { readonly port: number; readonly address: string } | false;
  readonly httpTls?: boolean;
  readonly verbose: boolean;
}

export async function cloud(options: CloudCommandOptions): Promise<void> {
  const log = Log.create({ name: "CLOUD", sink: operatorSink(options.verbose), wallTime: () => clock.wallTime() });
  const running = await startCloud({
    directory: options.dir,
    home: options.home,
    store: { url: options.store },
    ...(options.http === false ? {} : { http: { ...options.http, tls: options.httpTls ?? false } }),
    console: consoleDirectory(),
    ...(options.advertise === undefined ? {} : { advertise: options.advertise }),
    redirector: options.redirector,
    controller: options.controller,
    ...(options.mqtt === false ? {} : { mqtt: brokerRemote(options.mqtt, options.controller) }),
    ...(options.tlsDir === undefined ? {} : { tlsDirectory: options.tlsDir }),
    insecure: options.insecure ?? false,
    socketThreads,
    clock,
    random: new SystemRandom(),
    log,
  });
  try {
    // Node.js would open its debugger for it; a cloud has no managers to dump.
    process.on("SIGUSR1", () => say("cloud: SIGUSR1 is for nodes; nothing to dump"));
    const { location, locations, certificates, brokerAddress } = running;
    const broker = brokerAddress ? `, broker ${brokerAddress.host}:${brokerAddress.port}` : "";
    const homes = location
      ? `home '${location.home.name}'`
      : `${locations.size} ${locations.size === 1 ? "location" : "locations"}`;
    say(`cloud: ${homes}, redirector ${running.redirectorAddress}, controller ${running.controllerAddress}${broker}`);
    if (running.apiUrl)
      say(`cloud: API ${running.apiUrl}/api/v1, from this shell: opensync cloud ctl --dir ${options.dir}`);
    const link = await running.signInLink();
    if (link) {
      say(`cloud: console: ${link}`);
      say(`cloud: that link signs in once, for 10 minutes; another: opensync cloud ctl --dir ${options.dir} link`);
    }
    if (running.homeFileNotice) say(`cloud: ${running.homeFileNotice}`);
    for (const { id } of location?.nodes ?? []) {
      const files = await certificates?.node(id);
      if (files) say(`cloud: certificates of node ${id}: ${files.certificate}`);
    }
    for (const line of forDevices(running.redirectorAddress, certificates, options.dir)) say(`cloud: ${line}`);
    locations.events.on("event", (event) => {
      if (event.kind === "connected") say(`cloud: ${event.node} connected from ${event.peer}`);
      if (event.kind === "disconnected") say(`cloud: ${event.node} disconnected: ${event.reason}`);
      if (event.kind === "stranger") say(`cloud: ${event.peer} refused: ${event.reason}`);
    });
    announceReports(running);
    await untilStopped(running.failed);
  } finally {
    await stopAll([{ name: "the cloud", stop: () => running.stop() }]);
  }
}

/** A bare `PORT[:IP]` is TLS, at the controller's address where it names none. */
function brokerRemote(text: string, controller: string): string {
  if (!/^\d/.test(text)) return text;
  if (text.includes(":")) return `pssl:${text}`;
  const [, , ...host] = controller.split(":");
  return ["pssl", text, ...host].join(":");
}

/** Says of each node when it begins to report. */
function announceReports({ statistics }: RunningCloud): void {
  const reporting = new Set<string>();
  statistics.onPublication(({ node, kind, topic }) => {
    if (kind !== "stats" || reporting.has(node)) return;
    reporting.add(node);
    say(`cloud: ${node} reports statistics (${topic})`);
  });
}
