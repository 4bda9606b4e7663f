import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeletons } from "@/components/ui/skeleton";
import { useCatalogue } from "../api/catalogue";
import type { BookingConfig } from "../config";
import { FlowHeader } from "./flow-header";
import { Visit } from "./visit";

type BookingFlowProps = { readonly config: BookingConfig; readonly locale: string };

export function BookingFlow({ config, locale }: BookingFlowProps) {
  const { t } = useLingui();
  const { catalogue, isError, retry } = useCatalogue();
  if (catalogue) return <Visit config={config} locale={locale} catalogue={catalogue} />;

  return (
    <>
      <FlowHeader config={config} step="services" />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto grid max-w-[1040px] gap-5 px-5 pt-5 desk:pt-11"
      >
        <h1 className="serif text-2xl">
          <Trans>What would you like?</Trans>
        </h1>
        {isError ? (
          <Notice tone="danger" title={t`The services did not load.`}>
            <p>
              <Trans>Please check your connection.</Trans>
            </p>
            <p>
              <Button look="secondary" onClick={retry}>
                <Trans>Try again</Trans>
              </Button>
            </p>
          </Notice>
        ) : (
          <Skeletons label={t`Loading the services`} rows={5} className="h-20" />
        )}
      </main>
    </>
  );
}
