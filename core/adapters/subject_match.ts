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

/** Is there a subject that fits both filters? */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [one.split("."), other.split(".")];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at], b[at]];
    if (left === undefined || right === undefined) return false;
    if (left === ">" || right === ">") return true;
    if (left !== right && left !== "*" && right !== "*") return false;
  }
  return true;
}
