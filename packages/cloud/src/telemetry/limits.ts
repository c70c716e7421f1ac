/** Every bound of telemetry in the cloud: sizes in bytes or entries, times in milliseconds. */

import { limits as telemetry } from "@opensync-ts/telemetry/limits";

/** Raw payloads: one file of them, and what is waiting to be written. */
export const segmentBytes = 16 * 1024 * 1024;
export const rawBufferBytes = 8 * 1024 * 1024;
/** One record: the largest payload, and the names before it. */
export const rawRecordBytes = telemetry.payload + 2048;
/** How long payloads wait to be written together. */
export const rawFlushMs = 1_000;
/** After the disk has refused a write, it is left alone for this long. */
export const rawRetryMs = 60_000;
/** What one question for payloads is answered with. */
export const rawRecords = 500;
export const rawAnswerBytes = 8 * 1024 * 1024;
/** Indexes of finished files that are kept at hand. */
export const rawIndexes = 4;

/** Payloads and parts of payloads of one node that are remembered, so that what comes twice counts once. */
export const rememberedPayloads = 64;
export const rememberedParts = 256;
/** A report's own time is believed within these bounds of its arrival: nodes keep reports while there is no broker. */
export const latestPastMs = 6 * 3_600_000;
export const latestFutureMs = 120_000;

/** Rows that wait for the store; beyond, the oldest go. */
export const bufferedRows = 50_000;
/** Events, alerts and the like that wait for the store, all of them. */
export const bufferedNotes = 50_000;
/** Rows written in one statement, and in one transaction. */
export const statementRows = 1_000;
export const batchRows = 5_000;
/** Clients and channels of one node that are counted in one minute. */
export const clientsPerNode = 512;
export const channelsPerNode = 128;
/** Rows removed in one transaction. */
export const prunedRows = 50_000;

/** How often things fall due. */
export const tickMs = 10_000;
export const flushMs = 30_000;
export const condenseMs = 300_000;
export const pruneMs = 3_600_000;
/** Nodes of which something is kept in memory; the ones not heard of for the longest time go first. */
export const nodes = 16_384;

/** Events of one location: so many at once, then so many per second; the rest is counted. */
export const eventBurst = 500;
export const eventsPerSecond = 5;
/** Of one report: steering events, and clients that failed to authenticate. */
export const steeringEventsPerReport = 512;
export const authFailuresPerReport = 256;
/** Text of an event or an alert, and a detail of one. */
export const textLength = 300;

/** Clients of one location that are followed. */
export const followedClients = 2_048;
/** A client that comes within this time after it has left somewhere else has roamed. */
export const roamMs = 30_000;
/** Reports of two nodes come at different times: so long is waited before a client has left. */
export const departureMs = 90_000;
/** A client that is not reported for this long is gone. */
export const silenceMs = 1_800_000;

/** Open alerts of one location. */
export const openAlerts = 256;
/** Conditions of one location that are watched. */
export const watchedConditions = 2_048;
/** A condition that nobody observes for this long is over, or does not begin. */
export const unobservedMs = 1_800_000;
/** Between two observations of a condition that lasts. */
export const observationGapMs = 180_000;
/** Parts that a window of time is counted in. */
export const windowParts = 20;

/** What a node reported so long before a time tells of that time: two reports, and some. */
export const replayMs = 150_000;
/** Payloads of one node that are read again for that, the newest of them. */
export const replayedPayloads = 64;
/** When a location is first known of is looked up that often at most, and remembered of so many locations. */
export const knownFromMs = 60_000;
export const knownFromLocations = 1_024;

/** Points and rows that one question is answered with. */
export const seriesRows = 5_000;
export const listedRows = 500;
export const listedClients = 2_000;
