import type { Me } from "@/core/contract/auth.ts";
import type { Permission } from "@/core/scope.ts";
import { HttpError } from "@/web/define.ts";

/** Whether to offer something; the API decides for itself. */
export function may(me: Me | undefined, permission: Permission): boolean {
  return me?.permissions.includes(permission) ?? false;
}

/** For pages that are a form alone: who cannot send it is told so before filling it in. */
export function demandOf(me: Me | undefined, permission: Permission): void {
  if (may(me, permission)) return;
  throw new HttpError(403, `Cannot open this page without the permission ${permission}`);
}
