import { existsSync } from "node:fs";
import { RealClock } from "@opensync-ts/base/clock";
import { formatRecord, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { schemaFromDeclaration, schemaToJson } from "@opensync-ts/ovsdb/schema";
import { OvsdbServer } from "@opensync-ts/ovsdb/server";
import { DatabaseFile } from "@opensync-ts/ovsdb/storage";
import { demo } from "./schema.ts";

const [clock, random, schema] = [new RealClock(), new SystemRandom(), schemaFromDeclaration(demo)];
const log = Log.create({ name: "DEMO", sink: (record) => console.error(formatRecord(record)), wallTime: Date.now });
if (!existsSync("demo.db")) DatabaseFile.create("demo.db", schemaToJson(schema));
const file = await DatabaseFile.open("demo.db", { clock, random, log, schema });
const server = new OvsdbServer({ databases: [file.served], clock, random, log });
await server.listen("punix:demo.sock");
process.once("SIGTERM", () => server.close().then(() => file.close()));
