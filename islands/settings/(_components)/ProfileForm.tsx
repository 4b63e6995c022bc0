import { Field } from "@/components/Field.tsx";
import type { CredentialProfile } from "@/core/contract/credentials.ts";

/** A new shared login, or one that changes; an empty password keeps the present one. */
export function ProfileForm({ profile, isBusy, onSave, onCancel }: {
  /** Absent: a new one. */
  profile: CredentialProfile | undefined;
  isBusy: boolean;
  onSave: (body: Record<string, unknown>) => void;
  onCancel: () => void;
}) {
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const password = String(form.get("password") ?? ""); // spaces may belong to it
    onSave({
      name: text("name"),
      username: text("username"),
      notes: text("notes") || null,
      ...((password || !profile) && { password }),
    });
  }
  const shared = profile && profile.devices > 0
    ? ` All ${profile.devices === 1 ? "of its one router" : "its routers"} must have it already.`
    : "";
  return (
    <form
      class="panel grid max-w-3xl gap-4 p-5 sm:grid-cols-2"
      aria-labelledby="profile-form"
      onSubmit={submit}
    >
      <h2 id="profile-form" class="font-semibold sm:col-span-2">
        {profile
          ? (
            <>
              Edit <bdi>{profile.name}</bdi>
            </>
          )
          : "Add login"}
      </h2>
      <div class="sm:col-span-2">
        <Field label="Name" name="profile-name" hint="What the list of choices shows">
          <input
            id="profile-name"
            name="name"
            class="field"
            required
            maxlength={100}
            autocomplete="off"
            defaultValue={profile?.name}
          />
        </Field>
      </div>
      <Field label="User name" name="profile-username">
        <input
          id="profile-username"
          name="username"
          class="field"
          required
          maxlength={200}
          autocomplete="off"
          spellcheck={false}
          defaultValue={profile?.username}
        />
      </Field>
      <Field
        label="Password"
        name="profile-password"
        hint={profile
          ? `Empty: keep the present one.${shared}`
          : "Encrypted before it is stored, and never shown again"}
      >
        <input
          id="profile-password"
          name="password"
          type="password"
          class="field"
          maxlength={1000}
          autocomplete="new-password"
        />
      </Field>
      <div class="sm:col-span-2">
        <Field label="Notes" name="profile-notes" hint="Which routers it is for: no passwords">
          <input
            id="profile-notes"
            name="notes"
            class="field"
            maxlength={2000}
            autocomplete="off"
            defaultValue={profile?.notes ?? ""}
          />
        </Field>
      </div>
      <div class="flex gap-2 sm:col-span-2">
        <button type="submit" class="btn btn-primary" disabled={isBusy}>
          {profile ? "Save" : "Add login"}
        </button>
        <button type="button" class="btn" onClick={onCancel}>Cancel</button>
      </div>
    </form>
  );
}
