"""One case: a plate with a hole, and the truth behind it."""
import dataclasses
import functools
import hashlib
import shutil
from pathlib import Path

import cv2
import numpy as np

from clean_plate import geometry, pictures

FIRST_FRAME = 1001


@dataclasses.dataclass(eq=False)
class Case:
    """Pictures lie on disk as plate, truth, hole and person/####.exr; masks are kept, one a frame."""
    name: str
    about: str
    folder: Path
    holes: list                                # what platefall is asked to fill
    blocked: list                              # hole or person: nothing may be copied from there
    motion: object                             # of the true scene
    seen: list                                 # measured hole pixels that another frame surely shows
    never: list                                # and those that surely none shows
    person: bool = False                       # a second matte, never copied from and not measured
    hdr: bool = False
    parallax: bool = False                     # one homography cannot do it
    camera: str = ""                           # [camera] of the manifest
    at_least_db: float = 0.0                   # the issue's own figure for seen pixels, where it names one
    show: int = 0                              # index of the frame on the page
    followed: dict = dataclasses.field(default_factory=dict)

    @property
    def count(self):
        return len(self.holes)

    @property
    def size(self):
        return self.holes[0].shape[::-1]

    def frame(self, index):
        return FIRST_FRAME + index

    def path(self, layer, index):
        return self.folder / layer / f"{self.frame(index)}.exr"

    def plate(self, index):
        return read_cached(self.path("plate", index))

    def truth(self, index):
        return read_cached(self.path("truth", index))

    @functools.cache
    def digest(self):
        """Of everything that the plate shows."""
        files = (self.path(layer, index).read_bytes() for index in range(self.count) for layer in ("plate", "hole"))
        return hashlib.sha1(b"".join(hashlib.sha1(data).digest() for data in files)).hexdigest()[:16]

    def area(self):
        """The hole's part of the frame, on average."""
        return float(np.mean([hole.mean() for hole in self.holes]))

    def stabilised(self, source, target, points):
        """Positions with which the truth holds still."""
        follow = getattr(self.motion, "stabilised", self.motion.positions)
        key = (source, target, len(points))
        if key not in self.followed:
            self.followed[key] = follow(source, target, points)
        return self.followed[key]


def read_cached(path):
    """R G B as float. Everything here was stored as half, and a half takes half the memory."""
    return _halves(path, path.stat().st_mtime_ns).astype(np.float32)


@functools.lru_cache(maxsize=80)
def _halves(path, _changed):
    return pictures.read_rgb(path).astype(np.float16)


def write_case(case, truth, random):
    """Puts plate, truth and mattes on disk. `truth` is a function of the index; what the hole hides is destroyed."""
    for index in range(case.count):
        picture = pictures.as_half(truth(index))
        pictures.write(case.path("truth", index), picture)
        pictures.write(case.path("plate", index), with_garbage(picture, case.holes[index], random))
        pictures.write(case.path("hole", index), case.holes[index], "A")
        if case.person:
            pictures.write(case.path("person", index), case.blocked[index] & ~case.holes[index], "A")
    return case


def one_frame(case):
    """The frame that is shown, as if the shot had no other: all of its hole has to be made up."""
    index, folder = case.show, case.folder.with_name(case.name + "_one_frame")
    measured = case.seen[index] | case.never[index]
    one = Case(case.name, case.about + "; one frame", folder, [case.holes[index]], [case.blocked[index]],
               geometry.HomographyMotion([np.eye(3)]), [np.zeros_like(measured)], [measured], person=case.person,
               hdr=case.hdr)
    for layer in ("plate", "truth", "hole") + (("person",) if case.person else ()):
        one.path(layer, 0).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(case.path(layer, index), one.path(layer, 0))
    return one


def with_garbage(picture, hole, random):
    """Blobs and noise instead of what the hole hides, others in every frame: no feature comes from there."""
    height, width = hole.shape
    blobs = random.random((height // 24 + 2, width // 24 + 2, 3), np.float32)
    garbage = 0.7 * cv2.resize(blobs, (width, height), interpolation=cv2.INTER_CUBIC)
    garbage = np.maximum(garbage + 0.3 * random.random((height, width, 3), np.float32), 0)
    return np.where(hole[:, :, None], garbage, picture)


def rectangle(size, centre, extent):
    """A mask of what an upright building would hide: a rectangle with a smaller one on its roof."""
    mask = np.zeros(size[::-1], np.uint8)
    (x, y), (w, h) = centre, extent
    for left, top, right, bottom in ((x - w / 2, y - 0.4 * h, x + w / 2, y + h / 2),
                                     (x - w / 4, y - h / 2, x + w / 4, y - 0.4 * h)):
        cv2.rectangle(mask, (round(left), round(top)), (round(right), round(bottom)), 1, -1)
    return mask.astype(bool)


def along(start, end, count):
    """Centres of a hole that moves evenly."""
    return [np.array(start) + (np.array(end) - start) * t for t in np.linspace(0, 1, count)]


def with_seen(case, margin, unmeasured=None):
    """Works out which pixels other frames show; `unmeasured` masks are left out of both."""
    case.seen, case.never = geometry.seen_elsewhere(case.holes, case.blocked, case.motion, margin)
    if unmeasured:
        case.seen = [mask & ~out for mask, out in zip(case.seen, unmeasured)]
        case.never = [mask & ~out for mask, out in zip(case.never, unmeasured)]
    return case


def grain(picture, random, floor=1e-5, slope=1e-4):
    """Noise whose variance is floor + slope * signal; black goes below 0, as in a scene-linear plate."""
    return picture + random.standard_normal(picture.shape, np.float32) * np.sqrt(floor + slope * np.maximum(picture, 0))
