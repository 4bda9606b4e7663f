"""One number that a benchmark found, and what it may be."""

from collections.abc import Mapping
from dataclasses import dataclass

Value = float | int | str


@dataclass(frozen=True, slots=True)
class Figure:
    """``at_most`` is a budget of docs/performance.md; ``expected`` a value that must be met."""

    name: str
    value: Value
    unit: str = ""
    at_most: float | None = None
    expected: Value | None = None

    @property
    def verdict(self) -> str:
        if self.expected is not None:
            return "as it must" if self.value == self.expected else "WRONG"
        if self.at_most is None or isinstance(self.value, str):
            return ""
        return "within" if self.value <= self.at_most else "over"

    @property
    def allowed(self) -> str:
        if self.expected is not None:
            return f"= {self.expected}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"

    def as_json(self) -> Mapping[str, Value | None]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "at_most": self.at_most,
            "expected": self.expected,
        }


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of them lie; of few values, the next one above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
