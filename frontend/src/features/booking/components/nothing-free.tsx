import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@/components/ui/button";
import { Skeletons } from "@/components/ui/skeleton";
import { clock, dayOf, longDay } from "@/lib/dates";
import { useBooking } from "../hooks/use-booking";
import type { Week } from "../hooks/use-week";
import type { Start } from "../types";
import { firstStart } from "../week";

type NothingFreeProps = { readonly ahead: Week["ahead"]; readonly onShow: (start: Start) => void };

/** An empty week says at once when the next time is. */
export function NothingFree({ ahead, onShow }: NothingFreeProps) {
  const { t } = useLingui();
  const { config, locale } = useBooking();
  const search = useQuery(ahead);
  const { timezone: zone, phone } = config.salon;
  const first = search.data && firstStart(search.data);
  const day = first ? longDay(dayOf(first.starts_at, zone), locale) : "";
  const time = first ? clock(first.starts_at, zone) : "";

  return (
    <section className="panel grid gap-1 p-5" aria-live="polite">
      <h3 className="font-[560]">
        <Trans>No free times in this week</Trans>
      </h3>
      {search.isPending && (
        <Skeletons label={t`Looking for the first free time`} className="mt-2 h-12" />
      )}
      {first && (
        <>
          <p className="text-ink-2">
            <Trans>
              The first one is on {day} at {time}.
            </Trans>
          </p>
          <p className="mt-2">
            <Button look="secondary" onClick={() => onShow(first)}>
              <Trans>Take me there</Trans>
            </Button>
          </p>
        </>
      )}
      {search.isSuccess && !first && (
        <p className="text-ink-2">
          <Trans>Nothing is free in the month that follows.</Trans>{" "}
          {phone && <Trans>Please call us: {phone}</Trans>}
        </p>
      )}
      {search.isError && (
        <p className="text-ink-2">
          <Trans>Please look at the next week.</Trans>
        </p>
      )}
    </section>
  );
}
