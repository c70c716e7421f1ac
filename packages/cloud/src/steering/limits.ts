/** Every bound of steering in the cloud: sizes in entries or characters, times in milliseconds. */

/** What of a host name, vendor class or DHCP fingerprint is looked at, in characters. */
export const evidenceText = 256;
/** What of the elements of an association request is looked at, in bytes. */
export const evidenceElements = 4096;
/** Signs of one kind in a profile. */
export const signsPerProfile = 64;

/** Rows of `Band_Steering_Clients` and of `Wifi_VIF_Neighbors` on one node. */
export const rowsPerNode = 256;
export const neighborsPerNode = 128;

/** Clients of one location that are thought about, and remembered; the ones not heard of for the longest time go first. */
export const clients = 512;
/** Access points of one location, each a radio of a node. */
export const bsses = 256;
export const nodes = 64;
/** Access points that one client is heard by or hears. */
export const heardPerClient = 32;
/** Hops from an access point to the gateway. */
export const hops = 8;
/** Pairs of access points between which one client is not moved, and access points it is known at. */
export const blockedPerClient = 16;
export const learnedPerClient = 16;
/** Alternatives that a journal tells of a client. */
export const alternativesTold = 4;
/** Decisions that `replay` plays in one go. */
export const replayedEntries = 10_000;

/** Nights that a client is remembered for. */
export const nightsKept = 10;
/** Access points whose signals of one client are kept apart during a day. */
export const bssesPerDay = 8;
/** Time zones whose calendars are kept at hand. */
export const zones = 64;

/** Events and signals that indicators are made of, in one go. */
export const indicatorEvents = 200_000;
