/** Bounds of a simulated device. */

/** Configuration requests on their way; what comes on top is dropped and counted. */
export const maxPendingRequests = 64;

/** Deauthentications on their way. */
export const maxPendingDeauths = 256;

/** Network interfaces of a device, each with an address of its own. */
export const maxInterfaces = 64;

/** Faults that are on at a time. */
export const maxActiveFaults = 64;

/** Frames on their way to the air. */
export const maxPendingFrames = 64;

/** Measurements that stations were asked for; the oldest are forgotten. */
export const maxAskedMeasurements = 256;

/** Channels of one scan, and the longest dwell on each, in ms. */
export const maxScanChannels = 128;
export const maxScanDwell = 5000;

/** Answers to scans on their way; more are lost. */
export const maxScanAnswers = 256;

/** Reports on their way; whoever asks for more has to ask again. */
export const maxPendingReports = 16_384;

/** Stations whose counters are kept. */
export const maxCountedStations = 4096;

/** Longest time that a fault can be set for, in seconds. */
export const maxFaultSeconds = 7 * 24 * 3600;

/** Clients that are frozen, and clients that have a nickname; and its characters. */
export const maxFrozenClients = 1024;
export const maxNicknames = 1024;
export const maxNicknameLength = 255;
