/** `opensync up`: a whole simulated home with its cloud, in the foreground. */

import { resolve } from "node:path";
import { SystemRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import { defaultStats } from "@opensync-ts/cloud/stats-section";
import { consoleDirectory } from "./console-directory.ts";
import { DeviceWatch } from "./device-watch.ts";
import { EventLog } from "./events.ts";
import { connectedClients, eventLine, type HomeSnapshot, isSettled, renderHome, statusLine } from "./home-view.ts";
import { dumpOnSignal } from "./node-dump.ts";
import { ReportWatch } from "./report-watch.ts";
import { clock, guarded, homeFile, say, stderrSink, stopAll, untilStopped } from "./run.ts";
import { Screen } from "./screen.ts";
import { SimulatedHome } from "./simulated-home.ts";
import { fit } from "./table.ts";

export interface UpOptions {
  readonly dir: string;
  readonly home?: string;
  readonly seed?: number;
  readonly http: { readonly port: number; readonly address: string } | false;
  readonly strict?: boolean;
  readonly verbose: boolean;
}

export async function up(options: UpOptions): Promise<void> {
  const failed = guarded();
  const live = process.stdout.isTTY && !options.verbose;
  let screen: Screen | undefined;
  const events = new EventLog(clock, (event) => {
    if (live) screen?.invalidate();
    else say(eventLine(event, Number.POSITIVE_INFINITY));
  });
  const home = await SimulatedHome.start(
    {
      directory: options.dir,
      homeFile: await homeFile(options.home),
      seed: options.seed,
      http: options.http === false ? undefined : options.http,
      console: consoleDirectory(),
      strict: options.strict ?? false,
      environment: process.env,
      clock,
      random: new SystemRandom(),
      logSink: stderrSink(options.verbose),
      // A manager that ended is worth a line to whoever watches.
      onNodeLog: (node, { severity, text }) => {
        if (severity === "ERR") events.add(`${node} ${text}`);
      },
    },
    ({ world, locations }) => {
      events.followWorld(world);
      events.followLocations(locations);
    },
  );
  const view = await HomeWatch.open(home, events);
  dumpOnSignal(
    () => home.nodes,
    (line) => events.add(line),
  );
  try {
    const { homeFileNotice } = home.cloud;
    if (homeFileNotice !== undefined) events.add(homeFileNotice);
    const settled = announceSettled(view, events, () => screen?.invalidate());
    const look = await consoleHints(home, options.dir);
    const tries = hintsFor(home, options.dir);
    const hints = [...look, ...tries];
    if (live) {
      screen = new Screen(process.stdout, clock, (width, height) => {
        // On a small terminal the home matters more than what to try with it.
        const some = [...look.slice(0, 1), `try: ${tries.find((hint) => hint.includes("npx"))?.trim() ?? ""}`];
        const shown = ["", ...(height >= 40 ? hints : some)];
        const picture = renderHome(view.snapshot(), width, Math.max(1, height - shown.length));
        return [...picture, ...shown.map((hint) => fit(hint, width))].slice(0, height);
      });
    } else {
      for (const hint of hints) say(hint);
    }
    settled.check();
    await untilStopped(failed);
  } finally {
    screen?.close();
    view.close();
    await stopAll([{ name: "the home", stop: () => home.stop() }]);
    say(`${home.home.name}: stopped`);
  }
}

/** Says once that all is settled, and again each time it is so after a change. */
function announceSettled(view: HomeWatch, events: EventLog, redraw: () => void) {
  let said = "";
  const check = () => {
    const snapshot = view.snapshot();
    const complete = isSettled(snapshot) && connectedClients(snapshot) === snapshot.clients.length;
    const now = complete ? statusLine(snapshot) : "";
    if (now !== "" && now !== said) events.add(`${now} (${(events.uptime / 1000).toFixed(1)} s after start)`);
    said = now;
    redraw();
  };
  view.onChange(check);
  return { check };
}

/** How to look at it all in a browser. */
async function consoleHints({ cloud }: SimulatedHome, dir: string): Promise<string[]> {
  const link = await cloud.signInLink();
  if (link === undefined) return [];
  const of = dir === ".opensync" ? "" : ` --dir ${dir}`;
  return [`console: ${link}`, `  signs in once, for 10 minutes; another: npx opensync cloud ctl link${of}`];
}

/** Where to look, and some commands worth trying. */
function hintsFor(home: SimulatedHome, dir: string): string[] {
  // Absolute, as Open vSwitch's tools look elsewhere for relative ones.
  const sockets = home.nodes.map((node) => `  ${node.id.padEnd(10)} unix:${resolve(node.socketPath)}`);
  const prefix = dir === ".opensync" ? "" : `OPENSYNC_DIR=${dir} `;
  const { apiUrl } = home.cloud;
  return [
    "databases:",
    ...sockets,
    ...(apiUrl
      ? [`the cloud's API: ${apiUrl}/api/v1   # token in ${dir}/cloud/api.token, or: npx opensync cloud ctl`]
      : []),
    "worth trying, in another terminal:",
    `  ${prefix}npx ovsh s Wifi_VIF_State if_name ssid channel enabled`,
    `  ${prefix}npx ovsh u Wifi_Radio_Config -w if_name==wifi0 channel:=11 ht_mode:=HT20`,
    `  ${prefix}npx ovsh -T s Wifi_Associated_Clients mac key_id state`,
    `  ${prefix}npx ovsh u Wifi_VIF_Config -w if_name==home-ap-24 ssid:=mine   # and watch the cloud repair it`,
    `  ${prefix}npx opensync stats tail --type client   # what the nodes report, as it comes`,
    `  ${prefix}npx opensync sim reboot gateway   # also power-cut, wan-down, wan-up, cloud-down, cloud-up`,
    `  ${prefix}npx ovsh i AW_Debug name:=OW log_severity:=Debug   # then look into ${dir}/nodes/gateway/log`,
  ];
}

/** Everything the live view shows: how radios do is asked of the cloud, which has it from the nodes' reports. */
class HomeWatch {
  readonly #home: SimulatedHome;
  readonly #events: EventLog;
  readonly #devices: readonly DeviceWatch[];
  readonly #reports: ReportWatch;
  readonly #closers: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();

  private constructor(home: SimulatedHome, events: EventLog, devices: readonly DeviceWatch[]) {
    this.#home = home;
    this.#events = events;
    this.#devices = devices;
    const { statistics } = home.cloud;
    this.#reports = new ReportWatch({ statistics, clock, stats: home.home.stats ?? defaultStats });
    const changed = () => {
      for (const listener of this.#listeners) listener();
    };
    for (const device of devices) this.#closers.push(device.onChange(changed), () => device.close());
    this.#closers.push(home.cloud.location.events.on("event", changed), statistics.onPublication(changed));
  }

  static async open(home: SimulatedHome, events: EventLog): Promise<HomeWatch> {
    const nameOf = (mac: Mac) => home.world.client(mac)?.device.name ?? mac;
    const devices = home.devices.map((device) => DeviceWatch.open(device, events, nameOf));
    return new HomeWatch(home, events, await Promise.all(devices));
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    for (const close of this.#closers) close();
  }

  snapshot(): HomeSnapshot {
    const { home, cloud, world } = this.#home;
    return {
      location: home.name,
      uptime: this.#events.uptime,
      nodes: this.#devices.map((device) => {
        const view = cloud.location.node(device.id);
        return device.snapshot(view?.settled ? null : (view?.pending ?? "not connected"), this.#reports);
      }),
      clients: world
        .snapshot()
        .clients.filter((client) => client.partOf === null)
        .map(({ name, mac }) => {
          const node = this.#devices.find((entry) => entry.station(mac) !== null);
          const station = node?.station(mac);
          return {
            name,
            mac,
            node: node?.id ?? null,
            vif: station?.vif ?? null,
            keyId: station?.keyId ?? null,
            reported: node ? this.#reports.client(node.id, mac) : null,
          };
        }),
      events: this.#events.events,
    };
  }
}
