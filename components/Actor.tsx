import { plainText } from "@/core/contract/plain_text.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who acted: the name, or the pseudonym, of which the beginning tells it apart well enough. */
export function Actor({ actor, name }: { actor: string; name: string | null }) {
  if (name !== null) return <bdi title={actor}>{plainText(name)}</bdi>;
  return <bdi class="mono" title={actor}>{shortId(actor)}</bdi>;
}

/** "user:5f0c8a6e-…" → "user:5f0c8a6e…" */
export function shortId(text: string): string {
  const [last = ""] = text.split(":").slice(-1);
  return UUID.test(last) ? `${text.slice(0, text.length - 28)}…` : text;
}
