#!/usr/bin/env python3
"""Measures the clean plate against ground truth, against OpenCV and G'MIC, and against the figures to reach.

Holes are put over real footage, a rendered street, pans inside HDR panoramas and a scene of textured planes; what
they hide is destroyed in the plate and kept aside. Prints tables; --html FOLDER adds a page with the pictures.

    tests/bench/clean_plate.py PLATEFALL [--quick] [--case gym_moving] [--html FOLDER]
"""
import argparse
import contextlib
import os
import pathlib
import sys
import tempfile

DEBIAN_PYTHON = "/usr/bin/python3"
try:
    import cv2
    import numpy  # noqa: F401  (what the modules below need)
    import OpenImageIO  # noqa: F401
except ImportError as missing:
    # Another Python first in $PATH does not see Debian's packages.
    if os.path.exists(DEBIAN_PYTHON) and os.path.realpath(sys.executable) != os.path.realpath(DEBIAN_PYTHON):
        os.execv(DEBIAN_PYTHON, [DEBIAN_PYTHON, *sys.argv])
    sys.exit(f"clean_plate: {missing}; install it with: apt-get install python3-numpy python3-openimageio python3-opencv")

from clean_plate import baselines, costs, footage, measures, program, rendered
from clean_plate.case import one_frame
from clean_plate.page import Page
from clean_plate.report import Report

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
QUICK = ("pano_city_moving", "pano_forest_fixed", "locked_off", "still_facade")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("platefall", type=pathlib.Path)
    parser.add_argument("--case", action="append", metavar="NAME", help="only this case; may be repeated")
    parser.add_argument("--list", action="store_true", help="name the cases and stop")
    parser.add_argument("--quick", action="store_true", help=f"only {', '.join(QUICK)}; no costs")
    parser.add_argument("--one-frame", action="store_true",
                        help="only the frame that is shown, as if the shot had no other: what is made up; no costs")
    parser.add_argument("--frames", type=int, default=24, help="frames a case, 24 at most")
    parser.add_argument("--method", default="auto", help="method of the stage: auto, propagate or patch")
    parser.add_argument("--plates", type=pathlib.Path, default=REPOSITORY.parent / "shared/plates",
                        help="folder with handheld_gym and street; default: shared/plates beside the checkout")
    parser.add_argument("--panoramas", type=pathlib.Path, default=pathlib.Path(rendered.BLENDER_WORLDS),
                        help="folder of .exr panoramas, or of .exr.js modules of the npm package @pmndrs/assets")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER", help="make the cases here and keep them, with what the others made of them")
    parser.add_argument("--html", type=pathlib.Path, metavar="FOLDER", help="write a page with pictures")
    parser.add_argument("--no-baselines", action="store_true", help="only platefall, no OpenCV and no G'MIC")
    parser.add_argument("--only-costs", action="store_true", help="only speed and memory, no pictures")
    parser.add_argument("--no-costs", action="store_true", help="no speed, memory and determinism")
    parser.add_argument("--check", action="store_true", help="also measure, as if they were results, the truth and copies by the true motion")
    arguments = parser.parse_args()
    arguments.platefall = arguments.platefall.resolve()
    arguments.repository = REPOSITORY
    return arguments


def all_cases(arguments, gym, folder):
    """Maps names to functions that make the case, in the order in which they are shown."""
    count = min(arguments.frames, 24)
    cases = {}
    if gym:
        cases["gym_moving"] = lambda: footage.gym_moving(gym, folder)
        cases["gym_moving_low"] = lambda: footage.gym_moving_low(gym, folder)
        cases["gym_fixed"] = lambda: footage.gym_fixed(gym, folder)
        cases["locked_off"] = lambda: footage.locked_off(gym, folder, min(count, 12))
        cases["still_gym"] = lambda: footage.still("still_gym", "one frame of the gym: pipes on a wall", folder,
                                                   footage.quarter_gym(gym), (600, 130), (110, 120))
    street = footage.street_folder(arguments)
    for camera in (False, True):
        suffix = "_camera" if camera else ""
        cases["street_building" + suffix] = lambda c=camera: footage.street_building(street, folder, count, c)
        cases["street_moving" + suffix] = lambda c=camera: footage.street_moving(street, folder, count, c)
        cases["parallax_moving" + suffix] = lambda c=camera: rendered.parallax_moving(folder, count, c)
    cases["still_facade"] = lambda: footage.still(
        "still_facade", "one frame of the street: a facade in perspective", folder,
        footage.read_cached(footage.street_file(street, "clean", 0)), (760, 230), (110, 130))
    for name in ("city", "courtyard", "interior", "forest", "night", "studio", "sunrise", "sunset", "workshop", "hall"):
        for path in (arguments.panoramas / f"{name}.exr", arguments.panoramas / f"{name}.exr.js"):
            if path.exists():
                for kind, make in (("moving", rendered.pan_moving), ("fixed", rendered.pan_fixed)):
                    cases[f"pano_{name}_{kind}"] = lambda m=make, n=name, p=path: m(
                        n, rendered.load_panorama(p), folder, count)
                break
    return cases


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.report = Report()
        self.page = Page(arguments.html) if arguments.html else None
        self.deterministic = False             # whether that was looked at already
        self.known = program.knows_clean_plate(arguments.platefall)

    def measure_case(self, case):
        results = self.results(case)
        frames = compared_frames(case)
        rows = []
        for name, result in results.items():
            if not name.startswith("gmic"):
                rows.append(row(name, "all frames", case, result, None) + [measures.flicker(case, result)])
                name = ""
            rows.append(row(name, "compared", case, result, frames) + [float("nan")])
        header = ["method", "", "seen dB", "never dB", "seen dB log", "never dB log", "detail", "flicker"]
        self.report.table(f"{case.name}: {case.about} ({case.size[0]}x{case.size[1]}, {case.count} frames, "
                          f"hole {100 * case.area():.1f} %)", header, rows)
        if "platefall" in results:
            self.verdicts(case, results, frames)
        if self.page:
            results.pop("truth", None)
            self.page.add_case(case, results, lambda index: program.generated(case, index))
            self.page.save(self.report.tables, self.report.verdicts)   # so that a run that is stopped leaves a page

    def results(self, case):
        """Maps the name of a method to a function of the index."""
        results = {}
        if self.known:
            self.render(case, results)
        if not self.arguments.no_baselines:
            self.add_baselines(case, results)
        if case.count > 1 and (case.parallax or self.arguments.check):
            results["true motion"] = baselines.remembered(case, "true motion", baselines.true_motion(case))
        if self.arguments.check:
            results["truth"] = case.truth
        return results

    def add_baselines(self, case, results):
        if case.count > 1:
            results["nearest homography"] = baselines.remembered(case, "nearest", baselines.nearest_homography(case))
        for name, fill in (("telea", baselines.telea), ("navier-stokes", baselines.navier_stokes)):
            results[name] = baselines.remembered(
                case, name, lambda index, f=fill: f(case.plate(index), case.holes[index]))
        if baselines.has_gmic():
            for method in baselines.GMIC_METHODS:
                results[method] = baselines.remembered(case, method, lambda index, m=method: baselines.gmic(
                    case.plate(index), case.holes[index], m, case.hdr)[0])

    def render(self, case, results):
        try:
            cost = program.render(self.arguments.platefall, case, method=self.arguments.method)
        except program.Failed as failure:
            self.report.verdicts.append((f"{case.name}: {failure}", False))
            print(f"\n{case.name}: {failure}", flush=True)
            return
        print(f"\n{case.name}: {cost.frame_s:.2f} s a frame ({cost.processor_s / cost.frames:.2f} s of processor), "
              f"{cost.peak_mib:.0f} MiB", flush=True)
        results["platefall"] = program.result(case)

    def verdicts(self, case, results, frames):
        ours = measures.quality(case, results["platefall"])
        say = self.report.verdict
        if case.count > 1:
            self.report.note("{}: worst frame is {} with {:.2f} dB".format(
                case.name, *measures.worst_frame(case, results["platefall"])))
        if case.at_least_db:
            say(f"{case.name}: seen elsewhere", ours.seen, " dB", case.at_least_db, at_least=True)
        if case.parallax and ours.seen == ours.seen and "nearest homography" in results:
            self.parallax_verdict(case, results, ours)
        if ours.never == ours.never and "telea" in results:
            self.never_verdict(case, results, frames)
        if case.count > 2:
            flicker = measures.flicker(case, results["platefall"])
            say(f"{case.name}: flicker", flicker, "", 1.2, at_least=False)
            say(f"{case.name}: flicker, less than the truth's own is lost grain", flicker, "", 0.6, at_least=True)
        if case.hdr:
            self.range_verdict(case, results["platefall"])
        untouched = measures.untouched(case, results["platefall"], lambda index: program.generated(case, index))
        if untouched is None:
            self.report.verdicts.append((f"{case.name}: the result has no channel 'generated'", False))
        else:
            say(f"{case.name}: samples that differ from the plate where nothing was generated", untouched.differing, "", 0,
                at_least=False)
            self.report.note(f"{case.name}: touched outside the hole: {100 * untouched.extra:.1f} % of the hole's area")

    def parallax_verdict(self, case, results, ours):
        """Where the grain alone leaves less than 2 dB above the homography, copies by the true motion are the goal."""
        nearest = measures.quality(case, results["nearest homography"]).seen
        possible = measures.quality(case, results["true motion"]).seen
        self.report.note(f"{case.name}: nearest homography {nearest:.2f} dB, copies by the true motion {possible:.2f} dB")
        self.report.verdict(f"{case.name}: seen elsewhere, above nearest homography", ours.seen - nearest, " dB",
                            min(2, possible - nearest), at_least=True)

    def never_verdict(self, case, results, frames):
        """On the frames that G'MIC did, since it is too slow for all of them."""
        others = {name: measures.quality(case, results[name], frames).never for name in results
                  if name.startswith("gmic") or name in ("telea", "navier-stokes")}
        best = max(others, key=others.get)
        mine = measures.quality(case, results["platefall"], frames).never
        self.report.verdict(f"{case.name}: never seen, best other is {best}", mine, " dB", others[best], at_least=True)

    def range_verdict(self, case, result):
        found = measures.value_range(case, result)
        say = self.report.verdict
        if found.peak_ratio == found.peak_ratio:
            say(f"{case.name}: brightest seen pixel, of the truth's", found.peak_ratio, "", 0.9, at_least=True)
        say(f"{case.name}: samples not finite, darker or brighter than anything visible", found.outside, "", 0,
            at_least=False)
        self.report.note(f"{case.name}: brightest inside the hole {found.result_peak:.2f}, around it {found.ring_peak:.2f}")

    def measure_costs(self, gym, folder):
        rows = costs.speed(self.arguments.platefall, gym, folder)
        load = os.getloadavg()[0]
        self.report.table(f"cost, {gym.count} frames, cold (load of this machine: {load:.1f})",
                          ["what", "", "s a frame", "processor s a frame", "copying alone", "MiB"],
                          [[what, "", cost.frame_s, cost.processor_s / cost.frames, copy.frame_s, cost.peak_mib]
                           for what, cost, copy in rows])
        (_, base, copied), (_, double_hole, _), (_, double_frame, copied_double) = rows
        say = self.report.verdict
        say("1080p, hole of 3 %, seconds a frame, all included", base.frame_s, " s", 1, at_least=False)
        for method, seconds in costs.gmic_seconds(gym, folder).items():      # from raw floats: no frame was unpacked for it
            say(f"faster than {method} ({seconds:.1f} s a frame), less reading and writing",
                seconds / (base.frame_s - copied.frame_s), "x", 5, at_least=True)
            self.report.note(f"faster than {method}, all included: {seconds / base.frame_s:.2f}x")
        self.report.note(f"twice the hole costs {double_hole.frame_s / base.frame_s:.2f} times as much")
        say("twice the frame with the same hole, less reading and writing, costs",
            (double_frame.frame_s - copied_double.frame_s) / (base.frame_s - copied.frame_s), "x", 1.3, at_least=False)
        memory = costs.memory_4k(self.arguments.platefall, gym, folder)
        say(f"4K, {memory.frames} frames, {memory.frame_s:.2f} s a frame, most memory", memory.peak_mib, " MiB", 4096,
            at_least=False)

    def measure_determinism(self, case):
        other = costs.same_bits(self.arguments.platefall, case)
        self.report.verdict(f"{case.name}: ways of running it that gave other bits ({', '.join(other) or 'none'})",
                            len(other), "", 0, at_least=False)


def compared_frames(case):
    """G'MIC is slow: the frame that is shown, and two more where frames are small."""
    if case.size[0] > 1000 or case.count < 3:
        return [case.show]
    return sorted({1, case.show, case.count - 2})


def row(name, frames, case, result, indices):
    quality = measures.quality(case, result, indices)
    return [name, frames, quality.seen, quality.never, quality.seen_log, quality.never_log,
            measures.detail(case, result, indices)]


def prepare(arguments):
    """The gym, if it is there; says what is missing."""
    if not baselines.has_gmic():
        print("clean_plate: no comparison with G'MIC; install it with: apt-get install gmic")
    if not arguments.panoramas.is_dir():
        print(f"clean_plate: no panoramas in '{arguments.panoramas}'; install them with: apt-get install blender-data")
    if not (arguments.plates / "handheld_gym").is_dir():
        print(f"clean_plate: no plate 'handheld_gym' in '{arguments.plates}': its cases and all costs are skipped")
        return None
    return footage.Gym(arguments.plates, arguments.frames)


def main():
    arguments = parse_arguments()
    cv2.setNumThreads(2)
    bench = Bench(arguments)
    if not bench.known:
        print("clean_plate: this program has no stage 'cleanplate': only the others are measured")
    gym = prepare(arguments)
    with contextlib.ExitStack() as stack:
        folder = arguments.keep or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        cases = all_cases(arguments, gym, folder)
        chosen = arguments.case or (QUICK if arguments.quick else list(cases))
        unknown = [name for name in chosen if name not in cases]
        if arguments.list or (unknown and arguments.case):
            sys.exit(f"clean_plate: cases are {', '.join(cases)}")
        for name in [] if arguments.only_costs else chosen:
            if name in cases:
                case = one_frame(cases[name]()) if arguments.one_frame else cases[name]()
                bench.measure_case(case)
                if name.startswith("pano") and case.count > 1 and not bench.deterministic and (case.folder / "out").is_dir():
                    bench.deterministic = True
                    bench.measure_determinism(case)
        if gym and bench.known and not (arguments.case or arguments.quick or arguments.no_costs or arguments.one_frame):
            bench.measure_costs(gym, folder)
    bench.report.summary()
    if bench.page:
        bench.page.save(bench.report.tables, bench.report.verdicts)
        print(f"pictures: {arguments.html / 'index.html'}")


if __name__ == "__main__":
    main()
