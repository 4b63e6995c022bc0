import { Field } from "@/components/Field.tsx";
import type { Site } from "@/core/contract/sites.ts";

/** Adds a site, or edits one: its name, its place in the tree, where it is. */
export function SiteForm({ site, below, sites, isBusy, onSave, onCancel }: {
  /** Absent: a new one. */
  site: Site | undefined;
  /** Where a new one goes; absent: at the top. */
  below: Site | undefined;
  sites: readonly Site[];
  isBusy: boolean;
  onSave: (body: Record<string, unknown>) => void;
  onCancel: () => void;
}) {
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const number = (name: string) => text(name) === "" ? null : Number(text(name));
    onSave({
      name: text("name"),
      parentId: text("parent") || null,
      address: text("address") || null,
      notes: text("notes") || null,
      latitude: number("latitude"),
      longitude: number("longitude"),
    });
  }
  // A site cannot stand below itself.
  const places = site
    ? sites.filter(({ id, path }) => id !== site.id && !path.startsWith(`${site.path} / `))
    : sites;
  const parent = site ? site.parentId : below?.id;
  const degrees = { class: "field", type: "number" as const, step: "any" };
  return (
    <form class="panel grid gap-4 p-5 sm:grid-cols-2" aria-labelledby="site-form" onSubmit={submit}>
      <h2 id="site-form" class="font-semibold sm:col-span-2">
        {site
          ? (
            <>
              Edit <bdi>{site.name}</bdi>
            </>
          )
          : "Add site"}
      </h2>
      <Field label="Name" name="site-name">
        <input
          id="site-name"
          name="name"
          class="field"
          required
          maxlength={200}
          autocomplete="off"
          defaultValue={site?.name}
        />
      </Field>
      <Field label="Below" name="site-parent" hint="A customer stands at the top">
        <select id="site-parent" name="parent" class="field">
          <option value="">At the top</option>
          {places.map(({ id, path }) => (
            <option key={id} value={id} selected={id === parent}>{path}</option>
          ))}
        </select>
      </Field>
      <Field label="Postal address" name="site-address">
        <input
          id="site-address"
          name="address"
          class="field"
          maxlength={500}
          autocomplete="off"
          defaultValue={site?.address ?? ""}
        />
      </Field>
      <div class="grid grid-cols-2 gap-4">
        <Field label="Latitude" name="site-latitude" hint="Degrees, WGS 84">
          <input
            id="site-latitude"
            name="latitude"
            {...degrees}
            min={-90}
            max={90}
            defaultValue={site?.latitude ?? ""}
          />
        </Field>
        <Field label="Longitude" name="site-longitude">
          <input
            id="site-longitude"
            name="longitude"
            {...degrees}
            min={-180}
            max={180}
            defaultValue={site?.longitude ?? ""}
          />
        </Field>
      </div>
      <div class="sm:col-span-2">
        <Field label="Notes" name="site-notes" hint="Keys, contacts, access: no passwords">
          <textarea id="site-notes" name="notes" class="field" rows={3} maxlength={4000}>
            {site?.notes ?? ""}
          </textarea>
        </Field>
      </div>
      <div class="flex gap-2 sm:col-span-2">
        <button type="submit" class="btn btn-primary" disabled={isBusy}>
          {site ? "Save" : "Add site"}
        </button>
        <button type="button" class="btn" onClick={onCancel}>Cancel</button>
      </div>
    </form>
  );
}
