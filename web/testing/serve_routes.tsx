import { Hono } from "hono";
import type { Assets } from "../assets.ts";
import { createDefine } from "../define.ts";
import { mount, type MountOptions } from "../mount.ts";
import type { Module } from "../render.ts";

export interface FixtureState {
  trail: string[];
}
export const define = createDefine<FixtureState>();

/** Names the islands of a page instead of loading them. */
const listedAssets: Assets = {
  head: (islands) => `<meta name="islands" content="${[...islands].sort().join()}">`,
};

export const App = define.layout(({ Component, title }) => (
  <html lang="en">
    <head>
      <title>{title ?? "untitled"}</title>
    </head>
    <body>
      <Component />
    </body>
  </html>
));

export interface Fixture {
  hono: Hono;
  /** A request as a browser's address bar makes it. */
  browse(path: string, init?: RequestInit): Promise<Response>;
  html(path: string): Promise<string>;
}

/** An app of these route modules alone; `_app.tsx` is there unless the routes bring their own. */
export function serveRoutes(
  routes: Record<string, Module>,
  options: Partial<MountOptions<FixtureState>> = {},
): Fixture {
  const hono = mount<FixtureState>({
    hono: new Hono(),
    routes: { "/routes/_app.tsx": { default: App }, ...routes },
    islands: {},
    assets: listedAssets,
    state: () => ({ trail: [] }),
    ...options,
  });
  const browse = async (path: string, init: RequestInit = {}) =>
    await hono.request(path, { ...init, headers: { accept: "text/html", ...init.headers } });
  return { hono, browse, html: async (path) => await (await browse(path)).text() };
}
