import { useLingui } from "@lingui/react/macro";
import { ArrowLeft } from "lucide-react";
import type { BookingConfig } from "../config";
import { before, type Step, STEPS } from "../steps";

type FlowHeaderProps = {
  readonly config: BookingConfig;
  readonly step?: Step;
  readonly go?: (step: Step) => void;
  readonly canReach?: (step: Step) => boolean;
};

export function FlowHeader({ config, step, go, canReach }: FlowHeaderProps) {
  const { t } = useLingui();
  const names: Record<Step, string> = {
    services: t({ message: "Services", context: "step" }),
    who: t({ message: "Who", context: "step" }),
    when: t({ message: "When", context: "step" }),
    you: t({ message: "You", context: "step" }),
    confirm: t({ message: "Confirm", context: "step" }),
  };
  const previous = step && before(step);
  const back = "-ml-3 grid size-11 place-items-center text-xl";
  const salon = config.salon;

  return (
    <header className="top">
      <div className="mx-auto grid h-14 max-w-[1040px] grid-cols-[44px_1fr] items-center px-5 desk:h-16">
        {previous && go ? (
          <button
            type="button"
            className={back}
            aria-label={t`Back to: ${names[previous]}`}
            onClick={() => go(previous)}
          >
            <ArrowLeft className="i" aria-hidden />
          </button>
        ) : (
          <a className={back} href={salon.url} aria-label={t`Back to the salon's page`}>
            <ArrowLeft className="i" aria-hidden />
          </a>
        )}
        <a className="wordmark text-[1.375rem]" href={salon.url}>
          {salon.name}
        </a>
      </div>
      {step && (
        <nav aria-label={t`Steps`}>
          <ol className="mx-auto grid max-w-[1040px] grid-cols-5 gap-1.5 px-5 pb-2 text-xs desk:pb-3 desk:text-sm">
            {STEPS.map((name) => (
              <StepMark
                key={name}
                label={names[name]}
                isCurrent={name === step}
                isDone={STEPS.indexOf(name) < STEPS.indexOf(step)}
                onClick={canReach?.(name) ? () => go?.(name) : undefined}
              />
            ))}
          </ol>
        </nav>
      )}
    </header>
  );
}

type StepMarkProps = {
  readonly label: string;
  readonly isCurrent: boolean;
  readonly isDone: boolean;
  readonly onClick: (() => void) | undefined;
};

function StepMark({ label, isCurrent, isDone, onClick }: StepMarkProps) {
  const bar = isCurrent || isDone ? "border-accent" : "border-line";
  const tone = isCurrent ? "font-semibold text-ink" : isDone ? "text-ink-2" : "text-ink-3";
  return (
    <li className={`border-t-[3px] ${bar} ${tone}`} aria-current={isCurrent ? "step" : undefined}>
      {onClick && !isCurrent ? (
        <button
          type="button"
          className="min-h-7 w-full truncate text-left hover:underline"
          onClick={onClick}
        >
          {label}
        </button>
      ) : (
        <span className="flex min-h-7 items-center">{label}</span>
      )}
    </li>
  );
}
