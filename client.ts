/** The browser's entry: styles, then every island on the page. */
import "./assets/style.css";
import { islands } from "./gen/client.ts";
import { createBoot, type Loader } from "./web/client.ts";

await createBoot(islands as unknown as Record<string, Loader>)(document);
document.documentElement.dataset["hydrated"] = "true";
