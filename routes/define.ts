import type { Config } from "@/core/config.ts";
import type { Me } from "@/core/contract/auth.ts";
import { createDefine } from "@/web/define.ts";
import type { ApiClient } from "./http/api_client.ts";

/** What every page can count on. */
export interface State {
  api: ApiClient;
  /** Who is signed in; absent on the pages before that. Put there by the middleware of all pages. */
  me: Me | undefined;
  version: string;
  /** Where the map's tiles come from; `null`: it shows a grid. */
  mapTiles: Config["http"]["mapTiles"];
  /** As stored in a cookie; `undefined` follows the system. */
  theme: "light" | "dark" | undefined;
  density: "comfortable" | "compact";
  sidebar: "wide" | "narrow";
  /** IANA name, as the browser told it. */
  timeZone: string | undefined;
}

export const define = createDefine<State>();
