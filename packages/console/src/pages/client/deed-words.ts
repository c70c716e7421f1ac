/** What a node did to steer a client, in words. Pure. */

import type { Deed } from "./roams.ts";

/** Nodes tell once a minute or so. */
const deedsMs = 120_000;

/** A client that has only joined has an empty list; of what has happened just now it may be told still. `now`: ms since 1970. */
export function noDeedsText(events: readonly { readonly at: string }[], now: number): string {
  const later = events.some(({ at }) => now - Date.parse(at) < deedsMs) ? " so far: they tell once a minute or so" : "";
  return `Nothing, as far as they have told${later}. Here stands what nodes do to move it or to keep it away, and how it took that; that it joined the network stands among the events.`;
}

/** Null: nothing that a person would call a deed (a probe that was answered, activity). */
export function deedText({ type, details }: Pick<Deed, "type" | "details">): string | null {
  const snr = numberOf(details.snrDb);
  const heard = snr !== null && snr > 0 ? ` (heard with ${Math.round(snr)} dB)` : "";
  switch (type) {
    case "PROBE":
      return details.blocked === true ? `did not answer when it looked for the network${heard}` : null;
    case "CONNECT":
      return `it connected${heard}`;
    case "DISCONNECT": {
      const who = details.source === "LOCAL" ? "the node ended the connection" : "it left by itself";
      const reason = numberOf(details.reason);
      const why = reason === null ? undefined : reasons[reason];
      return why === undefined ? who : `${who}: ${why}`;
    }
    case "BACKOFF": {
      const seconds = numberOf(details.periodSeconds);
      return details.enabled === true
        ? `leaves it alone${seconds === null ? "" : ` for ${seconds} s`}, as it did not follow`
        : "takes it into account again";
    }
    case "AUTH_BLOCK":
      return details.rejected === true ? `refused to let it in${heard}` : `let it in after refusing it${heard}`;
    case "CLIENT_BTM_STATUS": {
      const status = numberOf(details.status);
      return status === 0 ? "it agreed to move" : `it refused to move: ${btmStatusText(status)}`;
    }
    case "ACTIVITY":
    case "OVERRUN":
    case "CLIENT_CAPABILITIES":
    case "CLIENT_RRM_BCN_RPT":
      return null;
    default:
      return plain[type] ?? type;
  }
}

const plain: Readonly<Record<string, string>> = {
  BAND_STEERING_ATTEMPT: "tried to bring it to another band",
  CLIENT_STEERING_ATTEMPT: "tried to bring it to another node",
  CLIENT_STEERING_STARTED: "began to hold it off, as the cloud asked",
  CLIENT_STEERING_DISABLED: "stopped holding it off",
  CLIENT_STEERING_EXPIRED: "stopped holding it off: the time was over",
  CLIENT_STEERING_FAILED: "could not bring it to another node",
  CLIENT_KICKED: "disconnected it, so that it chooses anew",
  CLIENT_BS_BTM: "asked it to go to a better band",
  CLIENT_BS_BTM_RETRY: "asked it once more to go to a better band",
  CLIENT_STICKY_BTM: "asked it to go to a node that hears it better",
  CLIENT_STICKY_BTM_RETRY: "asked it once more to go to a node that hears it better",
  CLIENT_BTM: "asked it to move, as the cloud wished",
  CLIENT_BTM_RETRY: "asked it once more to move, as the cloud wished",
  CLIENT_BS_KICK: "disconnected it, so that it comes back on a better band",
  CLIENT_STICKY_KICK: "disconnected it, as it clung to a weak link",
  CLIENT_SPECULATIVE_KICK: "disconnected it on trial",
  CLIENT_DIRECTED_KICK: "disconnected it, as the cloud asked",
  CLIENT_GHOST_DEVICE_KICK: "disconnected what had gone already",
};

/** IEEE 802.11-2020, table 9-49; those that tell a person nothing (0, 1 and others) are left out. */
const reasons: Readonly<Record<number, string>> = {
  2: "its sign-in was no longer valid",
  3: "it was leaving",
  4: "nothing had been heard of it for too long",
  5: "there was no room for it",
  6: "it had not signed in",
  7: "it had not joined",
  8: "it went to another place",
  12: "it was to go to another place",
  14: "what it sent had been tampered with",
  15: "the handshake took too long; that happens with a wrong passphrase",
  16: "the network's key was not taken in time",
  23: "it was refused by the sign-in server",
  34: "too much of what it sent was lost",
  36: "it is leaving",
  39: "it did not answer in time",
};

/** IEEE 802.11-2020, table 9-428. */
function btmStatusText(status: number | null): string {
  const known: Readonly<Record<number, string>> = {
    1: "without saying why",
    2: "it has not heard enough beacons",
    3: "the places it was offered have no room",
    4: "it does not want the node to end the connection",
    5: "it asked for more time",
    6: "it knows a better place",
    7: "no place it was offered suits it",
    8: "it is leaving the network",
  };
  return status === null ? "without saying why" : (known[status] ?? `status ${status}`);
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
