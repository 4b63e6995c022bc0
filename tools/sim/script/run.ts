import type { Row } from "../live.ts";
import { valueAt } from "../live.ts";
import type { Actor, Menu } from "../menu.ts";
import type { SimRouter } from "../router.ts";
import { Trap } from "../trap.ts";
import { secondsOf } from "../values.ts";
import { runCommand } from "./command.ts";
import { callFunction } from "./functions.ts";
import type { Argument, Node, Statement } from "./syntax.ts";
import { Code, isTrue, listOf, literal, operate, textOf, type Value } from "./values.ts";

/** What `:error` raises, and what stops a script by itself. */
export class ScriptTrap extends Trap {
  constructor(message: string) {
    super(message, 3);
  }
}

class Return {
  constructor(readonly value: Value) {}
}

/** Steps one script may take: one that never ends is stopped. */
const MOST_STEPS = 200_000;
export type Step = Generator<number, Value>;
type Scope = Map<string, Value>;

/** One run of a script. Its steps are generators, as `:delay` waits on the router's clock. */
export class Run {
  /** What `:put` and print said. */
  output = "";
  #scopes: Scope[];
  #steps = 0;

  constructor(readonly router: SimRouter, readonly actor: Actor) {
    this.#scopes = [router.globals, new Map()];
  }

  /** @throws {Trap} what nobody caught */
  *whole(body: readonly Statement[]): Step {
    try {
      return yield* this.body(body);
    } catch (thrown) {
      if (thrown instanceof Return) return thrown.value;
      throw thrown;
    }
  }

  *body(body: readonly Statement[]): Step {
    let value: Value;
    for (const statement of body) value = yield* this.#statement(statement);
    return value;
  }

  *block(body: readonly Statement[], scope: Scope = new Map()): Step {
    const outer = this.#scopes;
    this.#scopes = [...outer, scope];
    try {
      return yield* this.body(body);
    } finally {
      this.#scopes = outer;
    }
  }

  *#statement(statement: Statement): Step {
    if (++this.#steps > MOST_STEPS) throw new ScriptTrap("script takes too long");
    switch (statement.kind) {
      case "block":
        return yield* this.block(statement.body);
      case "value": {
        const node = statement.value;
        const value = yield* this.value(node);
        if (!(value instanceof Code)) return value;
        // `[:parse …]` only makes code; `[[:parse …]]` and `$code` run it.
        const isRun = node.kind !== "call" ||
          node.body.length === 1 && node.body[0]!.kind === "value";
        return isRun ? yield* this.block(value.body) : value;
      }
      case "command":
        return yield* runCommand(this, statement);
      case "global":
        return yield* this.#global(statement.name, statement.args);
    }
  }

  // --- values

  *value(node: Node | undefined, row?: Row): Step {
    if (node === undefined) return undefined;
    switch (node.kind) {
      case "text":
        return node.isQuoted ? node.value : literal(node.value);
      case "join": {
        let text = "";
        for (const part of node.parts) text += textOf(yield* this.value(part, row));
        return text;
      }
      case "variable":
        return this.#scopeOf(node.name)?.get(node.name);
      case "call":
        return yield* this.block(node.body);
      case "code":
        return new Code(node.body);
      case "list": {
        const items: Value[] = [];
        for (const item of node.items) items.push(yield* this.value(item, row));
        return items;
      }
      case "not":
        return !isTrue(yield* this.value(node.of, row));
      case "property":
        return this.#property(node.name, row);
      case "binary": {
        const left = yield* this.value(node.left, row);
        const isAnd = node.op === "and" || node.op === "&&";
        const isOr = node.op === "or" || node.op === "||";
        if (isAnd && !isTrue(left)) return false;
        if (isOr && isTrue(left)) return true;
        if (node.left.kind === "property" && left === undefined) {
          // What an item has not is unequal to everything but nothing.
          const right = yield* this.value(node.right, row);
          return node.op === "!=" ? textOf(right) !== "" : node.op === "=" && textOf(right) === "";
        }
        return operate(node.op, left, yield* this.value(node.right, row));
      }
    }
  }

  #property(name: string, row: Row | undefined): Value {
    const value = row?.[name];
    if (value === undefined) return undefined;
    const text = valueAt(value, this.router.now());
    return text === "true" ? true : text === "false" ? false : text;
  }

  /** Items of a menu that a `where` lets through. */
  *select(menu: Menu, where: Node | undefined): Generator<number, Row[]> {
    const rows = menu.viewOf ? menu.rows(this.router) : this.router.rows(menu.path);
    if (!where) return rows;
    const chosen: Row[] = [];
    for (const row of rows) {
      const value = yield* this.value(where, row);
      if (isTrue(value) || where.kind === "property" && typeof value === "string" && value !== "") {
        chosen.push(row);
      }
    }
    return chosen;
  }

  #scopeOf(name: string): Scope | undefined {
    return this.#scopes.findLast((scope) => scope.has(name));
  }

  // --- global commands

  *#global(name: string, args: readonly Argument[]): Step {
    const node = (wanted: string) => args.find((arg) => arg.name === wanted)?.value;
    const given = (wanted: string) => this.value(node(wanted));
    switch (name) {
      case "put":
        this.output += `${textOf(yield* given("message"))}\r\n`;
        return undefined;
      case "log": {
        const topics = textOf(yield* given("topics"));
        this.router.log(`script,${topics}`, textOf(yield* given("message")));
        return undefined;
      }
      case "error":
        throw new ScriptTrap(textOf(yield* given("message")));
      case "return":
        throw new Return(yield* given("value"));
      case "delay": {
        const text = textOf(yield* given("delay-time")) || "1";
        const ms = /^(\d+)ms$/.exec(text);
        const seconds = secondsOf(text);
        if (!ms && seconds === undefined) {
          throw new ScriptTrap("invalid value for argument delay-time");
        }
        yield ms ? Number(ms[1]) : seconds! * 1_000;
        return undefined;
      }
      case "local":
      case "global":
      case "set":
        return yield* this.#assign(name, textOf(yield* given("name")), node("value") ?? node("do"));
      case "if":
        if (isTrue(yield* given("condition"))) return yield* this.#code(node("do"));
        return yield* this.#code(node("else"));
      case "do":
        return yield* this.#do(node("command"), node("on-error"), node("while"));
      case "onerror":
        return yield* this.#catch(node("in"), node("do"), textOf(yield* given("counter")));
      case "while":
        while (isTrue(yield* given("condition"))) yield* this.#again(node("do"));
        return undefined;
      case "for": {
        const counter = textOf(yield* given("counter"));
        const [from, to] = [Number(yield* given("from")), Number(yield* given("to"))];
        const step = Number((yield* given("step")) ?? (from <= to ? 1 : -1));
        for (let n = from; step > 0 ? n <= to : n >= to; n += step) {
          yield* this.#again(node("do"), new Map([[counter, n]]));
        }
        return undefined;
      }
      case "foreach": {
        const counter = textOf(yield* given("counter"));
        for (const item of listOf(yield* given("in"))) {
          yield* this.#again(node("do"), new Map([[counter, item]]));
        }
        return undefined;
      }
    }
    return yield* callFunction(this.router, name, given);
  }

  *#assign(how: string, name: string, node: Node | undefined): Step {
    const value = yield* this.value(node);
    if (how === "local") this.#scopes.at(-1)!.set(name, value);
    else if (how === "global") {
      if (node !== undefined || !this.router.globals.has(name)) {
        this.router.globals.set(name, value);
      }
    } else {
      const scope = this.#scopeOf(name);
      if (!scope) throw new ScriptTrap(`no such variable ${name}`);
      scope.set(name, value);
    }
    return undefined;
  }

  *#code(node: Node | undefined): Step {
    const code = yield* this.value(node);
    return code instanceof Code ? yield* this.block(code.body) : code;
  }

  *#again(node: Node | undefined, scope?: Scope): Step {
    if (++this.#steps > MOST_STEPS) throw new ScriptTrap("script takes too long");
    const code = yield* this.value(node);
    return code instanceof Code ? yield* this.block(code.body, scope) : undefined;
  }

  *#do(command: Node | undefined, onError: Node | undefined, condition: Node | undefined): Step {
    if (condition) {
      do yield* this.#code(command); while (isTrue(yield* this.value(condition)));
      return undefined;
    }
    return onError ? yield* this.#catch(command, onError) : yield* this.#code(command);
  }

  *#catch(command: Node | undefined, onError: Node | undefined, name?: string): Step {
    try {
      return yield* this.#code(command);
    } catch (error) {
      // A script that ends, or a router that went away, is no error to handle.
      if (!(error instanceof Trap)) throw error;
      const code = yield* this.value(onError);
      if (!(code instanceof Code)) return undefined;
      return yield* this.block(code.body, new Map(name ? [[name, error.message]] : []));
    }
  }
}
