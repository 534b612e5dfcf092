#!/usr/bin/env python3
"""What it costs to send a frame to another process and back: 1920x1080, R G B A, float.

    tests/bench/round_trip.py PLATEFALL

Renders the same frames with none, and with several stages in a row that copy the comp; what each stage takes for its own work is
measured inside it and taken off. Prints milliseconds a frame and stage beside the copy that the stage itself makes.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAGES, FRAMES = 8, 12

STAGE = """#!/usr/bin/env python3
import time
from platefall_stage import *

class Copy(Stage):
    \"\"\"Copies the comp.\"\"\"
    params = [integer("nth", 0, "Which of them it is.")]
    def layers(self): return ["comp"], ["comp", "generated"]
    def process(self, frame):
        start = time.perf_counter()
        comp = frame["comp"]
        frame["comp"] = comp
        frame["generated"] = Image(numpy.zeros(comp.pixels.shape[:2] + (1,), numpy.float32), ["generated"], comp.data_window)
        open(f"took.{self.nth}.{frame.number}", "w").write(str(time.perf_counter() - start))

serve(Copy)
"""


def seconds_a_frame(program, folder, stages):
    """The least of what a frame took, past the first."""
    manifest = f"""[shot]
name = "trip"
frames = "1-{FRAMES}"
[plate]
path = "plate.exr"
[[stage]]
use = "comp"
layers = ["plate"]
[output]
path = "out/trip.####.exr"
compression = "none"
""" + "".join(f'[[stage]]\nuse = "exec:./copy.py"\nnth = {i}\n' for i in range(stages))
    (folder / "trip.toml").write_text(manifest)
    lines = subprocess.run([program, "render", folder / "trip.toml", "--allow-external", "--overwrite", "--threads", "1",
                            "--progress", "plain"], check=True, capture_output=True, text=True).stdout
    return min(float(seconds) for seconds in re.findall(r" ([\d.]+)s$", lines, re.M)[1:])


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        subprocess.run(["oiiotool", "--pattern", "checker", "1920x1080", "4", "-d", "float", "--compression", "none", "-o",
                        folder / "plate.exr"], check=True)
        script = folder / "copy.py"
        script.write_text(STAGE)
        script.chmod(0o755)
        (folder / "platefall_stage.py").write_bytes((ROOT / "samples/plugins/python/platefall_stage.py").read_bytes())
        alone = seconds_a_frame(program, folder, 0)
        with_stages = seconds_a_frame(program, folder, STAGES)
        took = [float(path.read_text()) for path in folder.glob("took.*") if not path.name.endswith(".1")]
        own = sum(sorted(took)[: len(took) // 2]) / (len(took) // 2)
        print(f"round trip of a 1920x1080 RGBA frame: {1000 * ((with_stages - alone) / STAGES - own):.1f} ms above the "
              f"stage's own {1000 * own:.1f} ms")


if __name__ == "__main__":
    main()
