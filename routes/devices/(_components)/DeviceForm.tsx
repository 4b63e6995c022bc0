import { Field } from "@/components/Field.tsx";
import { Problem } from "@/components/Problem.tsx";
import { SiteField } from "@/components/SiteField.tsx";
import { chosenTags, TagField } from "@/components/TagField.tsx";
import { TLS_MODE_CHOICES } from "@/components/tls_modes.ts";
import type { ProfileChoice } from "@/core/contract/credentials.ts";
import { issueOf, type ProblemBody } from "../../api_data.ts";
import type { KnownTags } from "../../tags/known_tags.ts";

/** What the form of a new or known router holds, as typed. */
export interface DeviceFields {
  name: string;
  address: string;
  port: string;
  tlsMode: string;
  tlsCa: string;
  site: string;
  username: string;
  password: string;
  /** Id of a credential profile; empty: a login of its own. */
  profileId: string;
  pollIntervalSeconds: string;
  sshPort: string;
}

export const EMPTY_FIELDS: DeviceFields = {
  name: "",
  address: "",
  port: "",
  tlsMode: "pinned",
  tlsCa: "",
  site: "",
  username: "",
  password: "",
  profileId: "",
  pollIntervalSeconds: "",
  sshPort: "",
};

export interface SentForm {
  fields: DeviceFields;
  tags: string[];
  isEnabled: boolean;
  /** Empty: none; absent where there was no choice. */
  sectorId: string | undefined;
}

/** The fields of a submitted form; what is not there is empty. */
export async function readForm(request: Request): Promise<SentForm> {
  const form = await request.formData();
  const text = (name: keyof DeviceFields) => String(form.get(name) ?? "").trim();
  const names = Object.keys(EMPTY_FIELDS) as (keyof DeviceFields)[];
  const texts = Object.fromEntries(names.map((name) => [name, text(name)]));
  const password = String(form.get("password") ?? ""); // spaces may belong to it
  const fields = { ...texts as unknown as DeviceFields, password };
  return {
    ...{ fields, tags: chosenTags(form), isEnabled: form.has("isEnabled") },
    sectorId: form.has("sectorId") ? String(form.get("sectorId")) : undefined,
  };
}

const TAG_PATH = /^tags(\.\d+)?$/;

function tagError(problem: ProblemBody | undefined): string | undefined {
  return problem?.issues?.find(({ path }) => TAG_PATH.test(path))?.message;
}

/** Fields of a router; errors stand under the field they belong to, the password is never sent back. */
export function DeviceForm({ fields, sites, profiles, tags, known, problem, isNew }: {
  fields: DeviceFields;
  /** Credential profiles to choose from. */
  profiles: readonly ProfileChoice[];
  /** Paths to choose from. */
  sites: readonly string[];
  /** Names of those it has, or shall have. */
  tags: readonly string[];
  known: KnownTags;
  problem: ProblemBody | undefined;
  isNew: boolean;
}) {
  const error = (path: string) => issueOf(problem, path);
  const input = (name: keyof DeviceFields) => ({
    id: name,
    name,
    class: "field",
    value: name === "password" ? "" : fields[name],
    "aria-invalid": error(name) ? true : undefined,
    "aria-describedby": error(name) ? `${name}-error` : undefined,
  });
  const other =
    problem?.issues?.filter(({ path }) => !(path in EMPTY_FIELDS) && !TAG_PATH.test(path)) ?? [];
  return (
    <>
      {problem && (
        <Problem title={problem.title}>
          {other.map(({ path, message }) => <p key={path}>{path} {message}</p>)}
        </Problem>
      )}
      <div class="grid gap-4 sm:grid-cols-[2fr_1fr]">
        <Field
          label="Address"
          name="address"
          error={error("address")}
          hint="IP address or host name"
        >
          <input type="text" {...input("address")} required autocomplete="off" spellcheck={false} />
        </Field>
        <Field
          label="API port"
          name="port"
          error={error("port")}
          hint="Empty: 8729, without TLS 8728"
        >
          <input
            type="text"
            {...input("port")}
            inputmode="numeric"
            pattern="\d{1,5}"
            autocomplete="off"
          />
        </Field>
        {profiles.length > 0 && (
          <div class="sm:col-span-2">
            <Field
              label="Log in with"
              name="profileId"
              error={error("profileId")}
              hint="With a shared login, leave user name and password empty."
            >
              <select id="profileId" name="profileId" class="field">
                <option value="">A login of its own</option>
                {profiles.map(({ id, name, username }) => (
                  <option key={id} value={id} selected={id === fields.profileId}>
                    {name} ({username})
                  </option>
                ))}
              </select>
            </Field>
          </div>
        )}
        <Field label="User name" name="username" error={error("username")}>
          <input
            type="text"
            {...input("username")}
            required={isNew && profiles.length === 0}
            autocomplete="off"
            spellcheck={false}
          />
        </Field>
        <Field
          label="Password"
          name="password"
          error={error("password")}
          hint={isNew ? "Encrypted before it is stored" : "Empty: keep the present one"}
        >
          <input type="password" {...input("password")} autocomplete="new-password" />
        </Field>
        <div class="sm:col-span-2">
          <Field
            label="Connection security"
            name="tlsMode"
            error={error("tlsMode")}
            hint="Pinned: the certificate of the first contact is remembered, a change is an alarm."
          >
            <select id="tlsMode" name="tlsMode" class="field">
              {TLS_MODE_CHOICES.map(([value, label]) => (
                <option key={value} value={value} selected={value === fields.tlsMode}>
                  {label}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <div class="sm:col-span-2">
          <Field
            label="CA certificate (PEM)"
            name="tlsCa"
            error={error("tlsCa")}
            hint="With a CA of your own only"
          >
            <textarea id="tlsCa" name="tlsCa" rows={2} class="field mono" spellcheck={false}>
              {fields.tlsCa}
            </textarea>
          </Field>
        </div>
        <Field label="Name" name="name" error={error("name")} hint="Empty: the router's identity">
          <input type="text" {...input("name")} autocomplete="off" />
        </Field>
        <Field
          label="SSH port"
          name="sshPort"
          error={error("sshPort")}
          hint="Where backups log in. Empty: 22"
        >
          <input
            type="text"
            {...input("sshPort")}
            inputmode="numeric"
            pattern="\d{1,5}"
            autocomplete="off"
          />
        </Field>
        <Field
          label="Poll every"
          name="pollIntervalSeconds"
          error={error("pollIntervalSeconds")}
          hint="Seconds; empty: the default"
        >
          <input
            type="text"
            {...input("pollIntervalSeconds")}
            inputmode="numeric"
            pattern="\d{1,5}"
          />
        </Field>
        <SiteField id="site" sites={sites} value={fields.site} error={error("site")} />
        <div class="sm:col-span-2">
          <TagField
            id="new-tags"
            tags={known.tags}
            mayMake={known.mayMake}
            chosen={tags}
            error={tagError(problem)}
          />
        </div>
      </div>
    </>
  );
}
