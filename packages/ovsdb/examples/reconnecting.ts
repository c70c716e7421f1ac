import { RealClock } from "@opensync-ts/base/clock";
import { SystemRandom } from "@opensync-ts/base/random";
import { socketEndpoint } from "@opensync-ts/ovsdb/connect";
import { ReconnectingClient } from "@opensync-ts/ovsdb/reconnecting-client";
import { demo } from "./schema.ts";

const clock = new RealClock();
const endpoints = ["unix:standby.sock", "unix:demo.sock"].map((remote) => socketEndpoint(remote, { clock }));
const client = new ReconnectingClient(endpoints, demo, { clock, random: new SystemRandom() });
client.onStatus((status) => console.log(status.state, "endpoint" in status ? status.endpoint : ""));
const replica = await client.replicate({ Radio: { columns: ["name", "channel"] } });
console.log(`${replica.table("Radio").rows.size} radios`);
await client.transact((t) => t.update("Radio", [], { enabled: false }), { connectWithinMs: 10_000 });
client.close();
