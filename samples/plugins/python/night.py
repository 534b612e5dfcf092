#!/usr/bin/env python3
"""Day for night: a stage for `use = "exec:night.py"`."""

import numpy

from platefall_stage import Stage, number, numbers, serve, text

REC709 = numpy.array([0.2126, 0.7152, 0.0722], numpy.float32)


class Night(Stage):
    """Turns day into night: darker, bluer, with less colour, as the eye sees by moonlight."""

    version = 1
    params = [
        text("layer", "comp", "The layer to turn."),
        number("exposure", -3.5, "How many stops darker.", unit="stops", range=(-16, 0)),
        number("colour", 0.35, "How much colour the night leaves.", range=(0, 1)),
        numbers("tint", [0.72, 0.9, 1.25], "What grey becomes.", length=3),
    ]

    def layers(self):
        return [self.layer], [self.layer]

    def process(self, frame):
        day = frame[self.layer]
        night = day.pixels.copy()
        colours = night[..., day.colour]
        luminance = (colours @ REC709)[..., None]
        # The tint goes by grey, so that lamps keep their own colour as far as colour is left.
        shaded = luminance * numpy.float32(1 - self.colour) * numpy.float32(self.tint) + colours * numpy.float32(self.colour)
        night[..., day.colour] = shaded * numpy.float32(2.0 ** self.exposure)
        frame[self.layer] = day.like(night)


serve(Night)
