import type { SimRouter } from "../router.ts";
import { commandsOf } from "./known.ts";
import { parse } from "./parse.ts";
import type { Step } from "./run.ts";
import { Code, isTrue, textOf, type Value } from "./values.ts";

/** `:len`, `:pick` and the other commands that only work something out. */
export function* callFunction(
  router: SimRouter,
  name: string,
  given: (name: string) => Step,
): Step {
  if (name === "parse") {
    const source = textOf(yield* given("script"));
    return new Code(parse(source, commandsOf(router.tree)));
  }
  const value = yield* given("value");
  switch (name) {
    case "len":
      return Array.isArray(value) ? value.length : textOf(value).length;
    case "tostr":
      return textOf(value);
    case "tonum":
      return /^-?\d+$/.test(textOf(value)) ? Number(textOf(value)) : undefined;
    case "tobool":
      return isTrue(value);
    case "toarray":
      return Array.isArray(value) ? value : textOf(value).split(",").filter(Boolean);
    case "typeof":
      return typeOf(value);
    case "pick": {
      const begin = Number((yield* given("begin")) ?? 0);
      const end = yield* given("end");
      const until = end === undefined ? begin + 1 : Number(end);
      return Array.isArray(value) ? value.slice(begin, until) : textOf(value).slice(begin, until);
    }
    case "find": {
      const where = yield* given("in");
      const key = textOf(yield* given("key"));
      const at = Array.isArray(where)
        ? where.findIndex((item) => textOf(item) === key)
        : textOf(where).indexOf(key);
      return at < 0 ? undefined : at;
    }
  }
  return undefined; // :nothing
}

function typeOf(value: Value): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return "num";
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return "array";
  if (value instanceof Code) return "code";
  return /^\*[0-9A-F]+$/.test(value) ? "id" : "str";
}
