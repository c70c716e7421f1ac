/** Bounds of the target layer. */

/** Longest store name and longest key of persistent storage, in characters. */
export const maxStoreNameLength = 64;
export const maxKeyLength = 256;

/** Largest value of persistent storage, in UTF-16 code units. */
export const maxValueLength = 1_048_576;

/** Keys per store of persistent storage. */
export const maxKeysPerStore = 4096;

/** Bytes of a store's file. */
export const maxStoreBytes = 16 * 1024 * 1024;

/** Bytes read of a file of `/proc` or `/sys`: what matters stands at the beginning. */
export const maxProcFileBytes = 16 * 1024;

/** Processes looked at, those with the lowest pids, and how many at a time. */
export const maxProcesses = 4096;
export const processesAtATime = 32;

/** Power supplies looked at. */
export const maxPowerSupplies = 16;

/** A part of the system that has not answered by then is left out, in ms. */
export const systemPartDeadline = 2000;
