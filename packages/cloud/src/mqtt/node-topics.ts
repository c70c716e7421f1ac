/** The topics of a node: those that the cloud gives it, and what each is for. Pure. */

import { logTopic, topicKeys } from "@opensync-ts/telemetry/topics";
import type { HomeNode } from "../home.ts";
import type { NodeDescription } from "../mirror.ts";

/** What is published to a topic. `other`: a payload that is not looked into. */
export type PayloadKind = "stats" | "latency" | "time events" | "log" | "other";

/** `mqtt_settings`, `topics`. */
export function statsTopic(node: string): string {
  return `/ap/${node}/opensync`;
}

/** `mqtt_topics`, `Latency`. */
export function latencyTopic(node: string): string {
  return `/ap/${node}/latency`;
}

/**
 * The topics that `node` may publish to: the ones given to it, and those that its own rows name (`description`, as far as
 * they are known). `clientId` is the id it calls itself by.
 */
export function topicsOf(
  node: HomeNode,
  clientId: string,
  description: NodeDescription | undefined,
): ReadonlyMap<string, PayloadKind> {
  const topics = new Map<string, PayloadKind>();
  for (const [key, topic] of description?.mqttTopics ?? []) {
    topics.set(topic, key === topicKeys.latency ? "latency" : "other");
  }
  if (description?.timeEventsTopic) topics.set(description.timeEventsTopic, "time events");
  if (description?.statsTopic) topics.set(description.statsTopic, "stats");
  return topics.set(latencyTopic(node.id), "latency").set(statsTopic(node.id), "stats").set(logTopic(clientId), "log");
}
