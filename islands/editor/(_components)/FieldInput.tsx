import { useSignal } from "@preact/signals";
import type { Field, Reference } from "@/core/contract/editor/field.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";

/** Reads what a field may name; kept by whoever draws the form. */
export type ReadValues = (menu: string, attribute: string) => Promise<string[]>;

/** The control of one attribute, by its type. `HIDDEN` is a secret that stays as it is. */
export function FieldInput({ field, id, value, problem, isNew, readValues, onInput }: {
  field: Field;
  id: string;
  value: string;
  problem: string | undefined;
  /** Of an item that is being added: what is left empty the router decides. */
  isNew: boolean;
  readValues: ReadValues;
  onInput: (value: string) => void;
}) {
  const { type, isNegatable } = field;
  const isNot = isNegatable === true && value.startsWith("!");
  const bare = isNot ? value.slice(1) : value;
  const common = {
    id,
    class: "field",
    "aria-invalid": problem !== undefined,
    "aria-describedby": `${id}-help`,
    autocomplete: "off",
    spellcheck: false,
  } as const;
  const write = (text: string) => onInput(isNot && text !== "" ? `!${text}` : text);
  switch (type.kind) {
    case "boolean":
      return (
        <select
          {...common}
          value={bare}
          onChange={(event) => write(event.currentTarget.value)}
        >
          {(isNew || bare === "") && (
            <option value="">{isNew ? "as the router decides" : "not set"}</option>
          )}
          <option value="yes">yes</option>
          <option value="no">no</option>
        </select>
      );
    case "choice":
      if (type.isList) return <Checks {...{ type, id, value: bare, write }} />;
      if (type.isOpen) {
        return <Suggesting {...{ common, write }} value={bare} all={type.options} />;
      }
      return (
        <select
          {...common}
          value={bare}
          onChange={(event) => write(event.currentTarget.value)}
        >
          <option value="">{isNew ? "as the router decides" : "not set"}</option>
          {(type.options.includes(bare) || bare === "" ? [] : [bare]).concat(type.options)
            .map((option) => <option key={option} value={option}>{option}</option>)}
        </select>
      );
    case "reference":
      return (
        <Referring
          {...{ common, write, readValues }}
          value={bare}
          to={type.to}
          words={type.words}
        />
      );
    case "secret":
      return (
        <input
          {...common}
          type="password"
          autocomplete="new-password"
          placeholder={value === HIDDEN ? "hidden: type to replace it" : ""}
          value={value === HIDDEN ? "" : value}
          onInput={(event) => write(event.currentTarget.value)}
        />
      );
    case "string":
      if (type.isLong) {
        return (
          <textarea
            {...common}
            class="field mono"
            rows={6}
            value={bare}
            onInput={(event) => write(event.currentTarget.value)}
          />
        );
      }
  }
  return (
    <input
      {...common}
      class="field mono"
      value={bare}
      onInput={(event) => write(event.currentTarget.value.trim())}
    />
  );
}

interface Common {
  id: string;
  class: string;
}

function Suggesting({ common, value, all, write, onFocus }: {
  common: Common;
  value: string;
  all: readonly string[];
  write: (text: string) => void;
  onFocus?: () => void;
}) {
  return (
    <>
      <input
        {...common}
        class="field mono"
        list={`${common.id}-list`}
        value={value}
        {...(onFocus && { onFocus })}
        onInput={(event) => write(event.currentTarget.value.trim())}
      />
      <datalist id={`${common.id}-list`}>
        {all.map((option) => <option key={option} value={option} />)}
      </datalist>
    </>
  );
}

/** Names are read from the router when somebody is about to need them. */
function Referring({ common, value, to, words = [], write, readValues }: {
  common: Common;
  value: string;
  to: readonly Reference[];
  words: readonly string[] | undefined;
  write: (text: string) => void;
  readValues: ReadValues;
}) {
  const names = useSignal<readonly string[]>([]);
  async function read() {
    if (names.value.length > 0) return;
    const lists = await Promise.all(
      to.map(({ menu, attribute }) => readValues(menu, attribute)),
    );
    names.value = [...new Set([...words, ...lists.flat()])];
  }
  // Of a list the last part is being written: the parts before it stay.
  const cut = value.lastIndexOf(",") + 1;
  const all = names.value.map((name) => value.slice(0, cut) + name);
  return <Suggesting {...{ common, value, all, write }} onFocus={() => void read()} />;
}

function Checks({ type, id, value, write }: {
  type: { options: readonly string[]; isOpen?: boolean };
  id: string;
  value: string;
  write: (text: string) => void;
}) {
  const chosen = value === "" ? [] : value.split(",");
  const options = [...type.options, ...chosen.filter((one) => !type.options.includes(one))];
  const toggle = (option: string) =>
    write(
      chosen.includes(option)
        ? chosen.filter((one) => one !== option).join(",")
        : options.filter((one) => one === option || chosen.includes(one)).join(","),
    );
  return (
    <span
      id={id}
      role="group"
      aria-labelledby={`${id}-label`}
      class="flex max-h-44 flex-wrap gap-x-4 overflow-y-auto rounded border border-line p-2"
    >
      {options.map((option) => (
        <label key={option} class="flex min-h-7 items-center gap-1.5">
          <input
            type="checkbox"
            checked={chosen.includes(option)}
            onChange={() => toggle(option)}
          />
          <span class="mono">{option}</span>
        </label>
      ))}
    </span>
  );
}
