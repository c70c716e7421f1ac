/** Bounds and periods of NM. Times in milliseconds unless the name says otherwise. */

/** Changes of an interface that follow another one are collected for this long after the last of them … */
export const applyDebounce = 300;

/** … but not for longer than this after the first. */
export const applyDeadline = 3_000;

/** The database must answer a transaction within this time. */
export const transactionDeadline = 10_000;

/** A write that the database refused is tried again after this long. */
export const writeRetry = 5_000;

/** What a DHCP server gives where `lease_time` says nothing usable: seconds (dnsmasq's default). */
export const defaultLeaseSeconds = 3_600;

/** `Wifi_Inet_Config.dhcp_req` where it is empty. */
export const defaultDhcpRequest: readonly number[] = [1, 3, 6, 15, 28, 43];

/** Octets of an interface name (Linux `IFNAMSIZ` without the final NUL). */
export const interfaceNameOctets = 15;

/** Smallest and largest `mtu`: an IPv4 datagram must fit (RFC 791), and its length field. */
export const mtuRange = [68, 65_535] as const;

/** Reservations and port forwards that are applied; further rows are named. */
export const reservations = 1_024;
export const portForwards = 1_024;

/** Rows that `Wifi_Route_State` can hold (`maxRows`). */
export const routeStates = 256;

/** Leases, neighbours and learned addresses that are shown. */
export const leases = 4_096;
export const learnedAddresses = 4_096;

/** Values that `Openflow_Tag.device_value` can hold. */
export const tagValues = 255;

/** Characters of somebody's text that a complaint quotes. */
export const quotedCharacters = 64;
