"""What a clean plate costs: speed, how it grows, memory, and whether the bits depend on how it was run."""
import cv2
import numpy as np

from clean_plate import baselines, geometry, pictures, program
from clean_plate.case import Case, along, grain, rectangle, write_case


def scaled_gym(gym, folder, name, scale, area_px, count):
    """The gym at another size with a moving hole of so many pixels; grain anew, since enlarging made it soft."""
    size = (round(1920 * scale / 2) * 2, round(1080 * scale / 2) * 2)
    random = np.random.default_rng(31)
    side = np.sqrt(area_px / 0.95)
    holes = [rectangle(size, centre, (side * 0.94, side * 1.06))
             for centre in along((0.22 * size[0], 0.40 * size[1]), (0.8 * size[0], 0.38 * size[1]), count)]

    def truth(index):
        large = cv2.resize(gym.plate(index), size, interpolation=cv2.INTER_CUBIC)
        return grain(np.maximum(large, 0), random)

    people = [cv2.resize(person.astype(np.uint8), size).astype(bool) for person in gym.people[:count]]
    blocked = [hole | person for hole, person in zip(holes, people)]
    motion = geometry.HomographyMotion([np.eye(3)] * count)       # nothing is measured but the cost
    case = Case(name, name, folder / name, holes, blocked, motion, [], [], person=True)
    return write_case(case, truth, random)


def speed(platefall, gym, folder):
    """(what, cost, cost of reading and writing alone) for a hole, twice the hole, and twice the frame."""
    hole = 0.03 * 1920 * 1080
    rows = []
    for what, scale, area in (("1080p, hole of 3 %", 1, hole), ("1080p, twice the hole", 1, 2 * hole),
                              ("twice the frame, the first hole", np.sqrt(2), hole)):
        case = scaled_gym(gym, folder, "speed", scale, area, gym.count)
        rows.append((what, program.render(platefall, case), program.copy_only(platefall, case)))
    return rows


def gmic_seconds(gym, folder):
    """Seconds that each of G'MIC's methods takes for one frame of the 1080p case."""
    if not baselines.has_gmic():
        return {}
    case = scaled_gym(gym, folder, "speed", 1, 0.03 * 1920 * 1080, 1)
    return {method: baselines.gmic(case.plate(0), case.holes[0], method, False)[1] for method in baselines.GMIC_METHODS}


def memory_4k(platefall, gym, folder):
    """Most memory of 12 frames at 4K, 3 % hole, on a machine of 4 GiB."""
    case = scaled_gym(gym, folder, "memory_4k", 2, 0.03 * 3840 * 2160, min(12, gym.count))
    return program.render(platefall, case, options=("--memory", "4G"))


def same_bits(platefall, case):
    """Names of the ways of running a case that gave other bits than the plain one; the plain one is in 'out'."""
    first, last, half = case.frame(0), case.frame(case.count - 1), case.frame(case.count // 2)
    ways = {"one thread": dict(options=("--threads", "1")), "five threads": dict(options=("--threads", "5")),
            "two chunks": dict(chunks=(f"{first}-{half}", f"{half + 1}-{last}"))}
    other = []
    for way, how in ways.items():
        out = way.replace(" ", "_")
        program.render(platefall, case, out=out, **how)
        if not all(_equal(case, index, out) for index in range(case.count)):
            other.append(way)
    return other


def _equal(case, index, out):
    channels = ["R", "G", "B", "generated"]
    return np.array_equal(pictures.read(case.path("out", index), channels),
                          pictures.read(case.path(out, index), channels), equal_nan=True)
