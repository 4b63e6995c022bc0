/**
 * Cuts one command into words at spaces outside quotes and brackets. Quotes stay on: only who knows what a
 * word is may take them off.
 *
 * @returns `undefined` when a quote or bracket is not closed: the line was cut
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  const open: string[] = [];
  let word = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (char === "\\") {
      word += char + (text[at + 1] ?? "");
      at += 1;
    } else if (isQuoted) {
      word += char;
      isQuoted = char !== '"';
    } else if (char === '"') {
      word += char;
      isQuoted = true;
    } else if ((char === " " || char === "\t") && open.length === 0) {
      if (word !== "") words.push(word);
      word = "";
    } else {
      word += char;
      if (char in CLOSING) open.push(CLOSING[char]!);
      else if (char === open.at(-1)) open.pop();
    }
  }
  if (word !== "") words.push(word);
  return isQuoted || open.length > 0 ? undefined : words;
}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "{": "}", "(": ")" };
