/** `*` and `?` alone, and never slower than the length of both multiplied. */
export function isLike(text: string, pattern: string): boolean {
  let [at, of, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (
      of < pattern.length && pattern[of] !== "*" &&
      (pattern[of] === "?" || pattern[of] === text[at])
    ) {
      at += 1;
      of += 1;
    } else if (pattern[of] === "*") {
      star = of++;
      mark = at;
    } else if (star !== -1) {
      of = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[of] === "*") of += 1;
  return of === pattern.length;
}
