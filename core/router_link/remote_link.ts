import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { messageOf, NotFound } from "@/core/errors.ts";
import type { Db } from "@/core/ports/db.ts";
import { NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import { subjects } from "@/core/subjects.ts";
import {
  type LinkAnswer,
  LinkFailed,
  type LinkRow,
  type LinkWords,
  type RouterConnection,
  type RouterLink,
} from "./link.ts";
import {
  decodeMessage,
  encodeMessage,
  OpenAnswer,
  UseAnswer,
  type UseRequest,
} from "./protocol.ts";

/** Connecting, a handshake of an old router and a login. */
const OPEN_MS = 30_000;
const DEADLINE_MS = 30_000;
/** What the bus may take on top. */
const MARGIN_MS = 3_000;
const CLOSE_MS = 3_000;
/** Larger than any answer a poller lets through, decompressed. */
const MAX_BYTES = 64 * 2 ** 20;

const decompress = promisify(gunzip);

/** Connections through a poller of the device's region, over the bus. */
export function remoteLink({ db, rpc }: { db: Db; rpc: Rpc }): RouterLink {
  return linkThrough(rpc, async ({ tenantId, deviceId }) => {
    const [device] = await db.tenant(
      tenantId,
      (sql) => sql<{ region: string }[]>`select region from devices where id = ${deviceId}`,
    );
    if (!device) throw new NotFound("Cannot find this device");
    return device.region;
  });
}

type Router = Parameters<RouterLink["open"]>[0];

/** The same, where somebody else knows the regions. */
export function linkThrough(rpc: Rpc, regionOf: (router: Router) => Promise<string>): RouterLink {
  return {
    async open(router) {
      const region = await regionOf(router);
      const link = crypto.randomUUID();
      const subject = subjects.linkOpen(region);
      const answer = OpenAnswer.parse(
        await ask(rpc, subject, { link, ...router }, OPEN_MS, region),
      );
      if (!answer.ok) throw new LinkFailed(answer.reason, answer.message);
      return new RemoteConnection(rpc, subjects.link(router.tenantId, link));
    },
  };
}

class RemoteConnection implements RouterConnection {
  readonly #rpc: Rpc;
  readonly #subject: string;

  constructor(rpc: Rpc, subject: string) {
    this.#rpc = rpc;
    this.#subject = subject;
  }

  async run(command: string, words: LinkWords = {}): Promise<LinkAnswer> {
    const { attributes, flags, queries, proplist, deadlineMs = DEADLINE_MS } = words;
    const request = {
      ...{ type: "run", command, deadlineMs },
      ...(attributes && { attributes: { ...attributes } }),
      ...(flags && { flags: [...flags] }),
      ...(queries && { queries: [...queries] }),
      ...(proplist && { proplist: [...proplist] }),
    } satisfies UseRequest;
    const data = await ask(this.#rpc, this.#subject, request, deadlineMs + MARGIN_MS);
    const answer = UseAnswer.parse(data);
    if (!answer.ok) throw new LinkFailed(answer.reason, answer.message);
    const packed = await decompress(Uint8Array.fromBase64(answer.rows), {
      maxOutputLength: MAX_BYTES,
    });
    const rows = JSON.parse(packed.toString("utf8")) as LinkRow[];
    return { rows, ...(answer.ret !== undefined && { ret: answer.ret }) };
  }

  async close(): Promise<void> {
    const request = { type: "close" } satisfies UseRequest;
    // Gone already, or it is closed when nobody uses it.
    await ask(this.#rpc, this.#subject, request, CLOSE_MS).catch(() => {});
  }
}

async function ask(
  rpc: Rpc,
  subject: string,
  request: unknown,
  timeoutMs: number,
  region?: string,
): Promise<unknown> {
  try {
    return decodeMessage(await rpc.request(subject, encodeMessage(request), { timeoutMs }));
  } catch (error) {
    if (error instanceof NobodyServes) {
      throw region === undefined
        ? new LinkFailed("lost", "The connection to the router is closed", { cause: error })
        : new LinkFailed("busy", `No poller serves the region ${region}`, { cause: error });
    }
    throw new LinkFailed("failed", messageOf(error), { cause: error });
  }
}
