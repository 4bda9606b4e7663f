import { type ReactNode, useEffect, useRef } from "react";
import { useBooking } from "../hooks/use-booking";

/** The first step of a visit to this page must not steal the focus; every later one takes it. */
let hasMoved = false;

type StepHeadingProps = { readonly title: string; readonly children?: ReactNode };

export function StepHeading({ title, children }: StepHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { config } = useBooking();

  useEffect(() => {
    if (hasMoved) {
      window.scrollTo({ top: 0 });
      heading.current?.focus({ preventScroll: true });
    }
    hasMoved = true;
  }, []);

  useEffect(() => {
    document.title = `${title} · ${config.salon.name}`;
  }, [title, config.salon.name]);

  return (
    <div>
      <h1 ref={heading} tabIndex={-1} className="serif text-2xl">
        {title}
      </h1>
      {children && <p className="mt-1.5 text-ink-2">{children}</p>}
    </div>
  );
}
