import type { Clock } from "@/core/ports/clock.ts";

/** A file that is sent while it is made. When its source fails the connection breaks: no half file looks whole. */
export function download(
  pieces: AsyncIterable<string> | Iterable<string>,
  { name, type }: { name: string; type: string },
): Response {
  const body = ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
  return new Response(body, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** "tod-audit-2026-01-31.csv" */
export function fileName(what: string, clock: Clock, ending: string): string {
  return `tod-${what}-${new Date(clock.now()).toISOString().slice(0, 10)}.${ending}`;
}
