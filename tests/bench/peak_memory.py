#!/usr/bin/env python3
"""The most memory that a render of the sample street has resident, for several budgets and threads.

    tests/bench/peak_memory.py PLATEFALL
"""
import argparse
import os
import pathlib
import subprocess
import tempfile

STREET = pathlib.Path(__file__).resolve().parents[2] / "samples/street/street.toml"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("platefall", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for threads in (1, 2, 8):
            for budget in ("200M", "256M", "512M", "4G"):
                process = subprocess.Popen([
                    arguments.platefall.resolve(), "render", STREET, "--overwrite", "--progress", "none",
                    "--threads", str(threads), "--memory", budget,
                    "--set", f"output.path={folder}/street.####.exr", "--set", f"output.movie={folder}/street.mp4",
                    "--frames", "1001-1016"], stderr=subprocess.DEVNULL)
                _, _, usage = os.wait4(process.pid, 0)
                print(f"{threads} threads, --memory {budget}: {usage.ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
