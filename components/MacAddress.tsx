/** A MAC address that leads to what is known of it, and who made the device. */
export function MacAddress({ mac, vendor, isRandom, link = true }: {
  mac: string;
  vendor: string | null;
  isRandom: boolean;
  link?: boolean;
}) {
  return (
    <>
      {link
        ? <a class="mono whitespace-nowrap hover:underline" href={`/clients/${mac}`}>{mac}</a>
        : <span class="mono whitespace-nowrap">{mac}</span>}
      <div class="text-xs text-text-3">
        {isRandom
          ? <span title="Chosen by the device itself, often anew for each network">random MAC</span>
          : vendor ?? "unknown vendor"}
      </div>
    </>
  );
}
