/**
 * `deno task dev`: Vite in front (islands and CSS with HMR), the product behind it. A change on the
 * server side restarts the product, then reloads the page; an island's is taken by HMR alone.
 */
import { createServer } from "vite";
import { generate } from "./gen.ts";

const APP = "http://127.0.0.1:8080";
const SERVER_SIDE = /^(routes|core|web|islands|components|poller|migrations|main\.ts)/;

generate();
let child = start();

function start(): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "main.ts", ...Deno.args],
    env: { TOD_DEV: "1", TOD_PORT: "8080" },
    stdin: "null",
  }).spawn();
}

/** Resolves when the product answers again. */
async function isUp(): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    try {
      await (await fetch(`${APP}/health`)).body?.cancel();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function stop(): Promise<void> {
  try {
    child.kill("SIGTERM");
  } catch { /* it ended by itself */ }
  await child.status;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => void stop().then(() => Deno.exit(0)));
}

const vite = await createServer({ server: { port: 5173, strictPort: true, host: "127.0.0.1" } });
let timer: ReturnType<typeof setTimeout> | undefined;
let needsReload = false;
vite.watcher.on("all", (event, file) => {
  const path = file.slice(Deno.cwd().length + 1);
  if (!SERVER_SIDE.test(path) || /_test\.tsx?$/.test(path)) return;
  if (event === "add" || event === "unlink") generate();
  needsReload ||= !(path.startsWith("islands/") && event === "change");
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const reload = needsReload;
    needsReload = false;
    await stop();
    child = start();
    if (!reload) return;
    await isUp();
    vite.environments.client.hot.send({ type: "full-reload" });
  }, 80);
});
await vite.listen();
vite.printUrls();
