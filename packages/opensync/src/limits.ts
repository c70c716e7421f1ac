/** Bounds of the commands. */

/** Events kept for the live view. */
export const keptEvents = 500;

/** The live view is drawn at most this often, in ms. */
export const redrawMs = 100;

/** And at least this often, so that time and signal strengths move, in ms. */
export const refreshMs = 1000;

/** `stats tail` takes lines of a cloud up to this length: the largest payload in base64, and what is told about it. */
export const tailLineBytes = 4 * 1024 * 1024;
