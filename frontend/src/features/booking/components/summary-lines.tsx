import { Trans } from "@lingui/react/macro";
import { type PhasePiece, PhaseStrip } from "@/components/ui/phase-strip";
import { offerName } from "../catalogue";
import { useBooking } from "../hooks/use-booking";
import { useLabels } from "../hooks/use-labels";
import { usePhases } from "../hooks/use-phases";
import type { LineQuote } from "../quote";

export function SummaryLines() {
  const { quote } = useBooking();
  return (
    <ul>
      {quote.lines.map((line) => (
        <SummaryLine key={line.offer.option.id} line={line} />
      ))}
    </ul>
  );
}

function SummaryLine({ line }: { line: LineQuote }) {
  const labels = useLabels();
  const phases = usePhases([line]);
  const name = line.staff?.name;
  return (
    <li className="grid grid-cols-[1fr_auto] gap-x-3 border-t border-line py-3">
      <b>{offerName(line.offer)}</b>
      <span className="num">{labels.total(line.price, line.isFrom)}</span>
      <span className="col-span-2 text-sm text-ink-2">
        {labels.duration(line.minutes)},{" "}
        {name ? <Trans>with {name}</Trans> : <Trans>with anyone</Trans>}
      </span>
      <div className="col-span-2 mt-2">
        <PhaseStrip pieces={phases.pieces} label={phases.spoken} />
        <PhaseNames pieces={phases.pieces} />
      </div>
    </li>
  );
}

/** A name under its part of the strip, where it has room. */
function PhaseNames({ pieces }: { pieces: readonly PhasePiece[] }) {
  const whole = pieces.reduce((minutes, piece) => minutes + piece.minutes, 0);
  const fits = (piece: PhasePiece) => piece.name && piece.minutes / whole > 0.18;
  if (pieces.length < 2 || !pieces.some(fits)) return null;
  return (
    <div aria-hidden className="mt-1 flex gap-[3px] text-xs leading-snug text-ink-2">
      {pieces.map((piece, place) => (
        <span key={place} className="min-w-0 flex-1 truncate" style={{ flexGrow: piece.minutes }}>
          {fits(piece) && piece.name}
        </span>
      ))}
    </div>
  );
}
