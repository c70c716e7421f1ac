/** Every bound and delay of PM, by name. Times in milliseconds unless the name says otherwise. */
export const pmLimits = {
  /** LED: `LED_Config.pattern`, in characters; its steps; the longest of them. */
  patternLength: 10_000,
  patternSteps: 1_000,
  patternStepMs: 3_600_000,
  /** Thermal: between two looks at the temperatures, and how many looks are averaged. */
  thermalPeriodMs: 10_000,
  thermalSamples: 3,
  /** Temperatures or the fan that have not answered by then count as unreadable. */
  thermalAnswerMs: 5_000,
  /** °C below the threshold before it is a step cooler. */
  thermalHysteresis: 3,
  /** Periods above the last threshold, in the last step, before the LED says so, and before the device reboots. */
  thermalLastStepPeriods: 2,
  /** How far a fan may be from what it was told, and for how many periods. */
  fanToleranceRpm: 300,
  fanPeriods: 1,
  /** What `Node_Config` may ask for, °C and rpm. */
  maxTemperature: 150,
  maxFanRpm: 20_000,
  maxChainmask: 255,
  /** Clients of one table that are looked at. */
  clientRecords: 1_024,
  /** Log pull: bytes of log files in one archive, of the dump, and of the database; the rest is left out, and it says so. */
  pullLogBytes: 8 * 1024 * 1024,
  pullDumpBytes: 4 * 1024 * 1024,
  pullDatabaseBytes: 8 * 1024 * 1024,
  /** Log files looked at. */
  pullLogFiles: 16,
  /** Secrets to mask. */
  pullSecrets: 10_000,
  /** To collect everything, and to hand it over. */
  pullCollectMs: 60_000,
  pullUploadMs: 120_000,
  /** Bytes of an answer that are read for the log. */
  pullAnswerBytes: 256,
  /** Reboot on command: default and longest delay. */
  rebootDelayMs: 5_000,
  maxRebootDelayMs: 86_400_000,
} as const;
