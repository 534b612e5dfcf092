#!/usr/bin/env python3
"""What rendering a collapse costs, and how good it is for that: the street's collapse, seen from the same caches.

    render.py PLATEFALL [--whole] [--height 1080]

With --height the plate, its mattes and its depth are enlarged first, and only time and memory are printed; --dust-cell then
sets the size of the dust's cells. Otherwise prints seconds a frame over the whole shot (everything from the plate to the finished EXR), by the clock and by the
processor; one thread against two; and, for single frames, processor time against the error of the picture: relative root of
the mean squared difference, over what is generated, to the same frame with sixteen times the samples.
"""

import argparse
import array
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOT = ROOT / "samples/street/collapse.toml"
STILLS = (1030, 1048, 1072)


def render(program, out, frames, threads=None, settings=(), shot=SHOT):
    """Renders into `out`; returns seconds by the clock, by the processor, and the most memory in MiB."""
    command = [program, "render", str(shot), "--frames", frames, "--overwrite", "--progress", "none", "--no-report",
               "--set", f"output.path={out}/f.####.exr", "--set", f"output.movie={out}/unused.mp4",
               "--set", "output.type=float"]
    if threads:
        command += ["--threads", str(threads)]
    for setting in settings:
        command += ["--set", setting]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return clock, cpu, after.ru_maxrss / 1024


def enlarged(folder, height, frames):
    """The street in another size, on disk in `folder`: its manifest."""
    factor = height / 540
    size = f"{round(960 * factor)}x{height}"
    for kind, step in (("plate", 1), ("matte/building", 1), ("matte/foreground", 1), ("depth", 1)):
        (folder / kind).mkdir(parents=True)
        for path in sorted((SHOT.parent / kind).glob("*.exr")):
            if int(path.suffixes[0][1:]) in frames:
                subprocess.run(["oiiotool", str(path), "--resize", size, "-o", str(folder / kind / path.name)], check=True)
    text = SHOT.read_text().replace('"street.chan"', f'"{SHOT.parent}/street.chan"')
    larger = lambda numbers: re.sub(r"-?\d+(\.\d+)?", lambda m: f"{float(m[0]) * factor:.1f}", numbers)
    text = re.sub(r"(points = |^lit += |^shaded += )(\[.*?\])(?= }| *$| +#)", lambda m: m[1] + larger(m[2]), text, flags=re.M)
    text = text.replace('frames     = "1001-1072"', f'frames     = "{",".join(str(f) for f in sorted(frames))}"')
    manifest = folder / "collapse.toml"
    manifest.write_text(text)
    return manifest


def floats(path, channels):
    """Three channels of an EXR as floats, one plane after the other."""
    with tempfile.NamedTemporaryFile(suffix=".exr") as picked:
        subprocess.run(["oiiotool", str(path), "--ch", channels, "--attrib", "compression", "zip", "-o", picked.name],
                       check=True)
        data = subprocess.run(["ffmpeg", "-v", "error", "-i", picked.name, "-pix_fmt", "gbrpf32le", "-f", "rawvideo", "-"],
                              check=True, capture_output=True).stdout
    return array.array("f", data)


def relative_error(picture, reference):
    a, b = floats(picture, "R,G,B"), floats(reference, "R,G,B")
    weight = floats(reference, "R=generated,G=generated,B=generated")
    squared = total = 0.0
    for x, y, w in zip(a, b, weight):
        if w > 0.01:
            squared += w * (x - y) ** 2
            total += w * y * y
    return (squared / total) ** 0.5


def measure_size(program, height, dust_cell):
    """Seconds a frame and memory of a larger picture, without what is prepared once."""
    with tempfile.TemporaryDirectory(prefix="platefall-render-bench-") as folder:
        frames = range(1001, 1073, 8)                               # as at the plate's own size
        shot = enlarged(Path(folder), height, set(frames))
        settings = [f"collapse.dust_cell={dust_cell}", "collapse.dust_memory=8192"]
        _, _, prepared = render(program, folder, "1001", shot=shot, settings=settings)
        clock, cpu, memory = render(program, folder, "1001-1072x8", shot=shot, settings=settings)
        print(f"{height} rows, dust in {dust_cell} m: {clock / len(frames):.2f} s a frame by the clock, "
              f"{cpu / len(frames):.2f} s of processor, "
              f"{memory:.0f} MiB at most ({prepared:.0f} MiB with all that is prepared)")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("platefall")
    arguments.add_argument("--whole", action="store_true", help="the whole shot, not every eighth frame")
    arguments.add_argument("--height", type=int)
    arguments.add_argument("--dust-cell", type=float, default=0.5)
    given = arguments.parse_args()
    if given.height:
        return measure_size(given.platefall, given.height, given.dust_cell)
    out = tempfile.mkdtemp(prefix="platefall-render-bench-")
    try:
        render(given.platefall, out, "1009")                        # fills the caches
        frames = "1001-1072" if given.whole else "1001-1072x8"
        count = 72 if given.whole else 9
        clock, cpu, memory = render(given.platefall, out, frames)
        print(f"{frames}: {clock / count:.2f} s a frame by the clock, {cpu / count:.2f} s of processor, "
              f"{memory:.0f} MiB at most")
        fastest = lambda frame, threads: min(render(given.platefall, out, frame, threads=threads)[0] for _ in range(3))
        one, two, idle = fastest("1048", 1), fastest("1048", 2), fastest("1001", 1)
        print(f"frame 1048: two threads {(one - idle) / (two - idle):.2f} times as fast as one, without starting up")
        for frame in STILLS:
            render(given.platefall, out, str(frame), settings=["render.samples=128", "render.dust_samples=32",
                                                               "render.shadow_samples=64"])
            reference = f"{out}/reference.{frame}.exr"
            os.rename(f"{out}/f.{frame}.exr", reference)
            for factor in (0.5, 1, 2):
                _, cpu, _ = render(given.platefall, out, str(frame),
                                   settings=[f"render.samples={int(8 * factor)}",
                                             f"render.dust_samples={max(1, int(2 * factor))}",
                                             f"render.shadow_samples={int(4 * factor)}"])
                error = relative_error(f"{out}/f.{frame}.exr", reference)
                print(f"frame {frame}, {int(8 * factor):2} samples: {cpu:5.2f} s of processor, error {100 * error:.2f} %")
    finally:
        shutil.rmtree(out)


if __name__ == "__main__":
    main()
