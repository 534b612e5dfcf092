#!/usr/bin/env python3
"""What the sample's collapse costs: rigid bodies from 1,200 pieces to eight times as many, and its dust. Processor time, so that a busy
machine counts little.

    tests/bench/collapse.py PLATEFALL [--style implosion]
"""
import argparse
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "samples/street"
STEPS_A_FRAME, FRAMES = 5, 63          # 120 steps a second at 24 frames a second; 1010 to 1072


def manifest_in(folder, style):
    """The sample's collapse and no other stage, with a cache of its own."""
    text = (SAMPLE / "collapse.toml").read_text()
    start = {name: re.search(rf'\[\[stage\]\]\nuse += "{name}"', text).start() for name in ("cleanplate", "collapse", "render")}
    text = text[: start["cleanplate"]] + text[start["collapse"] : start["render"]] + text[text.index("[output]") :]
    for name in ("plate/", "matte/", "street.chan"):
        text = text.replace(f'"{name}', f'"{SAMPLE}/{name}')
    text = re.sub(r'over( +)= "\w+"', r'over\1= "plate"', text).replace('"implosion"', f'"{style}"')
    path = folder / "collapse.toml"
    path.write_text(text)
    return path


def render(platefall, manifest, *settings):
    """Processor and wall seconds, and the most memory in MiB, of one frame with all that it takes."""
    command = [platefall, "render", manifest, "--playblast", "--overwrite", "--progress", "none", "--frames", "1001"]
    for setting in settings:
        command += ["--set", setting]
    start = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"collapse: {message}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024


def pieces_in(folder):
    """How many pieces the newest motion has, by the length of the poses of its first frame."""
    newest = max((folder / ".platefall/collapse.motion").iterdir(), key=os.path.getmtime)
    data = (newest / "poses.00000").read_bytes()
    content_bytes, = struct.unpack_from("<Q", data, data.index(b"\n") + 1)
    return (content_bytes - 8) // 52


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("platefall", type=pathlib.Path)
    parser.add_argument("--style", default="implosion")
    arguments = parser.parse_args()
    platefall = arguments.platefall.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        manifest = manifest_in(folder, arguments.style)
        print(f"rigid bodies, {arguments.style}, {FRAMES + 1} frames")
        for size in (1.9, 1.4, 1.2, 1.05, 0.8, 0.62):                # 1.2 m is the sample's own
            settings = (f"collapse.piece_size={size}", "collapse.most_pieces=20000", "collapse.dust=0")
            cold = render(platefall, manifest, *settings)
            warm = render(platefall, manifest, *settings)
            seconds, pieces = cold[0] - warm[0], pieces_in(folder)
            print(f"  {pieces:5} pieces: {seconds:6.1f} s of processor, {pieces * FRAMES * STEPS_A_FRAME / seconds:9.0f} bodies a second")
        render(platefall, manifest, "collapse.dust=0")
        for cell in (1.0, 0.5):
            settings = (f"collapse.dust_cell={cell}",)
            cold = render(platefall, manifest, *settings)
            warm = render(platefall, manifest, *settings)
            print(f"dust in cells of {cell} m: {cold[0] - warm[0]:.1f} s of processor, {cold[1] - warm[1]:.1f} s by the clock, {cold[2]:.0f} MiB")


if __name__ == "__main__":
    main()
