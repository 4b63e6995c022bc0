import { join } from "node:path";
import type { Hono } from "hono";
import { getCookie } from "hono/cookie";
import { islands, routes } from "@/gen/server.ts";
import { type ClientManifest, developmentAssets, productionAssets } from "@/web/assets.ts";
import { mount } from "@/web/mount.ts";
import { staticFiles } from "@/web/static.ts";
import type { Logger } from "@/core/log.ts";
import type { State } from "./define.ts";
import { type ApiFetch, createApiClient } from "./http/api_client.ts";
import type { AddressOf } from "./http/client_address.ts";
import { statusOf } from "./http/problem.ts";

export interface ClientBuild {
  manifest: ClientManifest;
  /** Folder of the built files. */
  dir: string;
}

/** The browser build: beside main.js in the artifact, in dist/ of the checkout. */
export function findClientBuild(): ClientBuild {
  const here = import.meta.dirname!;
  for (const candidate of [here, join(here, "..", "dist")]) {
    try {
      const manifest = JSON.parse(Deno.readTextFileSync(join(candidate, "manifest.json")));
      return { manifest, dir: join(candidate, "client") };
    } catch { /* looked for in the next place */ }
  }
  throw new Error("Cannot serve pages as the browser build is missing: run deno task build");
}

export interface PagesOptions {
  /** `undefined` in development, where Vite serves the sources. */
  build: ClientBuild | undefined;
  apiFetch: ApiFetch;
  addressOf: AddressOf;
  version: string;
  log: Logger;
  mapTiles: State["mapTiles"];
}

/** Serves assets and the file routes. */
export function mountPages(
  hono: Hono,
  { build, apiFetch, addressOf, version, log, mapTiles }: PagesOptions,
): void {
  if (build) hono.use(staticFiles(build.dir));
  mount<State>({
    hono,
    routes,
    islands,
    assets: build ? productionAssets(build.manifest) : developmentAssets,
    statusOf,
    onFault: (error, c) =>
      log.error("a page failed", {
        path: c.req.path,
        requestId: c.get("requestId" as never),
        error,
      }),
    state: (c) => {
      const theme = getCookie(c, "tod_theme");
      return {
        api: createApiClient(apiFetch, c.req.raw, addressOf(c)),
        me: undefined,
        version,
        mapTiles,
        theme: theme === "light" || theme === "dark" ? theme : undefined,
        density: getCookie(c, "tod_density") === "compact" ? "compact" : "comfortable",
        sidebar: getCookie(c, "tod_sidebar") === "narrow" ? "narrow" : "wide",
        timeZone: getCookie(c, "tod_zone")?.slice(0, 64),
      };
    },
  });
}
