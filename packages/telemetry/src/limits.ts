/** Every bound of telemetry, in one place. */

export const limits = {
  /** Of a payload, compressed or not, in bytes: what QM's queue may hold. */
  payload: 2 * 1024 * 1024,
  /** Of a report as it is published, in bytes: brokers in the field refuse more. */
  publication: 128 * 1024,
  /** Messages, within each other and in a row, in a payload that is decoded: far more than a full report has. */
  messages: 65_536,
  /** Of an MQTT topic, in bytes. */
  topic: 128,
  /** Of the name of the sender in a frame of QM's socket, in bytes. */
  sender: 16,
} as const;
