"""The page to look at: a table, and for every case the pictures at full size."""
import html

import cv2
import numpy as np

from clean_plate import pictures

STYLE = """body{font:15px/1.45 sans-serif;margin:2em;background:#1b1b1b;color:#ddd}h1,h2{font-weight:600}
table{border-collapse:collapse;margin:1em 0}td,th{padding:.25em .8em;border-bottom:1px solid #444;text-align:right}
td:first-child,th:first-child,td:nth-child(2),th:nth-child(2){text-align:left}.yes{color:#8c8}.no{color:#f88}
figure{display:inline-block;margin:.4em .6em .4em 0;vertical-align:top}figcaption{color:#aaa}img{display:block;max-width:none}
.wide{overflow-x:auto;white-space:nowrap}a{color:#9cf}"""


class Page:
    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.parts = []
        self.contents = []

    def add_case(self, case, results, generated):
        """`results` maps a name to a function of the index; 'platefall' may be missing."""
        self.contents.append(f'<a href="#{case.name}">{case.name}</a>')
        self.parts.append(f'<h2 id="{case.name}">{case.name}</h2><p>{html.escape(case.about)}; frame '
                          f"{case.frame(case.show)} of {case.count}.</p>")
        box = pictures.box_around(case.holes[case.show], max(60, case.size[0] // 16))
        shown = {"plate with hole": case.plate, **results, "truth": case.truth}
        figures = [self._figure(case, name, pictures.srgb(_cut(result(case.show), box)))
                   for name, result in shown.items()]
        if "platefall" in results:
            figures += self._differences(case, results["platefall"], generated, box)
        self._row(figures)
        if case.hdr:
            self._row([self._figure(case, f"{name}, 5 stops darker", pictures.srgb(_cut(result(case.show), box) / 32))
                       for name, result in shown.items()])
        if "platefall" in results:
            self._strip(case, results["platefall"])
            self._row([self._figure(case, "whole frame", pictures.srgb(results["platefall"](case.show)))])

    def _differences(self, case, result, generated, box):
        difference = pictures.srgb(_cut(result(case.show), box)) - pictures.srgb(_cut(case.truth(case.show), box))
        figures = [self._figure(case, "difference to the truth, 4 times", 0.5 + 2 * difference)]
        made = generated(case.show)
        if made is not None:
            grey = np.repeat(_cut(made, box)[:, :, None], 3, axis=2)
            figures.append(self._figure(case, "generated", grey))
        return figures

    def _strip(self, case, result):
        """The same window of the hole through time, result above truth."""
        if case.count < 2:
            return
        half = [max(side // 2 for side in sides) + 24 for sides in zip(*(_extent(hole) for hole in case.holes))]
        cells = []
        for index in np.unique(np.linspace(0, case.count - 1, 6).round().astype(int)):
            x0, y0, x1, y1 = pictures.box_around(case.holes[index], 0)
            centre = ((x0 + x1) / 2, (y0 + y1) / 2)
            cells.append(np.vstack([cv2.getRectSubPix(pictures.eight_bit(picture(index)), (2 * half[0], 2 * half[1]),
                                                      centre) for picture in (result, case.truth)]))
        self._row([self._figure(case, "through time: platefall above, truth below", np.hstack(cells))])

    def _figure(self, case, name, picture):
        file = f"{case.name}-{''.join(c if c.isalnum() else '_' for c in name)}.png"
        pictures.write_png(self.folder / file, picture)
        return f'<figure><img src="{file}" alt="{html.escape(name)}"><figcaption>{html.escape(name)}</figcaption></figure>'

    def _row(self, figures):
        self.parts.append(f'<div class="wide">{"".join(figures)}</div>')

    def save(self, tables, verdicts):
        """`tables` are (title, header, rows); `verdicts` are (text, reached)."""
        body = [_table(*table) for table in tables]
        lines = "".join(f'<li class="{"yes" if reached else "no"}">{html.escape(text)}</li>' for text, reached in verdicts)
        (self.folder / "index.html").write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>clean plate</title><style>{STYLE}</style>'
            f'<h1>Clean plate</h1><h2>Figures to reach</h2><ul>{lines}</ul>{"".join(body)}'
            f'<p>{" &middot; ".join(self.contents)}</p>{"".join(self.parts)}</html>\n')


def _table(title, header, rows):
    def line(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
    return f'<h2>{html.escape(title)}</h2><table>{line(header, "th")}{"".join(line(row, "td") for row in rows)}</table>'


def _cut(picture, box):
    x0, y0, x1, y1 = box
    return picture[y0:y1, x0:x1]


def _extent(hole):
    x0, y0, x1, y1 = pictures.box_around(hole, 0)
    return x1 - x0, y1 - y0
