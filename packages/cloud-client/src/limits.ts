/** Every bound of the client in one place: sizes in characters, times in milliseconds. */

/** One request and its answer, where the caller says nothing else. */
export const requestMs = 30_000;
/** Until a backup begins to come: the cloud writes it down first. */
export const backupMs = 300_000;
/** Of live events: one event. */
export const eventLength = 256 * 1024;
/** Without a sign of life for this long (the cloud gives one every 15 s), the connection is taken for dead. */
export const silenceMs = 45_000;
/** Before connecting again: the first wait, doubled up to the last. */
export const firstRetryMs = 1_000;
export const lastRetryMs = 30_000;
