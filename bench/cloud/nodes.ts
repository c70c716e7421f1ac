/** A process of many light nodes, each with its own certificate. Started with `fork` and told what to do by messages (`protocol.ts`). */

import { RealClock } from "@opensync-ts/base/clock";
import { disabledLevels, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { schemaFromJson } from "@opensync-ts/ovsdb/schema-json";
import { openSyncSchemaJson } from "@opensync-ts/schema/schema-json";
import { type NodesCommands, serve } from "./protocol.ts";
import { SimNode } from "./sim-node.ts";

const clock = new RealClock();
const random = new SystemRandom();
const log = Log.create({ name: "NODES", sink: () => {}, levels: disabledLevels, wallTime: () => clock.wallTime() });
const schema = schemaFromJson(openSyncSchemaJson() as unknown as Parameters<typeof schemaFromJson>[0]);
const nodes = new Map<string, SimNode>();

serve<NodesCommands>({
  async boot({ ids }) {
    for (const id of ids) {
      const node = new SimNode({ id, schema, clock, random, log });
      await node.boot();
      nodes.set(id, node);
    }
    return nodes.size;
  },
  async dial({ remote, tlsDirectory }) {
    for (const node of nodes.values()) {
      const at = `${tlsDirectory}/nodes/${node.id}`;
      const files = { caCert: `${at}/ca.pem`, certificate: `${at}/client.pem`, privateKey: `${at}/client_dec.key` };
      await node.dial(remote, files);
    }
    return nodes.size;
  },
  async cut() {
    for (const node of nodes.values()) node.cut();
    return nodes.size;
  },
  async connected() {
    return [...nodes.values()].filter(({ connected }) => connected).length;
  },
});
