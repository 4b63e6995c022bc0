import { Field } from "./Field.tsx";

/** Where a router stands: one of the sites, or a new one by its path. */
export function SiteField({ id, sites, value, error }: {
  id: string;
  sites: readonly string[];
  value?: string;
  error?: string | undefined;
}) {
  return (
    <Field label="Site" name={id} error={error} hint="A new one is made: Customer / Place">
      <input
        id={id}
        name="site"
        class="field"
        list={`${id}-known`}
        maxlength={1000}
        autocomplete="off"
        {...(value !== undefined && { value })}
      />
      <datalist id={`${id}-known`}>
        {sites.map((path) => <option key={path} value={path} />)}
      </datalist>
    </Field>
  );
}
