#!/usr/bin/env python3
"""Refuses an #include that does not go to the left.

docs/architecture.md has the picture: a module may include itself and every module in a column left of its
own. Public headers (include/platefall) may include only each other and the standard library, and name
nothing of the libraries behind them. A header that includes a third-party header stays in its own module.

    layering_test.py ROOT     checks ROOT/src and ROOT/include
    layering_test.py          checks that the check itself finds what it should
"""

import re
import sys
import tempfile
from pathlib import Path

COLUMNS = [
    {"base"},
    {"image"},
    {"grain"},
    {"shot"},
    {"scene", "cache"},
    {"stage"},
    {"model"},
    {"read", "matte", "cleanplate", "collapse", "render", "comp", "plugin"},
    {"pipeline"},
    {"report"},
    {"compare", "delivery", "wedge"},
    {"farm", "cli"},
]
COLUMN_OF = {module: column for column, modules in enumerate(COLUMNS) for module in modules}

FOREIGN_NAME = re.compile(r"\b(OIIO|OpenImageIO|Ort|cv|OCIO|OpenColorIO|toml|nlohmann|tbb|bt[A-Z]\w*|RTC\w+)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
SYSTEM_HEADER = re.compile(r"(sys/\w+|unistd|fcntl|signal|dlfcn|poll|termios|spawn|pthread|\w*intrin)\.h$")


def includes(text):
    """The (is quoted, path, line) of every include."""
    return [(m[1] == '"', m[2], text.count("\n", 0, m.start(1)) + 1) for m in INCLUDE.finditer(text)]


def is_standard(path):
    """Of C++, and those of C that a C plug-in includes."""
    return re.fullmatch(r"[a-z_0-9]+|std(int|def)\.h", path) is not None


def is_third_party(quoted, path):
    ours = quoted or path.startswith("platefall/")
    return not ours and not is_standard(path) and not SYSTEM_HEADER.match(path)


def faults_of_public_header(path, text):
    for quoted, included, line in includes(text):
        if quoted or not (included.startswith("platefall/") or is_standard(included)):
            yield f"{path}:{line}: a public header must not include '{included}'"
    for number, code in enumerate(COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text).splitlines(), 1):
        if name := FOREIGN_NAME.search(code):
            yield f"{path}:{number}: a public header must not name '{name[0]}'"


def faults_of_source(path, module, text, private_headers):
    for quoted, included, line in includes(text):
        if not quoted:
            continue
        other = included.split("/")[0]
        if other not in COLUMN_OF:
            yield f"{path}:{line}: '{included}' is in no module; write module/file.h"
        elif other != module and COLUMN_OF[other] >= COLUMN_OF[module]:
            yield f"{path}:{line}: '{module}' must not include '{included}': '{other}' is not left of it"
        elif other != module and included in private_headers:
            yield f"{path}:{line}: '{included}' includes a third-party header, so only '{other}' may include it"


def find_faults(root):
    public = sorted((root / "include").rglob("*.h*"))
    sources = sorted(p for p in (root / "src").rglob("*") if p.suffix in {".h", ".cpp"})
    private_headers = {
        str(p.relative_to(root / "src"))
        for p in sources
        if p.suffix == ".h" and any(is_third_party(q, i) for q, i, _ in includes(p.read_text()))
    }
    faults = [] if public and sources else [f"{root}: no sources found"]
    for path in public:
        faults += faults_of_public_header(path.relative_to(root), path.read_text())
    for path in sources:
        module = path.relative_to(root / "src").parts[0]
        if module not in COLUMN_OF:
            faults.append(f"{path.relative_to(root)}: module '{module}' has no column; give it one in this test")
            continue
        faults += faults_of_source(path.relative_to(root), module, path.read_text(), private_headers)
    return faults


BAD_TREE = {
    "include/platefall/good.h": "#include <platefall/image.h>\n#include <vector>\n// like cv::Mat\n",
    "include/platefall/bad.h": '#include <OpenImageIO/imageio.h>\n#include "image/read.h"\ncv::Mat picture;\n',
    "src/base/up.cpp": '#include "image/read.h"\n',
    "src/comp/side.cpp": '#include "comp/side.h"\n#include "matte/matte_stage.h"\n#include "base/log.h"\n',
    "src/image/private.h": "#include <OpenImageIO/imageio.h>\n",
    "src/image/inside.cpp": '#include "image/private.h"\n#include <sys/stat.h>\n',
    "src/shot/outside.cpp": '#include "image/private.h"\n',
    "src/shot/lost.cpp": '#include "lost.h"\n',
    "src/somewhere/new.cpp": "",
}
ITS_FAULTS = [
    "include/platefall/bad.h:1: a public header must not include 'OpenImageIO/imageio.h'",
    "include/platefall/bad.h:2: a public header must not include 'image/read.h'",
    "include/platefall/bad.h:1: a public header must not name 'OpenImageIO'",
    "include/platefall/bad.h:3: a public header must not name 'cv'",
    "src/base/up.cpp:1: 'base' must not include 'image/read.h': 'image' is not left of it",
    "src/comp/side.cpp:2: 'comp' must not include 'matte/matte_stage.h': 'matte' is not left of it",
    "src/shot/lost.cpp:1: 'lost.h' is in no module; write module/file.h",
    "src/shot/outside.cpp:1: 'image/private.h' includes a third-party header, so only 'image' may include it",
    "src/somewhere/new.cpp: module 'somewhere' has no column; give it one in this test",
]


def check_the_check():
    """A tree with one of every fault must give exactly those, and an empty one must not pass."""
    with tempfile.TemporaryDirectory() as folder:
        if not find_faults(Path(folder)):
            return ["an empty tree passed"]
        for name, text in BAD_TREE.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        found = find_faults(Path(folder))
    return [f"not found: {f}" for f in ITS_FAULTS if f not in found] + [
        f"found without reason: {f}" for f in found if f not in ITS_FAULTS
    ]


def main():
    faults = find_faults(Path(sys.argv[1])) if len(sys.argv) > 1 else check_the_check()
    print("\n".join(faults) or "every include goes to the left")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
