#!/usr/bin/env python3
"""A clean plate by G'MIC's inpainting, another way than platefall's own: `use = "exec:gmic_clean_plate.py"`.

Each frame by itself, so what it makes up moves from frame to frame: for stills, and to compare with. Needs the program gmic.
"""

import os
import shutil
import subprocess
import tempfile

import numpy

from platefall_stage import Failure, Stage, choice, integer, mix, serve, text

EPSILON = 2.0 ** -8          # where the encoding turns from linear to logarithmic


def write_cimg(path, planes):
    """Planes, height, width as G'MIC's own float format."""
    depth, height, width = planes.shape
    with open(path, "wb") as file:
        file.write(f"1 float little_endian\n{width} {height} 1 {depth}\n".encode())
        file.write(numpy.ascontiguousarray(planes, "<f4").tobytes())


def read_cimg(path):
    with open(path, "rb") as file:
        file.readline()
        width, height, _, depth = (int(number) for number in file.readline().split()[:4])
        return numpy.frombuffer(file.read(), "<f4").reshape(depth, height, width)


class GmicCleanPlate(Stage):
    """Makes up what stands behind a matte with G'MIC, each frame by itself."""

    version = 1
    params = [
        text("plate", "plate", "The layer with the hole."),
        text("matte", None, "The matte of what is to be gone.", required=True),
        text("into", "clean", "The layer that is written."),
        choice("method", ["patch", "morphological"], "patch",
               "patch copies patches from around the hole, morphological lets its edges grow inwards."),
        integer("patch", 9, "How large a patch is.", unit="px", range=(3, 63)),
    ]

    def layers(self):
        if not shutil.which("gmic"):
            raise Failure("G'MIC is not installed: apt-get install gmic")
        self.matte_layer = f"matte.{self.matte}"
        return [self.plate, self.matte_layer], [self.into, f"generated.{self.into}"]

    def process(self, frame):
        plate = frame[self.plate]
        matte = frame[self.matte_layer].placed(plate.data_window)[..., 0].clip(0, 1)
        pixels = plate.pixels.copy()
        hole = matte > 0
        if hole.any():
            colours = pixels[..., plate.colour]
            made = (numpy.exp2(self.inpaint(numpy.log2(numpy.maximum(colours, 0) / EPSILON + 1), hole)) - 1) * EPSILON
            pixels[..., plate.colour] = mix(colours, made, matte)
        frame[self.into] = plate.like(pixels)
        frame[f"generated.{self.into}"] = plate.weight(matte)

    def inpaint(self, colours, hole):
        how = f"inpaint_matchpatch[0] [1],0,{self.patch},10,5,1" if self.method == "patch" else "inpaint_morpho[0] [1]"
        with tempfile.TemporaryDirectory(prefix="platefall-gmic-") as folder:
            picture, mask, made = (os.path.join(folder, name) for name in ("picture.cimg", "mask.cimg", "made.cimg"))
            write_cimg(picture, colours.transpose(2, 0, 1))
            write_cimg(mask, hole[None].astype(numpy.float32))
            result = subprocess.run(["gmic", "-v", "-1", picture, mask, *how.split(), "keep[0]", "output", f"{made},float"],
                                    stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if result.returncode != 0:
                raise Failure(f"gmic failed: {(result.stderr or result.stdout).strip()[-500:]}")
            return read_cimg(made).transpose(1, 2, 0)


serve(GmicCleanPlate)
