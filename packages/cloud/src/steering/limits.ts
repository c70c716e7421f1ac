/** Every bound of steering in the cloud: sizes in entries or characters, times in milliseconds. */

/** What of a host name, vendor class or DHCP fingerprint is looked at, in characters. */
export const evidenceText = 256;
/** What of the elements of an association request is looked at, in bytes. */
export const evidenceElements = 4096;
/** Signs of one kind in a profile. */
export const signsPerProfile = 64;

/** Rows of `Band_Steering_Clients` and of `Wifi_VIF_Neighbors` on one node. */
export const rowsPerNode = 256;
export const neighborsPerNode = 128;

/** Clients of one location that are thought about, and remembered; the ones not heard of for the longest time go first. */
export const clients = 512;
/** Access points of one location, each a radio of a node. */
export const bsses = 256;
export const nodes = 64;
/** Access points that one client is heard by or hears. */
export const heardPerClient = 32;
/** Hops from an access point to the gateway. */
export const hops = 8;
/** Pairs of access points between which one client is not moved, and access points it is known at. */
export const blockedPerClient = 16;
export const learnedPerClient = 16;
/** Alternatives that a journal tells of a client. */
export const alternativesTold = 4;
/** Entries of the journal that are read to tell what became of a client's moves. */
export const attemptsTold = 20;
/** Decisions that `replay` plays in one go. */
export const replayedEntries = 10_000;

/** Nights that a client is remembered for. */
export const nightsKept = 10;
/** Access points whose signals of one client are kept apart during a day. */
export const bssesPerDay = 8;
/** Time zones whose calendars are kept at hand. */
export const zones = 64;

/** Events and signals that indicators are made of, in one go. */
export const indicatorEvents = 200_000;

/** The loop: how often a location is looked at, and what has come meanwhile is taken together. */
export const lookMs = 60_000;
export const gatherMs = 1_000;
/** Nodes are told of another class or another list of others so much later, as one change seldom comes alone. */
export const tellMs = 5_000;
/** After a start no decision is made before all nodes that are connected have reported, or this time is over. */
export const warmUpMs = 180_000;
/** A node that is gone for so long is offered to nobody any more. */
export const awayMs = 600_000;
/** Surveys older than this say nothing. */
export const busyLifeMs = 600_000;
/** A client that a report has told of is there for so long, although no table shows it. */
export const associationMs = 180_000;
/** What a node says that its clock shows may be so much behind; else its clock is wrong. */
export const reportAgeMs = 180_000;
/** Who was asked by its node to go is not wandering when it goes within this time. */
export const askedMs = 60_000;
/** Stays, and samples of throughput, that are kept of a client: what a move is judged by. */
export const staysPerClient = 32;
export const throughputPerClient = 256;
/** Moves that are still to be judged. */
export const openMoves = 256;

/** How often what is known is written, unless a decision is made. */
export const saveMs = 900_000;
/** Rows in one statement. */
export const savedAtOnce = 100;
/** Journal: its entries, and how long they are kept; the same of moves, and of the days' counts. */
export const journalEntries = 2_000;
export const journalLifeMs = 30 * 86_400_000;
export const movesKept = 20_000;
export const recordsLifeMs = 365 * 86_400_000;
/** Entries of the journal in one answer, and read at a time to play them again. */
export const journalPage = 100;
/** What waits for one location's turn. */
export const waitingTurns = 32;
/** The nights of all locations of a time zone are spread over this time. */
export const nightSpreadMs = 1_800_000;
/** Locations whose memory is read at the same time; a read that fails is tried again after this time. */
export const startedAtOnce = 4;
export const startRetryMs = 10_000;
