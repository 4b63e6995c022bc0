import { digestsOf } from "@/core/bulk_jobs/clean_output.ts";
import { sealOutput } from "@/core/bulk_jobs/job_spec.ts";
import { addCommandJob } from "@/core/bulk_jobs/make_job.ts";
import { ITEM_STATES } from "@/core/contract/bulk_jobs.ts";
import type { Scope } from "@/core/scope.ts";
import { addTemplate, updateTemplate } from "@/core/templates/templates.ts";
import { setValue } from "@/core/templates/values.ts";
import type { Platform } from "@/core/platform.ts";

const HOSTILE = `<img src=x onerror=alert(1)>\u202e ${"long".repeat(30)}`;

/** A template with its history and values, and a job that has come to every end; answers their ids. */
export async function plantJobs(
  scope: Scope,
  platform: Platform,
  deviceIds: readonly string[],
): Promise<{ templateId: string; jobId: string }> {
  const { db, tenantId } = scope;
  const script = '/system note\nset note="{{device_name}} {{note}}"\n';
  const { id: templateId } = await addTemplate(scope, platform, {
    ...{ name: HOSTILE.slice(0, 100), description: HOSTILE, tags: ["<b>tag</b>"], script },
    variables: [
      { name: "note", type: "string", help: HOSTILE, default: HOSTILE },
      { name: "psk", type: "string", isSecret: true, isRequired: false },
    ],
  });
  await updateTemplate(scope, platform, templateId, {
    ...{ version: 1, note: HOSTILE, script: `${script}/system identity\nset name=x\n` },
  });
  await setValue(scope, platform, { name: "note", holder: { kind: "tenant" }, value: HOSTILE });
  await setValue(scope, platform, {
    ...{ name: "psk", holder: { kind: "device", id: deviceIds[0]! }, value: "secret" },
    isSecret: true,
  });
  const jobId = await addCommandJob(scope, platform, {
    ...{ title: HOSTILE, script: `:put "${HOSTILE}"`, ids: [...deviceIds] },
  });
  const text = `${HOSTILE}\n${"a very wide line ".repeat(30)}`;
  const outputId = crypto.randomUUID();
  const { digest, groupDigest } = digestsOf(text, []);
  const ciphertext = await sealOutput(platform.kms, tenantId, outputId, text);
  await db.tenant(tenantId, async (sql) => {
    await sql`
      insert into bulk_outputs ${
      sql({
        ...{ tenant_id: tenantId, id: outputId, job_id: jobId, digest, ciphertext },
        ...{ group_digest: groupDigest, is_cut: true },
      })
    }`;
    await sql`
      update bulk_job_items set reason = ${HOSTILE}, ended_at = now(), output_id = ${outputId},
        state = (${[...ITEM_STATES]}::text[])[1 + position % ${ITEM_STATES.length}::int]
      where job_id = ${jobId}`;
    await sql`
      update bulk_jobs set state = 'paused', paused_why = 'failures', wave = 1 where id = ${jobId}`;
  });
  return { templateId, jobId };
}
