#!/usr/bin/env python3
"""Times `platefall check` on a shot of 1,000 frames with a plate, a layer and a matte.

    tests/bench/check_thousand_frames.py PLATEFALL [--frames 1000]
"""
import argparse
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time

MANIFEST = """
[shot]
name = "long"
frames = "1-{frames}"
[plate]
path = "plate.####.exr"
[layer.cg]
path = "cg.####.exr"
[matte.building]
path = "matte.####.exr"
[[stage]]
use = "comp"
layers = ["plate", {{ name = "cg", matte = "building" }}]
[output]
path = "out/long.####.exr"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("platefall", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=1000)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for layer, channels in (("plate", "3"), ("cg", "4"), ("matte", "4")):
            subprocess.run(["oiiotool", "--create", "1920x1080", channels, "-d", "half",
                            "-o", folder / f"{layer}.0001.exr"], check=True)
            for frame in range(2, arguments.frames + 1):
                shutil.copy(folder / f"{layer}.0001.exr", folder / f"{layer}.{frame:04}.exr")
        (folder / "shot.toml").write_text(MANIFEST.format(frames=arguments.frames))
        for _ in range(3):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.monotonic()
            subprocess.run([arguments.platefall.resolve(), "check", "shot.toml"], cwd=folder, check=True,
                           stderr=subprocess.DEVNULL)
            wall = time.monotonic() - start
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(f"check of {arguments.frames} frames: {wall:.2f} s wall, {after.ru_utime - before.ru_utime:.2f} s user, "
                  f"{after.ru_stime - before.ru_stime:.2f} s system")


if __name__ == "__main__":
    main()
