import { equal, match } from "node:assert/strict";
import { Hono } from "hono";
import { ConfigError, readConfig } from "@/core/config.ts";
import { securityHeaders } from "./security.ts";

async function picturesOf(path: string, tilesUrl?: string): Promise<string> {
  const app = new Hono().use(securityHeaders({ isDevelopment: false, tilesUrl }))
    .all("*", (c) => c.text(""));
  const { headers } = await app.request(path);
  return /img-src ([^;]*)/.exec(headers.get("content-security-policy")!)![1]!;
}

Deno.test("pictures come from here, and on the map alone from the origin of its tiles", async () => {
  const tiles = "https://tiles.example.net:8443/osm/{z}/{x}/{y}{r}.png?key=1";
  equal(await picturesOf("/map"), "'self' data:");
  equal(await picturesOf("/map", tiles), "'self' data: https://tiles.example.net:8443");
  equal(await picturesOf("/topology", tiles), "'self' data:");
  equal(await picturesOf("/map", "/tiles/{z}/{x}/{y}.png"), "'self' data:");
});

Deno.test("an address of tiles names one origin and where z, x and y go", () => {
  const read = (url: string) =>
    readConfig({
      args: [`--map-tiles-url=${url}`],
      env: { HOME: "/nonexistent" },
      isRoot: false,
    }).http.mapTiles;
  equal(read("https://a.example/{z}/{x}/{y}.png")?.maxZoom, 19);
  equal(read("/tiles/{z}/{x}/{y}@{r}.png")?.url, "/tiles/{z}/{x}/{y}@{r}.png");
  for (
    const wrong of [
      ...["https://a.example/", "https://{s}.a.example/{z}/{x}/{y}.png", "//a.example/{z}/{x}/{y}"],
      ...["https://{x}.a.example/{z}/{x}/{y}.png", "javascript:{z}{x}{y}", "data:,{z}{x}{y}"],
      ...["https://me:secret@a.example/{z}/{x}/{y}.png", "{z}/{x}/{y}.png"],
    ]
  ) {
    let problem = "";
    try {
      read(wrong);
    } catch (error) {
      problem = error instanceof ConfigError ? error.message : "";
    }
    match(problem, /--map-tiles-url .* must/, wrong);
  }
});
