#!/usr/bin/env python3
"""Does what a page of the documentation tells its reader to do.

    documented_commands.py PAGE FOLDER [WITHOUT]

A fenced block with a file's name after the language is written into that file below FOLDER; then every `bash` block is run
there, one after the other in one shell that stops at the first failure; but not one that speaks of WITHOUT.
"""
import pathlib
import re
import subprocess
import sys

page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
commands = []
for language, name, text in re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", page.read_text(), re.M | re.S):
    if language == "bash":
        if not (len(sys.argv) > 3 and sys.argv[3] in text):
            commands.append(text)
    elif name:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
if len(commands) < 2:
    sys.exit(f"{page} has no commands to run")
sys.exit(subprocess.run(["bash", "-euxo", "pipefail", "-c", "\n".join(commands)], cwd=folder).returncode)
