import { Trans } from "@lingui/react/macro";
import { clock, zoneName } from "@/lib/dates";
import { useBooking } from "../hooks/use-booking";

/** Said only to those whose own clock shows something else. */
export function ZoneNote() {
  const { config, draft, locale } = useBooking();
  const zone = config.salon.timezone;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = draft.start?.starts_at ?? new Date();
  if (clock(at, zone) === clock(at, here)) return null;
  const city = zone.split("/").at(-1)?.replaceAll("_", " ") ?? zone;
  const name = zoneName(at, zone, locale);
  return (
    <p className="text-sm text-ink-2">
      <Trans>
        All times as clocks show them in {city} ({name}).
      </Trans>
    </p>
  );
}
