import { DeviceUnreachable } from "@/core/errors.ts";
import type { ExportFailure } from "@/core/contract/config_export.ts";
import type { TenantId } from "@/core/scope.ts";

/** A backup of a router with user manager data and the like may be large; beyond this it is refused. */
export const MAX_FILE_BYTES = 32 * 2 ** 20;

export interface FileRouter {
  tenantId: TenantId;
  deviceId: string;
}

/** Files of routers, over SFTP through a poller. */
export interface RouterFiles {
  /**
   * The whole file, as large as the router says it is.
   *
   * @throws {FileFailed}
   */
  fetch(router: FileRouter, path: string): Promise<Uint8Array>;
  /**
   * Writes the file anew; resolves when the router has all of it.
   *
   * @throws {FileFailed}
   */
  put(router: FileRouter, path: string, data: Uint8Array): Promise<void>;
}

/** A file did not come or go; the message is for people. */
export class FileFailed extends DeviceUnreachable {
  constructor(readonly reason: ExportFailure, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
