import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Choice, ChoiceItem } from "@/components/ui/choice";
import { dayRange, formatDay, longDay } from "@/lib/dates";
import { useBooking } from "../hooks/use-booking";
import type { Week } from "../hooks/use-week";
import type { WeekDay } from "../week";

export function WeekStrip({ week }: { week: Week }) {
  const { t } = useLingui();
  const { locale } = useBooking();
  const from = week.week[0]?.date ?? "";
  const to = week.week.at(-1)?.date ?? "";
  const arrow =
    "grid size-11 place-items-center rounded-full text-lg text-ink-2 hover:bg-sunken disabled:opacity-30 disabled:hover:bg-transparent";
  return (
    <section aria-label={t`Day`} aria-busy={week.query.isPending}>
      <div className="mb-2 flex items-center gap-1">
        <h2 className="min-w-0 flex-1 leading-snug font-semibold" aria-live="polite">
          {dayRange(from, to, locale)}
          <span className="block text-sm font-normal text-ink-2">
            <Trans>Free times under each day</Trans>
          </span>
        </h2>
        <button
          type="button"
          className={arrow}
          disabled={week.isFirst}
          aria-label={t`Previous week`}
          onClick={() => week.move(-1)}
        >
          <ChevronLeft className="i" aria-hidden />
        </button>
        <button
          type="button"
          className={`${arrow} -mr-3 desk:mr-0`}
          disabled={week.isLast}
          aria-label={t`Next week`}
          onPointerEnter={week.prefetchNext}
          onFocus={week.prefetchNext}
          onClick={() => week.move(1)}
        >
          <ChevronRight className="i" aria-hidden />
        </button>
      </div>
      <Choice
        className="grid grid-cols-7 gap-[5px] desk:gap-2"
        aria-label={t`Day`}
        value={week.day?.date ?? ""}
        onValueChange={week.pick}
      >
        {week.week.map((day) => (
          <DayItem key={day.date} day={day} isLoading={week.query.isPending} />
        ))}
      </Choice>
    </section>
  );
}

function DayItem({ day, isLoading }: { day: WeekDay; isLoading: boolean }) {
  const { t } = useLingui();
  const { locale } = useBooking();
  const count = day.starts.length;
  const words = {
    past: t`past`,
    closed: t`closed`,
    full: t`full`,
    free: t`${plural(count, { one: "# time", other: "# times" })}`,
  }[day.state];
  const isWaiting = isLoading && day.state !== "past";

  return (
    <ChoiceItem
      value={day.date}
      disabled={day.state !== "free"}
      aria-label={isWaiting ? longDay(day.date, locale) : `${longDay(day.date, locale)}, ${words}`}
      className="choice-day"
    >
      <span>{formatDay(day.date, locale, { weekday: "short" })}</span>
      <b className="num text-[1.125rem] leading-tight">{Number(day.date.slice(8))}</b>
      {isWaiting ? (
        <span className="skel h-[18px] w-6 rounded-full" />
      ) : (
        <span className="choice-count">
          {day.state === "free" ? (
            <>
              <span className="desk:hidden">{count}</span>
              <span className="hidden desk:inline">{words}</span>
            </>
          ) : day.state === "full" ? (
            words
          ) : (
            "–"
          )}
        </span>
      )}
    </ChoiceItem>
  );
}
