import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { byCategory } from "../catalogue";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import { CategoryJump } from "./category-jump";
import { Dock } from "./dock";
import { ServiceItem } from "./service-item";
import { StepHeading } from "./step-heading";

export function ServicesStep() {
  const { t } = useLingui();
  const { catalogue, quote, go, announce, setback } = useBooking();
  const labels = useLabels();
  const [isHinting, setHinting] = useState(false);
  const groups = byCategory(catalogue.services);
  const count = quote.lines.length;

  const next = () => {
    if (count > 0) {
      go("who");
      return;
    }
    setHinting(true);
    announce(t`Please choose at least one service.`);
  };

  return (
    <>
      <StepHeading title={t`What would you like?`}>
        <Trans>Choose one or several, they follow each other.</Trans>
      </StepHeading>
      {setback?.kind === "services" && (
        <Notice
          tone="danger"
          title={setback.message || t`One of the services is no longer offered.`}
        >
          <p>
            <Trans>Please look through your choice once more.</Trans>
          </p>
        </Notice>
      )}
      {groups.length === 0 && <Notice tone="info" title={t`Nothing can be booked online yet.`} />}
      <CategoryJump groups={groups} />
      {groups.map(({ category, services }) => (
        <section key={category.id} aria-labelledby={`category-${category.id}`}>
          <h2 id={`category-${category.id}`} className="serif scroll-mt-44 pb-2 text-xl">
            {category.name}
          </h2>
          <ul className="rows border-y border-line">
            {services.map((service) => (
              <ServiceItem key={service.id} service={service} />
            ))}
          </ul>
        </section>
      ))}
      <Dock
        title={
          count > 0
            ? `${labels.services(count)}, ${labels.duration(quote.minutes)}`
            : isHinting
              ? t`Please choose at least one service.`
              : t`Nothing chosen yet`
        }
        detail={quote.total ? labels.total(quote.total, quote.isFrom) : undefined}
      >
        <Button className="min-w-30 desk:min-w-50" aria-disabled={count === 0} onClick={next}>
          <Trans>Next</Trans>
        </Button>
      </Dock>
    </>
  );
}
