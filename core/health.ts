import { messageOf } from "./errors.ts";
import type { Platform } from "./platform.ts";

export interface Dependency {
  name: "database" | "bus" | "locks" | "kms";
  isReady: boolean;
  /** What stands there, or why it does not answer. */
  detail: string;
  ms: number;
}

/** What `/health/ready` and `tod doctor` report. */
export async function checkDependencies(platform: Platform): Promise<Dependency[]> {
  const { db, bus, locks, kms, config } = platform;
  if (config.roles.every((role) => role === "web")) return [];
  const check = async (name: Dependency["name"], ask: () => Promise<string>) => {
    const began = performance.now();
    const took = () => Math.round((performance.now() - began) * 10) / 10;
    try {
      return { name, isReady: true, detail: await ask(), ms: took() };
    } catch (error) {
      return { name, isReady: false, detail: messageOf(error), ms: took() };
    }
  };
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
