/** BSSID information of a neighbor report element (IEEE 802.11-2020 §9.4.2.36). */

/** Reachable, same security and key scope, spectrum management: an access point of the same network. */
export const sameNetwork = 0x8f;
/** Of the same mobility domain. */
export const sameMobilityDomain = 0x400;
