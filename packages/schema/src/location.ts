/**
 * Where the device stands, and the transmit power that automated frequency coordination (AFC) grants it there.
 */

import { boolean, integer, map, optional, real, reference, set, string, table } from "@opensync-ts/ovsdb/declare";

export const locationTables = {
  /** Access to the AFC system, its answer and the location it was asked for. */
  Wifi_AFC: table({
    isRoot: true,
    columns: {
      enabled: boolean(),
      server_url: optional(string({ maxLength: 256 })),
      oem_id: optional(string({ maxLength: 256 })),
      product_id: optional(string({ maxLength: 256 })),
      location_uuid: optional(reference("Location", "weak")),
      tpc_uuid: set(reference("Wifi_Transmit_Power_Constraints", "weak"), { max: 150 }),
    },
  }),

  /** One location, as an ellipse or a polygon, with its uncertainty. */
  Location: table({
    isRoot: true,
    columns: {
      object_ellipse: optional(boolean()),
      object_linear_polygon: optional(boolean()),
      object_radial_polygon: optional(boolean()),
      height: optional(real()),
      vertical_uncertainity: optional(real()),
      ellipse_minor_axis: optional(real()),
      ellipse_major_axis: optional(real()),
      ellipse_orientation: optional(real()),
      ellipse_longitude: optional(real()),
      ellipse_latitude: optional(real()),
      radial_polygon_longitude: optional(real()),
      radial_polygon_lattitude: optional(real()),
      radial_polygon_length: map(string(), string()),
      radial_polygon_angle: map(string(), string()),
      linear_polygon_latitude: map(string(), string()),
      linear_polygon_longitude: map(string(), string()),
    },
  }),

  /** A location entered by hand. */
  Location_Manual: table({
    isRoot: true,
    columns: {
      location_uuid: optional(reference("Location", "weak")),
      longitude: optional(real()),
      latitude: optional(real()),
      altitude: optional(real()),
      radius: optional(real()),
      source: optional(string({ maxLength: 256 })),
    },
  }),

  /** A location found from surrounding networks. */
  Wifi_Scan_Location: table({
    isRoot: true,
    columns: {
      location_uuid: optional(reference("Location", "weak")),
    },
  }),

  /** A location found by a GPS receiver. */
  GPS_Device: table({
    isRoot: true,
    columns: {
      device_name: optional(string({ maxLength: 256 })),
      location_uuid: optional(reference("Location", "weak")),
    },
  }),

  /** Power granted per operating class and channel. */
  Wifi_Transmit_Power_Constraints: table({
    isRoot: true,
    columns: {
      channels: map(string(), string()),
      opclass: optional(integer()),
      eirp: optional(real()),
    },
  }),
};
