/** Bounds of the commands. */

/** After this long a stop that hangs is given up, in ms. */
export const stopMs = 1900;

/** Signals that come together within this time are one wish to stop, in ms. */
export const sameStopMs = 300;

/** A command that npx has started looks this often whether that shell is still there, in ms. */
export const parentLookMs = 500;

/** Of one client that is refused again and again, so often a line is added, ms; and of so many clients that is remembered. */
export const refusalLineMs = 60_000;
export const rememberedRefusals = 500;

/** Events kept for the live view. */
export const keptEvents = 500;

/** The live view is drawn at most this often, in ms. */
export const redrawMs = 100;

/** And at least this often, so that time and signal strengths move, in ms. */
export const refreshMs = 1000;

/** `stats tail` takes lines of a cloud up to this length: the largest payload in base64, and what is told about it. */
export const tailLineBytes = 4 * 1024 * 1024;

/** `cloud ctl` lists at most this many of anything. */
export const ctlItems = 10_000;

/** `cloud ctl apply --wait` looks this often whether the nodes have proven it, in ms. */
export const ctlPollMs = 500;

/** And reads files of documents, exports and request bodies up to this size. */
export const ctlFileBytes = 64 * 1024 * 1024;
/** Differences of one deed that are shown in its line. */
export const shownDetails = 4;

/** Clients that somebody has brought into a simulated home at a time; and devices that each of them is asked whether it reaches. */
export const joinedClients = 16;
export const neighborsTried = 24;
