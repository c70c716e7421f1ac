/** The managers that are built into a node, with what the profile sets for them. */

import { UserError } from "@opensync-ts/base/errors";
import { type CmOptions, createCm } from "@opensync-ts/managers/cm/cm";
import type { Resolver } from "@opensync-ts/managers/cm/resolver";
import type { ManagerDefinition } from "@opensync-ts/managers/manager";
import { nfm } from "@opensync-ts/managers/nfm/nfm";
import { nm } from "@opensync-ts/managers/nm/nm";
import { owm } from "@opensync-ts/managers/owm/owm";
import type { GwOfflineOptions } from "@opensync-ts/managers/pm/gw-offline/gw-offline";
import { type KeySet, storedKeys } from "@opensync-ts/managers/pm/gw-offline/keys";
import type { ProcessLogs } from "@opensync-ts/managers/pm/log-levels";
import type { LogSources } from "@opensync-ts/managers/pm/log-pull/collect";
import { createPm } from "@opensync-ts/managers/pm/pm";
import type { MqttConnector } from "@opensync-ts/managers/qm/connector";
import { createQm } from "@opensync-ts/managers/qm/qm";
import type { RemoteLog } from "@opensync-ts/managers/qm/remote-log";
import { sm } from "@opensync-ts/managers/sm/sm";
import { createWano } from "@opensync-ts/managers/wano/wano";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { ProfileValues } from "./profiles.ts";

export interface BuildOptions {
  readonly values: ProfileValues;
  readonly tls: TlsFiles;
  readonly logs: ProcessLogs;
  /** The lines of them that are to be published. */
  readonly remoteLog: RemoteLog;
  /** Of QM. */
  readonly qmSocket: string;
  /** Seconds since the Unix epoch. */
  readonly bootTime: () => number;
  /** Of QM; by default the network. */
  readonly mqtt?: MqttConnector;
  /** Of CM; by default the machine's. */
  readonly resolver?: Resolver;
  /** What the cloud gets when it asks for logs. */
  readonly logSources: LogSources;
}

/** The services there are, by name. */
export const services = ["nm", "nfm", "wano", "cm", "owm", "pm", "qm", "sm"] as const;

export function buildManagers(options: BuildOptions): readonly ManagerDefinition[] {
  const { values, tls, logs, remoteLog, qmSocket, bootTime, mqtt, resolver, logSources } = options;
  const built: { readonly [S in (typeof services)[number]]: ManagerDefinition } = {
    nm,
    nfm,
    wano: createWano({
      interfaces: values.MANAGER_WANO_IFACE_LIST.split(/\s+/).filter((name) => name !== ""),
      lanBridge: values.TARGET_LAN_BRIDGE_NAME,
    }),
    cm: createCm({
      ...cmValues(values),
      tls: { privateKey: tls.privateKey, certificate: tls.certificate, caCertificate: tls.caCert },
      bootTime,
      ...(resolver && { resolver }),
    }),
    owm,
    pm: createPm({
      logs,
      connectingMs: values.PM_LED_CONNECTING_TIMEOUT * 1000,
      connectFailMs: values.PM_LED_CONNECT_FAIL_TIMEOUT * 1000,
      logPull: { sources: logSources, caFile: tls.caCert },
      ...(values.PM_GW_OFFLINE_CFG && { gwOffline: gwOfflineOptions(values) }),
    }),
    qm: createQm({ tls, socketPath: qmSocket, remoteLog, ...(mqtt && { connector: mqtt }) }),
    sm,
  };
  return services.map((service) => built[service]);
}

/** Throws a `UserError` where the profile names no set of keys. */
export function gwOfflineOptions(values: ProfileValues): GwOfflineOptions {
  const keys = values.PM_GW_OFFLINE_KEYS;
  if (!Object.hasOwn(storedKeys, keys)) {
    throw new UserError(`PM_GW_OFFLINE_KEYS is '${keys}'; use ${Object.keys(storedKeys).join(" or ")}`);
  }
  const { TARGET_LAN_BRIDGE_NAME: lanBridge, PM_GW_OFFLINE_DEBOUNCE: seconds } = values;
  return { lanBridge, debounceMs: seconds * 1000, keys: keys as KeySet };
}

function cmValues(values: ProfileValues): Omit<CmOptions, "tls" | "bootTime"> {
  const { CM2_GW_OFFLINE_TIMEOUT: offlineTimeout, CM2_GW_SKIP_RESTART_TIMEOUT: restartTimeout } = values;
  return {
    linkSelection: values.TARGET_ENABLE_WAN_LINK_SELECTION,
    lanBridge: values.TARGET_LAN_BRIDGE_NAME,
    minBackoff: values.CM2_OVS_MIN_BACKOFF,
    maxBackoff: values.CM2_OVS_MAX_BACKOFF,
    shortBackoffMs: values.CM2_OVS_SHORT_BACKOFF * 1000,
    stabilityChecks: values.CM2_USE_STABILITY_CHECK,
    stabilityIntervalMs: values.CM2_STABILITY_INTERVAL * 1000,
    stabilityShortIntervalMs: values.CM2_STABILITY_SHORT_INTERVAL * 1000,
    stabilityThresholds: {
      link: values.CM2_STABILITY_THRESH_LINK,
      router: values.CM2_STABILITY_THRESH_ROUTER,
      internet: values.CM2_STABILITY_THRESH_INTERNET,
      fatal: values.CM2_STABILITY_THRESH_FATAL,
    },
    cloudFatalThreshold: values.CM2_CLOUD_FATAL_THRESHOLD,
    recovery: {
      offlineAfter:
        offlineTimeout > 0 ? { ms: offlineTimeout * 1000 } : { requests: values.CM2_GW_OFFLINE_RETRY_THRESHOLD },
      restartAfter:
        restartTimeout > 0 ? { ms: restartTimeout * 1000 } : { skips: values.CM2_GW_SKIP_RESTART_THRESHOLD },
    },
  };
}
