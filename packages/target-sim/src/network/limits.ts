/** Bounds of the simulated network. */

/** Addresses that one DHCP server has given at a time. */
export const maxLeases = 1024;

/** Clients that a DHCP server remembers when their leases have ended. */
export const maxRememberedLeases = 1024;

/** Reservations of one DHCP server. */
export const maxReservations = 1024;

/** Options that a DHCP server tells. */
export const maxDhcpOptions = 64;

/** Hosts of one fabric; clients of the world among them. */
export const maxHosts = 8192;

/** Machines (devices, hosts, routers) of one fabric. */
export const maxMachines = 16_384;

/** Wires of one fabric, and plugs in one wire. */
export const maxWires = 16_384;
export const maxPlugs = 256;

/** Connections that are watched at a time. */
export const maxConnections = 4096;

/** How long packets of a connection may be lost until it ends, ms. */
export const maxPathLoss = 60_000;

/** Machines on the way of a packet (its time to live). */
export const maxHops = 16;

/** Bridges, VLANs and tunnels of one device. */
export const maxVirtualInterfaces = 16;

/** Ports of one bridge. */
export const maxBridgePorts = 64;

/** Addresses that a device has learned. */
export const maxLearned = 1024;

/** Port forwards and routes that somebody wants of a device. */
export const maxPortForwards = 256;
export const maxRoutes = 256;

/** Rounds of changes that follow from changes; what needs more goes round in circles. */
export const maxRounds = 32;

/** Answers of DHCP servers on their way. */
export const maxWaitingAnswers = 16_384;
