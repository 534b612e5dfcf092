"""Runs the real program, cold, and says what it cost."""
import dataclasses
import os
import shutil
import subprocess
import time
from pathlib import Path

from clean_plate import pictures
from clean_plate.case import read_cached

MANIFEST = """[shot]
name = "{name}"
frames = "{first}-{last}"
colorspace = "lin_rec709"

[plate]
path = "plate/####.exr"

{camera}
[matte.hole]
path = "hole/####.exr"
channel = "A"
{person}
{stages}

[output]
path = "{out}/####.exr"
type = "half"
compression = "zip"
"""

PERSON = """
[matte.person]
path = "person/####.exr"
channel = "A"
"""


class Failed(Exception):
    """The program refused or failed; the text is what it said."""


@dataclasses.dataclass
class Cost:
    frames: int
    wall_s: float
    processor_s: float
    peak_mib: float

    @property
    def frame_s(self):
        return self.wall_s / self.frames


def clean_plate_stage(case, method):
    foreground = '\nforeground = ["person"]' if case.person else ""
    return f'[[stage]]\nuse = "cleanplate"\nmatte = "hole"\nmethod = "{method}"{foreground}'


def write_manifest(case, stages, out, layer):
    text = MANIFEST.format(name=case.name, first=case.frame(0), last=case.frame(case.count - 1), camera=case.camera,
                           person=PERSON if case.person else "", stages=stages, out=out)
    path = case.folder / f"{out}.toml"
    path.write_text(text + (f'layer = "{layer}"\n' if layer else ""))
    return path


def render(platefall, case, *, method="auto", out="out", options=(), chunks=("",)):
    """Renders without any cache; the frames lie in case.folder / out. Chunks are separate processes, as on a farm."""
    manifest = write_manifest(case, clean_plate_stage(case, method), out, "clean")
    return run(platefall, case, manifest, out, options, chunks)


def copy_only(platefall, case):
    """Reads and writes the same frames, and nothing else: what any render of them costs."""
    manifest = write_manifest(case, '[[stage]]\nuse = "comp"\nlayers = ["plate"]', "copied", "")
    return run(platefall, case, manifest, "copied", (), ("",))


def run(platefall, case, manifest, out, options, chunks):
    cache = case.folder / f"{out}.cache"
    for folder in (case.folder / out, cache):
        shutil.rmtree(folder, ignore_errors=True)
    costs = []
    for chunk in chunks:
        if chunk:
            shutil.rmtree(cache, ignore_errors=True)
        command = [platefall, "render", manifest, "--progress", "none", "--set", f"cache.path={cache}", *options]
        costs.append(measured(command + (["--frames", chunk] if chunk else []), case.folder / f"{out}.log", case.count))
    return Cost(case.count, sum(c.wall_s for c in costs), sum(c.processor_s for c in costs),
                max(c.peak_mib for c in costs))


def measured(command, log, frames):
    start = time.monotonic()
    with open(log, "w") as errors:
        process = subprocess.Popen([str(word) for word in command], stdout=errors, stderr=errors)
        peak_mib = 0.0
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            peak_mib = max(peak_mib, _peak_mib(process.pid))
            time.sleep(0.02)
    _, status, usage = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(Path(log).read_text().strip() or f"exit status {process.returncode}")
    return Cost(frames, time.monotonic() - start, usage.ru_utime + usage.ru_stime, peak_mib)


def _peak_mib(process):
    """Most memory so far. The kernel's own figure at the end would count what this script held when it forked."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0                                 # it ended already


def knows_clean_plate(platefall):
    listed = subprocess.run([platefall, "stages"], capture_output=True, text=True, check=True).stdout
    return any(line.split()[:1] == ["cleanplate"] for line in listed.splitlines())


def result(case, out="out"):
    """A function of the index: the frame that was written."""
    return lambda index: read_cached(case.path(out, index))


def generated(case, index, out="out"):
    """How much of each pixel was generated, or None if the file does not say."""
    channel = pictures.read(case.path(out, index), ["generated"])
    return None if channel is None else channel[:, :, 0]
