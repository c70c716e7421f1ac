import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { encodeReport } from "@opensync-ts/telemetry/report";
import { statsReport } from "@opensync-ts/telemetry/testing/arbitrary-report";
import { latencyVector, timeEventsVector } from "@opensync-ts/telemetry/testing/payload-vectors";
import { bytesOf } from "@opensync-ts/telemetry/testing/vector";
import { reportVectors } from "@opensync-ts/telemetry/testing/vectors";
import fc from "fast-check";
import { generate, generatedDirectory } from "../scripts/telemetry-proto.ts";
import { root, temporaryDirectory } from "./support/processes.ts";

const hasProtoc = spawnSync("protoc", ["--version"]).status === 0;
const skip = hasProtoc ? false : "protoc is not installed (Debian: protobuf-compiler)";

/** What `protoc` says is in the bytes; it refuses bytes without a required field, and numbers what is in no .proto. */
function protoc(way: "decode" | "encode", message: string, file: string, input: Uint8Array): Buffer {
  const proto = join(root, "packages/telemetry/proto");
  return execFileSync("protoc", [`--${way}=${message}`, `--proto_path=${proto}`, file], { input, stdio: "pipe" });
}

/** Both ways: the text has every field under its name, and makes the same bytes again. */
function agrees(message: string, file: string, bytes: Uint8Array): string {
  const text = protoc("decode", message, file, bytes);
  assert.doesNotMatch(text.toString(), /^\s*\d+[: ]/m, "a field without a name");
  assert.deepEqual(protoc("encode", message, file, text), Buffer.from(bytes));
  return text.toString();
}

describe("the .proto files of telemetry", { skip }, () => {
  it("are those that the TypeScript is generated from", () => {
    using directory = temporaryDirectory("proto");
    generate(directory.path);
    const files = globSync("*", { cwd: directory.path }).toSorted();
    assert.deepEqual(globSync("*", { cwd: generatedDirectory }).toSorted(), files);
    for (const file of files) {
      assert.equal(
        readFileSync(join(generatedDirectory, file), "utf8"),
        readFileSync(join(directory.path, file), "utf8"),
        `${file} is out of date: run \`npm run proto:telemetry\``,
      );
    }
  });

  for (const { what, report } of reportVectors) {
    it(`make protoc read reports as we do: ${what}`, () => {
      assert.match(agrees("sts.Report", "opensync_stats.proto", encodeReport(report)), /^nodeID: "gw"$/m);
    });
  }

  it("make protoc read any report as we do", () => {
    for (const report of fc.sample(statsReport, 25)) {
      agrees("sts.Report", "opensync_stats.proto", encodeReport(report));
    }
  });

  it("make protoc read the other payloads as we do", () => {
    agrees("latency.Report", "latency.proto", bytesOf(latencyVector));
    agrees("sts.TimeEventsReport", "time_event.proto", bytesOf(timeEventsVector));
  });

  it("name all that a report holds", () => {
    const all = reportVectors.find(({ what }) => what.startsWith("device"));
    assert.ok(all);
    const text = agrees("sts.Report", "opensync_stats.proto", bytesOf(all));
    for (const line of ["uptime: 86400", "cpuUtil {", "ps_type: PS_TYPE_POE", "fs_type: FS_TYPE_TMPFS", "value: -5"]) {
      assert.ok(text.includes(line), line);
    }
  });
});
