/**
 * `deno task dev`: Vite in front (islands and CSS with HMR), the product behind it. A change on the
 * server side restarts the product, then reloads the page; an island's is taken by HMR alone.
 */
import { createServer } from "vite";
import { generate } from "./gen.ts";

const APP_PORT = Deno.env.get("TOD_PORT") ?? "8080";
const APP = `http://127.0.0.1:${APP_PORT}`;
const VITE_PORT = Number(Deno.env.get("VITE_PORT") ?? 5173);
const SERVER_SIDE = /^(routes|core|cli|web|islands|components|poller|migrations|main\.ts)/;
/** Editors write a file in several steps: one restart for all of them. */
const SETTLE_MS = 80;
const START_MS = 20_000;

generate();
// The product answers only where it is told to; vite.config.ts sends pages there.
Deno.env.set("TOD_PORT", APP_PORT);
let child = start();

function start(): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "main.ts", ...Deno.args],
    env: { TOD_DEV: "1" },
    stdin: "null",
  }).spawn();
}

/** Waits for the product to answer again. False when it ended, or does not answer in time. */
async function isUp(): Promise<boolean> {
  let hasEnded = false;
  void child.status.then(() => hasEnded = true);
  for (const deadline = Date.now() + START_MS; Date.now() < deadline && !hasEnded;) {
    try {
      const response = await fetch(`${APP}/health`);
      await response.body?.cancel();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return false;
}

async function stop(): Promise<void> {
  try {
    child.kill("SIGTERM");
  } catch { /* it ended by itself */ }
  await child.status;
}

/** A restart that is under way starts nothing any more. */
let isLeaving = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    isLeaving = true;
    void stop().then(() => Deno.exit(0));
  });
}

const vite = await createServer({
  server: { port: VITE_PORT, strictPort: true, host: "127.0.0.1" },
});
let timer: ReturnType<typeof setTimeout> | undefined;
let needsReload = false;
/** Restarts follow each other: two at once would leave a product behind that holds the port. */
let restarting = Promise.resolve();
let changes = 0;

async function restart(): Promise<void> {
  const seen = changes;
  await stop();
  if (isLeaving) return;
  child = start();
  const up = await isUp();
  // A page that reloads while the product restarts again would stay on the error for good.
  if (seen !== changes) return;
  if (!up) {
    console.error("The product does not start: its output above says why. Waiting for a change.");
  } else if (needsReload) {
    needsReload = false;
    vite.environments.client.hot.send({ type: "full-reload" });
  }
}

vite.watcher.on("all", (event, file) => {
  const path = file.slice(Deno.cwd().length + 1);
  if (!SERVER_SIDE.test(path) || /_test\.tsx?$/.test(path)) return;
  if (event === "add" || event === "unlink") generate();
  needsReload ||= !(path.startsWith("islands/") && event === "change");
  changes++;
  clearTimeout(timer);
  timer = setTimeout(() => restarting = restarting.then(restart), SETTLE_MS);
});
await vite.listen();
vite.printUrls();
