import type { HostFindings } from "@/core/contract/discovery.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { examineHost, knock } from "../examine_host.ts";
import type { Semaphore } from "../semaphore.ts";

/** Where RouterOS listens: the API, the API over TLS, WinBox, SSH. */
export const SCANNED_PORTS: readonly number[] = [8728, 8729, 8291, 22];

export interface ScanOptions {
  addresses: readonly string[];
  clock: Clock;
  /** Addresses begun in a second: a scan must not fill a network's tables of connections. */
  perSecond: number;
  /** Addresses looked at side by side. */
  atOnce: number;
  knockMs: number;
  /** Shared by all scans of this poller: a closer look is a TLS handshake or two. */
  looks: Semaphore;
  signal: AbortSignal;
  ports?: readonly number[];
  onHost(findings: HostFindings): void;
  onDone(): void;
}

/**
 * Looks through addresses: four connections each, and a closer look at those that accept one. Ends when
 * all were looked at, or at once when `signal` aborts: then every socket is closed.
 */
export async function scan(options: ScanOptions): Promise<void> {
  const { addresses, clock, perSecond, signal, onDone } = options;
  const began = clock.monotonic();
  let next = 0;
  const walk = async () => {
    while (!signal.aborted && next < addresses.length) {
      const at = next++;
      const early = began + at * 1_000 / perSecond - clock.monotonic();
      if (early > 0) await clock.sleep(early, signal);
      if (signal.aborted) return;
      await look(addresses[at]!, options);
      if (!signal.aborted) onDone();
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, walk));
}

async function look(address: string, options: ScanOptions): Promise<void> {
  const { knockMs: timeoutMs, looks, signal, ports = SCANNED_PORTS, onHost } = options;
  const answers = await Promise.all(
    ports.map((port) => knock(address, port, { timeoutMs, signal })),
  );
  if (signal.aborted || !answers.some(({ state }) => state === "open")) return;
  const findings = await looks.run(async () => {
    return signal.aborted ? undefined : await examineHost({ address }, signal);
  });
  if (findings && !signal.aborted) onHost(findings);
}
