/** Bounds of a world. */

export const maxWalls = 1000;
export const maxSites = 256;
export const maxBsses = 2048;
export const maxClients = 4096;
export const maxInterferers = 256;

/** How often the air is shared out anew, ms. What clients get in between does not depend on who looks when. */
export const airShareInterval = 500;

/** Octets of a network's name (IEEE 802.11-2020 §9.4.2.2). */
export const maxSsidOctets = 32;

/** Waypoints of one client's walk. */
export const maxWaypoints = 1000;

/** Networks one client knows. */
export const maxNetworksPerClient = 64;

/** Stations one BSS serves (association ids of IEEE 802.11). */
export const maxStationsPerBss = 2007;

/** Traffic bursts replayed one by one after a long silence; what is older counts with its mean. */
export const maxBurstsReplayed = 1000;

/** BSSs that one beacon report holds, and that a client remembers of its last look around. */
export const maxMeasuredBsses = 32;

/** Neighbours that a client takes from its access point, and candidates of a transition that it looks at. */
export const maxToldNeighbors = 64;

/** Beacon measurements that a client has to do at a time; more are refused. */
export const maxPendingMeasurements = 4;

/** BSSs whose refusals a client remembers. */
export const maxRememberedRefusals = 64;

/** Networks that a client asks for by name in one look around. */
export const maxDirectedProbes = 8;
