"""What the scripts of this folder share: their command line, and a line of time for every step.

Blender takes everything before `--` for itself; the script's own arguments follow it:

    blender --background --python build_scene.py -- --output /somewhere
"""

import argparse
import sys
import time
from contextlib import contextmanager
from pathlib import Path

FIRST_FRAME = 1001  # of the shot; Blender's own timeline starts at 1


def parser(description):
    """A parser with --output, where everything is written."""
    result = argparse.ArgumentParser(description=description, prog="script")
    result.add_argument("--output", type=Path, default=Path.cwd(), help="folder that everything is written to")
    return result


def parse(arguments):
    """The arguments after `--`."""
    own = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    values = arguments.parse_args(own)
    values.output.mkdir(parents=True, exist_ok=True)
    return values


@contextmanager
def step(name):
    """Prints how long the block took."""
    start = time.time()
    yield
    print(f"{name}: {time.time() - start:.1f} s", flush=True)


def shot_frame(timeline_frame):
    """The number in a file name of a frame of Blender's timeline."""
    return timeline_frame + FIRST_FRAME - 1
