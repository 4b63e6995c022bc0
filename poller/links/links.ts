import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { z } from "zod";
import type { DeviceChange } from "@/core/devices/changes.ts";
import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { LINK_IDLE_MS, LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import {
  decodeMessage,
  encodeMessage,
  type OpenAnswer,
  OpenRequest,
  type UseAnswer,
  UseRequest,
} from "@/core/router_link/protocol.ts";
import { connectionOf, linkFailure } from "@/core/router_link/session_connection.ts";
import { subjects } from "@/core/subjects.ts";
import { RouterosSession } from "@/core/wire/routeros/mod.ts";
import { routerTls } from "../router_tls.ts";
import type { Semaphore } from "../semaphore.ts";

export interface LinksDeps {
  rpc: Rpc;
  clock: Clock;
  region: string;
  handshakes: Semaphore;
  connectTimeoutMs: number;
  target(deviceId: string): Promise<PollTarget | undefined>;
  credential(target: PollTarget): Promise<DeviceCredential | undefined>;
}

const MAX_LINKS = 200;
const OPENS_AT_ONCE = 32;
/** Of one link: a long command, and the question whether the router is there. */
const IN_FLIGHT = 2;
/** Of the compressed rows: a message of the bus holds a mebibyte. */
const MAX_ANSWER = 700 * 1_024;
const MAX_ROWS_BYTES = 32 * 2 ** 20;

const compress = promisify(gzip);

type Opening = z.output<typeof OpenRequest>;

/** Sessions with routers that somebody else uses over the bus: the editor, pushes, bulk commands. */
export class Links {
  readonly #deps: LinksDeps;
  readonly #open = new Map<string, Link>();

  constructor(deps: LinksDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes links until `signal` aborts, then hangs up on those there are. */
  async serve(signal: AbortSignal): Promise<void> {
    const { rpc, region } = this.#deps;
    const options = { group: "pollers", concurrency: OPENS_AT_ONCE, signal };
    await rpc.serve(subjects.linkOpen(region), options, async (data) => {
      const request = OpenRequest.parse(decodeMessage(data));
      return encodeMessage(await this.#start(request, signal));
    });
    for (const link of this.#open.values()) link.close();
  }

  /** What is open to a device that was edited goes on with the old login; one that is gone does not. */
  async apply({ deviceId, change }: DeviceChange): Promise<void> {
    const affected = [...this.#open.values()].filter((link) => link.deviceId === deviceId);
    if (affected.length === 0) return;
    const now = change === "removed" ? undefined : await this.#deps.target(deviceId);
    if (!now) { for (const link of affected) link.close(); }
  }

  async #start(request: Opening, signal: AbortSignal) {
    if (this.#open.size >= MAX_LINKS) {
      return failed(
        new LinkFailed("busy", "The poller has enough open connections: try again soon"),
      );
    }
    try {
      const session = await this.#connect(request, signal);
      const link = new Link(request.deviceId, session, this.#deps.clock);
      this.#open.set(request.link, link);
      void this.#live(request, link).finally(() => this.#open.delete(request.link));
      return { ok: true } satisfies OpenAnswer;
    } catch (error) {
      return failed(linkFailure(error));
    }
  }

  async #live({ tenantId, link: id }: Opening, link: Link) {
    const subject = subjects.link(tenantId, id);
    const options = { group: "link", concurrency: IN_FLIGHT, signal: link.signal };
    const serving = this.#deps.rpc.serve(
      subject,
      options,
      async (data) => encodeMessage(await link.use(UseRequest.parse(decodeMessage(data)))),
    );
    await Promise.all([serving, link.live()]);
  }

  async #connect(
    { tenantId, deviceId }: Opening,
    signal: AbortSignal,
  ): Promise<RouterosSession> {
    const target = await this.#deps.target(deviceId);
    if (target?.tenantId !== tenantId || target.region !== this.#deps.region) {
      throw new LinkFailed("no_device", "The router was moved or removed");
    }
    if (!target.isEnabled) {
      throw new LinkFailed("no_device", "The router is paused: enable it first");
    }
    const isFirstContact = target.tlsFingerprint === null &&
      (target.tlsMode === "pinned" || target.tlsMode === "legacy");
    if (isFirstContact) {
      throw new LinkFailed(
        "no_device",
        "The router was not read yet: its certificate is not known",
      );
    }
    const credential = await this.#deps.credential(target);
    if (!credential) throw new LinkFailed("no_credential", "The router has no credential");
    const { connectTimeoutMs } = this.#deps;
    return await this.#deps.handshakes.run(() =>
      RouterosSession.open({
        address: target.address,
        port: target.port,
        tls: routerTls(target, null),
        ...credential,
        connectTimeoutMs,
        loginTimeoutMs: connectTimeoutMs,
        maxInFlight: IN_FLIGHT,
        maxReplyBytes: MAX_ROWS_BYTES,
        signal,
      })
    );
  }
}

/** One session, until it is closed, lost or forgotten. */
class Link {
  readonly #stop = new AbortController();
  readonly #session: RouterosSession;
  readonly #connection: RouterConnection;
  readonly #clock: Clock;
  #usedAt: number;
  #inUse = 0;

  constructor(readonly deviceId: string, session: RouterosSession, clock: Clock) {
    this.#session = session;
    this.#connection = connectionOf(session);
    this.#clock = clock;
    this.#usedAt = clock.monotonic();
    void session.closed.then(() => this.close());
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  close(): void {
    this.#session.close();
    this.#stop.abort();
  }

  async live(): Promise<void> {
    while (!this.signal.aborted) {
      await this.#clock.sleep(LINK_IDLE_MS / 4, this.signal);
      const idleMs = this.#clock.monotonic() - this.#usedAt;
      if (this.#inUse === 0 && idleMs > LINK_IDLE_MS) this.close();
    }
  }

  async use(request: UseRequest): Promise<UseAnswer | { ok: true; rows: string }> {
    if (request.type === "close") {
      this.close();
      return { ok: true, rows: "" };
    }
    this.#inUse += 1;
    try {
      const { type: _, command, deadlineMs, attributes, flags, queries, proplist } = request;
      const { rows, ret } = await this.#connection.run(command, {
        deadlineMs,
        ...(attributes && { attributes }),
        ...(flags && { flags }),
        ...(queries && { queries }),
        ...(proplist && { proplist }),
      });
      const packed = await compress(JSON.stringify(rows));
      if (packed.length > MAX_ANSWER) {
        return failed(new LinkFailed("too_large", `${command} has ${rows.length} rows: too many`));
      }
      return { ok: true, rows: packed.toString("base64"), ...(ret !== undefined && { ret }) };
    } catch (error) {
      return failed(linkFailure(error));
    } finally {
      this.#inUse -= 1;
      this.#usedAt = this.#clock.monotonic();
    }
  }
}

const failed = ({ reason, message }: LinkFailed) => ({ ok: false as const, reason, message });
