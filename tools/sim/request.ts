/** A command sentence taken apart. Names and values are byte strings. */
export interface Request {
  readonly command: string;
  /** `=name=value`; a flag without the second `=` (`=count-only`) has the value "". */
  readonly attributes: ReadonlyMap<string, string>;
  readonly queries: readonly string[];
  readonly tag: string | undefined;
  /** All words but the tag: two requests with the same key have the same answer. */
  readonly key: string;
}

/** Takes a sentence apart; `.tag` may stand anywhere behind the command. */
export function parseRequest(words: readonly string[]): Request {
  const attributes = new Map<string, string>();
  const queries: string[] = [];
  let tag: string | undefined;
  let key = words[0]!;
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (word.startsWith(".tag=")) {
      tag = word.slice(5);
      continue;
    }
    key += "\0" + word;
    if (word.startsWith("?")) queries.push(word);
    else if (word.startsWith("=")) {
      const cut = word.indexOf("=", 1);
      if (cut < 0) attributes.set(word.slice(1), "");
      else attributes.set(word.slice(1, cut), word.slice(cut + 1));
    }
  }
  return { command: words[0]!, attributes, queries, tag, key };
}
