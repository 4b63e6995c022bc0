import { MASK, maskAttribute, maskEntry } from "@/core/configs/secrets.ts";
import { diffExports, type ItemChange, labelOf } from "@/core/configs/semantic_diff.ts";
import type { ConfigChange } from "@/core/contract/configs.ts";
import { PreviewRequest, type TemplatePreview } from "@/core/contract/templates.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { Attribute, ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import { readCurrentConfig } from "./current_config.ts";
import { FillableTemplate } from "./fill_template.ts";
import { findTemplate } from "./read_templates.ts";
import { KeptValues, readRouters } from "./router_values.ts";
import { settle } from "./settle.ts";
import type { TemplateDeps } from "./templates.ts";

/**
 * What a template would be on one router: its values and where each came from, its script, and what would
 * change against the configuration that was kept last. Nothing is asked of the router.
 */
export async function previewTemplate(
  scope: Scope,
  { kms }: Pick<TemplateDeps, "kms">,
  id: string,
  input: PreviewRequest,
): Promise<TemplatePreview> {
  demand(scope, "templates:read");
  const parsed = PreviewRequest.safeParse(input);
  if (!parsed.success) {
    throw new InvalidInput(
      "Cannot show this template",
      parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    );
  }
  const { deviceId, given } = parsed.data;
  const { db, tenantId } = scope;
  const { template, router, levels } = await db.tenant(tenantId, async (sql) => {
    const { script, variables } = await findTemplate(sql, id);
    const template = new FillableTemplate(script, variables);
    const router = (await readRouters(sql, [deviceId])).get(deviceId);
    if (!router) throw new NotFound("Cannot find this router");
    const kept = await KeptValues.read(sql, { kms, tenantId }, template.names, [router]);
    return { template, router, levels: kept.levelsOf(router) };
  });
  const filled = template.fill(router, levels, given);
  const mayCompare = filled.problems.length === 0 && scope.permissions.has("configs:read");
  const current = mayCompare ? await readCurrentConfig({ db, kms }, tenantId, deviceId) : undefined;
  const settled = current && settle(current.entries, filled.entries);
  const hide = hider(filled.secrets);
  return {
    ...{ deviceId, deviceName: router.name, values: filled.shown, script: filled.maskedText },
    problems: [...filled.problems, ...settled?.problems ?? []],
    changes: settled
      ? diffExports(current.entries, settled.wanted).map((change) => shown(change, hide))
      : null,
    settled: settled?.settled ?? 0,
    comparedAt: current?.seenAt.toISOString() ?? null,
  };
}

type Hide = (text: string) => string;

/** A secret may stand where no attribute's name gives it away. */
function hider(secrets: readonly string[]): Hide {
  const known = secrets.filter((secret) => secret.length > 0);
  return (text) => known.reduce((hidden, secret) => hidden.replaceAll(secret, MASK), text);
}

function shown(change: ItemChange, hide: Hide): ConfigChange {
  const { menu, kind, before, after, from, to } = change;
  const masked = (entry: ExportEntry) => {
    const one = maskEntry(entry);
    return { ...one, attributes: one.attributes.map((attribute) => hidden(attribute, hide)) };
  };
  const print = (entry: ExportEntry | null) => entry && printCommand(masked(entry));
  const value = (name: string, text: string | null) =>
    hidden(maskAttribute(menu, { name, value: text }), hide).value;
  return {
    ...{ menu, kind, from, to },
    label: hide(labelOf(maskEntry((after ?? before)!))).slice(0, 500),
    before: print(before),
    after: print(after),
    attributes: change.attributes.map(({ name, from, to }) => ({
      ...{ name, from: value(name, from), to: value(name, to) },
    })),
  };
}

function hidden({ name, value }: Attribute, hide: Hide): Attribute {
  return { name, value: value === null ? null : hide(value) };
}
