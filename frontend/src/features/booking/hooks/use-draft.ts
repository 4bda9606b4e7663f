import { type Dispatch, useEffect, useReducer } from "react";
import { recall, remember } from "@/lib/storage";
import { type Draft, type DraftAction, DraftShape, EMPTY_DRAFT, reduceDraft } from "../draft";

export function useDraft(salonUrl: string): [Draft, Dispatch<DraftAction>] {
  const key = `parlour.booking.${salonUrl}`;
  const [draft, dispatch] = useReducer(
    reduceDraft,
    key,
    (name) => recall(name, DraftShape) ?? EMPTY_DRAFT,
  );
  useEffect(() => remember(key, draft), [key, draft]);
  return [draft, dispatch];
}
