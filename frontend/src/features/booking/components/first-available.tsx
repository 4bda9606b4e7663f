import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Button } from "@/components/ui/button";
import { useBooking } from "../hooks/use-booking";
import type { Start } from "../types";

type FirstAvailableProps = {
  readonly find: () => Promise<Start | null>;
  readonly onFound: (start: Start) => void;
};

export function FirstAvailable({ find, onFound }: FirstAvailableProps) {
  const { t } = useLingui();
  const { config, announce } = useBooking();
  const search = useMutation({
    mutationFn: find,
    onSuccess: (start) => {
      if (start) onFound(start);
      else announce(t`Nothing is free in the coming month.`);
    },
  });
  const phone = config.salon.phone;

  return (
    <div className="grid gap-1 border-y border-line py-1">
      <div className="flex min-h-13 items-center justify-between gap-3 text-ink-2">
        <span>
          <Trans>Any day will do?</Trans>
        </span>
        <Button
          look="quiet"
          className="-mr-2.5"
          aria-disabled={search.isPending}
          onClick={() => {
            if (!search.isPending) search.mutate();
          }}
        >
          {search.isPending ? <Trans>Looking…</Trans> : <Trans>First available</Trans>}
        </Button>
      </div>
      {search.isSuccess && !search.data && (
        <p className="pb-3 text-ink">
          <Trans>Nothing is free in the coming month.</Trans>{" "}
          {phone && <Trans>Please call us: {phone}</Trans>}
        </p>
      )}
      {search.isError && (
        <p className="pb-3 text-danger" role="alert">
          <Trans>That did not work. Please try again.</Trans>
        </p>
      )}
    </div>
  );
}
