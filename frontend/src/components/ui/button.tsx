import { Slot } from "radix-ui";
import type { ComponentProps } from "react";

const LOOKS = {
  primary: "btn btn-p",
  secondary: "btn btn-s",
  quiet: "btn btn-q",
} as const;

type ButtonProps = ComponentProps<"button"> & {
  readonly look?: keyof typeof LOOKS;
  /** Gives the look to the child, a link say, instead of drawing a button. */
  readonly asChild?: boolean;
};

export function Button({
  look = "primary",
  asChild = false,
  className = "",
  type = "button",
  ...rest
}: ButtonProps) {
  const looks = `${LOOKS[look]} ${className}`;
  if (asChild) return <Slot.Root className={looks} {...rest} />;
  return <button type={type} className={looks} {...rest} />;
}
