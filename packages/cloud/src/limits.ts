/** Every bound of the cloud in one place: sizes in bytes or entries, times in milliseconds. */

import { limits as telemetry } from "@opensync-ts/telemetry/limits";

/** A home file larger than this is no home file. */
export const homeFileBytes = 1024 * 1024;
/** Nodes, networks and radio opinions of one home. */
export const nodesPerHome = 64;
/** Stations of one extender: one per radio. */
export const stationsPerNode = 8;
export const reservationsPerHome = 256;
export const networksPerHome = 16;
export const radioOpinionsPerHome = 256;
export const bridgesPerHome = 8;
export const wanWays = 8;
export const forwardsPerHome = 256;
export const devicesPerHome = 1024;
export const policiesPerHome = 256;
/** Weekly windows of one policy. */
export const windowsPerSchedule = 32;
/** Time zones whose formatter is kept. */
export const rememberedTimeZones = 64;
/** `Wifi_VIF_Config.wpa_psks` holds this many entries. */
export const keysPerNetwork = 64;
/** Addresses in one access control list. What a node's driver can hold is the node's business and usually less. */
export const aclEntries = 1024;
/** The problems of one home file that are listed; the rest is counted. */
export const listedProblems = 20;

/** Connections served at once, by the redirector and by the controller each; more are closed at once. */
export const connections = 4096;
/**
 * TLS handshakes at once, and connections that wait for theirs; further ones are closed at once. Each takes 1 to 2 ms of ours and half a second
 * of a slow node's far away: few at once would make nodes wait for each other, very many would come due in one turn of the event loop.
 */
export const handshakes = 64;
export const waitingHandshakes = 4096;
/** Nodes wait for so long at most: their server gives a connection up after 1 to 8 s. */
export const handshakeWaitMs = 8_000;
/** Who has not done with its handshake in this time no longer keeps others from theirs. */
export const handshakeServeMs = 2_000;
/** The longest request for `echo`, in bytes, that is answered before its session sees it. */
export const promptEchoBytes = 512;
/**
 * Of what a node has sent its session may have so many bytes to handle yet, all sessions together so many; beyond, nothing more is read of it,
 * and it waits for answers to `echo` as well.
 */
export const heldBytes = 256 * 1024;
export const heldBytesOfAll = 128 * 1024 * 1024;
/** Handled bytes of one session that count as not handled, as they are told together; of all of them far less than what all may hold. */
export const untoldBytes = 4096;
/** Nothing more is read of a node that leaves so many bytes of answers unread. */
export const unreadAnswerBytes = 64 * 1024;
/** A session that has sent more than this is told when the node has read half of it. More than the system takes at once without saying so. */
export const crowdedBytes = 128 * 1024;
/** Threads that the nodes' sockets have in a process that is a cloud and nothing else. */
export const socketThreads = 2;
/** Ends of connections in one turn of the sockets' thread, ms; what Node.js does for each afterwards takes several times as long. */
export const endingSliceMs = 1;
/** How often the sessions show that they are there. When they have not for as long, `echo` waits for them like everything else. */
export const sessionsAliveMs = 2_000;
export const sessionsSilentMs = 20_000;
/** A thread that ended by itself is started again after this. */
export const threadRestartMs = 1_000;
/** First copies of nodes' tables on their way at once, and sessions that wait for theirs. They are answered meanwhile. */
export const firstCopies = 32;
export const waitingFirstCopies = 4096;
export const firstCopyWaitMs = 60_000;
/** Nodes that are being redirected at once, and those that wait for it. */
export const redirects = 32;
export const waitingRedirects = 4096;
/** Of all that is admitted: how many at once at first, and however long turns of the event loop are. */
export const firstAtOnce = 16;
export const leastAtOnce = 4;
/** How late a timer is says how long turns are: from when on fewer are served at once, and until when more; how often it is looked at. */
export const longTurnMs = 12;
export const shortTurnMs = 5;
export const paceMs = 20;
/** Of so many who are let in while known nodes and strangers wait, one is a stranger. */
export const strangersTurn = 8;
/** Work of sessions in one turn of the event loop, before others have theirs. */
export const workSliceMs = 5;
/** A node that is silent for this long is asked for a sign of life, and given up when it stays silent as long again. */
export const inactivityProbeMs = 30_000;
/**
 * While somebody looks, a node that has been silent for so long is asked at once; without an answer for as long as the second says it counts as
 * silent. Its connection is not given up for that.
 */
export const lookedAtProbeMs = 5_000;
export const signOfLifeMs = 6_000;
/** Whether one that is silent has been heard of again is looked at so often. */
export const silenceWatchMs = 500;
/** One message of a node, in bytes; the copy of all tables of a large home is some 200 kB, a schema 119 kB. */
export const nodeMessageBytes = 4 * 1024 * 1024;
/** What the copy of a node's tables may take, about, in bytes; a node that fills it beyond is cut off. */
export const mirrorBytes = 4 * 1024 * 1024;
/** The first copy of a node's tables must be there within this time, or the node is asked to come again. */
export const mirrorMs = 30_000;
/** One transaction must be answered within this time. */
export const transactionMs = 10_000;
/** After its reply, a transaction's effect must be in the mirror within this time; then the rows are looked at anyway. */
export const echoMs = 1_000;
/** After a refused or failed transaction: the first wait, doubled up to the last. */
export const firstRetryMs = 200;
export const lastRetryMs = 30_000;
/** A row is brought back to what the home states this often per window; then it is reported as contested. */
export const repairsPerWindow = 5;
export const repairWindowMs = 60_000;
/** Different states of rows (`Wifi_VIF_Config home-ap-24` is proven, stated in `networks[0]`) that sessions have as one object. */
export const sharedRowStatuses = 4096;
/** A State table must show what a Config row asks for within this time . */
export const proofMs = 10_000;
/** The same for a radio that must first listen for radar (channel availability check: 60 s, 600 s near weather radar). */
export const radarProofMs = 660_000;
/** Columns of a node's rows of which is remembered who has written them by hand. */
export const handWrites = 64;
/** A redirected node hangs up by itself; if it does not, the redirector does. */
export const redirectGraceMs = 2_000;
/** `stop` waits this long for connections to end. */
export const stopMs = 1_500;
/** Different complaints about peers that are remembered, so that each is logged once and not at every attempt. */
export const rememberedComplaints = 1024;

/** Nodes that have called and are of no home, remembered so that somebody can claim them. */
export const rememberedCallers = 1024;
/** Addresses from which somebody has called without saying who it is, and was sent away. */
export const rememberedNamelessCallers = 64;
/** Nodes of which it is remembered between connections how they bear what they are given. */
export const rememberedHistories = 16_384;
/** Two devices are taken for one node's after so many turns within this time. */
export const duplicateTurns = 3;
/** The same where both call from one address. */
export const duplicateTurnsAtOneAddress = 5;
export const duplicateWindowMs = 300_000;
/** A node that leaves so often, each time within this long after a version was written to it, cannot bear the version. */
export const breakerDisconnects = 5;
export const breakerSuspicionMs = 600_000;
/** Once the node has shown all of it for this long, the version is trusted. */
export const breakerTrustMs = 30_000;

/** Certificates: life of the authority and of the others, and when they are renewed. */
export const authorityLifeMs = 10 * 365 * 86_400_000;
export const certificateLifeMs = 397 * 86_400_000;
export const renewBeforeMs = 30 * 86_400_000;

/** A TLS session may be gone on with for so long; then the key that tickets are sealed with is another. */
export const ticketKeyLifeMs = 86_400_000;

/** The broker. A packet of MQTT: the largest payload, its topic and what MQTT adds. */
export const mqttPacketBytes = telemetry.payload + 2 * telemetry.topic + 1024;
/** Connections to the broker at once, of all and of those with one certificate; more are closed at once. */
export const mqttConnections = 4096;
export const mqttConnectionsPerNode = 4;
/** A connection must say who it is (CONNECT) within this time. */
export const mqttConnectMs = 10_000;
/** The longest silence (keep-alive) of a connection, in s; who asks for a longer one, or for none, is held to this. */
export const mqttKeepAliveSeconds = 600;
/** A peer that does not read its acknowledgements is cut off after this time. */
export const mqttDrainMs = 30_000;
/** Packets of a peer that has not got its CONNACK yet. */
export const mqttEarlyPackets = 16;
/** QoS 2 publications of a connection that it has not released yet (PUBREL): identifiers only. */
export const mqttUnreleased = 64;
/** What is read of one connection: bytes in a row, then bytes per second; the rest waits at the sender. */
export const mqttBurstBytes = 4 * 1024 * 1024;
export const mqttBytesPerSecond = 512 * 1024;
/** Each packet counts as so many bytes more. */
export const mqttPacketCost = 256;

/** What is decoded of one node, likewise, after decompression; payloads beyond it are dropped. */
export const decodeBurstBytes = 16 * 1024 * 1024;
export const decodeBytesPerSecond = 1024 * 1024;
/** Each payload counts as so many bytes more. */
export const decodePayloadCost = 2048;
/** The same in time that decoding takes: a small payload can be made to take long. In ms. */
export const decodeBurstMs = 1000;
export const decodeMsPerSecond = 50;
/** Latest values kept of one node; the ones not heard of for the longest time go first. */
export const latestClients = 512;
export const latestNeighbors = 1024;
/** Channels of one band. 6 GHz has 59. */
export const latestChannels = 64;
/** Values older than this are forgotten. */
export const latestLifeMs = 3_600_000;
/** A client's figures must have come together over at least this time, or no rate is derived from them. */
export const shortestRateMs = 100;
/** The same trouble with the same node is logged once in this time, with how often it was in between. */
export const troubleSilenceMs = 60_000;
/** Different troubles remembered for that. */
export const rememberedTroubles = 1024;
/** Lines about troubles of all kinds in this time; what is more is counted. */
export const troubleLines = 100;
/** What a peer has sent may stand in a line about it: so many characters of it. */
export const troubleLength = 500;
/** Who follows the statistics at the same time, on the cloud's socket; more are closed at once. */
export const followers = 16;
/** What waits for a follower that does not read, in bytes; what does not fit is lost to it, and counted. */
export const followerBacklogBytes = 4 * 1024 * 1024;

/** The store. Connections to PostgreSQL. */
export const storeConnections = 10;
/** Operations at the same time, those that wait for a connection included; more are refused. */
export const storeOperations = 1024;
/** Opening a connection, and one statement. */
export const storeConnectMs = 5_000;
export const storeStatementMs = 10_000;
/** One operation: waiting for a connection, and all of its statements. */
export const storeOperationMs = 20_000;
/** Starting the embedded engine, which makes its files when it has none, and bringing tables up to date. */
export const storeStartMs = 180_000;
/** Pages of the files that the embedded engine keeps itself; it takes all of it when it starts. The system keeps the files as well. */
export const storeBufferBytes = 32 * 1024 * 1024;
/** Reading or writing all that is in the store. */
export const storeBackupMs = 600_000;
/** Rows read or written at a time by that. */
export const storeBackupRows = 500;
/** One row of a backup, in bytes. */
export const storeBackupLineBytes = 4 * 1024 * 1024;
/** How deep a document, an import or a setting may be nested. */
export const documentDepth = 64;
/** Versions of one location that are kept; the oldest go first, but for those that hold. */
export const versionsPerLocation = 1000;
/** Differences between two versions that are listed. */
export const listedChanges = 500;
/** What a person can take in of one value at a glance, in characters. */
export const shownValueLength = 120;
/** What a deed tells those who follow it live: so many of its differences, each of so many characters. */
export const toldDetails = 20;
export const toldDetailLength = 300;
/** Who holds a directory says so this often, and is taken for gone when it has not for the longer time. */
export const holdBeatMs = 2_000;
export const holdWatchMs = 5_000;
/** Tries to take a directory whose holder is gone, while others try, too. */
export const holdAttempts = 10;
/** The lock of a store on PostgreSQL: how often it is looked whether it is still held, and when it is tried to get it back, doubled up to the last. */
export const storeLockProbeMs = 5_000;
export const firstStoreLockMs = 200;
export const lastStoreLockMs = 10_000;
/** What could not be done because the store was gone is tried again after this time. */
export const storeRetryMs = 2_000;
/** Rows that one question to the store is answered with. */
export const storePage = 500;
export const tenants = 100_000;
/** Of one tenant, in one export. */
export const exportedLocations = 10_000;
export const locationsPerTenant = 100_000;
/** Nodes of one pack. */
export const nodesPerPack = 64;
/** One setting, as JSON, in bytes. */
export const settingBytes = 64 * 1024;
/** Why somebody did something, in characters. */
export const whyLength = 500;

/** Radios of a node, and interfaces of a radio, that people are told of. */
export const radiosTold = 16;
export const interfacesTold = 32;
