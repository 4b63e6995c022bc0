import { writeFile } from "node:fs/promises";
import type { Fleet } from "./fleet.ts";
import { fromBytes } from "./text.ts";

/** What someone needs to adopt a simulated router. */
export interface ManifestEntry {
  readonly index: number;
  readonly name: string;
  readonly site: string;
  readonly address: string;
  readonly port: number;
  /** 0 without api-ssl. */
  readonly tlsPort: number;
  readonly tls: "none" | "rsa" | "anonymous";
  /** 0 without SSH. */
  readonly sshPort: number;
  readonly username: string;
  readonly password: string;
  readonly board: string;
  readonly version: string;
}

export function manifestOf(fleet: Fleet): ManifestEntry[] {
  return fleet.routers.map((host) => {
    const { spec, identity } = host.router;
    // A name in a code page is no UTF-8: the manifest then names the router by its place.
    const name = fromBytes(identity);
    return {
      index: spec.index,
      name: name.includes("\ufffd") ? `${spec.site}-${spec.board}-${spec.index}` : name,
      site: spec.site,
      address: host.address,
      port: host.port,
      tlsPort: host.tlsPort,
      tls: host.tls,
      sshPort: host.sshPort,
      username: host.username,
      password: host.password,
      board: spec.board,
      version: spec.version,
    };
  });
}

/** Written with mode 0600: it holds passwords, if only of routers that do not exist. */
export async function writeManifest(path: string, fleet: Fleet): Promise<void> {
  const text = JSON.stringify(manifestOf(fleet), null, 1) + "\n";
  await writeFile(path, text, { mode: 0o600 });
}
