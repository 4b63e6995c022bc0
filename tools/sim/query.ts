/** Properties of the row under test; `undefined` means the row has none of that name. */
export type Lookup = (name: string) => string | undefined;

const BOOLEANS: Record<string, string> = { yes: "true", no: "false" };
const plain = (value: string) => BOOLEANS[value] ?? value;

/** Numbers and durations by size, everything else by bytes. */
function compare(left: string, right: string): number {
  if (/^-?\d+$/.test(left) && /^-?\d+$/.test(right)) {
    const [a, b] = [BigInt(left), BigInt(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The query words of a print, as the documented stack machine: each condition pushes, `?#` works on
 * the stack, and the row passes when no `false` is left on it.
 *
 * @see MikroTik documentation, "API", section "Queries"
 */
export function matches(queries: readonly string[], lookup: Lookup): boolean {
  let stack: boolean[] = [];
  for (const query of queries) {
    if (query.startsWith("?#")) stack = operate(stack, query.slice(2));
    else stack.push(condition(query.slice(1), lookup));
  }
  return !stack.includes(false);
}

function condition(text: string, lookup: Lookup): boolean {
  const operator = "-=<>".includes(text[0] ?? "") ? text[0] : "";
  const rest = operator ? text.slice(1) : text;
  if (operator === "-") return lookup(rest) === undefined;
  const cut = rest.indexOf("=");
  if (cut < 0) return lookup(rest) !== undefined;
  const name = rest.slice(0, cut);
  const wanted = rest.slice(cut + 1);
  const value = lookup(name);
  if (operator === ">" && wanted === "") return value !== undefined && value !== "";
  // A flag that is not set is simply absent from the row, and equals "no".
  if (value === undefined) return false;
  if (operator === "<") return compare(value, wanted) < 0;
  if (operator === ">") return compare(value, wanted) > 0;
  return plain(value) === plain(wanted);
}

function operate(before: boolean[], operations: string): boolean[] {
  let stack = [...before];
  // "Initially, the stack contains an infinite amount of 'true' values."
  const pop = () => stack.pop() ?? true;
  for (let i = 0; i < operations.length; i++) {
    const op = operations[i]!;
    if (op === "!") stack.push(!pop());
    else if (op === "&" || op === "|") {
      const [a, b] = [pop(), pop()];
      stack.push(op === "&" ? a && b : a || b);
    } else if (op === ".") {
      if (i > 0 && !/\d/.test(operations[i - 1]!)) stack.push(stack.at(-1) ?? true);
    } else if (/\d/.test(op)) {
      const digits = /^\d+/.exec(operations.slice(i))![0];
      const value = stack[stack.length - 1 - Number(digits)] ?? true;
      i += digits.length - 1;
      if (i === operations.length - 1) stack = [value];
      else stack.push(value);
    }
  }
  return stack;
}
