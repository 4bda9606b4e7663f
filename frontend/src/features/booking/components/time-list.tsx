import { useLingui } from "@lingui/react/macro";
import { Check } from "lucide-react";
import { Choice, ChoiceItem } from "@/components/ui/choice";
import { longDay } from "@/lib/dates";
import { useBooking } from "../hooks/use-booking";
import type { Start } from "../types";
import { timesByPart, type WeekDay } from "../week";

type TimeListProps = {
  readonly day: WeekDay;
  readonly chosen: string | null;
  readonly onChoose: (start: Start) => void;
};

export function TimeList({ day, chosen, onChoose }: TimeListProps) {
  const { t } = useLingui();
  const { config, locale } = useBooking();
  const parts = timesByPart(day.starts, config.salon.timezone, locale);
  const names = { morning: t`Morning`, afternoon: t`Afternoon`, evening: t`Evening` };
  const current = day.starts.find((start) => isSameInstant(start.starts_at, chosen));

  return (
    <Choice
      className="grid gap-4.5"
      aria-label={t`Time on ${longDay(day.date, locale)}`}
      value={current?.starts_at ?? ""}
      onValueChange={(value) => {
        const start = day.starts.find((each) => each.starts_at === value);
        if (start) onChoose(start);
      }}
    >
      {parts.map(({ part, times }) => (
        <div key={part} className="grid gap-2">
          <h3 className="text-sm font-medium text-ink-2">{names[part]}</h3>
          <div className="grid grid-cols-3 gap-2 desk:grid-cols-5">
            {times.map(({ start, label }) => (
              <ChoiceItem key={start.starts_at} value={start.starts_at} className="choice-time">
                {start === current && <Check className="i text-base" aria-hidden />}
                {label}
              </ChoiceItem>
            ))}
          </div>
        </div>
      ))}
    </Choice>
  );
}

/** The same moment may come back written with another offset. */
function isSameInstant(one: string, other: string | null): boolean {
  return other !== null && Date.parse(one) === Date.parse(other);
}
