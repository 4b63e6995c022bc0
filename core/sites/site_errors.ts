import { MAX_SITE_DEPTH } from "@/core/contract/sites.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";

interface DatabaseError {
  code?: string;
  constraint_name?: string;
}

/** What the database refuses about a tree of sites, in words for people. */
export async function inSiteWords<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code, constraint_name: constraint } = error as DatabaseError;
    if (code === "23505" && constraint === "sites_by_name") {
      throw new Conflict("Cannot save this site: one of this name stands there already");
    }
    if (constraint === "sites_parent") {
      if (code === "23503") throw misplaced("is no site of yours, or other sites stand below");
    }
    if (constraint === "devices_site") {
      throw new Conflict("Cannot remove this site: routers stand there, move them first");
    }
    if (constraint === "sites_circle") throw misplaced("must not be the site itself or below it");
    if (constraint === "sites_depth") {
      throw misplaced(`must not be deeper than ${MAX_SITE_DEPTH} sites`);
    }
    throw error;
  }
}

function misplaced(message: string): InvalidInput {
  return new InvalidInput("Cannot place this site there", [{ path: "parentId", message }]);
}
