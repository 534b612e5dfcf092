"""Figures to reach, and the tables that show them."""
import math


class Report:
    def __init__(self):
        self.tables = []                       # (title, header, rows)
        self.verdicts = []                     # (text, reached)

    def table(self, title, header, rows):
        rows = [[_text(cell) for cell in row] for row in rows]
        self.tables.append((title, header, rows))
        widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
        print(f"\n{title}")
        for row in [header, *rows]:
            cells = [cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
            print("  " + "  ".join(cells).rstrip(), flush=True)

    def verdict(self, what, value, unit, goal, *, at_least):
        """One line: what was measured, what is to be reached, and whether it is. NaN is never reached."""
        reached = value >= goal if at_least else value <= goal
        word = "at least" if at_least else "at most"
        text = f"{what}: {_text(value)}{unit}, to reach {word} {_text(float(goal))}{unit}: {'reached' if reached else 'NOT reached'}"
        self.verdicts.append((text, reached))
        print("  " + text, flush=True)

    def note(self, text):
        print("  " + text, flush=True)

    def summary(self):
        missed = [text for text, reached in self.verdicts if not reached]
        print(f"\n{len(self.verdicts) - len(missed)} of {len(self.verdicts)} figures reached")
        for text in missed:
            print("  " + text)


def _text(cell):
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return str(cell)
    if math.isnan(cell):
        return "-"
    return f"{cell:.2f}" if abs(cell) < 1000 else f"{cell:.0f}"
