import { signal } from "@preact/signals";
import { Hono } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";
import { productionAssets } from "../assets.ts";
import { mount } from "../mount.ts";
import { staticFiles } from "../static.ts";
import type { FixtureBuild } from "./build_fixture.ts";
import Broken from "./islands/Broken.tsx";
import Counter, { type CounterProps } from "./islands/Counter.tsx";
import Fragile from "./islands/Fragile.tsx";
import Lazy from "./islands/Lazy.tsx";
import { Panel } from "./islands/Panel.tsx";
import { App, define, type FixtureState } from "./serve_routes.tsx";

export const HOSTILE = `"><script>document.title="owned"</script><img src=x onerror=alert(1)>`;

const Home = define.page(() => {
  const shared: Omit<CounterProps, "name"> = {
    shared: signal(7),
    at: new Date("2026-11-23T20:00:00Z"),
    bytes: 18_446_744_073_709_551_614n,
    labels: new Map([["site", HOSTILE]]),
  };
  return (
    <main>
      <Broken />
      <Broken>
        <Counter name="within-broken" {...shared} />
      </Broken>
      <Fragile shared={shared.shared} />
      <Counter name="first" {...shared} />
      <Panel name="open" isOpen>
        <p data-testid="server-html">server HTML</p>
        <Counter name="nested" {...shared} />
      </Panel>
      <Panel name="closed" isOpen={false}>
        <Counter name="late" {...shared} />
      </Panel>
      <Lazy />
    </main>
  );
});

/** The whole of web/ on the fixture's build: strict headers, assets, pages with and without islands. */
export function createFixtureApp({ dir, manifest }: FixtureBuild): Hono {
  const hono = new Hono();
  hono.use(secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      scriptSrc: ["'self'", `'${manifest.importmapHash}'`],
      styleSrc: ["'self'", NONCE],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
    },
  }));
  hono.use(staticFiles(dir));
  return mount<FixtureState>({
    hono,
    routes: {
      "/routes/_app.tsx": { default: App },
      "/routes/index.tsx": { default: Home },
      "/routes/plain.tsx": { default: define.page(() => <p>no island here</p>) },
    },
    islands: {
      "/islands/Broken.tsx": { default: Broken },
      "/islands/Counter.tsx": { default: Counter },
      "/islands/Fragile.tsx": { default: Fragile },
      "/islands/Lazy.tsx": { default: Lazy },
      "/islands/Panel.tsx": { Panel },
    },
    assets: productionAssets(manifest),
    state: () => ({ trail: [] }),
  });
}
