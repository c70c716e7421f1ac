/** Bounds of the frame codecs. */

/**
 * Longest management frame that is read or built, in octets, without check sequence. Bodies hold 2304 octets, those of stations
 * since 802.11ac up to 11,454 (IEEE 802.11-2020 §9.2.4.7.1).
 */
export const maxFrameOctets = 24 + 4 + 11_454;
