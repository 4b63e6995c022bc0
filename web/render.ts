import { type ComponentChild, type ComponentType, Fragment, h } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Assets } from "./assets.ts";
import type { Context, PageProps } from "./define.ts";
import { type RenderState, withScope } from "./islands.ts";
import { chainOf } from "./patterns.ts";

export type Module = Record<string, unknown>;
type Wrapper = ComponentType<PageProps<unknown, unknown>>;

/** The HTML of a route's page inside its layouts and `_app`, with the tags of the islands it uses. */
export function renderPage(
  ctx: Context<unknown>,
  file: string,
  data: unknown,
  routes: Readonly<Record<string, Module>>,
  assets: Assets,
): string {
  const module = routes[file]!;
  const own = module["title"];
  const title = typeof own === "function" ? String(own(data)) : own as string | undefined;
  const props = { ...ctx, data, title };
  const Nothing = () => null;

  let node: ComponentChild = h(module["default"] as Wrapper, { ...props, Component: Nothing });
  const wrappers = [
    ...chainOf<Wrapper>("/routes/x", "_app", routes),
    ...chainOf<Wrapper>(file, "_layout", routes),
  ];
  for (const wrapper of wrappers.reverse()) {
    const inner: ComponentChild = node;
    node = h(wrapper, { ...props, Component: (): ComponentChild => h(Fragment, null, inner) });
  }
  const state: RenderState = { islands: new Set(), signals: new Map() };
  const html = renderToString(withScope(state, node));
  const nonce = `<meta property="csp-nonce" nonce="${ctx.nonce}">`;
  return "<!doctype html>" +
    html.replace("</head>", () => `${nonce}${assets.head(state.islands)}</head>`);
}
