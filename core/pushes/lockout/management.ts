import type { ConfigModel } from "../config_model.ts";

/** How we reach a router, as far as it is known. */
export interface Management {
  /** Where we come from, as the router sees it; empty: not known. */
  readonly sources: readonly string[];
  /** What we connect to; it may be a host name, or an address in front of the router. */
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string;
  /** The port of a bridge behind which we are; `null`: not known. */
  readonly ingress: string | null;
}

export interface Situation {
  /** As it would be after the commands so far. */
  readonly model: ConfigModel;
  /** As it is. */
  readonly base: ConfigModel;
  readonly us: Management;
}

/** Something that stands between us and the router, or may. */
export interface Obstacle {
  /** The same obstacle after another command has the same key. */
  readonly key: string;
  readonly severity: "certain" | "possible";
  /** A sentence. */
  readonly reason: string;
}

/** One side of the way to a router. */
export interface Check {
  /** Whether a command in this menu may change the answer. */
  watches(menu: string): boolean;
  look(situation: Situation): Obstacle[];
}

export const certain = (key: string, reason: string): Obstacle => ({
  ...{ key, severity: "certain", reason },
});
export const possible = (key: string, reason: string): Obstacle => ({
  ...{ key, severity: "possible", reason },
});

export const serviceName = ({ tls }: Management) => tls ? "api-ssl" : "api";
