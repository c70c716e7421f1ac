/** Bounds and periods of WANO. All times in milliseconds. */

/** A plug-in that has no result by then has failed (MANAGER_WANO_PLUGIN_TIMEOUT). */
export const pluginTimeout = 15_000;

/** All plug-ins are tried again at once for so long (PLUGIN_IMMEDIATE_TIMEOUT), a moment apart … */
export const immediateRetries = 300_000;
export const retryPause = [1_000, 5_000] as const;

/** … then after twice the time, from this on, so many times doubled at most; half of it is random. */
export const retryBase = 3_000;
export const retryDoublings = 5;

/** A port with an Ethernet client is looked at again after a time between these. */
export const abortRetry = [48_000, 96_000] as const;

/** Changes of `WAN_Config` are collected for this long. */
export const configDebounce = 2_000;

/** A client is a client when it has been heard for so long (ETHCLIENT_DHCP_WAIT), or so many times (ETHCLIENT_DHCP_NUM). */
export const clientWait = 5_000;
export const clientSightings = 3;

/** Rows of `WAN_Config` that are tried; further ones are named. */
export const wanConfigs = 32;

/** Steps that a pipeline makes on one observation; more are a fault of the machine. */
export const stepsPerObservation = 32;

/** The database must answer a transaction within this time. */
export const transactionDeadline = 10_000;

/** A write that the database refused is tried again after this long. */
export const writeRetry = 5_000;
