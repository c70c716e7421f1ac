/** Why a node's connection has ended, for people. Pure. */

/** Undefined: there are no words for it but its own. */
export function endingWords(reason: string): string | undefined {
  return endings.find(([said]) => said.test(reason))?.[1];
}

const endings: readonly (readonly [RegExp, string])[] = [
  [/inactivity probe|no answer within|ETIMEDOUT|timed out/i, "it no longer answered"],
  [/connected anew/, "it has connected anew"],
  [/the controller stops/, "the cloud was stopped"],
  [/reads too slowly/, "it took what it was sent too slowly"],
  [/ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|ENETDOWN|reset/i, "the connection broke"],
  [/connection ended|closed|\bEOF\b|\bended\b/i, "it ended the connection"],
];
