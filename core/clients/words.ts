const MAX_WORDS = 12;
const MAX_LENGTH = 64;

/** What a name is found by: its runs of letters and digits, in small letters, each once. */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, MAX_LENGTH)))].slice(0, MAX_WORDS);
}
