import { createContext, type Dispatch, useContext } from "react";
import type { Catalogue } from "../catalogue";
import type { BookingConfig } from "../config";
import type { Draft, DraftAction } from "../draft";
import type { Quote } from "../quote";
import type { Setback } from "../setback";
import type { Place } from "./use-step";

export type BookingScene = {
  readonly config: BookingConfig;
  /** For dates and money, "en-GB". */
  readonly locale: string;
  readonly catalogue: Catalogue;
  readonly draft: Draft;
  readonly quote: Quote;
  readonly dispatch: Dispatch<DraftAction>;
  readonly go: (place: Place) => void;
  readonly announce: (message: string) => void;
  readonly setback: Setback | null;
  readonly setSetback: (setback: Setback | null) => void;
};

export const BookingContext = createContext<BookingScene | null>(null);

export function useBooking(): BookingScene {
  const scene = useContext(BookingContext);
  if (!scene) throw new Error("useBooking outside of the booking flow");
  return scene;
}
