import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { CustomFetch } from "openid-client";
import { networkSet } from "@/core/networks.ts";

const MAX_BYTES = 512 * 1_024;

/** Places that only this machine, or the cloud it runs in, speaks from: no provider lives there. */
const isOffLimits = networkSet([
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"],
  ...["::/128", "::1/128", "fe80::/10", "fd00:ec2::/32", "ff00::/8"],
]);

export interface BoundedFetchOptions {
  /** For tests: `http:` to loopback, and nothing else over `http:`. */
  allowLoopbackHttp?: boolean;
}

/**
 * `fetch` for addresses that an administrator of a tenant wrote: HTTPS, no redirect, an answer of
 * 512 KiB at most, and never to this machine. Timeouts come with the caller's signal. Whoever changes
 * DNS between look and call meets a server that has no certificate for the name.
 *
 * @throws {Error} for whatever is refused; its message is for the log
 */
export function boundedFetch({ allowLoopbackHttp = false }: BoundedFetchOptions): CustomFetch {
  return async (address, options) => {
    const url = new URL(address);
    const isTest = allowLoopbackHttp && isLoopbackHttp(url);
    if (!isTest) await demandPublic(url);
    const { method, headers, body, signal } = options;
    const answer = await fetch(url, {
      ...{ method, headers, redirect: "manual" },
      ...(signal && { signal }),
      ...(body !== undefined && { body: body as BodyInit | null }),
    });
    return await bounded(answer);
  };
}

export function isLoopbackHttp({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && (hostname === "127.0.0.1" || hostname === "localhost");
}

async function demandPublic({ protocol, hostname, username }: URL): Promise<void> {
  if (protocol !== "https:" || username !== "") {
    throw new Error("Cannot ask a provider whose address must be https: and without a user name");
  }
  const host = hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host)
    ? [host]
    : (await lookup(host, { all: true })).map(({ address }) => address);
  if (addresses.some(isOffLimits)) {
    throw new Error("Cannot ask a provider on this machine's own addresses");
  }
}

/** The whole answer, read to its end or to the limit. */
async function bounded(answer: Response): Promise<Response> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.byteLength;
    // Leaving the loop cancels the body.
    if (size > MAX_BYTES) throw new Error(`Cannot read more than ${MAX_BYTES} bytes of a provider`);
    pieces.push(piece);
  }
  const { status, statusText, headers } = answer;
  const isEmpty = status === 204 || status === 304;
  const whole = new Response(isEmpty ? null : await new Blob(pieces).arrayBuffer(), {
    ...{ status, statusText, headers },
  });
  Object.defineProperty(whole, "url", { value: answer.url });
  return whole;
}
