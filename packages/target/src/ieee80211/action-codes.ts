/** Categories of action frames (IEEE 802.11-2020 §9.4.1.11), and the actions of those that steering uses. */

export const actionCategories = {
  spectrumManagement: 0,
  radioMeasurement: 5,
  fastTransition: 6,
  saQuery: 8,
  wnm: 10,
  vendorSpecific: 127,
} as const;

/** §9.6.13.1. */
export const wnmActions = { btmQuery: 6, btmRequest: 7, btmResponse: 8, notificationRequest: 26 } as const;

/** §9.6.6.1. */
export const radioMeasurementActions = {
  measurementRequest: 0,
  measurementReport: 1,
  linkMeasurementRequest: 2,
  linkMeasurementReport: 3,
  neighborReportRequest: 4,
  neighborReportResponse: 5,
} as const;
