#!/usr/bin/env python3
"""Reads three layers, merges and writes them at 1920x1080 half ZIP: platefall against oiiotool.

Both do the same `over` of two CG layers on a plate, with the same threads, one process for the whole range.
The two take turns, and the ratio is taken pair by pair, since these machines drift. Prints platefall's speed as
a multiple of oiiotool's: above 1 is faster.

    tests/bench/merge_vs_oiiotool.py PLATEFALL [--frames 24] [--threads 2] [--pairs 5]
"""
import argparse
import pathlib
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

MANIFEST = """
[shot]
name = "merge"
frames = "1-{frames}"
[plate]
path = "plate.####.exr"
[layer.one]
path = "one.####.exr"
[layer.two]
path = "two.####.exr"
[[stage]]
use = "comp"
layers = ["plate", "one", "two"]
[output]
path = "ours/merge.####.exr"
"""


def make_layers(folder, frames, unique=4):
    """A grainy plate with alpha (oiiotool's over wants one), and two layers of debris with soft alpha."""
    size = "1920x1080"
    gradient = ["--pattern", "fill:topleft=0.1,0.2,0.4:topright=0.3,0.3,0.3:bottomleft=0.9,0.8,0.7:bottomright=2,1,0.5",
                size, "3"]
    blobs = ["--pattern", "noise:type=gaussian:mean=0:stddev=3:seed={seed}", "96x54", "4", "--blur", "9x9",
             "--clamp:min=0:max=1", "--resize", size]
    half = ["-d", "half", "--compression", "zip", "-o"]
    for frame in range(1, min(unique, frames) + 1):
        noise = [f"--noise:type=gaussian:mean=0:stddev=0.02:mono=0:seed={frame}", "--ch", "R,G,B,A=1"]
        subprocess.run(["oiiotool", *gradient, *noise, *half, folder / f"plate.{frame:04}.exr"], check=True)
        for seed, name in ((frame, "one"), (frame + 1000, "two")):
            layer = [word.format(seed=seed) for word in blobs] + ["--ch", "R,G,B,A"]
            subprocess.run(["oiiotool", *layer, *half, folder / f"{name}.{frame:04}.exr"], check=True)
    for frame in range(unique + 1, frames + 1):
        for name in ("plate", "one", "two"):
            shutil.copy(folder / f"{name}.{(frame - 1) % unique + 1:04}.exr", folder / f"{name}.{frame:04}.exr")


def timed(command, folder):
    """Wall and processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("platefall", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=5)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_layers(folder, arguments.frames)
        (folder / "shot.toml").write_text(MANIFEST.format(frames=arguments.frames))
        (folder / "theirs").mkdir()
        threads = str(arguments.threads)
        ours = [arguments.platefall.resolve(), "render", "--no-report", "shot.toml", "--overwrite", "--threads", threads,
                "--progress", "none"]
        theirs = ["oiiotool", "--threads", threads, "--frames", f"1-{arguments.frames}",
                  "two.%04d.exr", "one.%04d.exr", "plate.%04d.exr", "--over", "--over",
                  "--compression", "zip", "-d", "half", "-o", "theirs/merge.%04d.exr"]
        timed(ours, folder)
        timed(theirs, folder)
        pairs = [(timed(ours, folder), timed(theirs, folder)) for _ in range(arguments.pairs)]

    for label, index in (("wall", 0), ("processor", 1)):
        a = statistics.median(pair[0][index] for pair in pairs) / arguments.frames
        b = statistics.median(pair[1][index] for pair in pairs) / arguments.frames
        ratio = statistics.median(pair[1][index] / pair[0][index] for pair in pairs)
        print(f"{label} seconds a frame: platefall {a:.3f}, oiiotool {b:.3f}; platefall is {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()
