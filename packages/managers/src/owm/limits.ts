/** Bounds and periods of OWM's glue. All times in milliseconds. */

/** State is written at the latest this long after it changed, even if drivers never come to rest. */
export const writeDeadline = 3_000;

/** A write that the database refused is tried again after this long. */
export const writeRetry = 5_000;

/** The database must answer a transaction within this time; OWM starts afresh otherwise. */
export const transactionDeadline = 10_000;

/** A write under way when OWM stops is waited for this long. */
export const stopGrace = 500;

/** State rows that somebody else changed or deleted are put right after this long. */
export const repairDelay = 1_000;

/** References that `Wifi_VIF_State.associated_clients` can hold; further stations are not reported. */
export const associatedClientsPerVif = 256;

/** Octets of an SSID (IEEE 802.11-2020 §9.4.2.2). */
export const ssidOctets = 32;

/** Highest N of a `key-N`. */
export const maxKeyId = 65_535;

/** Values that `Openflow_Tag.device_value` can hold. */
export const deviceValuesPerTag = 255;

/** A banned station is deauthenticated at the latest this long after the ban, though the driver's ACL lacks it still. */
export const kickGrace = 3_000;

/** A banned station that comes back is let be for this long. */
export const kickPause = 10_000;

/** Banned stations dealt with at a time; the others' turn comes when these have gone. */
export const maxKicks = 256;

/** Least and most TU of a beacon interval (IEEE 802.11-2020 §9.4.1.3; the least is hostapd's). */
export const beaconIntervals = [15, 65_535] as const;

/** Octets of an interface name (Linux `IFNAMSIZ` without the final NUL). */
export const interfaceNameOctets = 15;

/** Bad entries of one list that are named in its problem; the rest is counted. */
export const namedEntries = 5;

/** Octets of a NAS identifier that drivers take. */
export const nasIdentifierOctets = 48;

/** An uplink that is lost for this long is given up (§15.6). */
export const linkTimeout = 10_000;

/** A channel change from or to where radar is watched for explains the loss of an uplink for this long. */
export const radarAftermath = 30_000;

/** Vifs that are remembered as removed although no driver has them, should one come back. */
export const removedVifs = 1_024;
