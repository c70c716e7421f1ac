/** The MQTT topics of a node. Statistics go to the one in `AWLAN_Node.mqtt_settings`, `topics`. */

import { limits } from "./limits.ts";

/** The keys of `AWLAN_Node.mqtt_topics` under which managers look for the topics of their own payloads. */
export const topicKeys = {
  latency: "Latency",
  lte: "LteStats",
  objects: "ObjectStore",
  threadScan: "ThreadNetwork.Scan",
  crashes: "Crash.Reports",
} as const;

/** Where log lines go (`mqtt_settings`, `remote_log`), uncompressed. */
export function logTopic(nodeId: string): string {
  return `log/${nodeId}`;
}

/** Why nothing can be published to `topic`, or `undefined`: MQTT 3.1.1, 4.7, and the bound that QM sets. */
export function topicProblem(topic: string): string | undefined {
  const bytes = Buffer.byteLength(topic);
  if (bytes === 0) return "a topic must not be empty";
  if (bytes > limits.topic) return `a topic has at most ${limits.topic} bytes, this one has ${bytes}`;
  if (/[+#]/.test(topic)) return "a topic to publish to has no wildcard (+ or #)";
  if (/\p{Cc}/u.test(topic)) return "a topic has no control characters";
  if (!topic.isWellFormed()) return "a topic must be UTF-8";
  return undefined;
}
