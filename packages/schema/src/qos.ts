/**
 * Quality of service: queues, classifiers, adaptive shaping.
 */

import {
  boolean,
  enumeration,
  ephemeral,
  immutable,
  integer,
  map,
  optional,
  reference,
  set,
  string,
  table,
} from "@opensync-ts/ovsdb/declare";
import { outcome } from "./shared-types.ts";
import { unsettable } from "./superset.ts";

export const qosTables = {
  /** The QoS object of an IP interface. */
  Interface_QoS: table({
    columns: {
      queues: set(reference("Interface_Queue"), { max: 64 }),
      lnx_queues: set(reference("Linux_Queue"), { max: 64 }),
      other_config: map(string(), string(), { max: 64 }),
      adaptive_qos: map(string(), string(), { max: 64 }),
      status: ephemeral(optional(outcome)),
    },
  }),

  /** A bandwidth queue of an `Interface_QoS`. */
  Interface_Queue: table({
    columns: {
      priority: optional(integer()),
      bandwidth: optional(integer()),
      bandwidth_ceil: optional(integer()),
      tag: string({ minLength: 1, maxLength: 32 }),
      other_config: map(string(), string(), { max: 64 }),
      mark: ephemeral(optional(integer())),
    },
  }),

  /** Which traffic gets which treatment. */
  Interface_Classifier: table({
    isRoot: true,
    columns: {
      parent_id: optional(string({ minLength: 1, maxLength: 32 })),
      token: string({ minLength: 1, maxLength: 64 }),
      priority: integer(),
      match: string({ minLength: 1, maxLength: 512 }),
      action: string({ minLength: 1, maxLength: 128 }),
      status: optional(outcome),
    },
  }),

  /** A raw Linux qdisc or class. */
  Linux_Queue: table({
    isRoot: true,
    columns: {
      type: unsettable(enumeration("qdisc", "class")),
      name: string({ minLength: 1, maxLength: 32 }),
      parent_id: string({ minLength: 1, maxLength: 32 }),
      id: string({ minLength: 1, maxLength: 32 }),
      params: optional(string({ minLength: 1, maxLength: 256 })),
      status: optional(outcome),
      alias: immutable(optional(string({ minLength: 1, maxLength: 128 }))),
    },
  }),

  /** Shaping that follows the latency measured to reflectors. */
  AdaptiveQoS: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      reflectors_list: optional(string({ minLength: 1, maxLength: 2048 })),
      rand_reflectors: optional(boolean()),
      num_pingers: optional(integer({ min: 1 })),
      ping_interval: optional(integer({ min: 1 })),
      active_thresh_kbps: optional(integer({ min: 1 })),
      other_config: map(string(), string({ maxLength: 128 }), { max: 32 }),
      latency_measure_type: optional(enumeration("active", "passive")),
    },
  }),
};
