/** Every bound of the workbench in one place: sizes in bytes or entries, times in milliseconds. */

/** A node's answer to one question must be there within this time. */
export const answerMs = 5_000;
/** Questions to nodes at once, of all who look. */
export const questions = 16;
/** Rows of a table that are read; a table with more is not. */
export const rows = 1000;
/** A table that was read so recently is not read again. */
export const freshMs = 1_000;
/** Tables kept for that, of all nodes. */
export const keptTables = 32;
/** Who has not asked for so long does not look any more. */
export const lookMs = 20_000;
/** Different schemas of nodes that are kept. */
export const schemas = 8;
/** Columns of one edit. */
export const editedColumns = 32;
/** Of a value, in a line for people; characters. */
export const shownValue = 200;
/** Of what a node says why it refuses something; characters. */
export const shownRefusal = 400;

/** Nodes whose messages are kept at once; of each so many, and so much of their text. */
export const messageLogs = 8;
export const messages = 500;
export const messageLogBytes = 2 * 1024 * 1024;
/** Of one message, as text; what is longer is cut. */
export const messageText = 16 * 1024;
/** A longer one is not taken apart: its size is told. */
export const messageParsed = 256 * 1024;

/** Nodes whose reports are kept at once; of each so many, and so much of their text. */
export const reportTails = 8;
export const reports = 20;
export const reportTailBytes = 4 * 1024 * 1024;
/** One report, as JSON text; of a longer one only its size is told. */
export const reportText = 512 * 1024;

/** Requests without a reply yet whose methods a message log remembers. */
export const awaitedReplies = 256;

/** Fewer days left of a certificate are a warning. */
export const certificateDays = 30;
/** Reports may be so long on their way; a clock that differs by more is wrong. */
export const clockTolerance = 120_000;
/** Of a check: so many details, each of so many characters. */
export const details = 100;
export const detailText = 400;
