"""What anybody could do without platefall, on the same input."""
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from clean_plate import geometry, pictures


def remembered(case, name, fill):
    """Fills are slow, so each is made once for this very plate; what they made in the hole lies beside the case."""
    def call(index):
        file = case.folder / "others" / f"{case.digest()}-{name.replace(' ', '_')}-{index}.npy"
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            np.save(file, fill(index)[case.holes[index]])
        result = case.plate(index).copy()
        result[case.holes[index]] = np.load(file)
        return result
    return call


class Matcher:
    """SIFT outside the blocked pixels and MAGSAC, pair by pair."""

    def __init__(self, plate, blocked):
        self.plate = plate                     # functions of the index
        self.blocked = blocked
        self.found = {}
        self.maps = {}

    def features(self, index):
        if index not in self.found:
            grey = cv2.cvtColor(pictures.eight_bit(self.plate(index)), cv2.COLOR_RGB2GRAY)
            free = (~pictures.grow(self.blocked[index], 12)).astype(np.uint8) * 255
            points, descriptors = cv2.SIFT_create(grey.size // 500, contrastThreshold=0.01).detectAndCompute(grey, free)
            self.found[index] = (np.array([point.pt for point in points]) + 0.5, descriptors)
        return self.found[index]

    def homography(self, source, target):
        """Maps points of the source frame to the target frame; None where too little agrees."""
        pair = min(source, target), max(source, target)
        if pair not in self.maps:
            self.maps[pair] = self._match(*pair)
        matrix = self.maps[pair]
        return matrix if matrix is None or source < target else np.linalg.inv(matrix)

    def _match(self, source, target):
        (here, ours), (there, theirs) = self.features(source), self.features(target)
        if ours is None or theirs is None or min(len(ours), len(theirs)) < 8:
            return None
        kd_trees = {"algorithm": 1, "trees": 4}
        pairs = cv2.FlannBasedMatcher(kd_trees, {"checks": 64}).knnMatch(ours, theirs, k=2)
        good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < 0.75 * pair[1].distance]
        if len(good) < 8:
            return None
        matrix, agreed = cv2.findHomography(here[[m.queryIdx for m in good]], there[[m.trainIdx for m in good]],
                                            cv2.USAC_MAGSAC, 1.5, maxIters=5000, confidence=0.999)
        return matrix if matrix is not None and agreed.sum() >= 8 else None


def nearest_homography(case):
    """A function of the index: each hole pixel from the nearest frame that shows it, through one homography."""
    matcher = Matcher(case.plate, case.blocked)

    def carry(source, target, points):
        matrix = matcher.homography(source, target)
        if matrix is None:
            return points, np.zeros(len(points), bool)
        return geometry.transform(matrix, points), np.ones(len(points), bool)
    return _copy_nearest(case, carry)


def true_motion(case):
    """The same through the scene's true motion: nobody who copies single pixels can do better."""
    return _copy_nearest(case, getattr(case.motion, "stabilised", case.motion.positions))


def _copy_nearest(case, carry):
    def fill(index):
        result, left = case.plate(index).copy(), case.holes[index].copy()
        for there in sorted(range(case.count), key=lambda j: (abs(j - index), j)):
            if there != index and left.any():
                _take(result, left, case.plate(there), pictures.grow(case.blocked[there], 3),
                      *carry(index, there, geometry.pixel_centres(left)))
        return telea(result, left) if left.any() else result
    return fill


def _take(result, left, source, blocked, carried, visible):
    """Copies what the source shows of the pixels that are left, and strikes them off."""
    size = left.shape[::-1]
    columns, rows = np.clip(np.nan_to_num(carried).astype(int), 0, np.array(size) - 1).T
    usable = visible & geometry.inside(carried, size, 1) & ~blocked[rows, columns]
    taken = np.zeros_like(left)
    taken[left] = usable
    result[taken] = geometry.sample(source, carried[usable])
    left &= ~taken


def telea(plate, hole):
    return _opencv(plate, hole, cv2.INPAINT_TELEA)


def navier_stokes(plate, hole):
    return _opencv(plate, hole, cv2.INPAINT_NS)


def _opencv(plate, hole, method):
    """Diffusion in 8 bits, which is all that OpenCV 4.6 does reliably."""
    x0, y0, x1, y1 = pictures.box_around(hole, 16)
    part = hole[y0:y1, x0:x1]
    filled = cv2.inpaint(pictures.eight_bit(plate[y0:y1, x0:x1]), part.astype(np.uint8), 5, method)
    result = plate.copy()
    result[y0:y1, x0:x1][part] = pictures.linear_from_srgb(filled[part] / 255.0)
    return result


GMIC_METHODS = {"gmic matchpatch": "inpaint_matchpatch[0] [1]", "gmic inpaint": "inpaint[0] [1],9"}


def has_gmic():
    return shutil.which("gmic") is not None


def gmic(plate, hole, method, hdr):
    """G'MIC's patch inpainting, and the seconds it took; encoded, because it measures patches as they are."""
    encoded = pictures.log(plate) * 16 if hdr else pictures.srgb(plate) * 255
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_cimg(folder / "in.cimg", encoded)
        _write_cimg(folder / "hole.cimg", hole[:, :, None] * 255.0)
        start = time.monotonic()
        subprocess.run(["gmic", "-v", "-1", "in.cimg", "hole.cimg", *GMIC_METHODS[method].split(), "-o[0]",
                        "out.cimg"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - start
        filled = _read_cimg(folder / "out.cimg")
    result = plate.copy()
    result[hole] = pictures.linear_from_log(filled[hole] / 16) if hdr else pictures.linear_from_srgb(filled[hole] / 255)
    return result, seconds


def _write_cimg(path, picture):
    """G'MIC's own format, floats plane by plane: the TIFF of OpenCV and that of G'MIC do not agree."""
    height, width, channels = picture.shape
    planes = np.ascontiguousarray(picture.transpose(2, 0, 1), "<f4")
    path.write_bytes(f"1 float little_endian\n{width} {height} 1 {channels}\n".encode() + planes.tobytes())


def _read_cimg(path):
    kind, size, data = path.read_bytes().split(b"\n", 2)
    width, height, _, channels = (int(word) for word in size.split()[:4])
    if b"#" in size:
        raise SystemExit("clean_plate: G'MIC wrote a compressed picture, which is not expected")
    type_of = {b"float": "<f4", b"float32": "<f4", b"uchar": "u1", b"uint8": "u1"}[kind.split()[1]]
    planes = np.frombuffer(data, type_of, width * height * channels).reshape(channels, height, width)
    return planes.transpose(1, 2, 0).astype(np.float32)
