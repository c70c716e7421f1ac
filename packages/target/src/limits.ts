/** Bounds of the target layer. */

/** Longest store name and longest key of persistent storage, in characters. */
export const maxStoreNameLength = 64;
export const maxKeyLength = 256;

/** Largest value of persistent storage, in UTF-16 code units. */
export const maxValueLength = 1_048_576;

/** Keys per store of persistent storage. */
export const maxKeysPerStore = 4096;
