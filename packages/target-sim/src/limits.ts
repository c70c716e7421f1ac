/** Bounds of a simulated device. */

/** Configuration requests on their way; what comes on top is dropped and counted. */
export const maxPendingRequests = 64;

/** Deauthentications on their way. */
export const maxPendingDeauths = 256;

/** Addresses one Ethernet segment hands out. */
export const maxLeases = 200;

/** Network interfaces of a device, each with an address of its own. */
export const maxInterfaces = 64;
