/**
 * The days `from` and `to` of a query, both inclusive, UTC: as shown in their fields, and as the API's
 * times. What is no day is left out.
 */
export function dayFilter(params: URLSearchParams): {
  shown: { from?: string; to?: string };
  range: { from?: string; to?: string };
} {
  const day = (name: string) => {
    const value = params.get(name);
    if (!value || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined;
    const ms = Date.parse(`${value}T00:00:00Z`);
    return Number.isNaN(ms) ? undefined : { value, ms };
  };
  const [from, to] = [day("from"), day("to")];
  return {
    shown: { ...(from && { from: from.value }), ...(to && { to: to.value }) },
    range: {
      ...(from && { from: new Date(from.ms).toISOString() }),
      ...(to && { to: new Date(to.ms + 86_400_000).toISOString() }),
    },
  };
}
