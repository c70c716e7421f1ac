/** For tests: a cloud without sockets, on the clock of its nodes: its listeners are the node's dialler itself. */

import type { Clock } from "@opensync-ts/base/clock";
import { Log, type LogSink, nullSink } from "@opensync-ts/base/log";
import { Controller, type ControllerOptions } from "@opensync-ts/cloud/controller";
import type { Home } from "@opensync-ts/cloud/home";
import * as limits from "@opensync-ts/cloud/limits";
import { Location } from "@opensync-ts/cloud/location";
import { Locations } from "@opensync-ts/cloud/locations";
import { Redirector } from "@opensync-ts/cloud/redirector";
import { memoryTransportPair } from "@opensync-ts/ovsdb/memory-transport";
import { RemoteClient } from "@opensync-ts/ovsdb/remote-client";
import type { Dial } from "@opensync-ts/ovsdb/socket-transport";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import { openSync } from "@opensync-ts/schema/opensync";

const redirectorPort = 6643;
const controllerPort = 6640;
const host = "203.0.113.10";

export class MemoryCloud {
  readonly location: Location;
  readonly locations: Locations;
  /** `AWLAN_Node.redirector_addr` of its nodes. */
  readonly redirectorAddress = `tcp:${host}:${redirectorPort}`;
  readonly controllerAddress = `tcp:${host}:${controllerPort}`;
  readonly #redirector: Redirector;
  readonly #controller: Controller;

  constructor(
    home: Home,
    clock: Clock,
    sink: LogSink = nullSink,
    more: Pick<ControllerOptions, "broker" | "steering"> = {},
  ) {
    const log = Log.create({ name: "CLOUD", sink, wallTime: () => clock.wallTime() });
    const attach = (transport: Transport) =>
      RemoteClient.attach(transport, openSync, { clock, inactivityProbeMs: limits.inactivityProbeMs });
    this.location = new Location(home);
    const locations = new Locations(this.location);
    this.locations = locations;
    this.#controller = new Controller({ locations, attach, clock, log, ...more });
    this.#redirector = new Redirector({ locations, controller: this.controllerAddress, attach, clock, log });
  }

  readonly dial: Dial = async (remote) => {
    if (remote.kind !== "tcp" || remote.host !== host) throw new Error("connection refused; nothing listens there");
    const [near, far] = memoryTransportPair(`tcp:${remote.host}:${remote.port}`, "tcp:node");
    if (remote.port === redirectorPort) void this.#redirector.accept(far);
    else if (remote.port === controllerPort) void this.#controller.accept(far);
    else throw new Error("connection refused; nothing listens there");
    return near;
  };

  steeringChanged(node: string): void {
    this.#controller.steeringChanged(node);
  }

  async stop(): Promise<void> {
    this.#redirector.stop();
    await this.#controller.stop();
  }
}
