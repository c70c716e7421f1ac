/** Every bound of the API in one place: sizes in bytes or entries, times in milliseconds. */

import { homeFileBytes } from "../limits.ts";

/** Of a request: its header, its body, and how deep that may be nested. */
export const headerBytes = 16 * 1024;
export const bodyBytes = 128 * 1024;
/** A document, and what stands around it. */
export const documentBodyBytes = homeFileBytes + 16 * 1024;
/** An export of a tenant. */
export const importBodyBytes = 32 * 1024 * 1024;
export const bodyDepth = 80;
/** Of one field in a path. */
export const pathFieldLength = 256;
/** A request's header, and all of it, must be there within this time. */
export const headersMs = 10_000;
export const requestMs = 60_000;
/** A connection without a request is closed. */
export const keepAliveMs = 72_000;
export const connections = 1024;
/** `stop` waits this long for requests to end. */
export const stopMs = 2_000;
/** What is wrong with a request: that many fields are named, the rest is left out. */
export const namedFields = 20;

/** Requests of one address and of one session or token: in a row, then per second. */
export const requestsPerAddress = { burst: 600, perSecond: 100 };
export const requestsPerCaller = { burst: 300, perSecond: 50 };
/** Who is not known: attempts of one address. */
export const attemptsPerAddress = { burst: 20, perSecond: 0.2 };
/** Addresses, callers and accounts that are remembered for that; the ones not heard of for the longest time go first. */
export const rememberedAddresses = 10_000;
export const rememberedAccounts = 10_000;
/** Wrong passwords of one account before it has to wait; then the first wait, doubled up to the last. */
export const freeFailures = 5;
export const firstWaitMs = 1_000;
export const lastWaitMs = 900_000;
/** Without a failure for this long, failures are forgotten. */
export const failureLifeMs = 3_600_000;

export const users = 10_000;
export const sessionsPerUser = 16;
/** A session that is not used ends, and every session ends. */
export const sessionIdleMs = 12 * 3_600_000;
export const sessionLifeMs = 7 * 86_400_000;
/** Links that sign in: how long one serves, and how many are remembered; the oldest go first. */
export const linkLifeMs = 600_000;
export const links = 64;
export const tokensPerUser = 64;
export const tokens = 10_000;
/** When a session or token was used last is written down this often at most. */
export const usedMs = 60_000;
export const passwordLength = 10;
export const longestPassword = 256;
/** Passwords worked on at once, each with 128 MiB and a thread of the pool, and those that wait for it. */
export const passwordsAtOnce = 2;
export const passwordsWaiting = 32;

/** Live events: those kept for who comes back; streams at once, of all and of one caller. */
export const keptEvents = 2048;
export const streams = 256;
export const streamsPerCaller = 8;
/** What a reader has not read yet; with more it is cut off. */
export const streamBacklogBytes = 256 * 1024;
export const heartbeatMs = 15_000;
/** One event; a larger one goes out without its data. */
export const eventBytes = 64 * 1024;

/** Clients of one picture of a location. */
export const picturedClients = 512;

/** Of a column's value, as planned writes show it; characters. */
export const plannedText = 200;
/** Small edits of a document, in minutes: how long a temporary policy may hold. */
export const temporaryMinutes = 7 * 24 * 60;
/** The answer of `/healthz` is that old at most; a question to the store waits this long. */
export const healthMs = 1_000;
export const healthWaitMs = 2_000;
/** Reading a backup. */
export const backupMs = 1_800_000;

/** Of a simulated home: how far away a place may be, m; how long a fault lasts, s; and values of its scenario. */
export const farthestMetres = 10_000;
export const faultSeconds = 7 * 24 * 3600;
export const faultValues = 8;
