import { RealClock } from "@opensync-ts/base/clock";
import { connect } from "@opensync-ts/ovsdb/connect";
import { upsert } from "@opensync-ts/ovsdb/upsert";
import { demo } from "./schema.ts";

const client = await connect("unix:demo.sock", demo, { clock: new RealClock() });
const radios = (await client.replicate({ Radio: {} })).table("Radio");
radios.onChange(({ kind, changed, new: row }) => {
  if (kind === "modify" && changed.has("channel")) {
    console.log(row.channel === null ? "the channel was unset" : `the channel is ${row.channel}`);
  }
});

const wifi1 = [["name", "==", "wifi1"]] as const;
await upsert(client, "Radio", { name: "wifi1" }, { channel: 36, enabled: true });
// Not present: everything but the channel stays as it is.
await client.transact((t) => t.update("Radio", wifi1, { channel: 44 }));
// Present, and not existing: the channel is unset.
await client.transact((t) => t.update("Radio", wifi1, { channel: null }));
// Members and keys, without a look at the others.
await client.transact((t) => {
  t.insertInto("Radio", wifi1, "allowed", [36, 44]);
  t.removeFrom("Radio", wifi1, "allowed", 44);
  t.putInto("Radio", wifi1, "hw_config", { dfs: "off" });
});
// Only if nobody was faster: the transaction is refused ("timed out") when the channel is set meanwhile.
await client.transact((t) => {
  t.expect("Radio", wifi1, [{ channel: null }]);
  t.update("Radio", wifi1, { channel: 48 });
});
const row = radios.find(({ name }) => name === "wifi1");
console.log(row?.allowed, row?.hw_config.get("dfs"), row?.enabled);
client.close();
