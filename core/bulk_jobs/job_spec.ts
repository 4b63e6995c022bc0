import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { GivenValues } from "@/core/contract/templates.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";

/** What a job does that may hold secrets: kept encrypted, bound to the job. */
export interface JobSpec {
  script?: string;
  given?: GivenValues;
  /** Of a change set, as it was when the job was made. */
  commands?: ConfigCommand[];
}

const contextOf = (jobId: string) => `bulk_job:${jobId}`;
const outputContext = (outputId: string) => `bulk_output:${outputId}`;

export async function sealSpec(
  kms: Kms,
  tenantId: TenantId,
  jobId: string,
  spec: JobSpec,
): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(JSON.stringify(spec));
  return await kms.encrypt(tenantId, bytes, contextOf(jobId));
}

export async function openSpec(
  kms: Kms,
  tenantId: TenantId,
  jobId: string,
  sealed: Uint8Array,
): Promise<JobSpec> {
  const bytes = await kms.decrypt(tenantId, sealed, contextOf(jobId));
  return JSON.parse(new TextDecoder().decode(bytes));
}

export async function sealOutput(
  kms: Kms,
  tenantId: TenantId,
  outputId: string,
  text: string,
): Promise<Uint8Array> {
  return await kms.encrypt(tenantId, new TextEncoder().encode(text), outputContext(outputId));
}

export async function openOutput(
  kms: Kms,
  tenantId: TenantId,
  outputId: string,
  sealed: Uint8Array,
): Promise<string> {
  return new TextDecoder().decode(await kms.decrypt(tenantId, sealed, outputContext(outputId)));
}
