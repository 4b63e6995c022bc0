import "./style.css";
import { createBoot } from "../client.ts";

const boot = createBoot({
  "/islands/Broken.tsx": () => import("./islands/Broken.tsx"),
  "/islands/Counter.tsx": () => import("./islands/Counter.tsx"),
  "/islands/Fragile.tsx": () => import("./islands/Fragile.tsx"),
  "/islands/Lazy.tsx": () => import("./islands/Lazy.tsx"),
  "/islands/Panel.tsx": () => import("./islands/Panel.tsx"),
});
await boot(document);
document.documentElement.dataset["hydrated"] = "true";
