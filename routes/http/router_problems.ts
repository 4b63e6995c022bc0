import { Problem } from "./api_route.ts";

const problemOf = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: Problem } },
});

/** Errors of routes that ask a router. */
export const ROUTER_PROBLEMS = {
  502: problemOf("The router declined"),
  504: problemOf("The router could not be reached"),
} as const;
