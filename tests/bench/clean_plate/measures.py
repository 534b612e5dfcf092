"""What is measured on a result, which is a function of the index like the truth."""
import dataclasses

import cv2
import numpy as np

from clean_plate import geometry, pictures


class Error:
    """Squared error, pooled over pixels and frames."""

    def __init__(self, peak=1.0):
        self.peak, self.sum, self.count = peak, 0.0, 0

    def add(self, difference):
        self.sum += float(np.sum(np.square(difference, dtype=np.float64)))
        self.count += difference.size

    @property
    def psnr(self):
        """In dB: infinite without any error, NaN without any pixel."""
        if self.count == 0:
            return float("nan")
        return float("inf") if self.sum == 0 else 10 * np.log10(self.peak ** 2 * self.count / self.sum)


@dataclasses.dataclass
class Quality:
    """PSNR in dB of pixels that other frames show, and of those that none shows; as displayed, and in stops."""
    seen: float
    never: float
    seen_log: float
    never_log: float


def quality(case, result, indices=None):
    indices = range(case.count) if indices is None else indices
    span = max(float(pictures.log(case.truth(index)).max()) for index in indices) if case.hdr else 1.0
    errors = {(kind, encoding): Error(span if encoding == "log" else 1.0)
              for kind in ("seen", "never") for encoding in ("srgb", "log")}
    for index in indices:
        found, truth = result(index), case.truth(index)
        for kind, masks in (("seen", case.seen), ("never", case.never)):
            ours, theirs = found[masks[index]], truth[masks[index]]
            errors[kind, "srgb"].add(pictures.srgb(ours) - pictures.srgb(theirs))
            if case.hdr:
                errors[kind, "log"].add(pictures.log(ours) - pictures.log(theirs))
    return Quality(errors["seen", "srgb"].psnr, errors["never", "srgb"].psnr, errors["seen", "log"].psnr,
                   errors["never", "log"].psnr)


def worst_frame(case, result):
    """The frame with the lowest PSNR over all that is measured, and that PSNR."""
    def of(index):
        mask = case.seen[index] | case.never[index]
        error = Error()
        error.add(pictures.srgb(result(index)[mask]) - pictures.srgb(case.truth(index)[mask]))
        return error.psnr if error.count else float("inf")
    lowest, index = min((of(index), index) for index in range(case.count))
    return case.frame(index), lowest


def detail(case, result, indices=None):
    """How much fine structure the hole shows, as a multiple of the truth's: well below 1 is blurred."""
    energies = np.zeros(2)
    for index in range(case.count) if indices is None else indices:
        inner = pictures.grow(case.seen[index] | case.never[index], -3)
        energies += [_energy(case, picture, inner) for picture in (result(index), case.truth(index))]
    return float(np.sqrt(energies[0] / energies[1])) if energies[1] > 0 else float("nan")


def _energy(case, picture, mask):
    x0, y0, x1, y1 = pictures.box_around(mask, 3)
    encoded = (pictures.log if case.hdr else pictures.srgb)(picture[y0:y1, x0:x1])
    return np.square(cv2.Laplacian(encoded, cv2.CV_32F)[mask[y0:y1, x0:x1]]).sum(dtype=np.float64)


def flicker(case, result, references=3, most_points=20000):
    """Deviation over time of the stabilised result inside the hole, as a multiple of the ground truth's own.

    Points of the scene are followed through every frame in which the hole covers them; at least three. What nobody
    saw on a real plate need not lie as deep as the truth, so there a result is followed by its own flow.
    """
    own = case.stabilised
    if isinstance(case.motion, geometry.FlowMotion):
        own = geometry.FlowMotion(case.motion.base_from_frame, result).stabilised
    encode = pictures.log if case.hdr else pictures.srgb
    ours, truths = 0.0, 0.0
    for reference in _references(case, references):
        for masks, follow in ((case.seen, case.stabilised), (case.never, own)):
            points = _thinned(geometry.pixel_centres(masks[reference]), most_points)
            if len(points):
                a, b = _deviations(case, result, follow, reference, points, encode)
                ours, truths = ours + a, truths + b
    return float(np.sqrt(ours / truths)) if truths > 0 else float("nan")


def _references(case, count):
    return sorted({round((case.count - 1) * (k + 0.5) / count) for k in range(count)}) if case.count >= 3 else []


def _thinned(points, most):
    return points[::-(-len(points) // most)] if len(points) else points


def _deviations(case, result, follow, reference, points, encode):
    """Summed variance over time of the result and of the truth, both where the hole covers the truth's points."""
    covered, found, true = [], [], []
    for index in range(case.count):
        there, visible = _followed(case.stabilised, reference, index, points)
        columns, rows = np.clip(there.astype(int), 0, np.array(case.size) - 1).T
        inner = pictures.grow(case.seen[index] | case.never[index], -2)
        covered.append(visible & geometry.inside(there, case.size, 2) & inner[rows, columns])
        x0, y0, x1, y1 = pictures.box_around(case.holes[index], 4)
        own, _ = _followed(follow, reference, index, points)
        for values, picture, at in ((found, result(index), own), (true, case.truth(index), there)):
            values.append(geometry.sample(encode(picture[y0:y1, x0:x1]), at - [x0, y0]))
    weight = np.array(covered, np.float32)[:, :, None]
    enough = weight.sum(axis=0)[:, 0] >= 3
    return tuple(_variance(np.array(values), weight)[enough].sum() for values in (found, true))


def _followed(follow, reference, index, points):
    return (points, np.ones(len(points), bool)) if index == reference else follow(reference, index, points)


def _variance(values, weight):
    total = np.maximum(weight.sum(axis=0), 1)
    mean = (values * weight).sum(axis=0) / total
    return ((values - mean) ** 2 * weight).sum(axis=0) / total


@dataclasses.dataclass
class Range:
    """How a result keeps to what light was there."""
    peak_ratio: float                          # brightest of the seen pixels, against the truth's; NaN if that is below 1
    ring_peak: float                           # brightest around the hole
    result_peak: float                         # brightest inside it
    outside: int                               # samples not finite, darker or brighter than anything that is shown


def value_range(case, result):
    """Never-seen pixels may be as bright as what surrounds the hole, seen ones as what they really were."""
    peaks = {"ring": 0.0, "ours": 0.0, "seen": 0.0, "truth": 0.0}
    outside = 0
    shown = [case.plate(index)[~case.holes[index]] for index in range(case.count)]
    # A light's peak depends on where the pixels fall, and grain has no hard end.
    highest = 1.1 * max(float(values.max()) for values in shown)
    lowest = 1.5 * min(0.0, min(float(values.min()) for values in shown))
    for index in range(case.count):
        hole, found, truth = case.holes[index], result(index), case.truth(index)
        ring = pictures.grow(hole, 24) & ~hole
        seen = case.seen[index]
        peaks["ring"] = max(peaks["ring"], float(truth[ring].max()))
        peaks["ours"] = max(peaks["ours"], float(np.nanmax(found[hole])))
        if seen.any():
            peaks["seen"] = max(peaks["seen"], float(found[seen].max()))
            peaks["truth"] = max(peaks["truth"], float(truth[seen].max()))
        outside += int((~((found[hole] >= lowest) & (found[hole] <= highest))).sum())
    ratio = peaks["seen"] / peaks["truth"] if peaks["truth"] > 1 else float("nan")
    return Range(ratio, peaks["ring"], peaks["ours"], outside)


@dataclasses.dataclass
class Untouched:
    differing: int                             # samples that differ although nothing was generated there
    extra: float                               # pixels that were touched outside the hole, as a part of the hole


def untouched(case, result, generated):
    """Where `generated` is 0 the result must be the plate, bit for bit."""
    differing, touched, holes = 0, 0, 0
    for index in range(case.count):
        made = generated(index)
        if made is None:
            return None
        same = result(index) == case.plate(index)
        differing += int((~same[made == 0]).sum())
        touched += int((made > 0)[~case.holes[index]].sum())
        holes += int(case.holes[index].sum())
    return Untouched(differing, touched / max(holes, 1))
