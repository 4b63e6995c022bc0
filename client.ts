/** The browser's entry: styles, then every island on the page. */
import "./assets/style.css";
import { islands } from "./gen/client.ts";
import { createBoot, type Loader } from "./web/client.ts";

// zod asks whether it may compile schemas, with an eval that the page's policy forbids: it may not.
// Set before any island brings it in.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

await createBoot(islands as unknown as Record<string, Loader>)(document);
document.documentElement.dataset["hydrated"] = "true";
