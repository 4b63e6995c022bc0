import { Field } from "@/components/Field.tsx";
import { GroupField } from "@/components/GroupField.tsx";
import { SiteField } from "@/components/SiteField.tsx";
import { chosenTags, TagField } from "@/components/TagField.tsx";
import type { NewDevice } from "@/core/contract/device.ts";
import type { AdoptProps } from "../Adopt.tsx";
import type { Reached } from "./LoginStep.tsx";

/** What people call it and where it stands; all of it may stay empty. */
export function DetailsStep({ sites, known, groups, reached, isBusy, onBack, onNext }: {
  sites: readonly string[];
  known: AdoptProps["known"];
  groups: AdoptProps["groups"];
  reached: Reached;
  isBusy: boolean;
  onBack: () => void;
  onNext: (details: Partial<NewDevice>) => void;
}) {
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name)).trim();
    const seconds = text("interval");
    const tags = chosenTags(form);
    const chosen = form.getAll("group").map(String);
    onNext({
      ...(text("name") && { name: text("name") }),
      ...(text("site") && { site: text("site") }),
      ...(tags.length > 0 && { tags }),
      ...(chosen.length > 0 && { groups: chosen }),
      ...(seconds && { pollIntervalSeconds: Number(seconds) }),
    });
  }
  return (
    <form class="panel grid gap-4 p-5 sm:grid-cols-2" onSubmit={submit}>
      <p class="text-ok sm:col-span-2" role="status">
        <bdi>{reached.identity}</bdi> answers: {reached.boardName && (
          <>
            <bdi>{reached.boardName}</bdi>,{" "}
          </>
        )}
        RouterOS <bdi>{reached.version}</bdi>.
      </p>
      <Field label="Name" name="adopt-name" hint="Empty: the router's identity">
        <input id="adopt-name" name="name" class="field" maxlength={200} autocomplete="off" />
      </Field>
      <SiteField id="adopt-site" sites={sites} />
      <Field label="Poll every" name="adopt-interval" hint="Seconds; empty: the default">
        <input
          id="adopt-interval"
          name="interval"
          class="field"
          inputmode="numeric"
          pattern="\d{1,5}"
        />
      </Field>
      <TagField id="adopt-tags" tags={known.tags} mayMake={known.mayMake} />
      <GroupField groups={groups} />
      <div class="flex gap-2 sm:col-span-2">
        <button type="submit" class="btn btn-primary" disabled={isBusy}>
          {isBusy ? "Adding…" : "Add router"}
        </button>
        <button type="button" class="btn" onClick={onBack}>Back</button>
      </div>
    </form>
  );
}
