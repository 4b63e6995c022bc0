import { createDefine } from "@/web/define.ts";
import type { ApiClient } from "./http/api_client.ts";

/** What every page can count on. */
export interface State {
  api: ApiClient;
  version: string;
  /** As stored in a cookie; `undefined` follows the system. */
  theme: "light" | "dark" | undefined;
  density: "comfortable" | "compact";
}

export const define = createDefine<State>();
