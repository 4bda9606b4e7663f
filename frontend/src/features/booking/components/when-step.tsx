import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeletons } from "@/components/ui/skeleton";
import { clock, dayOf, longDay } from "@/lib/dates";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import { useWeek } from "../hooks/use-week";
import { useWhen } from "../hooks/use-when";
import type { Start } from "../types";
import { Dock } from "./dock";
import { FirstAvailable } from "./first-available";
import { NothingFree } from "./nothing-free";
import { StepHeading } from "./step-heading";
import { FoldedSummary } from "./summary";
import { TimeList } from "./time-list";
import { WeekStrip } from "./week-strip";
import { ZoneNote } from "./zone-note";

export function WhenStep() {
  const { t } = useLingui();
  const { draft, quote, dispatch, go, config, locale, announce, setSetback } = useBooking();
  const labels = useLabels();
  const week = useWeek();
  const when = useWhen();
  const zone = config.salon.timezone;
  const start = draft.start;
  const { query } = week;
  const isEmpty = query.isSuccess && !week.day;

  const take = (found: Start) => {
    week.show(found);
    setSetback(null);
    dispatch({ type: "startChosen", start: found });
    const day = longDay(dayOf(found.starts_at, zone), locale);
    announce(t`Chosen: ${day}, ${clock(found.starts_at, zone)}`);
  };
  const next = () => {
    if (start) go("you");
    else announce(t`Please choose a time first.`);
  };

  return (
    <>
      <StepHeading title={t`When suits you?`} />
      <FoldedSummary />
      <WeekStrip week={week} />
      {query.isPending && <Skeletons label={t`Loading free times`} rows={3} className="h-12" />}
      {query.isError && (
        <Notice tone="danger" title={t`The free times did not load.`}>
          <p>
            <Button look="secondary" onClick={() => void query.refetch()}>
              <Trans>Try again</Trans>
            </Button>
          </p>
        </Notice>
      )}
      {isEmpty && <NothingFree ahead={week.ahead} onShow={take} />}
      {week.day && (
        <TimeList
          day={week.day}
          chosen={start?.starts_at ?? null}
          onChoose={(chosen) => {
            setSetback(null);
            dispatch({ type: "startChosen", start: chosen });
          }}
        />
      )}
      {!isEmpty && <FirstAvailable find={week.findFirst} onFound={take} />}
      <ZoneNote />
      <Dock
        title={when?.span ?? t`No time chosen yet`}
        detail={
          quote.total ? t`Pay at the salon, ${labels.total(quote.total, quote.isFrom)}` : undefined
        }
      >
        <Button className="min-w-30 desk:min-w-50" aria-disabled={!start} onClick={next}>
          <Trans>Next</Trans>
        </Button>
      </Dock>
    </>
  );
}
