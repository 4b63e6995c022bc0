import { messageOf, Unavailable } from "./errors.ts";
import type { Platform } from "./platform.ts";

const API_TIMEOUT_MS = 2_000;

export interface Dependency {
  name: "database" | "bus" | "locks" | "kms" | "api";
  isReady: boolean;
  /** What stands there, or why it does not answer. */
  detail: string;
  ms: number;
}

/** What `/health/ready` and `tod doctor` report. */
export async function checkDependencies(platform: Platform): Promise<Dependency[]> {
  const { db, bus, locks, kms, config } = platform;
  const check = async (name: Dependency["name"], ask: () => Promise<string>) => {
    const began = performance.now();
    const took = () => Math.round((performance.now() - began) * 10) / 10;
    try {
      return { name, isReady: true, detail: await ask(), ms: took() };
    } catch (error) {
      return { name, isReady: false, detail: messageOf(error), ms: took() };
    }
  };
  const { apiUrl } = config.http;
  if (config.roles.every((role) => role === "web")) {
    return [await check("api", () => checkApi(apiUrl!))];
  }
  return await Promise.all([
    check("database", () => db.check()),
    check("bus", async () => {
      const { kind, pending, pendingBytes } = await bus.check();
      return `${kind}, ${pending} messages (${pendingBytes} bytes) wait`;
    }),
    check("locks", () => locks.check()),
    check("kms", () => kms.check()),
  ]);
}

async function checkApi(apiUrl: string): Promise<string> {
  const url = new URL("/health", apiUrl);
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(API_TIMEOUT_MS) });
    const { version } = await answer.json();
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return `version ${version}`;
  } catch (error) {
    throw new Unavailable(`The api role at ${url.origin} does not answer: ${messageOf(error)}`);
  }
}
