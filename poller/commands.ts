import { z } from "zod";
import { TLS_MODES } from "@/core/contract/device.ts";
import { readProfileLogin } from "@/core/devices/poll_targets.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { RouterosSession, type RouterTls } from "@/core/wire/routeros/mod.ts";
import { NO_BOARD, readBoard, readSystem } from "./collectors/system.ts";
import { examineHost, knock } from "./examine_host.ts";
import { failureOf } from "./failure.ts";

/** What the API may ask a poller to do with a router, over `subjects.deviceCommand`. */
export const DeviceCommand = z.discriminatedUnion("command", [
  z.object({ command: z.literal("examine"), address: z.string(), port: z.number().optional() }),
  z.object({ command: z.literal("knock"), address: z.string(), port: z.number() }),
  z.object({
    command: z.literal("probe"),
    address: z.string(),
    port: z.number(),
    tlsMode: z.enum(TLS_MODES),
    tlsCa: z.string().nullable(),
    login: z.union([
      z.object({ username: z.string(), password: z.string() }),
      z.object({ tenantId: z.string().transform((id) => id as TenantId), profileId: z.string() }),
    ]),
  }),
]);
type Request = z.infer<typeof DeviceCommand>;

/** Does what a command asks. Never throws for what a router does: a refusal is an answer too. */
export function runCommand(request: Request, deps: CommandDeps): Promise<unknown> {
  if (request.command === "examine") return examineHost(request);
  if (request.command === "probe") return probe(request, deps);
  return knock(request.address, request.port, { timeoutMs: KNOCK_MS });
}

/** Where a profile's login is read, at the moment it is used. */
export interface CommandDeps {
  db: Db;
  kms: Kms;
}

const TIMEOUT_MS = 10_000;
const KNOCK_MS = 4_000;

/** Connects, logs in and reads who answers. */
async function probe(request: Extract<Request, { command: "probe" }>, { db, kms }: CommandDeps) {
  const { address, port, tlsMode, tlsCa, login } = request;
  const tls: RouterTls = tlsMode === "ca"
    ? { mode: "ca", ca: tlsCa ?? "" }
    : tlsMode === "pinned" || tlsMode === "legacy"
    ? { mode: tlsMode, fingerprint: null }
    : { mode: tlsMode };
  try {
    const credential = "profileId" in login ? await readProfileLogin(db, kms, login) : login;
    using session = await RouterosSession.open({
      address,
      port,
      tls,
      ...credential,
      connectTimeoutMs: TIMEOUT_MS,
      loginTimeoutMs: TIMEOUT_MS,
    });
    const ask = session.run.bind(session);
    const { identity, version, boardName } = await readSystem(ask, NO_BOARD);
    // A router that has no such menu, or denies it, is no less reached.
    const { serialNumber } = await readBoard(ask).catch(() => NO_BOARD);
    const fingerprint = session.peerCertificate?.fingerprint ?? null;
    return { ok: true as const, identity, version, boardName, serialNumber, fingerprint };
  } catch (error) {
    return { ok: false as const, ...failureOf(error) };
  }
}
