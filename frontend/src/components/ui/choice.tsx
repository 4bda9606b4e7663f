import { RadioGroup } from "radix-ui";
import type { ComponentProps } from "react";

/** One of several, arrow keys move between them; each item draws itself. */
export function Choice(props: ComponentProps<typeof RadioGroup.Root>) {
  return <RadioGroup.Root {...props} />;
}

export function ChoiceItem({ className = "", ...rest }: ComponentProps<typeof RadioGroup.Item>) {
  return <RadioGroup.Item className={`choice ${className}`} {...rest} />;
}
