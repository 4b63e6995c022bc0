import type { TlsMode } from "@/core/contract/device.ts";
import type { Login } from "@/core/credentials/login.ts";
import type { TenantId } from "@/core/scope.ts";

/** What a poller must know of a device to poll it. The credential is read apart, when needed. */
export interface PollTarget {
  readonly tenantId: TenantId;
  readonly deviceId: string;
  readonly address: string;
  readonly port: number;
  readonly tlsMode: TlsMode;
  /** SHA-256 of the pinned certificate, lower-case hex; `null`: the first contact pins. */
  readonly tlsFingerprint: string | null;
  readonly tlsCa: string | null;
  readonly sshPort: number;
  /** SHA-256 of the pinned SSH host key, lower-case hex; `null`: the first contact pins. */
  readonly sshHostKey: string | null;
  readonly region: string;
  /** `null`: the configured default. */
  readonly pollIntervalSeconds: number | null;
  readonly isEnabled: boolean;
  /** Grows with each edit. */
  readonly revision: number;
  /** When the credential was set; another value means another login. `null`: there is none. */
  readonly credentialAt: string | null;
}

/** A clear device credential, its own or its profile's. */
export type DeviceCredential = Login;
