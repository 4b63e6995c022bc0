import { z } from "@hono/zod-openapi";
import { exposeFleet } from "@/core/exposition/exposition.ts";
import { COLLECTIONS } from "@/core/exposition/families.ts";
import { CONTENT_TYPE } from "@/core/exposition/text_format.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, LIMITED } from "../http/api_route.ts";

const Collection = z.enum(COLLECTIONS);

const scrape = apiRoute("metrics:read", {
  method: "get",
  path: "/",
  tags: ["metrics"],
  summary: "Scrape the fleet's readings",
  description:
    "For Prometheus, in its text format: what the routers read now, with an API key of `metrics:read`. " +
    "`query` takes a part of the fleet, in the language of the fleet table; `collect` (repeated) takes " +
    `some of ${COLLECTIONS.join(", ")}. Readings of routers that do not answer are left out.`,
  request: {
    query: z.object({
      query: z.string().max(500).default(""),
      collect: z.union([Collection.transform((one) => [one]), z.array(Collection)]).optional(),
    }),
  },
  responses: {
    200: { description: "The readings", content: { "text/plain": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...LIMITED,
  },
});

/** `/api/prometheus`. */
export function prometheusApi(deps: { clock: Clock }) {
  return apiModule().openapi(scrape, async (c) => {
    const { query, collect } = c.req.valid("query");
    const lines = await exposeFleet(c.var.scope, {
      ...{ query, collections: collect ?? COLLECTIONS },
    }, deps);
    return new Response(lines.pipeThrough(new TextEncoderStream()), {
      headers: { "content-type": CONTENT_TYPE, "cache-control": "no-store" },
    }) as never;
  });
}
