import { connect } from "node:net";
import { type HostFindings, KNOWN_PORTS, type PortState } from "@/core/contract/discovery.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { messageOf } from "@/core/errors.ts";
import { openLink, type RouterTls, TlsFailed } from "@/core/wire/routeros/mod.ts";

const TIMEOUT_MS = 4_000;
const BANNER_BYTES = 255;

/**
 * What an address shows without a login: which ports answer, the certificate of the API, and what SSH
 * says it is. Nothing is sent that a router would log as a failed login.
 */
export async function examineHost(
  { address, port }: { address: string; port?: number | undefined },
  signal?: AbortSignal,
): Promise<HostFindings> {
  const wanted = new Map<number, string>(
    Object.entries(KNOWN_PORTS).map(([number, service]) => [Number(number), service]),
  );
  if (port !== undefined && !wanted.has(port)) wanted.set(port, "Given port");
  const answers = await Promise.all(
    [...wanted].map(async ([number, service]) => ({
      port: number,
      service,
      ...await knock(address, number, { timeoutMs: TIMEOUT_MS, hears: number === 22, signal }),
    })),
  );
  const isOpen = (number: number) =>
    answers.some((one) => one.port === number && one.state === "open");
  const sshBanner = answers.find((one) => one.port === 22)?.banner ?? null;
  const tlsPort = [port, 8729].find((one) => one !== undefined && one !== 8728 && isOpen(one));
  const tls = tlsPort === undefined ? undefined : await tryTls(address, tlsPort, signal);
  const suggestion = tls?.mode
    ? { port: tlsPort!, tlsMode: tls.mode }
    : port !== undefined && isOpen(port)
    ? { port, tlsMode: "plain" as const }
    : isOpen(8728)
    ? { port: 8728, tlsMode: "plain" as const }
    : null;
  return {
    address,
    ports: answers.map(({ banner: _, ...one }) => one),
    sshBanner,
    fingerprint: tls?.fingerprint ?? null,
    isRouteros: sshBanner?.includes("ROSSSH") || isOpen(8291) ? true : sshBanner ? false : null,
    suggestion,
    advice: adviceFor(answers, suggestion?.tlsMode ?? null, tls?.trouble),
  };
}

export interface Knock {
  state: PortState;
  banner: string | null;
}

/** Connects; with `hears` it waits for who speaks first (SSH does). Whatever comes, its socket is closed. */
export function knock(
  address: string,
  port: number,
  { timeoutMs, hears = false, signal }: {
    timeoutMs: number;
    hears?: boolean;
    signal?: AbortSignal | undefined;
  },
): Promise<Knock> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve({ state: "silent", banner: null });
    const socket = connect({ host: address, port });
    let state: PortState = "silent";
    let banner: string | null = null;
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      socket.destroy();
      resolve({ state, banner });
    };
    const timer = setTimeout(done, timeoutMs);
    signal?.addEventListener("abort", done, { once: true });
    socket.once("connect", () => {
      state = "open";
      if (!hears) done();
    });
    socket.once("data", (bytes) => {
      const [line = ""] = bytes.subarray(0, BANNER_BYTES).toString("latin1").split(/[\r\n]/);
      banner = plainText(line) || null;
      done();
    });
    socket.once("close", done);
    socket.once("error", (error: Error & { code?: string }) => {
      if (error.code === "ECONNREFUSED") state = "closed";
      done();
    });
  });
}

interface TlsTry {
  mode?: "pinned" | "legacy";
  fingerprint: string | null;
  trouble?: string;
}

async function tryTls(
  address: string,
  port: number,
  signal: AbortSignal | undefined,
): Promise<TlsTry> {
  let trouble = "";
  for (const mode of ["pinned", "legacy"] as const) {
    const tls: RouterTls = { mode, fingerprint: null };
    try {
      const link = await openLink({ address, port, tls, connectTimeoutMs: TIMEOUT_MS, signal });
      const fingerprint = link.certificate?.fingerprint ?? null;
      link.close();
      return { mode, fingerprint };
    } catch (error) {
      trouble ||= messageOf(error);
      // Legacy is for peers whose cryptography is old, not for those that do not speak TLS.
      if (!(error instanceof TlsFailed) || /does not speak TLS/.test(trouble)) break;
    }
  }
  return { fingerprint: null, trouble };
}

function adviceFor(
  answers: readonly { state: PortState }[],
  tlsMode: string | null,
  trouble: string | undefined,
): string | null {
  if (answers.every(({ state }) => state === "silent")) {
    return "Nothing answers at this address: check power, the route to it, and the firewall on the way.";
  }
  if (tlsMode === null) {
    return "No API port answers: enable api-ssl (better) or api in /ip service on the router, " +
      "and allow this machine's address there.";
  }
  if (tlsMode === "plain") {
    return "Only the unencrypted API answers: a password would cross the network in clear. Better " +
      `give the router a certificate and enable api-ssl.${trouble ? ` (${trouble})` : ""}`;
  }
  if (tlsMode === "legacy") {
    return "Its TLS is old or without certificate: it works, but give it a certificate soon.";
  }
  return null;
}
