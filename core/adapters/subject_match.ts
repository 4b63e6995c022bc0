/** Does a dot-separated subject fit a filter? `*` stands for one token, a last `>` for one or more. */
export function matches(filter: string, subject: string): boolean {
  if (filter === subject) return true;
  const want = filter.split(".");
  const have = subject.split(".");
  for (const [index, token] of want.entries()) {
    if (token === ">" && index === want.length - 1) return have.length >= want.length;
    if (have[index] === undefined || (token !== "*" && token !== have[index])) return false;
  }
  return want.length === have.length;
}
