import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  accessCategories,
  bands,
  differences,
  disconnectSources,
  disconnectTypes,
  fileSystems,
  type Names,
  powerSupplies,
  reportTypes,
  rssiSources,
  scanTypes,
  steeringEvents,
  surveyTypes,
  widths,
} from "./names.ts";

/** Names in the order of their numbers on the wire, which begin at `first`. */
function inOrder(names: Names<string, number>, first: number, ...expected: readonly string[]): void {
  assert.deepEqual(
    expected.map((name) => names.value(name)),
    expected.map((_, index) => first + index),
  );
  assert.deepEqual(names.names.toSorted(), expected.toSorted());
  for (const name of expected) assert.equal(names.name(names.value(name)), name);
}

describe("enumerations on the wire", () => {
  it("have the numbers that deployed clouds know", () => {
    inOrder(bands, 0, "2.4G", "5G", "5GL", "5GU", "6G");
    inOrder(surveyTypes, 0, "on-chan", "off-chan", "full");
    inOrder(scanTypes, 0, "on-chan", "off-chan", "full");
    inOrder(reportTypes, 0, "raw", "average", "histogram", "percentile", "diff");
    inOrder(
      widths,
      0,
      "unknown",
      "20MHz",
      "40MHz",
      "40MHz above",
      "40MHz below",
      "80MHz",
      "160MHz",
      "80+80MHz",
      "320MHz",
    );
    inOrder(fileSystems, 0, "rootfs", "tmpfs");
    inOrder(powerSupplies, 0, "unknown", "ac", "battery", "poe", "poe+");
    inOrder(rssiSources, 0, "CLIENT", "PROBE", "NEIGHBOR");
    inOrder(differences, 0, "ADDED", "REMOVED");
    inOrder(disconnectSources, 0, "LOCAL", "REMOTE");
    inOrder(disconnectTypes, 0, "DISASSOC", "DEAUTH");
    inOrder(accessCategories, 1, "VO", "VI", "BE", "BK");
    inOrder(
      steeringEvents,
      0,
      "PROBE",
      "CONNECT",
      "DISCONNECT",
      "BACKOFF",
      "ACTIVITY",
      "OVERRUN",
      "BAND_STEERING_ATTEMPT",
      "CLIENT_STEERING_ATTEMPT",
      "CLIENT_STEERING_STARTED",
      "CLIENT_STEERING_DISABLED",
      "CLIENT_STEERING_EXPIRED",
      "CLIENT_STEERING_FAILED",
      "AUTH_BLOCK",
      "CLIENT_KICKED",
      "CLIENT_BS_BTM",
      "CLIENT_STICKY_BTM",
      "CLIENT_BTM",
      "CLIENT_CAPABILITIES",
      "CLIENT_BS_BTM_RETRY",
      "CLIENT_STICKY_BTM_RETRY",
      "CLIENT_BTM_RETRY",
      "CLIENT_RRM_BCN_RPT",
      "CLIENT_BS_KICK",
      "CLIENT_STICKY_KICK",
      "CLIENT_SPECULATIVE_KICK",
      "CLIENT_DIRECTED_KICK",
      "CLIENT_GHOST_DEVICE_KICK",
      "CLIENT_BTM_STATUS",
    );
  });
});
