/** Nodes: those of a location as they are now, claims, and callers that nobody has claimed. */

import { z } from "zod";
import { nodeId } from "../../nodes-section.ts";
import { page, serialNumber, when } from "./fields.ts";
import { routes } from "./route.ts";

export const rowStatus = z.object({
  id: z.string(),
  /** Where the document states it; null: no longer. */
  stated: z.string().nullable(),
  status: z.enum(["pending", "applied", "proven", "unprovable", "unproven", "contested", "refused"]),
  reason: z.string().nullable(),
});

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const radioFault = z.object({
  ifName: z.string(),
  band: z.string().nullable(),
  /** `channel 99 asked for, 6 is on` */
  text: z.string(),
  /** It had its time, or will never be so; false: it may still follow. */
  isLate: z.boolean(),
  since: when,
  /** Who has written by hand what it was told; null: that is not known. */
  writer: z.object({ name: z.string(), at: when }).nullable(),
  /** The edit of its row of `Wifi_Radio_Config` that puts back what stood there before; null: that is not known. */
  undo: z
    .object({ row: z.string(), set: z.record(z.string(), scalar), guard: z.record(z.string(), scalar) })
    .nullable(),
});

const role = z.enum(["gateway", "extender"], "is no role; use gateway or extender");

const node = z.object({
  id: z.string(),
  role,
  /** `refused`: who called last and said it was this node has not proven it. */
  connection: z.enum(["absent", "redirected", "refused", "connected"]),
  refused: z.object({ reason: z.string(), peer: z.string(), at: when }).nullable(),
  state: z.string().nullable(),
  settled: z.boolean(),
  /** What is still to come or wrong, in one line; null when settled. */
  pending: z.string().nullable(),
  counters: z.object({ writes: z.int(), transactions: z.int(), refused: z.int() }),
  /** When anything was heard of it last; null: nothing since the cloud was started. */
  heardAt: when.nullable(),
  /** It is connected, has been asked for a sign of life, and has not given one. */
  silent: z.boolean(),
  /** Radios that are not as they were told, in what the document does not state. */
  faults: z.array(radioFault),
  /** The same in one line; null: nothing. */
  note: z.string().nullable(),
  /** How often it has connected. */
  sessions: z.int(),
  peer: z.string().nullable(),
  /** What it says of itself, or said last. */
  model: z.string().nullable(),
  serialNumber: z.string().nullable(),
  firmware: z.string().nullable(),
});

const registered = z.object({
  serialNumber: z.string(),
  packId: z.string().nullable(),
  model: z.string().nullable(),
  location: z.string().nullable(),
  claimedAt: when.nullable(),
  claimedBy: z.string().nullable(),
});

export const caller = z.object({
  peer: z.string(),
  id: z.string().nullable(),
  serialNumber: z.string().nullable(),
  model: z.string().nullable(),
  commonName: z.string().nullable(),
  seenAt: when,
  /** Why it is not provisioned. */
  reason: z.string(),
});

const registration = z.strictObject({
  serialNumber,
  packId: serialNumber.nullable().default(null),
  model: z.string().min(1, "is empty").max(128).nullable().default(null),
});

export const nodeRoutes = routes({
  "GET /locations/:location/nodes": {
    summary: "The nodes that the document states, as they are now",
    needs: "viewer of location",
    answer: page(node),
    errors: [404],
  },
  "GET /locations/:location/nodes/:node": {
    summary: "One node, with what has become of each row that it is to have",
    needs: "viewer of location",
    answer: node.extend({ rows: z.array(rowStatus) }),
    errors: [404],
  },
  "PUT /locations/:location/nodes/:node/role": {
    summary:
      "Make a node the gateway, and what was the gateway an extender of it, or a gateway beside another an extender",
    needs: "operator of location",
    body: z.strictObject({ role }),
    answer: z.object({ version: z.int(), nodes: z.array(z.object({ id: z.string(), role })) }),
    errors: [404, 409, 422],
  },
  "GET /locations/:location/claims": {
    summary: "The nodes that the location has claimed",
    needs: "viewer of location",
    answer: page(registered),
    errors: [404],
  },
  "POST /locations/:location/claims": {
    summary:
      "Claim a node by its serial number, or all nodes of a pack; the document that holds names them from then on",
    needs: "operator of location",
    body: z.union(
      [
        z.strictObject({
          serialNumber,
          /** Left out: gateway where the location has none, else extender. */
          role: role.optional(),
          /** `AWLAN_Node.id`. Left out: what the caller of that serial number says, else the serial number. */
          id: nodeId.optional(),
        }),
        z.strictObject({ packId: serialNumber }),
      ],
      { error: "is neither { serialNumber, role?, id? } nor { packId }" },
    ),
    answer: page(
      registered.extend({
        id: z.string(),
        role,
        /** It has become the gateway because the location had none, and no role was given. */
        isFirst: z.boolean(),
      }),
    ).extend({ version: z.int() }),
    status: 201,
    errors: [404, 409, 422],
  },
  "DELETE /locations/:location/claims/:serialNumber": {
    summary: "Release a node: it is nobody's then, and the document that holds does not name it",
    needs: "operator of location",
    /** Null: no version holds. */
    answer: z.object({ version: z.int().nullable() }),
    errors: [404, 409],
  },
  "POST /nodes": {
    summary: "Say that there are such nodes, as their maker does",
    needs: "admin of cloud",
    body: z.strictObject({ nodes: z.array(registration).min(1, "is empty").max(500) }),
    answer: z.object({ registered: z.int() }),
    status: 201,
    errors: [404],
  },
  "GET /nodes/:serialNumber": {
    summary: "What is known of a node, wherever it is",
    needs: "viewer of cloud",
    answer: registered,
    errors: [404],
  },
  "GET /callers": {
    summary: "Nodes that have called and are nobody's",
    needs: "operator of cloud",
    answer: page(caller),
  },
});
