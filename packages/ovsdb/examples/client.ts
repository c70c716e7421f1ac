import { RealClock } from "@opensync-ts/base/clock";
import { connect } from "@opensync-ts/ovsdb/connect";
import { demo } from "./schema.ts";

const client = await connect("unix:demo.sock", demo, { clock: new RealClock() });
const replica = await client.replicate({ Radio: {} });
replica.table("Radio").onColumn("channel", ({ old, new: now, row }) => {
  console.log(`${row.new?.name}: ${old} -> ${now}`);
});
await client.transact((t) => t.insert("Radio", { name: "wifi0", channel: 6, allowed: [1, 6, 11] }));
await client.transact((t) => t.update("Radio", [["name", "==", "wifi0"]], { channel: 11 }));
console.log(replica.table("Radio").find((radio) => radio.enabled)?.name ?? "none is enabled");
client.close();
