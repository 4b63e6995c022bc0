import { Field } from "@/components/Field.tsx";
import type { Sector } from "@/core/contract/sectors.ts";

/** Adds a sector, or edits one. */
export function SectorForm({ sector, isBusy, onSave, onCancel }: {
  /** Absent: a new one. */
  sector: Sector | undefined;
  isBusy: boolean;
  onSave: (body: Record<string, unknown>) => void;
  onCancel: () => void;
}) {
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    onSave({
      name: text("name"),
      azimuth: Number(text("azimuth")),
      beamwidth: text("beamwidth") === "" ? null : Number(text("beamwidth")),
    });
  }
  const degrees = { class: "field", type: "number" as const, step: 1 };
  return (
    <form class="grid gap-4 sm:grid-cols-3" aria-label="Sector" onSubmit={submit}>
      <Field label="Name" name="sector-name">
        <input
          id="sector-name"
          name="name"
          class="field"
          required
          maxlength={100}
          autocomplete="off"
          defaultValue={sector?.name}
        />
      </Field>
      <Field label="Azimuth" name="sector-azimuth" hint="Degrees clockwise from north, 0 to 359">
        <input
          id="sector-azimuth"
          name="azimuth"
          {...degrees}
          required
          min={0}
          max={359}
          defaultValue={sector?.azimuth}
        />
      </Field>
      <Field label="Beamwidth" name="sector-beamwidth" hint="Degrees; empty: not known">
        <input
          id="sector-beamwidth"
          name="beamwidth"
          {...degrees}
          min={1}
          max={360}
          defaultValue={sector?.beamwidth ?? ""}
        />
      </Field>
      <div class="flex gap-2 sm:col-span-3">
        <button type="submit" class="btn btn-primary" disabled={isBusy}>
          {sector ? "Save sector" : "Add sector"}
        </button>
        <button type="button" class="btn" onClick={onCancel}>Cancel</button>
      </div>
    </form>
  );
}
