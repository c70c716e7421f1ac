/** Bounds and periods of SM. All times in milliseconds unless the name says otherwise. */

/** Payloads that wait for QM; the oldest is dropped when one more comes. */
export const waitingPayloads = 30;

/** Payloads are handed in at a tenth of the shortest reporting interval, within these bounds. */
export const flushPeriods = [100, 5_000] as const;

/** The target must have answered by then; the report is left out otherwise. */
export const readDeadline = 5_000;

/** Thermal samples are taken so often where the row does not say. */
export const thermalPeriod = 60_000;

/** Thermal samples of one report; the oldest are dropped. */
export const thermalSamples = 256;

/** Processes told of a report, by processor time and by memory, and processes looked at for that. */
export const processesTold = 10;
export const processesCompared = 4_096;

/** Time stamps that are further from the wall clock than this follow it. */
export const clockDrift = 2_000;

/** Hosts of one poll of latency. */
export const hostsPerPoll = 64;

/** Hosts, by interface and DSCP, of one latency report with merged samples. */
export const mergedHosts = 512;

/** Samples of one latency report with separate samples; the oldest polls are dropped. */
export const separateSamples = 2_048;

/** Largest latency payload, in bytes: what brokers take as one message. Larger reports are sent in parts. */
export const payloadBytes = 128 * 1024;

/** No timer runs longer at a stretch: the run-time's own end after 24 days. */
export const longestTimer = 24 * 3_600_000;

/** The wall clock is looked at this often, for somebody may set it. */
export const wallClockCheck = 60_000;
