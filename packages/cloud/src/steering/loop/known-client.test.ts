import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { defaultProfiles } from "../profiles.ts";
import { lastNameOf, newClient } from "./known-client.ts";

describe("the last name of a client", () => {
  const client = newClient(mac("02:00:00:00:01:03"), 0, defaultProfiles);
  const named = (hostname: string | undefined, kind = "unknown") =>
    lastNameOf({
      ...client,
      evidence: { ...client.evidence, ...(hostname !== undefined && { hostname }) },
      classification: { ...client.classification, class: kind },
    });
  const cases: readonly [string, string | undefined, string | undefined, string?][] = [
    ["is the host name", "television", "television", "tv"],
    ["is what kind of device it is, where it has not said its name", undefined, "smart speaker 01:03", "smart-speaker"],
    ["is not its address again", "02:00:00:00:01:03", "television 01:03", "tv"],
    ["is not blank", "  ", undefined],
    ["is not known of who has said nothing", undefined, undefined],
  ];
  for (const [title, hostname, name, kind] of cases) it(title, () => assert.equal(named(hostname, kind), name));
});
