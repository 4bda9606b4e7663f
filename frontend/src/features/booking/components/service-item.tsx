import { Check, Plus } from "lucide-react";
import { Toggle } from "radix-ui";
import type { ReactNode } from "react";
import { cheapestTerms, staffFor } from "../catalogue";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import type { Option, Service } from "../types";

export function ServiceItem({ service }: { service: Service }) {
  const [only, ...others] = service.options;
  if (!only) return null;
  const name = <b className="block text-lg leading-snug">{service.name}</b>;
  const description = service.description && (
    <span className="mt-0.5 block text-ink-2">{service.description}</span>
  );

  if (others.length === 0) {
    return (
      <li>
        <OptionToggle service={service} option={only}>
          {name}
          {description}
        </OptionToggle>
      </li>
    );
  }
  return (
    <li className="pt-3.5 pb-1.5">
      {name}
      {description}
      <ul>
        {service.options.map((option) => (
          <li key={option.id}>
            <OptionToggle service={service} option={option}>
              <span className="sr-only">{service.name}, </span>
              {option.name}
            </OptionToggle>
          </li>
        ))}
      </ul>
    </li>
  );
}

type OptionToggleProps = {
  readonly service: Service;
  readonly option: Option;
  readonly children: ReactNode;
};

function OptionToggle({ service, option, children }: OptionToggleProps) {
  const { catalogue, draft, dispatch } = useBooking();
  const { price } = cheapestTerms(option, staffFor(catalogue, option.id));
  const labels = useLabels();
  const isChosen = draft.optionIds.includes(option.id);
  const siblings = service.options.map((each) => each.id);
  return (
    <Toggle.Root
      pressed={isChosen}
      onPressedChange={() => {
        dispatch({ type: "optionToggled", optionId: option.id, siblings });
      }}
      className="group flex min-h-16 w-full items-center gap-4 py-2.5 text-left"
    >
      <span className="min-w-0 flex-1">
        {children}
        <span className="num block text-ink-2">
          {labels.duration(option.minutes)} <span className="text-ink-3">·</span>{" "}
          <span className="font-[560] text-ink">
            {labels.price(price, option.price_kind !== "fixed")}
          </span>
        </span>
      </span>
      <span className="grid size-11 flex-none place-items-center rounded-full border border-line bg-surface text-lg text-accent transition-colors group-hover:border-accent group-data-[state=on]:border-accent group-data-[state=on]:bg-accent group-data-[state=on]:text-on-accent">
        {isChosen ? <Check className="i" aria-hidden /> : <Plus className="i" aria-hidden />}
      </span>
    </Toggle.Root>
  );
}
